//! The plain types that Hozon's browser, engine and APIs share.
//!
//! Nothing here does I/O and everything compiles to WebAssembly, so that a page, a command and a test
//! speak of a backup in the same words.
#![warn(missing_docs)]

mod account;
mod archive;
mod audit;
mod backup;
mod cluster;
mod error;
mod id;
mod integration;
mod job;
mod options;
mod page;
mod permission;
mod plan;
mod policy;
mod project;
mod rate;
mod repository;
mod served;
mod storage;

pub use account::{Actor, ApiKey, MadeApiKey, NewApiKey, NewUser, Session, User};
pub use archive::{FoundArchive, FoundArchives};
pub use audit::{AuditLine, AuditProof, AuditQuery, BoundAuditLine};
pub use backup::{
    Backup, BackupMethod, BackupScope, BackupState, BackupSummary, CollectionInBackup, LoadState,
    Proof, ProofLevel,
};
pub use cluster::{
    CheckItem, CheckOutcome, CheckSubject, Cluster, ClusterCheck, ClusterEdit, NewCluster,
};
pub use error::{ErrorCode, ErrorReport};
pub use id::{BackupId, ClusterId, IntegrationId, JobId, KeyId, ProjectId};
pub use integration::{
    Integration, IntegrationCheck, IntegrationCheckItem, IntegrationCheckSubject,
    IntegrationProvider, NewIntegration,
};
pub use job::{Job, JobKind, JobLogLine, JobPhase, JobProgress, JobState, JobSummary, LogLevel};
pub use options::{
    AdoptOptions, BackupOptions, CollectionName, CopyOptions, DeleteOptions, Existing,
    ExportFormat, ExportOptions, IndexWish, LoadStateWish, Rename, RestoreOptions, VerifyOptions,
};
pub use page::{BackupNarrowing, BackupQuery, BackupSort, JobQuery, Page};
pub use permission::{Action, CustomRole, Grant, Place, Privilege, Resource, Role};
pub use plan::{
    AdoptPlan, BackupPlan, DeletePlan, ExportPlan, PlannedCollection, PlannedRestore,
    RestoreAction, RestorePlan,
};
pub use policy::{
    BackupOutlook, ClockTime, KeepRule, Policy, PolicyChange, PolicyCopy, PolicyOptions,
    PolicyPreview, PolicyRun, PolicyState, Retention, RunCause, Schedule,
};
pub use project::{DeploymentOption, NewProject, Project, ProjectEdit, ProjectPlan, Scope};
pub use rate::ByteRate;
pub use repository::{
    BackupCopy, CopyPlan, CopyRepository, CopyState, NewCopyRepository, RepositoryContents,
};
pub use served::{ApiOperation, ServedApi};
pub use storage::{CredentialFault, CredentialParts, StorageCredentials, StorageLocation};
