//! What a backup is to those who look at it.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{BackupCopy, BackupId, ClusterId, ErrorReport, JobId, ProjectId};

/// Where a backup stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BackupState {
    /// Its job has not ended. Nothing can be done with it yet.
    Creating,
    /// Its manifest is durable: it can be restored.
    Available,
    /// A verification found a file missing or changed.
    Damaged,
    /// Its job failed or was canceled; there is no manifest.
    Failed,
    /// Its manifest is gone and its bytes are being removed.
    Deleting,
    /// Nothing is left of it but this line.
    Deleted,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BackupScope {
    /// Every collection of every database.
    Cluster,
    /// Every collection of one database.
    Database,
    /// Chosen collections.
    Collection,
}

/// Who asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BackupMethod {
    /// A person or a client.
    Manual,
    /// A policy.
    Auto,
}

/// How much is known about whether a backup can be restored. Later ones include earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofLevel {
    /// Every object is there and has the right size.
    List,
    /// Every byte was read and its BLAKE3 agreed.
    Read,
    /// Binlogs parsed, rows counted.
    Structure,
    /// Restored under a scratch name and compared.
    Drill,
}

impl ProofLevel {
    /// The name used in commands and APIs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Read => "read",
            Self::Structure => "structure",
            Self::Drill => "drill",
        }
    }
}

impl fmt::Display for ProofLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProofLevel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::List, Self::Read, Self::Structure, Self::Drill]
            .into_iter()
            .find(|level| level.as_str() == text)
            .ok_or_else(|| format!("`{text}` is no proof level; use `list` or `read`"))
    }
}

/// A verification that passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// What it looked at.
    pub level: ProofLevel,
    /// When it ended.
    pub at: Timestamp,
}

/// One line of the backups list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupSummary {
    /// The backup's identifier.
    pub id: BackupId,
    /// Unique among the backups that are not deleted; any language.
    pub name: String,
    /// The project it belongs to, also when its cluster is gone.
    #[serde(default)]
    pub project_id: ProjectId,
    /// The cluster it was taken from.
    pub cluster_id: ClusterId,
    /// That cluster's name, as it is or was.
    pub cluster_name: String,
    /// Where it stands.
    pub state: BackupState,
    /// What was asked for.
    pub scope: BackupScope,
    /// Who asked for it.
    pub method: BackupMethod,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When its manifest was written.
    pub finished_at: Option<Timestamp>,
    /// Bytes of all files it names, shared ones included.
    pub bytes: u64,
    /// Bytes that this backup added to the repository.
    pub new_bytes: u64,
    /// Live rows.
    pub rows: u64,
    /// Files it names.
    pub files: u64,
    /// Collections in it.
    pub collections: u64,
    /// The best proof so far: the highest level, the newest of those.
    pub proof: Option<Proof>,
    /// The job that makes or made it.
    pub job_id: Option<JobId>,
    /// The Milvus it was taken from.
    pub milvus_version: Option<String>,
    /// Whether somebody wants it kept, whatever a policy says.
    #[serde(default)]
    pub pinned: bool,
    /// When an automatic one is older than its cluster's policy asks for; another rule may keep it longer.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// Whether a collection was in memory when it was backed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadState {
    /// Searchable.
    Loaded,
    /// Not in memory.
    NotLoaded,
}

/// A collection inside a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionInBackup {
    /// The database it was in.
    pub database: String,
    /// Its name.
    pub name: String,
    /// Live rows at the moment of the backup.
    pub rows: u64,
    /// Bytes of its files.
    pub bytes: u64,
    /// Its files.
    pub files: u64,
    /// Its partitions.
    pub partitions: u64,
    /// Field names with their types, `id: Int64 (primary key)`.
    pub fields: Vec<String>,
    /// Index descriptions, `vector: HNSW`.
    pub indexes: Vec<String>,
    /// Its aliases.
    pub aliases: Vec<String>,
    /// Whether it was loaded.
    pub load_state: LoadState,
}

/// Everything about one backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// The line of the list.
    #[serde(flatten)]
    pub summary: BackupSummary,
    /// Its collections; empty until it is available.
    pub collection_list: Vec<CollectionInBackup>,
    /// Every proof, newest first.
    pub proofs: Vec<Proof>,
    /// Why it failed or is damaged.
    pub reason: Option<ErrorReport>,
    /// Its copies in other repositories.
    pub copies: Vec<BackupCopy>,
}
