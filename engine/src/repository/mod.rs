//! What a backup is on a store. Described for other programs in `docs/REPOSITORY-FORMAT.md`.
//!
//! Order is everything: `begin.json`, then data, then collection documents, then — once all of that survives a
//! power cut — `manifest.json` by create-if-absent. Deleting goes the other way round: the manifest first.

pub mod manifest;

use std::{collections::HashMap, sync::Arc, time::Duration};

use hozon_model::{BackupId, ClusterId};

use self::manifest::{Begin, CollectionDocument, CollectionEntry, Manifest, SegmentEntry};
use crate::{Result, store::Store};

/// A repository on a store.
#[derive(Clone, Debug)]
pub struct Repository {
    store: Arc<dyn Store>,
    id: String,
}

/// What a cluster's backups already keep, by path: such files need not be read or moved again.
#[derive(Debug, Default)]
pub struct KnownFiles {
    /// Path (as in [`manifest::FileEntry::path`]) to size and BLAKE3.
    pub files: HashMap<String, (u64, String)>,
    /// Segment number to the newest entry for it, so that rows need not be counted again.
    pub segments: HashMap<i64, SegmentEntry>,
}

/// Who may be at work in a repository at the same time, also from other servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaseKind {
    /// Backups, verifications and restores: any number at once.
    Shared,
    /// The sweep: alone.
    Exclusive,
}

/// A claim on a repository, written as an object under `leases/` and renewed by whoever holds it.
#[derive(Debug)]
pub struct RepositoryLease {
    path: String,
}

/// What a sweep removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files removed.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Repository {
    /// Opens the repository on a store, or makes one if the store is empty. `RepositoryNewer` leaves it untouched;
    /// a store that holds other things and no `hozon.json` is refused.
    pub async fn open(store: Arc<dyn Store>) -> Result<Self> {
        todo!("{store:?}")
    }

    /// Tells repositories apart.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The store it lies on.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Where a file of a cluster lies: `data/<cluster>/<path>`.
    pub fn data_path(cluster: &ClusterId, path: &str) -> String {
        format!("data/{cluster}/{path}")
    }

    /// Writes `begin.json`; no error if an earlier attempt of the same backup did.
    pub async fn begin(&self, begin: &Begin) -> Result<()> {
        todo!("{begin:?}")
    }

    /// Writes a collection's document, replacing what an earlier attempt left, and returns its entry for the manifest.
    pub async fn write_collection(
        &self,
        id: &BackupId,
        number: usize,
        document: &CollectionDocument,
        new_bytes: u64,
    ) -> Result<CollectionEntry> {
        todo!("{id} {number} {document:?} {new_bytes}")
    }

    /// Makes everything durable, then writes the manifest if there is none. Returns the one that counts:
    /// an earlier attempt's, if it got that far.
    pub async fn commit(&self, manifest: &Manifest) -> Result<Manifest> {
        todo!("{manifest:?}")
    }

    /// Every backup's manifest. One that cannot be read is an error, not a gap.
    pub async fn manifests(&self) -> Result<Vec<Manifest>> {
        todo!()
    }

    /// One backup's manifest, if it has one.
    pub async fn manifest(&self, id: &BackupId) -> Result<Option<Manifest>> {
        todo!("{id}")
    }

    /// A collection's document, after checking its BLAKE3.
    pub async fn collection(&self, entry: &CollectionEntry) -> Result<CollectionDocument> {
        todo!("{entry:?}")
    }

    /// What the repository keeps of a cluster, but for what only the backups in `except` name.
    pub async fn known_files(
        &self,
        cluster: &ClusterId,
        except: &[BackupId],
    ) -> Result<KnownFiles> {
        todo!("{cluster} {except:?}")
    }

    /// Takes a lease; `RepositoryLocked` names who holds one that excludes it.
    pub async fn lease(
        &self,
        kind: LeaseKind,
        holder: &str,
        duration: Duration,
    ) -> Result<RepositoryLease> {
        todo!("{kind:?} {holder} {duration:?}")
    }

    /// Renews a lease; `LeaseLost` if it ran out meanwhile.
    pub async fn renew(&self, lease: &RepositoryLease, duration: Duration) -> Result<()> {
        todo!("{} {duration:?}", lease.path)
    }

    /// Gives a lease back.
    pub async fn release(&self, lease: &RepositoryLease) -> Result<()> {
        todo!("{}", lease.path)
    }

    /// Files that only these backups name (and files that their unfinished attempts left): `(path, size)` from the
    /// repository's root, and, second, those that others name too.
    pub async fn files_only_in(
        &self,
        id: &BackupId,
    ) -> Result<(Vec<(String, u64)>, Vec<(String, u64)>)> {
        todo!("{id}")
    }

    /// Removes a backup's manifest, so that it exists no more, keeping a note under `trash/` of what it named.
    pub async fn retire(&self, id: &BackupId) -> Result<()> {
        todo!("{id}")
    }

    /// Removes what the notes under `trash/` name and no manifest does, then the notes. Call it under an exclusive
    /// lease. `progress` is told of each file removed and its bytes.
    pub async fn sweep(&self, progress: &(dyn Fn(u64, u64) + Send + Sync)) -> Result<Swept> {
        progress(0, 0);
        todo!()
    }
}
