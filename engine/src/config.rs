//! What the engine must be told before it can start.

use std::{path::PathBuf, time::Duration};

use hozon_model::{StorageCredentials, StorageLocation};

use crate::{
    entitlements::Entitlements, provisioning::Provisioning, secrets::SecretKey,
    store::StoreSettings,
};

/// Everything the engine must be told. Each front (CLI, server, tests) fills it its own way.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// Holds `catalog.db` and, unless another file is named, `secret.key`.
    pub data_dir: PathBuf,
    /// Where backups are kept.
    pub repository: RepositoryConfig,
    /// The file that holds the key protecting stored secrets; none means `data_dir/secret.key`, made at first start.
    pub secret_key_file: Option<PathBuf>,
    /// The key itself, in place of a file: where it comes from a service that keeps secrets.
    pub secret_key: Option<SecretKey>,
    /// How long a worker's claim on a job lasts without a sign of life.
    pub lease: Duration,
    /// Jobs that one process runs at a time.
    pub workers: usize,
    /// What plans and kinds of clusters include.
    pub entitlements: Entitlements,
    /// Which places may be opened, and how long an overloaded service is waited for.
    pub stores: StoreSettings,
    /// Who makes a cluster where a restore wants a new one, if anybody does.
    pub provisioning: Option<Provisioning>,
}

impl EngineConfig {
    /// A configuration with everything under one directory: the repository in `data_dir/repository`.
    pub fn local(data_dir: impl Into<PathBuf>) -> Self {
        let data_dir = data_dir.into();
        let url = format!("file://{}", data_dir.join("repository").display());
        Self {
            data_dir,
            repository: RepositoryConfig {
                location: StorageLocation {
                    url,
                    endpoint: None,
                    region: None,
                },
                credentials: StorageCredentials::Machine,
            },
            secret_key_file: None,
            secret_key: None,
            lease: Duration::from_secs(15),
            workers: 4,
            entitlements: Entitlements::default(),
            stores: StoreSettings::default(),
            provisioning: None,
        }
    }
}

/// Where backups are kept, with what opens it. `Debug` leaves the secrets out.
#[derive(Clone, Debug)]
pub struct RepositoryConfig {
    /// The place.
    pub location: StorageLocation,
    /// What opens it.
    pub credentials: StorageCredentials,
}
