//! Puts flags, environment, file and defaults together.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    ops::RangeInclusive,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use hozon_engine::{
    EngineConfig, Error,
    model::{ByteRate, CredentialParts},
    secrets::SecretKey,
    store::credentials,
};
use url::Url;

use super::{Flags, Settings, apis, file::Contents, server, unacceptable};

/// The console's port, where nothing else is said.
const PORT: u16 = 8790;
/// The port of milvus-backup's server.
const COMPAT_PORT: u16 = 8080;
const MOST_WORKERS: usize = 64;
const LEASE_SECONDS: RangeInclusive<u64> = 1..=3600;
const PATIENCE_SECONDS: RangeInclusive<u64> = 1..=3600;

pub(super) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

pub(super) fn resolve(
    flags: &Flags,
    environment: Environment<'_>,
    file: Contents,
) -> Result<Settings, Error> {
    let data_dir = match (
        &flags.data_dir,
        environment("HOZON_DATA_DIR"),
        file.data_dir,
    ) {
        (Some(path), ..) => path.clone(),
        (None, Some(path), _) => PathBuf::from(path),
        (None, None, Some(path)) => path,
        (None, None, None) => default_data_dir(environment)?,
    };
    let mut engine = EngineConfig::local(absolute(&data_dir)?);
    engine.secret_key_file = path(environment, "HOZON_SECRET_KEY_FILE", file.secret_key_file)?;
    engine.secret_key = environment("HOZON_SECRET_KEY")
        .map(|text| SecretKey::parse(&text))
        .transpose()?;
    if let Some(workers) = parsed(environment, "HOZON_WORKERS", file.workers)? {
        if !(1..=MOST_WORKERS).contains(&workers) {
            return Err(unacceptable(
                "workers",
                format!("{workers} is not between 1 and {MOST_WORKERS}"),
            ));
        }
        engine.workers = workers;
    }
    let lease = parsed(environment, "HOZON_LEASE_SECONDS", file.lease_seconds)?;
    if let Some(lease) = seconds("lease_seconds", &LEASE_SECONDS, lease)? {
        engine.lease = lease;
    }
    if let Some(allowed) = parsed(
        environment,
        "HOZON_STORES_PRIVATE_ENDPOINTS",
        file.stores.private_endpoints,
    )? {
        engine.stores.private_endpoints = allowed;
    }
    let patience = parsed(
        environment,
        "HOZON_STORES_PATIENCE_SECONDS",
        file.stores.patience_seconds,
    )?;
    if let Some(patience) = seconds("patience_seconds", &PATIENCE_SECONDS, patience)? {
        engine.stores.patience = patience;
    }
    engine.stores.bandwidth_limit = environment("HOZON_TRANSFER_BANDWIDTH_LIMIT")
        .or(file.transfer.bandwidth_limit)
        .map(|text| text.parse::<ByteRate>())
        .transpose()
        .map_err(|why| unacceptable("bandwidth_limit", why))?;

    let profile = parsed(environment, "HOZON_PROFILE", file.entitlements.profile)?;
    engine.entitlements = file.entitlements.table(profile)?;

    engine.provisioning = file
        .provisioning
        .hook(environment, engine.stores.private_endpoints)?;

    let repository = &mut engine.repository;
    if let Some(url) = environment("HOZON_REPOSITORY_URL").or(file.repository.url) {
        repository.location.url = url;
    }
    repository.location.endpoint =
        environment("HOZON_REPOSITORY_ENDPOINT").or(file.repository.endpoint);
    repository.location.region = environment("HOZON_REPOSITORY_REGION").or(file.repository.region);
    let secret_key_file = path(
        environment,
        "HOZON_REPOSITORY_SECRET_KEY_FILE",
        file.repository.secret_key_file,
    )?;
    let secret_key = match (environment("HOZON_REPOSITORY_SECRET_KEY"), secret_key_file) {
        (Some(secret), _) => Some(secret),
        (None, Some(path)) => Some(read_secret(&path)?),
        (None, None) => None,
    };
    let parts = CredentialParts {
        access_key: environment("HOZON_REPOSITORY_ACCESS_KEY").or(file.repository.access_key),
        secret_key,
        tenant_id: environment("HOZON_REPOSITORY_TENANT_ID").or(file.repository.tenant_id),
        client_id: environment("HOZON_REPOSITORY_CLIENT_ID").or(file.repository.client_id),
        ..CredentialParts::default()
    };
    repository.credentials = credentials(&repository.location.url, parts)?;

    let public_url = match environment("HOZON_PUBLIC_URL").or(file.public_url) {
        Some(text) => Some(parse_public_url(&text)?),
        None => None,
    };
    let behind_tls =
        parsed(environment, "HOZON_BEHIND_TLS", file.behind_tls)?.unwrap_or_else(|| {
            public_url
                .as_ref()
                .is_some_and(|url| url.scheme() == "https")
        });
    let bind = match flags.bind {
        Some(bind) => bind,
        None => {
            parsed(environment, "HOZON_BIND", file.bind)?.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
        }
    };
    let port = match flags.port {
        Some(port) => port,
        None => {
            parsed(environment, "HOZON_PORT", file.port)?.unwrap_or(if flags.compat_milvus_backup {
                COMPAT_PORT
            } else {
                PORT
            })
        }
    };
    let limits = server::limits(&file.server)?;
    Ok(Settings {
        compat_milvus_backup: apis::compat_milvus_backup(
            flags,
            environment,
            file.compat_milvus_backup,
            limits.body_bytes,
        )?,
        control_plane: apis::control_plane(environment, file.control_plane, limits.body_bytes)?,
        oidc: file.oidc.options(environment, public_url.as_ref())?,
        trusted_proxies: server::trusted_proxies(
            environment,
            file.server.trusted_proxies,
            behind_tls,
        )?,
        tls: server::tls(environment, file.server.tls)?,
        limits,
        engine,
        listen: SocketAddr::new(bind, port),
        public_url,
        behind_tls,
    })
}

