//! What a verb would do, before it does it.

use serde::{Deserialize, Serialize};

use crate::{BackupId, CollectionName, ExportFormat};

/// A collection that a backup would take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedCollection {
    /// Which.
    pub collection: CollectionName,
    /// Segments that are on storage now; a flush may add some.
    pub segments: u64,
    /// Rows in them, deleted ones included.
    pub rows: u64,
    /// Their files.
    pub files: u64,
    /// Bytes of those files.
    pub bytes: u64,
    /// Bytes of those that the repository does not have yet.
    pub new_bytes: u64,
}

/// What a backup would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupPlan {
    /// The name it would bear.
    pub name: String,
    /// The collections it would take.
    pub collections: Vec<PlannedCollection>,
}

/// A collection that a restore would make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRestore {
    /// Its name in the backup.
    pub source: CollectionName,
    /// Its name after the restore.
    pub target: CollectionName,
    /// Live rows; none where they must be counted first, because an earlier moment is asked for.
    pub rows: Option<u64>,
    /// Bytes that Milvus would import.
    pub bytes: u64,
    /// What would be done.
    pub action: RestoreAction,
}

/// What a restore would do for one collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestoreAction {
    /// Make it: nothing of its name is there.
    Make,
    /// Put it in the place of the one that is there.
    Replace,
    /// Leave the one that is there.
    Skip,
    /// Nothing at all: one is there, and the whole restore is refused.
    Refuse,
}

/// What a restore would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestorePlan {
    /// The cluster it would restore into.
    pub cluster_name: String,
    /// Databases it would create.
    pub new_databases: Vec<String>,
    /// Collections it would make.
    pub collections: Vec<PlannedRestore>,
}

/// What a deletion would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletePlan {
    /// Files that no other backup names: they would go.
    pub files: u64,
    /// Bytes of those files.
    pub bytes: u64,
    /// Files that another backup names: they would stay.
    pub shared_files: u64,
    /// Bytes of those.
    pub shared_bytes: u64,
}

/// What an export would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportPlan {
    /// Where it would lie, as the service names it: a URL.
    pub target: String,
    /// Files it consists of, without documents.
    pub files: u64,
    /// Bytes of those.
    pub bytes: u64,
    /// Files of these that lie there already at their size; their content would be checked.
    pub present_files: u64,
    /// Bytes of those.
    pub present_bytes: u64,
}

/// What an adoption would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdoptPlan {
    /// The backup's name.
    pub name: String,
    /// The archive's shape.
    pub format: ExportFormat,
    /// The backup that it was made into before, in just this way: then there is nothing to do.
    pub adopted_as: Option<BackupId>,
    /// The Milvus it was taken from, as the archive says.
    pub milvus_version: String,
    /// Whether a BLAKE3 of every file is known and would be compared.
    pub has_checksums: bool,
    /// Its collections.
    pub collections: Vec<CollectionName>,
    /// Its files.
    pub files: u64,
    /// Bytes of those.
    pub bytes: u64,
    /// Files of these that would be copied: the repository does not hold them yet.
    pub new_files: u64,
    /// Bytes of those.
    pub new_bytes: u64,
    /// Rows in its segments, deleted ones included.
    pub rows: u64,
    /// Files that lie in it and that nothing names; they would be left out.
    pub unnamed_files: u64,
}
