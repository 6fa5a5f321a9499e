//! Jobs: work that outlives the process that started it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{BackupId, ClusterId, ErrorReport, JobId, ProjectId};

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JobKind {
    /// Makes a backup.
    Backup,
    /// Restores one.
    Restore,
    /// Checks one.
    Verify,
    /// Deletes one.
    Delete,
    /// Writes one to a place of one's own.
    Export,
    /// Makes one of an archive.
    Adopt,
    /// Copies one into another repository.
    Copy,
}

/// Where a job stands: `PENDING → IN_PROGRESS → SUCCESSFUL | FAILED`, and `→ CANCELING → CANCELED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JobState {
    /// Waits for a worker.
    Pending,
    /// A worker holds its lease.
    InProgress,
    /// Asked to stop, not stopped yet.
    Canceling,
    /// Done.
    Successful,
    /// Ended with a reason.
    Failed,
    /// Stopped as asked.
    Canceled,
}

impl JobState {
    /// Whether the job will never change again.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Successful | Self::Failed | Self::Canceled)
    }
}

/// What a running job is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobPhase {
    /// Not started.
    #[default]
    Waiting,
    /// Looks at what there is to do.
    Planning,
    /// A provisioning hook makes the cluster that is restored into.
    Provisioning,
    /// Milvus writes its growing segments to storage.
    Flushing,
    /// Files are copied into the repository, or out of it.
    Copying,
    /// Live rows are counted from primary keys and delta logs.
    Counting,
    /// Objects are listed or bytes are hashed.
    Verifying,
    /// The manifest is being made durable.
    Committing,
    /// Files are staged where Milvus can import them, checked on the way.
    Staging,
    /// Milvus imports.
    Importing,
    /// Milvus builds indexes.
    Indexing,
    /// Milvus loads collections.
    Loading,
    /// Unreferenced files are removed.
    Sweeping,
    /// Over.
    Finished,
}

/// How far a job is. Totals are zero until they are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobProgress {
    /// What it does now.
    pub phase: JobPhase,
    /// Bytes dealt with.
    pub bytes_done: u64,
    /// Bytes to deal with.
    pub bytes_total: u64,
    /// Files dealt with.
    pub files_done: u64,
    /// Files to deal with.
    pub files_total: u64,
    /// Rows dealt with.
    pub rows_done: u64,
    /// Rows to deal with.
    pub rows_total: u64,
    /// Over the last seconds.
    pub bytes_per_second: u64,
    /// Estimated; none while nothing is known.
    pub seconds_left: Option<u64>,
}

impl JobProgress {
    /// From 0 to 100: by bytes and rows, as far as their totals are known, else by files.
    pub fn percent(&self) -> u8 {
        if self.phase == JobPhase::Finished {
            return 100;
        }
        let share =
            |done: u64, total: u64| (total > 0).then(|| done.min(total) as f64 / total as f64);
        let known: Vec<f64> = [
            share(self.bytes_done, self.bytes_total),
            share(self.rows_done, self.rows_total),
        ]
        .into_iter()
        .flatten()
        .collect();
        let part = if known.is_empty() {
            share(self.files_done, self.files_total).unwrap_or(0.0)
        } else {
            known.iter().sum::<f64>() / known.len() as f64
        };
        (part * 100.0) as u8
    }
}

/// One line of the jobs list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobSummary {
    /// The job's identifier.
    pub id: JobId,
    /// The job that ended badly and is done again by this one.
    #[serde(default)]
    pub retry_of: Option<JobId>,
    /// What it does.
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// The backup it is about.
    pub backup_id: Option<BackupId>,
    /// The project of that backup.
    #[serde(default)]
    pub project_id: ProjectId,
    /// That backup's name.
    pub backup_name: Option<String>,
    /// The cluster it reads from or restores into.
    pub cluster_id: Option<ClusterId>,
    /// That cluster's name.
    pub cluster_name: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When a worker first took it.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Who asked for it.
    pub created_by: String,
    /// How far it is.
    pub progress: JobProgress,
    /// Why it failed: what, on what, why, what to do.
    pub reason: Option<ErrorReport>,
    /// How many times a worker took it.
    pub attempts: u32,
}

/// How much a log line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// What happened.
    Info,
    /// What somebody should know.
    Warning,
    /// What went wrong.
    Error,
}

/// A line of a job's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobLogLine {
    /// When it was written.
    pub at: Timestamp,
    /// How much it matters.
    pub level: LogLevel,
    /// English; the log is for operators and bug reports.
    pub text: String,
}

/// Everything about one job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The line of the list.
    #[serde(flatten)]
    pub summary: JobSummary,
    /// Its log, oldest first.
    pub log: Vec<JobLogLine>,
}
