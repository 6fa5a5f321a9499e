//! The console's error: the engine's report, able to travel through server functions.

use std::fmt;

use axum::http::StatusCode;
use hozon_model::{ErrorCode, ErrorReport};
use leptos::{
    prelude::FromServerFnError,
    server_fn::{codec::JsonEncoding, error::ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// What failed, on what, why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppError {
    /// The engine's words for it.
    pub report: ErrorReport,
}

/// The console's result.
pub type AppResult<T> = Result<T, AppError>;

impl AppError {
    /// An error that the console itself found.
    pub fn new(code: ErrorCode, subject: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            report: ErrorReport {
                code,
                subject: subject.into(),
                detail: detail.into(),
                hint: String::new(),
            },
        }
    }
}

impl AppError {
    /// What a program gets to see of it first.
    pub(crate) fn status(&self) -> StatusCode {
        match self.report.code {
            ErrorCode::InvalidInput => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorCode::SignInRefused
            | ErrorCode::CodeRefused
            | ErrorCode::IdentityRefused
            | ErrorCode::LinkExpired
            | ErrorCode::KeyRefused => StatusCode::UNAUTHORIZED,
            ErrorCode::PermissionDenied | ErrorCode::NotEntitled => StatusCode::FORBIDDEN,
            ErrorCode::SignInLocked => StatusCode::TOO_MANY_REQUESTS,
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
            | ErrorCode::JobNotFound => StatusCode::NOT_FOUND,
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
            | ErrorCode::ProjectNameTaken
            | ErrorCode::ProjectInUse
            | ErrorCode::UserNameTaken
            | ErrorCode::LastOwner
            | ErrorCode::RoleNameTaken
            | ErrorCode::RoleInUse
            | ErrorCode::JobNotRetryable
            | ErrorCode::JobNotCancelable => StatusCode::CONFLICT,
            ErrorCode::ClusterUnreachable
            | ErrorCode::ClusterCredentialsRefused
            | ErrorCode::ClusterStorageMismatch
            | ErrorCode::ProviderFailed
            | ErrorCode::ProvisioningFailed
            | ErrorCode::StorageUnreachable
            | ErrorCode::StorageUnreadable
            | ErrorCode::StorageUnwritable => StatusCode::BAD_GATEWAY,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.report.fmt(f)
    }
}

impl std::error::Error for AppError {}

impl From<hozon_engine::Error> for AppError {
    fn from(error: hozon_engine::Error) -> Self {
        Self {
            report: error.into_report(),
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let code = match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => ErrorCode::InvalidInput,
            _ => ErrorCode::Internal,
        };
        Self::new(code, String::new(), error.to_string())
    }
}