pub(super) fn seconds(
    name: &str,
    range: &RangeInclusive<u64>,
    given: Option<u64>,
) -> Result<Option<Duration>, Error> {
    match given {
        Some(seconds) if !range.contains(&seconds) => Err(unacceptable(
            name,
            format!(
                "{seconds} is not between {} and {}",
                range.start(),
                range.end()
            ),
        )),
        given => Ok(given.map(Duration::from_secs)),
    }
}

/// A secret from the file that was named, or else from a variable.
pub(crate) fn secret(file: Option<PathBuf>, variable: &str) -> Result<Option<String>, Error> {
    match file {
        Some(file) => read_secret(&file).map(Some),
        None => Ok(std::env::var(variable)
            .ok()
            .filter(|value| !value.is_empty())),
    }
}

/// Reads a file that holds one secret; the line's end is not part of it.
pub(crate) fn read_secret(path: &Path) -> Result<String, Error> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        unacceptable(&name, error.to_string()).hint("name a file that holds nothing but the secret")
    })?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err(unacceptable(&name, "the file is empty")
            .hint("name a file that holds nothing but the secret"));
    }
    Ok(secret.to_owned())
}

fn default_data_dir(environment: Environment<'_>) -> Result<PathBuf, Error> {
    let absolute = |name: &str| {
        environment(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
        .map(|share| share.join("hozon"))
        .ok_or_else(|| {
            unacceptable("data_dir", "it is not set, and there is no home directory")
                .hint("name a directory with `--data-dir` or `HOZON_DATA_DIR`")
        })
}

pub(super) fn absolute(path: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(path)
        .map_err(|error| unacceptable(path.display().to_string(), error.to_string()))
}

pub(super) fn path(
    environment: Environment<'_>,
    variable: &str,
    from_file: Option<PathBuf>,
) -> Result<Option<PathBuf>, Error> {
    environment(variable)
        .map(PathBuf::from)
        .or(from_file)
        .map(|path| absolute(&path))
        .transpose()
}

pub(super) fn parsed<T>(
    environment: Environment<'_>,
    variable: &str,
    from_file: Option<T>,
) -> Result<Option<T>, Error>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    match environment(variable) {
        Some(text) => text
            .trim()
            .parse()
            .map(Some)
            .map_err(|error: T::Err| unacceptable(variable, format!("`{text}`: {error}"))),
        None => Ok(from_file),
    }
}

fn parse_public_url(text: &str) -> Result<Url, Error> {
    let problem = |why: String| {
        unacceptable("public_url", format!("`{text}`: {why}"))
            .hint("write it like `https://hozon.example.org`")
    };
    let url = Url::parse(text).map_err(|error| problem(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(problem("it is no web address".to_owned()));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(problem(
            "the console must be at the root of its host".to_owned(),
        ));
    }
    Ok(url)
}
