//! The backup engine: everything Hozon can do, with no HTTP and no HTML.
//!
//! [`Engine`] is the one door. Console, APIs, CLI and workers call the same methods, so what holds for
//! one of them (checks, audit, one manual backup at a time) holds for all.
#![warn(missing_docs)]

pub mod access;
pub mod accounts;
mod adoptions;
pub mod archive;
mod audit;
mod backups;
pub mod catalog;
mod cluster_check;
mod clusters;
pub mod commands;
mod config;
mod copies;
mod core;
mod described;
mod entitlements;
mod error;
mod exports;
mod id;
mod integrations;
mod job_board;
pub mod jobs;
mod keeping;
mod key_rotation;
mod new_clusters;
mod policies;
pub mod policy;
mod projects;
pub mod provisioning;
mod references;
mod repositories;
pub mod repository;
mod restored;
mod retry;
mod scheduler;
pub mod secrets;
pub mod source;
pub mod store;

use std::sync::Arc;

use catalog::Catalog;
use core::Core;
use jobs::JobQueue;

pub use archive::DescribedBackup;
pub use audit::{AUDIT_ACTIONS, AuditFormat};
pub use config::{EngineConfig, RepositoryConfig};
pub use entitlements::{Entitlements, Feature, Rule};
pub use error::{Error, ErrorCode, ErrorReport, Result};
pub use exports::RemovedExport;
pub use hozon_model as model;
pub use key_rotation::RotatedSecrets;
pub use new_clusters::{RestoreIntoNew, WantedCluster};
pub use restored::RestoredCollection;

/// The one door to everything Hozon can do. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Engine {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    core: Core,
    queue: JobQueue,
}

impl Engine {
    /// Opens (or makes) the catalog, the secret key and the repository under the configured places.
    ///
    /// # Errors
    /// What cannot be opened, and what to do. A repository of a newer format is left untouched.
    pub async fn open(config: EngineConfig) -> Result<Self> {
        let core = Core::open(config).await?;
        let (lease, workers) = (core.config().lease, core.config().workers);
        let queue = JobQueue::new(
            core.catalog().clone(),
            Arc::new(core.clone()),
            lease,
            workers,
        )?;
        Ok(Self {
            inner: Arc::new(Inner { core, queue }),
        })
    }

    /// What the verbs work with.
    pub(crate) fn core(&self) -> &Core {
        &self.inner.core
    }

    /// What the engine remembers.
    pub(crate) fn catalog(&self) -> &dyn Catalog {
        &**self.core().catalog()
    }

    /// The durable jobs: put new ones in by [`JobQueue::enqueue`], so that workers wake at once.
    pub(crate) fn queue(&self) -> &JobQueue {
        &self.inner.queue
    }

    /// Where the repository lies, for people to read.
    pub fn repository_location(&self) -> &model::StorageLocation {
        &self.core().config().repository.location
    }
}
