//! The configuration file: TOML, and no key that is not known.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
};

use hozon_engine::Error;
use serde::Deserialize;

use super::{entitlements, oidc, provisioning, server, unacceptable};

/// The file as it stands.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Contents {
    pub(super) data_dir: Option<PathBuf>,
    pub(super) secret_key_file: Option<PathBuf>,
    pub(super) workers: Option<usize>,
    pub(super) lease_seconds: Option<u64>,
    pub(super) bind: Option<IpAddr>,
    pub(super) port: Option<u16>,
    pub(super) public_url: Option<String>,
    pub(super) behind_tls: Option<bool>,
    pub(super) server: server::Contents,
    pub(super) repository: Repository,
    pub(super) stores: Stores,
    pub(super) transfer: Transfer,
    pub(super) entitlements: entitlements::Contents,
    pub(super) provisioning: provisioning::Contents,
    pub(super) compat_milvus_backup: CompatMilvusBackup,
    pub(super) control_plane: ControlPlane,
    pub(super) oidc: oidc::Contents,
}

/// Its `[compat_milvus_backup]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CompatMilvusBackup {
    pub(super) enabled: Option<bool>,
    pub(super) cluster: Option<String>,
    pub(super) key_file: Option<PathBuf>,
}

/// Its `[control_plane]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ControlPlane {
    pub(super) region: Option<String>,
    pub(super) requests_per_second: Option<NonZeroU32>,
}

/// Its `[repository]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Repository {
    pub(super) url: Option<String>,
    pub(super) endpoint: Option<String>,
    pub(super) region: Option<String>,
    pub(super) access_key: Option<String>,
    pub(super) secret_key_file: Option<PathBuf>,
    pub(super) tenant_id: Option<String>,
    pub(super) client_id: Option<String>,
}

/// Its `[stores]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Stores {
    pub(super) private_endpoints: Option<bool>,
    pub(super) patience_seconds: Option<u64>,
}

/// Its `[transfer]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Transfer {
    pub(super) bandwidth_limit: Option<String>,
}

impl Contents {
    /// Reads a file; relative paths in it start at the directory it lies in.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| {
            unacceptable(&name, error.to_string())
                .hint("name a configuration file that can be read with `--config`")
        })?;
        let mut file: Self = toml::from_str(&text).map_err(|error| {
            let why = match error.span() {
                Some(span) => {
                    let line = text[..span.start.min(text.len())].matches('\n').count() + 1;
                    format!("line {line}: {}", error.message())
                }
                None => error.message().to_owned(),
            };
            let problem = unacceptable(&name, why);
            if error.message().contains("`secret_key`") {
                problem.hint(
                    "put the secret into a file of its own and name that in `secret_key_file`",
                )
            } else {
                problem
            }
        })?;
        let directory = path.parent().unwrap_or(Path::new(""));
        for entry in [
            &mut file.data_dir,
            &mut file.secret_key_file,
            &mut file.repository.secret_key_file,
            &mut file.compat_milvus_backup.key_file,
            &mut file.oidc.client_secret_file,
            &mut file.provisioning.secret_file,
            &mut file.server.tls.certificate,
            &mut file.server.tls.key,
        ]
        .into_iter()
        .flatten()
        {
            *entry = directory.join(&*entry);
        }
        if let Some(program) = file.provisioning.command.iter_mut().flatten().next()
            && !program.is_empty()
        {
            *program = directory.join(&*program).display().to_string();
        }
        Ok(file)
    }
}
