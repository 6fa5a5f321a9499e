//! Lists: what is asked of them, and one page of the answer.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    BackupMethod, BackupScope, BackupState, ClusterId, JobKind, JobState, ProjectId, Scope,
};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The lines of this page.
    pub items: Vec<T>,
    /// Lines on all pages.
    pub total: u64,
    /// This page, from 1.
    pub page: u64,
    /// Lines a page at most.
    pub page_size: u64,
}

impl<T> Page<T> {
    /// How many pages there are; at least one.
    pub fn pages(&self) -> u64 {
        self.total.div_ceil(self.page_size.max(1)).max(1)
    }
}

/// What the backups list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupSort {
    /// When it was asked for.
    #[default]
    Created,
    /// By name.
    Name,
    /// By bytes.
    Size,
    /// By rows.
    Rows,
}

/// Which backups, in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BackupQuery {
    /// Text that the name must contain.
    pub search: Option<String>,
    /// Only of this cluster.
    pub cluster_id: Option<ClusterId>,
    /// Only of this project.
    pub project_id: Option<ProjectId>,
    /// Only what lies in one of these: what whoever asks may see. None: everything.
    pub within: Option<Vec<Scope>>,
    /// Only in this state. None leaves out the deleted ones.
    pub state: Option<BackupState>,
    /// Sorted by what.
    pub sort: BackupSort,
    /// Smallest (or oldest) first.
    pub ascending: bool,
    /// From 1; 0 means 1.
    pub page: u64,
    /// 1 to 100; 0 means 25.
    pub page_size: u64,
    /// What else is asked of them.
    pub narrowing: BackupNarrowing,
}

/// What else is asked of the backups of a list; what is empty or none asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BackupNarrowing {
    /// Only in one of these states.
    pub states: Vec<BackupState>,
    /// Only those of one of these scopes.
    pub scopes: Vec<BackupScope>,
    /// Only those made so.
    pub method: Option<BackupMethod>,
    /// Only those asked for then or later.
    pub since: Option<Timestamp>,
    /// Only those asked for then or earlier.
    pub until: Option<Timestamp>,
}

/// Which jobs; always newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobQuery {
    /// Only of this kind.
    pub kind: Option<JobKind>,
    /// Only in this state.
    pub state: Option<JobState>,
    /// Only of this cluster.
    pub cluster_id: Option<ClusterId>,
    /// Only about backups of this project.
    pub project_id: Option<ProjectId>,
    /// Only about backups that lie in one of these: what whoever asks may see. None: everything.
    pub within: Option<Vec<Scope>>,
    /// Only about this backup.
    pub backup_id: Option<crate::BackupId>,
    /// From 1; 0 means 1.
    pub page: u64,
    /// 1 to 100; 0 means 25.
    pub page_size: u64,
}
