//! What of milvus-backup's configuration belongs into a configuration file of Hozon's.
//!
//! Backups of Hozon's own go beside those of milvus-backup, never among them: each program takes what lies under its
//! path for its own.

use hozon_model::StorageCredentials;
use serde::Serialize;

use super::{Names, storage::Place};

/// The first line of every such file.
const HEADING: &str =
    "# Made of milvus-backup's configuration by `hozon config import`; for `hozon --config`.\n\n";

/// A configuration file, and the secret that lies in a file beside it.
#[derive(Clone)]
pub(crate) struct SettingsFile {
    port: Option<u16>,
    repository: Option<Repository>,
    cluster: String,
    /// What the repository's secret key file holds, if there is one.
    pub(crate) secret: Option<String>,
}

impl std::fmt::Debug for SettingsFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SettingsFile(…)")
    }
}

#[derive(Serialize)]
struct Contents<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<&'a Repository>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compat_milvus_backup: Option<Compat<'a>>,
}

#[derive(Clone, Serialize)]
struct Repository {
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_key_file: Option<String>,
}

#[derive(Serialize)]
struct Compat<'a> {
    enabled: bool,
    cluster: &'a str,
}

impl SettingsFile {
    pub(super) fn new(
        backups: &Place,
        names: &Names,
        port: Option<u16>,
        notes: &mut Vec<String>,
    ) -> Self {
        let mut repository = Repository {
            url: backups.beside.clone(),
            endpoint: backups.location.endpoint.clone(),
            region: backups.location.region.clone(),
            access_key: None,
            secret_key_file: None,
        };
        let mut secret = None;
        let mut lasting = true;
        match &backups.credentials {
            StorageCredentials::S3Keys {
                access_key,
                secret_key,
                session_token,
            } => {
                repository.access_key = Some(access_key.clone());
                secret = Some(secret_key.clone());
                lasting = session_token.is_none();
            }
            StorageCredentials::AzureKey { key: text }
            | StorageCredentials::GoogleServiceAccount { json: text } => {
                secret = Some(text.clone());
            }
            StorageCredentials::Machine
            | StorageCredentials::S3Role { .. }
            | StorageCredentials::AzureSas { .. }
            | StorageCredentials::AzureClient { .. } => {}
        }
        if !lasting {
            notes.push(
                "the session token runs out: give the cluster and the integration lasting keys, and `[repository]` too"
                    .to_owned(),
            );
        }
        Self {
            port,
            repository: lasting.then_some(repository),
            cluster: names.cluster.clone(),
            secret: secret.filter(|_| lasting),
        }
    }

    /// Whether there is anything to set.
    pub(crate) fn is_empty(&self) -> bool {
        self.repository.is_none() && self.port.is_none()
    }

    /// As TOML. `secret_file` is the name of the file that holds the secret; it lies beside this one.
    pub(crate) fn render(&self, secret_file: &str) -> Result<String, toml::ser::Error> {
        let mut repository = self.repository.clone();
        if let (Some(repository), Some(_)) = (&mut repository, &self.secret) {
            repository.secret_key_file = Some(secret_file.to_owned());
        }
        let contents = Contents {
            port: self.port,
            repository: repository.as_ref(),
            compat_milvus_backup: self.port.map(|_| Compat {
                enabled: true,
                cluster: &self.cluster,
            }),
        };
        Ok(format!("{HEADING}{}", toml::to_string(&contents)?))
    }
}
