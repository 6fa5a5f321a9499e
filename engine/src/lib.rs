//! The backup engine: everything Hozon can do, with no HTTP and no HTML.
//!
//! [`Engine`] is the one door. Console, APIs, CLI and workers call the same methods, so what holds for
//! one of them (checks, audit, one manual backup at a time) holds for all.
#![warn(missing_docs)]

pub mod accounts;
mod audit;
mod backups;
pub mod catalog;
mod clusters;
pub mod commands;
mod config;
mod error;
mod id;
mod job_board;
pub mod jobs;
pub mod repository;
pub mod secrets;
pub mod source;
pub mod store;

use std::sync::Arc;

use catalog::Catalog;
use jobs::JobQueue;

pub use config::{EngineConfig, RepositoryConfig};
pub use error::{Error, ErrorCode, ErrorReport, Result};
pub use hozon_model as model;

/// The one door to everything Hozon can do. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Engine {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: EngineConfig,
    catalog: Arc<dyn Catalog>,
    queue: JobQueue,
}

impl Engine {
    /// Opens (or makes) the catalog, the secret key and the repository under the configured places.
    ///
    /// # Errors
    /// What cannot be opened, and what to do. A repository of a newer format is left untouched.
    pub async fn open(config: EngineConfig) -> Result<Self> {
        todo!("{config:?}")
    }

    /// What the engine remembers.
    fn catalog(&self) -> &dyn Catalog {
        &*self.inner.catalog
    }

    /// The durable jobs: put new ones in by [`JobQueue::enqueue`], so that workers wake at once.
    fn queue(&self) -> &JobQueue {
        &self.inner.queue
    }

    /// Where the repository lies, for people to read.
    pub fn repository_location(&self) -> &model::StorageLocation {
        &self.inner.config.repository.location
    }
}
