//! What becomes of a configuration: a cluster, an integration where its backups lie, and settings.

use std::{fs, path::Path};

use hozon_engine::store::Stores;
use hozon_model::{NewCluster, NewIntegration, StorageCredentials};

use super::{
    Names, Plan,
    keys::{Part, Side, Slot, Version},
    ledger::Ledger,
    settings::SettingsFile,
    source::{Problem, Source},
    storage::{self, Place},
};

/// Where Hozon answers in milvus-backup's place, unless another port was set.
const SERVER_PORT: u16 = 8080;

/// Turns values into a plan.
///
/// # Errors
/// Everything that is wrong, as far as it could be looked at.
pub(super) fn plan(
    mut ledger: Ledger,
    environment: &dyn Fn(&str) -> Option<String>,
    names: &Names,
) -> Result<Plan, Vec<Problem>> {
    let milvus = milvus(&mut ledger);
    let storage = usable(&mut ledger, Side::Milvus);
    let backups = usable(&mut ledger, Side::Backup);
    let port = server_port(&mut ledger, environment);
    let (milvus, storage, backups, port) = match (milvus, storage, backups, port) {
        (Ok(milvus), Ok(storage), Ok(backups), Ok(port)) => (milvus, storage, backups, port),
        (milvus, storage, backups, port) => {
            // What the storage of backups inherits is wrong once, not twice.
            let twice = |problem: &Problem| storage.is_err() && problem.is_about_a_default();
            let backups = backups.err().filter(|problem| !twice(problem));
            let problems = [milvus.err(), storage.err(), backups, port.err()];
            return Err(problems.into_iter().flatten().collect());
        }
    };
    if ledger.version == Version::V1 && !ledger.is_set(Slot::At(Side::Backup, Part::Root)) {
        ledger.notes.push(
            "`minio.backupRootPath` is not set, so milvus-backup keeps backups among Milvus's own files"
                .to_owned(),
        );
    }
    let settings = SettingsFile::new(&backups, names, port, &mut ledger.notes);
    let cluster = NewCluster {
        name: names.cluster.clone(),
        project: names.project.clone(),
        storage_url: storage.location.url,
        storage_endpoint: storage.location.endpoint,
        storage_region: storage.location.region,
        storage_credentials: storage.credentials,
        ..milvus
    };
    let integration = NewIntegration {
        name: names.integration.clone(),
        project: names.project.clone(),
        description: "Backups of milvus-backup".to_owned(),
        storage_url: backups.location.url,
        endpoint: backups.location.endpoint,
        region: backups.location.region,
        credentials: backups.credentials,
    };
    let version = ledger.version;
    let notes = std::mem::take(&mut ledger.notes);
    let (taken, left) = ledger.close(|slot| {
        match slot {
            Slot::At(..) => "this provider and this way of signing in do not use it",
            _ => "TLS is off",
        }
        .to_owned()
    });
    Ok(Plan {
        version,
        taken,
        left,
        notes,
        cluster,
        integration,
        settings,
    })
}

/// How Milvus is reached.
fn milvus(ledger: &mut Ledger) -> Result<NewCluster, Problem> {
    let typed = ledger.take(Slot::Address);
    let host = storage::host(&typed).ok_or_else(|| {
        let why =
            format!("`{typed}` is not a host: write its name alone, without `http://` and port");
        ledger.problem(Slot::Address, why)
    })?;
    let port = ledger.take(Slot::Port);
    let tls = !matches!(ledger.take(Slot::Tls).as_str(), "0" | "disabled");
    let scheme = if tls { "https" } else { "http" };
    let ca_certificate = if tls { authority(ledger)? } else { None };
    if tls {
        if ledger.look(Slot::ServerName) == typed {
            ledger.take(Slot::ServerName);
        }
        let why =
            "Hozon looks for the name in the address: reach Milvus by the name its certificate has";
        ledger.leave(Slot::ServerName, why);
        for slot in [Slot::ClientCertificate, Slot::ClientKey] {
            let why = "Hozon shows no certificate of its own: a Milvus that demands one refuses it";
            ledger.leave(slot, why);
        }
    }
    let user = ledger.take(Slot::User);
    let (username, password) = if user.is_empty() {
        ledger.leave(Slot::Password, "no user is named");
        (None, None)
    } else {
        let password = ledger.take(Slot::Password);
        (Some(user), (!password.is_empty()).then_some(password))
    };
    Ok(NewCluster {
        address: format!("{scheme}://{host}:{port}"),
        username,
        password,
        ca_certificate,
        ..NewCluster::default()
    })
}

/// The certificate of the authority that Milvus's own is checked against, where it is a private one.
fn authority(ledger: &mut Ledger) -> Result<Option<String>, Problem> {
    let path = ledger.take(Slot::Authority);
    if path.is_empty() {
        return Ok(None);
    }
    let pem = fs::read_to_string(Path::new(&path)).map_err(|error| {
        ledger.problem(Slot::Authority, format!("`{path}` cannot be read: {error}"))
    })?;
    if pem.contains("-----BEGIN CERTIFICATE-----") {
        Ok(Some(pem))
    } else {
        let why = format!("there is no certificate in `{path}`");
        Err(ledger.problem(Slot::Authority, why))
    }
}

/// A storage whose address and credentials make sense. Nothing is asked of it.
fn usable(ledger: &mut Ledger, side: Side) -> Result<Place, Problem> {
    let place = storage::place(ledger, side)?;
    match Stores::default().open(&place.location, &place.credentials) {
        Ok(_) => Ok(place),
        Err(error) => {
            let report = error.into_report();
            let part = match (report.subject.as_str(), &place.credentials) {
                ("storage endpoint", _) => Part::Host,
                ("storage URL", _) if place.location.url.starts_with("file:") => Part::Root,
                ("storage URL", _) => Part::Bucket,
                (_, StorageCredentials::GoogleServiceAccount { .. }) => Part::KeyFile,
                (_, StorageCredentials::AzureKey { .. }) if ledger.version == Version::V2 => {
                    Part::AccountKey
                }
                _ => Part::SecretKey,
            };
            let why = format!("{}: {}", report.subject, report.detail);
            Err(ledger.problem(Slot::At(side, part), why))
        }
    }
}

/// Where milvus-backup's server is answered for; none where it is switched off.
fn server_port(
    ledger: &mut Ledger,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<u16>, Problem> {
    // Version 2 has no key for it: its server is always there.
    let serves = ledger.version == Version::V2 || ledger.take_flag(Slot::Serve);
    if !serves {
        return Ok(None);
    }
    match environment("SERVER_PORT").filter(|text| !text.is_empty()) {
        None => Ok(Some(SERVER_PORT)),
        Some(text) => match text.parse::<u16>() {
            Ok(port) if port > 0 => Ok(Some(port)),
            _ => Err(Problem::new(
                Source::Variable("SERVER_PORT"),
                "--port",
                format!("`{text}` is not a port, 1 to 65535"),
            )),
        },
    }
}
