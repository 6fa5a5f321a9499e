//! What every verb works with: the catalog, the repository and the key that unseals secrets.

use std::{fs, path::Path, sync::Arc};

use hozon_model::{Backup, BackupQuery};

use crate::{
    EngineConfig, Error, ErrorCode, Result,
    catalog::{Catalog, sqlite},
    repository::Repository,
    secrets::KeyRing,
    store::Stores,
};

/// The engine without its queue. Cheap to clone; the queue runs jobs on it.
#[derive(Clone, Debug)]
pub(crate) struct Core {
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    config: EngineConfig,
    catalog: Arc<dyn Catalog>,
    repository: Repository,
    stores: Stores,
    ring: KeyRing,
}

impl Core {
    pub(crate) async fn open(config: EngineConfig) -> Result<Self> {
        make_private_directory(&config.data_dir)?;
        let key_file = config
            .secret_key_file
            .clone()
            .unwrap_or_else(|| config.data_dir.join("secret.key"));
        let ring = KeyRing::open(&key_file, config.secret_key.clone())?;
        let place = &config.repository;
        let stores = Stores::new(config.stores.clone());
        let store = stores.open(&place.location, &place.credentials)?;
        let repository = Repository::open(store).await?;
        let catalog = sqlite::open(&config.data_dir.join("catalog.db")).await?;
        ring.fresh(&*catalog).await?;
        if catalog.backups(&BackupQuery::default()).await?.total == 0 {
            remember_what_is_there(&*catalog, &repository).await?;
        }
        Ok(Self {
            parts: Arc::new(Parts {
                config,
                catalog,
                repository,
                stores,
                ring,
            }),
        })
    }

    pub(crate) fn config(&self) -> &EngineConfig {
        &self.parts.config
    }

    pub(crate) fn catalog(&self) -> &Arc<dyn Catalog> {
        &self.parts.catalog
    }

    pub(crate) fn repository(&self) -> &Repository {
        &self.parts.repository
    }

    pub(crate) fn stores(&self) -> &Stores {
        &self.parts.stores
    }

    pub(crate) fn ring(&self) -> &KeyRing {
        &self.parts.ring
    }

    /// Everything about one backup, by identifier or name.
    pub(crate) async fn backup(&self, id_or_name: &str) -> Result<Backup> {
        self.catalog().backup(id_or_name).await?.ok_or_else(|| {
            Error::new(ErrorCode::BackupNotFound, id_or_name)
                .hint("run `hozon backup list` to see the backups")
        })
    }
}

/// A new catalog beside a repository that is not new, for instance a copy in another region that takes the place of a
/// lost one: its backups are found.
async fn remember_what_is_there(catalog: &dyn Catalog, repository: &Repository) -> Result<()> {
    let manifests = match repository.manifests().await {
        Ok(manifests) => manifests,
        Err(error) => {
            tracing::warn!(%error, "what the repository holds is not known");
            return Ok(());
        }
    };
    for manifest in manifests {
        catalog.record_manifest(&manifest).await?;
    }
    Ok(())
}

/// Makes the data directory, readable by its owner only.
fn make_private_directory(directory: &Path) -> Result<()> {
    let failed = |error| {
        Error::new(
            ErrorCode::StorageUnwritable,
            directory.display().to_string(),
        )
        .caused_by(error)
        .hint("choose a data directory that this user may write")
    };
    if directory.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(directory).map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(directory, fs::Permissions::from_mode(0o700)).map_err(failed)?;
    }
    Ok(())
}
