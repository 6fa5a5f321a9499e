//! What goes wrong, in a form that a page can translate and a job can keep.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What failed. Each has one sentence in every language, and advice beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Nothing answers on a cluster's address.
    ClusterUnreachable,
    /// A cluster refuses the user, password or token.
    ClusterCredentialsRefused,
    /// No cluster of that name or identifier is registered.
    ClusterNotFound,
    /// A cluster of that name is registered already.
    ClusterNameTaken,
    /// A job of the cluster has not ended.
    ClusterBusy,
    /// The storage given for a cluster holds files of another one, or none.
    ClusterStorageMismatch,
    /// The provisioning hook made no cluster that can be restored into.
    ProvisioningFailed,
    /// Milvus cannot do what is needed (too old, too new, or a Lite).
    MilvusUnsupported,
    /// Milvus answered a request with an error.
    MilvusFailed,
    /// The cluster has no such database.
    DatabaseNotFound,
    /// The cluster or the backup has no such collection.
    CollectionNotFound,
    /// A collection of the target's name is there already.
    CollectionExists,
    /// A collection uses something that this version cannot preserve.
    CollectionUnsupported,
    /// No backup of that name or identifier.
    BackupNotFound,
    /// A backup of that name is there already.
    BackupNameTaken,
    /// The backup is not available: it is being made, failed, damaged or deleted.
    BackupNotAvailable,
    /// Another backup of this cluster runs or waits.
    BackupBusy,
    /// Another job uses the backup.
    BackupInUse,
    /// The cluster has no policy.
    PolicyNotFound,
    /// No integration of that name or identifier.
    IntegrationNotFound,
    /// An integration of that name is there already.
    IntegrationNameTaken,
    /// Something uses the integration.
    IntegrationInUse,
    /// No whole archive of a backup is there.
    ArchiveNotFound,
    /// An archive's documents cannot be understood, or contradict its files.
    ArchiveDamaged,
    /// Other things lie where an export would.
    ExportTargetTaken,
    /// Storage cannot be reached.
    StorageUnreachable,
    /// Storage refuses to be read.
    StorageUnreadable,
    /// Storage refuses to be written.
    StorageUnwritable,
    /// Storage is full.
    StorageFull,
    /// No repository of that name is registered.
    RepositoryNotFound,
    /// A repository of that name, or at that place, is registered already.
    RepositoryNameTaken,
    /// A job uses the repository.
    RepositoryInUse,
    /// The repository was written by a newer Hozon.
    RepositoryNewer,
    /// A repository's own object cannot be understood.
    RepositoryDamaged,
    /// Another process holds a lease that excludes this work.
    RepositoryLocked,
    /// A file that Milvus named is not on its storage any more.
    SourceFileVanished,
    /// A file's bytes are not those that were backed up.
    FileDamaged,
    /// A file of a backup is missing.
    FileMissing,
    /// A binlog cannot be parsed.
    BinlogUnreadable,
    /// Milvus failed to import.
    ImportFailed,
    /// Another number of rows arrived than was backed up.
    RowsDiffer,
    /// An answer did not come in time.
    TimedOut,
    /// Something typed is not acceptable; the subject names the field.
    InvalidInput,
    /// No such job.
    JobNotFound,
    /// The job has ended or cannot be canceled.
    JobNotCancelable,
    /// The worker died; the job could not be taken up again.
    JobInterrupted,
    /// The job was canceled.
    Canceled,
    /// Another worker took the job over.
    LeaseLost,
    /// Name or password is wrong.
    SignInRefused,
    /// The code of the second step of signing in is wrong, was used, or came too late.
    CodeRefused,
    /// The identity provider cannot be reached, or answered what nobody can accept.
    ProviderFailed,
    /// Nobody lets in here whom the identity provider vouches for.
    IdentityRefused,
    /// The one-time link was used, or is too old.
    LinkExpired,
    /// No project of that name or identifier.
    ProjectNotFound,
    /// A project of that name is there already.
    ProjectNameTaken,
    /// Something belongs to the project.
    ProjectInUse,
    /// The plan of the project, or the kind of the cluster, does not include what was asked for.
    NotEntitled,
    /// Whoever asks has no right to what was asked for; the subject names the right.
    PermissionDenied,
    /// No user of that name.
    UserNotFound,
    /// A user of that name is there already.
    UserNameTaken,
    /// Nobody would own the organization any more.
    LastOwner,
    /// No role of that name.
    RoleNotFound,
    /// A role of that name is there already.
    RoleNameTaken,
    /// A user or a key has the role.
    RoleInUse,
    /// No API key of that identifier or name.
    KeyNotFound,
    /// The API key is unknown, was revoked or has expired.
    KeyRefused,
    /// No session of that identifier.
    SessionNotFound,
    /// Too many wrong passwords or codes were tried; signing in rests for a while.
    SignInLocked,
    /// A Hozon elsewhere does not answer, or answers as none of this version does.
    ServerUnreachable,
    /// A line of the audit was removed or changed.
    AuditBroken,
    /// The job has not ended, ended well, or is of a kind that is not done again.
    JobNotRetryable,
    /// The key that protects stored secrets is missing or is another one.
    SecretKeyWrong,
    /// The catalog's database failed.
    CatalogFailed,
    /// A defect in Hozon.
    Internal,
}

