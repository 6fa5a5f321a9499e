//! Changes that are done at once. The engine asks whether the key may.

use axum::{
    Extension, Json,
    extract::{Path, State},
};
use hozon_engine::{RemovedExport, access::Caller};
use hozon_model::{BackupSummary, JobId, JobSummary, Policy, PolicyChange, PolicyOptions};

use super::{
    Api,
    gate::{Answer, Given},
};

/// The body is the new name.
pub(super) async fn rename(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(backup): Path<String>,
    Given(name): Given<String>,
) -> Answer<BackupSummary> {
    let renamed = api.engine.rename_backup(&caller, &backup, &name).await?;
    Ok(Json(renamed))
}

/// The body says whether it is to be pinned.
pub(super) async fn pin(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(backup): Path<String>,
    Given(pinned): Given<bool>,
) -> Answer<BackupSummary> {
    let changed = api.engine.pin_backup(&caller, &backup, pinned).await?;
    Ok(Json(changed))
}

pub(super) async fn cancel(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(job): Path<JobId>,
) -> Answer<JobSummary> {
    Ok(Json(api.engine.cancel_job(&caller, &job).await?))
}

pub(super) async fn retry(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(job): Path<JobId>,
) -> Answer<JobSummary> {
    Ok(Json(api.engine.retry_job(&caller, &job).await?))
}

/// Removes what an unfinished export left.
pub(super) async fn sweep(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(job): Path<JobId>,
) -> Answer<RemovedExport> {
    Ok(Json(api.engine.remove_export(&caller, &job).await?))
}

pub(super) async fn set_policy(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(cluster): Path<String>,
    Given(options): Given<PolicyOptions>,
) -> Answer<PolicyChange> {
    let change = api.engine.set_policy(&caller, &cluster, options).await?;
    Ok(Json(change))
}

pub(super) async fn remove_policy(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(cluster): Path<String>,
) -> Answer<()> {
    api.engine.remove_policy(&caller, &cluster).await?;
    Ok(Json(()))
}

pub(super) async fn pause_policy(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(cluster): Path<String>,
) -> Answer<Policy> {
    Ok(Json(api.engine.pause_policy(&caller, &cluster).await?))
}

pub(super) async fn resume_policy(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(cluster): Path<String>,
) -> Answer<Policy> {
    Ok(Json(api.engine.resume_policy(&caller, &cluster).await?))
}
