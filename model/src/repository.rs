//! Repositories beside the one that backups are made in, and the copies of backups in them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{BackupId, ErrorReport, JobId, StorageCredentials, StorageLocation};

/// A repository that keeps copies: in another region, on another service, anywhere else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyRepository {
    /// What it is called; unique, any language.
    pub name: String,
    /// Where it lies.
    pub storage: StorageLocation,
    /// Its own identifier, as its `hozon.json` has it: another repository at the same place is not taken for it.
    pub repository_id: String,
    /// When it was registered.
    pub created_at: Timestamp,
}

/// A repository to register.
#[derive(Clone, Debug, Default)]
pub struct NewCopyRepository {
    /// 1 to 64 characters of any language.
    pub name: String,
    /// Where it lies; an empty place becomes a repository.
    pub storage: StorageLocation,
    /// What opens it.
    pub credentials: StorageCredentials,
}

/// What was found in a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoryContents {
    /// The repository.
    #[serde(flatten)]
    pub repository: CopyRepository,
    /// The copies in it, newest backup first.
    pub copies: Vec<BackupCopy>,
}

/// Where a copy stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CopyState {
    /// Its job has not ended.
    Copying,
    /// Its manifest is durable: it can be restored on its own.
    Available,
    /// Its job failed or was canceled; there is no manifest.
    Failed,
}

/// A copy of a backup in a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupCopy {
    /// The backup.
    pub backup_id: BackupId,
    /// Its name.
    pub backup_name: String,
    /// The repository's name.
    pub repository: String,
    /// Where the copy stands.
    pub state: CopyState,
    /// The job that makes or made it; none if it was found.
    pub job_id: Option<JobId>,
    /// When it was asked for or found.
    pub created_at: Timestamp,
    /// When its manifest was durable.
    pub finished_at: Option<Timestamp>,
    /// Bytes of all its files.
    pub bytes: u64,
    /// Bytes that were not in the repository before.
    pub new_bytes: u64,
    /// Why it failed.
    pub reason: Option<ErrorReport>,
    /// Whether a policy made it; others stay until a person deletes them.
    #[serde(default)]
    pub automatic: bool,
    /// When one that a policy made is older than asked for; none while no policy at work asks for copies there.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// What a copy would move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyPlan {
    /// Where the copy would lie.
    pub target: String,
    /// Whether the service would copy by itself, without bytes passing through Hozon.
    pub by_service: bool,
    /// Files of the backup.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files that are not there yet.
    pub new_files: u64,
    /// Their bytes.
    pub new_bytes: u64,
}
