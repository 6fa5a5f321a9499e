//! What a backup is on a store. Described for other programs in `docs/REPOSITORY-FORMAT.md`.
//!
//! Order is everything: `begin.json`, then data, then collection documents, then — once all of that survives a
//! power cut — `manifest.json` by create-if-absent. Deleting goes the other way round: the manifest first.

mod at_once;
mod backup;
mod carry;
mod check;
pub(crate) mod document;
mod header;
mod known;
mod lease;
pub mod manifest;
mod retire;
mod sweep;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, Weak},
};

use hozon_model::ClusterId;
use serde::{Deserialize, Serialize};

pub use self::carry::{Arrived, CarryTotals, Carrying};
use self::{lease::LeaseState, manifest::SegmentEntry};
use crate::store::{Bandwidth, Store, limited};

/// A repository on a store.
#[derive(Clone, Debug)]
pub struct Repository {
    store: Arc<dyn Store>,
    id: String,
    /// The exclusive lease that this process took last, for the sweep to keep.
    exclusive: Arc<Mutex<Weak<LeaseState>>>,
}

/// What a cluster's backups already keep, by path: such files need not be read or moved again.
#[derive(Debug, Default)]
pub struct KnownFiles {
    /// Path (as in [`manifest::FileEntry::path`]) to size and BLAKE3.
    pub files: HashMap<String, (u64, String)>,
    /// Segment number to the newest entry for it, so that rows need not be counted again.
    pub segments: HashMap<i64, SegmentEntry>,
    /// Collection documents that could not be read: their backups are damaged, and their files are not known from them.
    pub unreadable: Vec<String>,
}

/// Who may be at work in a repository at the same time, also from other servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaseKind {
    /// Backups, verifications and restores: any number at once.
    Shared,
    /// The sweep: alone.
    Exclusive,
}

/// A claim on a repository, written as an object under `leases/` and renewed by whoever holds it.
#[derive(Debug)]
pub struct RepositoryLease {
    state: Arc<LeaseState>,
}

/// What a sweep removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files removed.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Notes that stay for a later sweep: a backup of the same cluster that has not ended may rely on their files, or
    /// one is so damaged that nobody knows what it names.
    pub postponed: u64,
}

impl Repository {
    fn new(store: Arc<dyn Store>, id: String) -> Self {
        Self {
            store,
            id,
            exclusive: Arc::default(),
        }
    }

    /// Tells repositories apart.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The same repository, reached through a store with more limits on what passes.
    pub(crate) fn limited(&self, limit: &Bandwidth) -> Self {
        Self {
            store: limited(&self.store, limit),
            ..self.clone()
        }
    }

    /// The store it lies on.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Where a file of a cluster lies: `data/<cluster>/<path>`.
    pub fn data_path(cluster: &ClusterId, path: &str) -> String {
        format!("data/{cluster}/{path}")
    }
}
