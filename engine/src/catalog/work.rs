//! What is put into the queue, and what comes of it.

use hozon_model::{
    BackupId, BackupMethod, BackupScope, ClusterId, JobId, JobKind, JobSummary, RunCause,
};
use jiff::Timestamp;

/// A job to put into the queue.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Random, made by the engine.
    pub id: JobId,
    /// The job that ended badly and is done again by this one.
    pub retry_of: Option<JobId>,
    /// What it does.
    pub kind: JobKind,
    /// The verb's options, as JSON.
    pub options: serde_json::Value,
    /// The backup it is about.
    pub backup_id: BackupId,
    /// The cluster it reads from or restores into; none for work inside the repository.
    pub cluster_id: Option<ClusterId>,
    /// Who asked.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}

/// A backup to remember before its job starts.
#[derive(Clone, Debug)]
pub struct NewBackup {
    /// Its identifier.
    pub id: BackupId,
    /// Its name.
    pub name: String,
    /// The cluster.
    pub cluster_id: ClusterId,
    /// The cluster's name, kept for when the cluster is gone.
    pub cluster_name: String,
    /// What was asked for.
    pub scope: BackupScope,
    /// Who asked.
    pub method: BackupMethod,
}

/// A run of a policy to make.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// Of which cluster.
    pub cluster_id: ClusterId,
    /// When it was due.
    pub due_at: Timestamp,
    /// When it is made.
    pub made_at: Timestamp,
    /// Why.
    pub cause: RunCause,
    /// [`Policy::changed_at`](hozon_model::Policy::changed_at) of the policy that was looked at: another one may have other plans.
    pub policy_of: Timestamp,
}

/// A good copy that a policy made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutomaticCopy {
    /// Of which backup.
    pub backup_id: BackupId,
    /// When that was asked for: what its age counts from.
    pub created_at: Timestamp,
    /// Whether that is pinned.
    pub pinned: bool,
}

/// What came of a run.
#[derive(Clone, Debug)]
pub enum RunOutcome {
    /// Its backup is in the queue.
    Made(Box<JobSummary>),
    /// It was left out: an automatic backup of the cluster has not ended.
    LeftOut,
    /// It was made by somebody else, the policy is not at work or was changed, or a first run is not its first.
    NotDue,
}

/// A job that a worker holds.
#[derive(Clone, Debug)]
pub struct ClaimedJob {
    /// The job as it is now.
    pub summary: JobSummary,
    /// The verb's options.
    pub options: serde_json::Value,
    /// What an earlier attempt left.
    pub checkpoint: Option<serde_json::Value>,
    /// Grows with every claim; every write of the worker names it and fails once another claim was made.
    pub fence: i64,
}

/// What a heartbeat found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulse {
    /// Go on.
    Held,
    /// Somebody asked the job to stop.
    CancelAsked,
    /// Another worker has it now, or it ended.
    Lost,
}
