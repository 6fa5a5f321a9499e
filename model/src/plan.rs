//! What a verb would do, before it does it.

use serde::{Deserialize, Serialize};

use crate::CollectionName;

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
    /// Live rows.
    pub rows: u64,
    /// Bytes that Milvus would import.
    pub bytes: u64,
    /// Whether a collection of the target's name is there already: the restore would be refused.
    pub exists: bool,
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
