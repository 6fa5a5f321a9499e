//! How a command ends: the number a script sees, and why.

use hozon_engine::{Error, ErrorCode, ErrorReport};
use hozon_model::JobSummary;

/// The exit codes, as documented in `hozon --help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    Ok = 0,
    Failed = 1,
    Usage = 2,
    NotFound = 3,
    Conflict = 4,
    Unreachable = 5,
    Damaged = 6,
    Denied = 7,
    Canceled = 130,
}

impl Exit {
    pub(crate) const ALL: [Self; 9] = [
        Self::Ok,
        Self::Failed,
        Self::Usage,
        Self::NotFound,
        Self::Conflict,
        Self::Unreachable,
        Self::Damaged,
        Self::Denied,
        Self::Canceled,
    ];

    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Ok => "done",
            Self::Failed => "failed, for a reason that none of the others covers",
            Self::Usage => {
                "the command line, the configuration or something typed is not acceptable"
            }
            Self::NotFound => {
                "no such project, cluster, database, collection, backup, policy, integration, archive, user, role, key or job"
            }
            Self::Conflict => {
                "the name is taken, the plan does not include it, or something is in use or not in a state for this"
            }
            Self::Unreachable => {
                "a server, a cluster or a storage cannot be reached, refuses, is full or is the wrong one"
            }
            Self::Damaged => "a backup, an archive, the repository or the audit is damaged",
            Self::Denied => "a right is missing, or the key or the sign-in is refused",
            Self::Canceled => "canceled",
        }
    }

    /// Every code of the engine has its exit code; a new one does not compile until it has.
    pub(crate) fn of(code: ErrorCode) -> Self {
        match code {
            ErrorCode::ClusterUnreachable
            | ErrorCode::ServerUnreachable
            | ErrorCode::ClusterCredentialsRefused
            | ErrorCode::ClusterStorageMismatch
            | ErrorCode::StorageUnreachable
            | ErrorCode::StorageUnreadable
            | ErrorCode::StorageUnwritable
            | ErrorCode::StorageFull
            | ErrorCode::TimedOut => Self::Unreachable,
            ErrorCode::ClusterNotFound
            | ErrorCode::DatabaseNotFound
            | ErrorCode::CollectionNotFound
            | ErrorCode::BackupNotFound
            | ErrorCode::PolicyNotFound
            | ErrorCode::IntegrationNotFound
            | ErrorCode::ArchiveNotFound
            | ErrorCode::RepositoryNotFound
            | ErrorCode::ProjectNotFound
            | ErrorCode::UserNotFound
            | ErrorCode::RoleNotFound
            | ErrorCode::KeyNotFound
            | ErrorCode::SessionNotFound
            | ErrorCode::JobNotFound => Self::NotFound,
            ErrorCode::ClusterNameTaken
            | ErrorCode::ClusterBusy
            | ErrorCode::CollectionExists
            | ErrorCode::BackupNameTaken
            | ErrorCode::BackupNotAvailable
            | ErrorCode::BackupBusy
            | ErrorCode::BackupInUse
            | ErrorCode::IntegrationNameTaken
            | ErrorCode::IntegrationInUse
            | ErrorCode::ExportTargetTaken
            | ErrorCode::RepositoryNameTaken
            | ErrorCode::RepositoryInUse
            | ErrorCode::RepositoryLocked
            | ErrorCode::ProjectNameTaken
            | ErrorCode::ProjectInUse
            | ErrorCode::NotEntitled
            | ErrorCode::UserNameTaken
            | ErrorCode::LastOwner
            | ErrorCode::RoleNameTaken
            | ErrorCode::RoleInUse
            | ErrorCode::JobNotRetryable
            | ErrorCode::JobNotCancelable => Self::Conflict,
            ErrorCode::ArchiveDamaged
            | ErrorCode::FileDamaged
            | ErrorCode::FileMissing
            | ErrorCode::BinlogUnreadable
            | ErrorCode::AuditBroken
            | ErrorCode::RepositoryDamaged => Self::Damaged,
            ErrorCode::PermissionDenied | ErrorCode::KeyRefused | ErrorCode::SignInLocked => {
                Self::Denied
            }
            ErrorCode::InvalidInput => Self::Usage,
            ErrorCode::Canceled => Self::Canceled,
            ErrorCode::ProvisioningFailed
            | ErrorCode::MilvusUnsupported
            | ErrorCode::MilvusFailed
            | ErrorCode::CollectionUnsupported
            | ErrorCode::RepositoryNewer
            | ErrorCode::SourceFileVanished
            | ErrorCode::ImportFailed
            | ErrorCode::RowsDiffer
            | ErrorCode::JobInterrupted
            | ErrorCode::LeaseLost
            | ErrorCode::SignInRefused
            | ErrorCode::CodeRefused
            | ErrorCode::ProviderFailed
            | ErrorCode::IdentityRefused
            | ErrorCode::LinkExpired
            | ErrorCode::SecretKeyWrong
            | ErrorCode::CatalogFailed
            | ErrorCode::Internal => Self::Failed,
        }
    }
}

/// Why a command did not end well.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something to tell, with the job it happened in.
    Told {
        report: Box<ErrorReport>,
        job: Option<Box<JobSummary>>,
    },
    /// The answer told it already; only the code is left.
    Silent(Exit),
}

impl Failure {
    /// Something typed that is not acceptable, found after the command line was parsed.
    pub(crate) fn usage(subject: &str, why: &str, hint: &str) -> Self {
        Error::new(ErrorCode::InvalidInput, subject)
            .because(why)
            .hint(hint)
            .into()
    }

    pub(crate) fn of_job(report: ErrorReport, job: JobSummary) -> Self {
        Self::Told {
            report: Box::new(report),
            job: Some(Box::new(job)),
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Told { report, .. } => Exit::of(report.code),
            Self::Silent(exit) => *exit,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Told {
            report: Box::new(error.into_report()),
            job: None,
        }
    }
}
