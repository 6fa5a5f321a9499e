//! Deleting a backup; and beyond the vendor: another name, a verification, a copy.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use hozon_model::{Action, CopyOptions, DeleteOptions, ProofLevel, VerifyOptions};
use serde::Serialize;
use tokio::time::timeout;

use super::{
    super::{
        Api, docs,
        envelope::{Answer, Failure, FailureBody, Good},
        jobs::Started,
        request::{Asked, fields, wrong},
    },
    create::repository_of,
};
use crate::follow;

/// A backup by its identifier and name.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = BackupNamed)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Named {
    backup_id: String,
    backup_name: String,
}

/// How long a deletion is waited for. One that takes longer goes on by itself.
const PATIENCE: Duration = Duration::from_secs(10);

/// `DELETE …/backups/{id}`: answers once it is gone.
#[utoipa::path(
    delete, path = "/clusters/{cluster}/backups/{backup}", tag = "backups", operation_id = "deleteBackup",
    params(("cluster" = String, Path, description = "The cluster's identifier"), ("backup" = String, Path, description = "The backup's identifier")),
    responses(
        (status = 200, description = "It is gone; or an error with its `code`", body = docs::Reply<Named>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(in super::super) async fn delete(State(api): State<Api>, asked: Asked) -> Answer<Named> {
    let (backup, actor) = asked.backup(&api, Action::Delete).await?;
    let options = DeleteOptions {
        backup_id: backup.summary.id.clone(),
        repository: None,
    };
    let job = api.engine.delete_backup(actor, options).await?;
    if let Ok(ended) = timeout(PATIENCE, follow::ended(&api.engine, job)).await
        && let Some(reason) = &ended?.reason
    {
        return Err(reason.into());
    }
    Ok(Good(Named {
        backup_id: backup.summary.id.to_string(),
        backup_name: backup.summary.name,
    }))
}

/// `POST …/rename` with `backupName`, ours.
#[utoipa::path(
    post, path = "/clusters/{cluster}/backups/{backup}/rename", tag = "beyond the vendor", operation_id = "renameBackup",
    params(("cluster" = String, Path, description = "The cluster's identifier"), ("backup" = String, Path, description = "The backup's identifier")),
    request_body = docs::RenameBackup,
    responses(
        (status = 200, description = "It has the name; or an error with its `code`", body = docs::Reply<Named>),
        (status = 400, description = "The body cannot be read", body = FailureBody),
        (status = 413, description = "The body is too large", body = FailureBody),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(in super::super) async fn rename(
    State(api): State<Api>,
    asked: Asked,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Named> {
    let (backup, actor) = asked.backup(&api, Action::Edit).await?;
    let name = fields(body)?.text("backupName").map_err(wrong)?;
    let renamed = api
        .engine
        .rename_backup(actor, backup.summary.id.as_str(), &name)
        .await?;
    Ok(Good(Named {
        backup_id: renamed.id.to_string(),
        backup_name: renamed.name,
    }))
}

/// `POST …/verify` with `level` (`list` or `read`, which is usual), ours.
#[utoipa::path(
    post, path = "/clusters/{cluster}/backups/{backup}/verify", tag = "beyond the vendor", operation_id = "verifyBackup",
    params(("cluster" = String, Path, description = "The cluster's identifier"), ("backup" = String, Path, description = "The backup's identifier")),
    request_body = docs::VerifyBackup,
    responses(
        (status = 200, description = "Its job is in the queue; or an error with its `code`", body = docs::Reply<Started>),
        (status = 400, description = "The body cannot be read", body = FailureBody),
        (status = 413, description = "The body is too large", body = FailureBody),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(in super::super) async fn verify(
    State(api): State<Api>,
    asked: Asked,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Started> {
    let (backup, actor) = asked.backup(&api, Action::Verify).await?;
    let level = fields(body)?.text("level").map_err(wrong)?;
    let level = if level.is_empty() {
        ProofLevel::Read
    } else {
        level.parse().map_err(Failure::parameter)?
    };
    let options = VerifyOptions {
        backup_id: backup.summary.id,
        level,
    };
    Ok(Good(api.engine.verify_backup(actor, options).await?.into()))
}

/// `POST …/copy` with `regionId`, ours.
#[utoipa::path(
    post, path = "/clusters/{cluster}/backups/{backup}/copy", tag = "beyond the vendor", operation_id = "copyBackup",
    params(("cluster" = String, Path, description = "The cluster's identifier"), ("backup" = String, Path, description = "The backup's identifier")),
    request_body = docs::CopyBackup,
    responses(
        (status = 200, description = "Its job is in the queue; or an error with its `code`", body = docs::Reply<Started>),
        (status = 400, description = "The body cannot be read", body = FailureBody),
        (status = 413, description = "The body is too large", body = FailureBody),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(in super::super) async fn copy(
    State(api): State<Api>,
    asked: Asked,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Started> {
    let (backup, actor) = asked.backup(&api, Action::Copy).await?;
    let region = fields(body)?.text("regionId").map_err(wrong)?;
    let options = CopyOptions {
        backup_id: backup.summary.id,
        repository: repository_of(&region, &api.engine.repositories().await?)?,
        bandwidth_limit: None,
    };
    Ok(Good(api.engine.copy_backup(actor, options).await?.into()))
}
