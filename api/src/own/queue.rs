//! Putting jobs into the queue. The engine asks whether the key may.

use axum::{
    Extension, Json,
    extract::{Path, State},
};
use hozon_engine::access::Caller;
use hozon_model::{
    AdoptOptions, BackupOptions, CopyOptions, DeleteOptions, ExportOptions, JobSummary,
    RestoreOptions, VerifyOptions,
};

use super::{
    Api,
    gate::{Answer, Given},
};

pub(super) async fn backup(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Given(options): Given<BackupOptions>,
) -> Answer<JobSummary> {
    Ok(Json(api.engine.create_backup(&caller, options).await?))
}

pub(super) async fn verify(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Given(options): Given<VerifyOptions>,
) -> Answer<JobSummary> {
    Ok(Json(api.engine.verify_backup(&caller, options).await?))
}

pub(super) async fn restore(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Given(options): Given<RestoreOptions>,
) -> Answer<JobSummary> {
    Ok(Json(api.engine.restore_backup(&caller, options).await?))
}

pub(super) async fn export(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Given(options): Given<ExportOptions>,
) -> Answer<JobSummary> {
    Ok(Json(api.engine.export_backup(&caller, options).await?))
}

pub(super) async fn adopt(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Given(options): Given<AdoptOptions>,
) -> Answer<JobSummary> {
    Ok(Json(api.engine.adopt_backup(&caller, options).await?))
}

pub(super) async fn copy(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Given(options): Given<CopyOptions>,
) -> Answer<JobSummary> {
    Ok(Json(api.engine.copy_backup(&caller, options).await?))
}

pub(super) async fn delete(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Given(options): Given<DeleteOptions>,
) -> Answer<JobSummary> {
    Ok(Json(api.engine.delete_backup(&caller, options).await?))
}

/// An automatic backup, now.
pub(super) async fn policy(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(cluster): Path<String>,
) -> Answer<JobSummary> {
    Ok(Json(api.engine.run_policy(&caller, &cluster).await?))
}