impl ErrorCode {
    /// Every code, for tests and for the reference.
    pub const ALL: &'static [Self] = &[
        Self::ClusterUnreachable,
        Self::ClusterCredentialsRefused,
        Self::ClusterNotFound,
        Self::ClusterNameTaken,
        Self::ClusterBusy,
        Self::ClusterStorageMismatch,
        Self::ProvisioningFailed,
        Self::MilvusUnsupported,
        Self::MilvusFailed,
        Self::DatabaseNotFound,
        Self::CollectionNotFound,
        Self::CollectionExists,
        Self::CollectionUnsupported,
        Self::BackupNotFound,
        Self::BackupNameTaken,
        Self::BackupNotAvailable,
        Self::BackupBusy,
        Self::BackupInUse,
        Self::PolicyNotFound,
        Self::IntegrationNotFound,
        Self::IntegrationNameTaken,
        Self::IntegrationInUse,
        Self::ArchiveNotFound,
        Self::ArchiveDamaged,
        Self::ExportTargetTaken,
        Self::StorageUnreachable,
        Self::StorageUnreadable,
        Self::StorageUnwritable,
        Self::StorageFull,
        Self::RepositoryNotFound,
        Self::RepositoryNameTaken,
        Self::RepositoryInUse,
        Self::RepositoryNewer,
        Self::RepositoryDamaged,
        Self::RepositoryLocked,
        Self::SourceFileVanished,
        Self::FileDamaged,
        Self::FileMissing,
        Self::BinlogUnreadable,
        Self::ImportFailed,
        Self::RowsDiffer,
        Self::TimedOut,
        Self::InvalidInput,
        Self::JobNotFound,
        Self::JobNotCancelable,
        Self::JobInterrupted,
        Self::Canceled,
        Self::LeaseLost,
        Self::SignInRefused,
        Self::CodeRefused,
        Self::ProviderFailed,
        Self::IdentityRefused,
        Self::LinkExpired,
        Self::ProjectNotFound,
        Self::ProjectNameTaken,
        Self::ProjectInUse,
        Self::NotEntitled,
        Self::PermissionDenied,
        Self::UserNotFound,
        Self::UserNameTaken,
        Self::LastOwner,
        Self::RoleNotFound,
        Self::RoleNameTaken,
        Self::RoleInUse,
        Self::KeyNotFound,
        Self::KeyRefused,
        Self::SessionNotFound,
        Self::SignInLocked,
        Self::ServerUnreachable,
        Self::AuditBroken,
        Self::JobNotRetryable,
        Self::SecretKeyWrong,
        Self::CatalogFailed,
        Self::Internal,
    ];

    /// What failed, in English, without a full stop.
    pub fn what(self) -> &'static str {
        match self {
            Self::ClusterUnreachable => "cluster cannot be reached",
            Self::ClusterCredentialsRefused => "cluster refuses the credentials",
            Self::ClusterNotFound => "no such cluster",
            Self::ClusterNameTaken => "cluster name is taken",
            Self::ClusterBusy => "cluster is in use",
            Self::ClusterStorageMismatch => "storage does not belong to this cluster",
            Self::ProvisioningFailed => "no cluster was made",
            Self::MilvusUnsupported => "Milvus does not support this",
            Self::MilvusFailed => "Milvus answered with an error",
            Self::DatabaseNotFound => "no such database",
            Self::CollectionNotFound => "no such collection",
            Self::CollectionExists => "collection exists already",
            Self::CollectionUnsupported => "collection cannot be preserved",
            Self::BackupNotFound => "no such backup",
            Self::BackupNameTaken => "backup name is taken",
            Self::BackupNotAvailable => "backup is not available",
            Self::BackupBusy => "another backup of this cluster is running or waiting",
            Self::BackupInUse => "backup is in use",
            Self::PolicyNotFound => "cluster has no backup policy",
            Self::IntegrationNotFound => "no such integration",
            Self::IntegrationNameTaken => "integration name is taken",
            Self::IntegrationInUse => "integration is in use",
            Self::ArchiveNotFound => "no whole backup archive is there",
            Self::ArchiveDamaged => "backup archive is damaged",
            Self::ExportTargetTaken => "place of the export is taken",
            Self::StorageUnreachable => "storage cannot be reached",
            Self::StorageUnreadable => "storage cannot be read",
            Self::StorageUnwritable => "storage cannot be written",
            Self::StorageFull => "storage is full",
            Self::RepositoryNotFound => "no such repository",
            Self::RepositoryNameTaken => "repository is registered already",
            Self::RepositoryInUse => "repository is in use",
            Self::RepositoryNewer => "repository was written by a newer Hozon",
            Self::RepositoryDamaged => "repository is damaged",
            Self::RepositoryLocked => "repository is locked",
            Self::SourceFileVanished => "file vanished from the cluster's storage",
            Self::FileDamaged => "file is damaged",
            Self::FileMissing => "file is missing",
            Self::BinlogUnreadable => "binlog cannot be parsed",
            Self::ImportFailed => "import failed",
            Self::RowsDiffer => "row counts differ",
            Self::TimedOut => "no answer in time",
            Self::InvalidInput => "input is not acceptable",
            Self::JobNotFound => "no such job",
            Self::JobNotCancelable => "job cannot be canceled",
            Self::JobInterrupted => "job was interrupted",
            Self::Canceled => "job was canceled",
            Self::LeaseLost => "another worker took the job over",
            Self::SignInRefused => "name or password is wrong",
            Self::CodeRefused => "code is wrong, used or too late",
            Self::ProviderFailed => "identity provider failed",
            Self::IdentityRefused => "identity is not let in",
            Self::LinkExpired => "one-time link is used up or too old",
            Self::ProjectNotFound => "no such project",
            Self::ProjectNameTaken => "project name is taken",
            Self::ProjectInUse => "project is in use",
            Self::NotEntitled => "not included in the plan",
            Self::PermissionDenied => "a right is missing",
            Self::UserNotFound => "no such user",
            Self::UserNameTaken => "user name is taken",
            Self::LastOwner => "the organization would have no owner",
            Self::RoleNotFound => "no such role",
            Self::RoleNameTaken => "role name is taken",
            Self::RoleInUse => "role is in use",
            Self::KeyNotFound => "no such API key",
            Self::KeyRefused => "API key is refused",
            Self::SessionNotFound => "no such session",
            Self::SignInLocked => "too many wrong passwords",
            Self::ServerUnreachable => "server cannot be reached",
            Self::AuditBroken => "audit was tampered with",
            Self::JobNotRetryable => "job cannot be retried",
            Self::SecretKeyWrong => "secret key is missing or wrong",
            Self::CatalogFailed => "catalog failed",
            Self::Internal => "internal error",
        }
    }

    /// Whether trying again later can help with nothing changed.
    pub fn is_temporary(self) -> bool {
        matches!(
            self,
            Self::ClusterUnreachable
                | Self::ClusterBusy
                | Self::BackupBusy
                | Self::BackupInUse
                | Self::IntegrationInUse
                | Self::SignInLocked
                | Self::ServerUnreachable
                | Self::RepositoryInUse
                | Self::StorageUnreachable
                | Self::RepositoryLocked
                | Self::SourceFileVanished
                | Self::TimedOut
                | Self::JobInterrupted
                | Self::LeaseLost
        )
    }
}

/// An error as people and programs get to see it. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorReport {
    /// What failed.
    pub code: ErrorCode,
    /// On what: a name, a path, a field.
    pub subject: String,
    /// Why, in English: the technical part.
    pub detail: String,
    /// What to do, in English; empty where there is nothing to say.
    pub hint: String,
}

impl fmt::Display for ErrorReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.what())?;
        if !self.subject.is_empty() {
            write!(f, ": `{}`", self.subject)?;
        }
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        Ok(())
    }
}
