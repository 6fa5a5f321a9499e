//! What a job would do. Whoever may not ask for the job may not ask for its plan: it tells of clusters and places.

use axum::{Extension, Json, extract::State};
use hozon_engine::access::{Acts, Caller, place_of_backup, place_of_cluster};
use hozon_model::{
    Action, AdoptOptions, AdoptPlan, BackupId, BackupOptions, BackupPlan, CopyOptions, CopyPlan,
    DeleteOptions, DeletePlan, ExportOptions, ExportPlan, Place, Privilege, Resource,
    RestoreOptions, RestorePlan,
};

use super::{
    Api,
    gate::{Answer, Given},
};

/// Refuses whoever may not do this with the backup.
async fn may(
    api: &Api,
    caller: &Caller,
    backup: &BackupId,
    action: Action,
) -> Result<(), hozon_engine::Error> {
    let backup = api.engine.backup(backup.as_str()).await?.summary;
    let privilege = Privilege::new(Resource::Backup, action);
    caller.check(privilege, &place_of_backup(&backup))
}

pub(super) async fn backup(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Given(options): Given<BackupOptions>,
) -> Answer<BackupPlan> {
    let cluster = api.engine.cluster(options.cluster_id.as_str()).await?;
    caller.check(
        Privilege::new(Resource::Backup, Action::Create),
        &place_of_cluster(&cluster),
    )?;
    Ok(Json(api.engine.plan_backup(&options).await?))
}

pub(super) async fn restore(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Given(options): Given<RestoreOptions>,
) -> Answer<RestorePlan> {
    may(&api, &caller, &options.backup_id, Action::Restore).await?;
    if let Some(target) = &options.cluster_id {
        let target = api.engine.cluster(target.as_str()).await?;
        caller.check(
            Privilege::new(Resource::Backup, Action::Restore),
            &place_of_cluster(&target),
        )?;
    }
    Ok(Json(api.engine.plan_restore(&options).await?))
}

pub(super) async fn export(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Given(options): Given<ExportOptions>,
) -> Answer<ExportPlan> {
    may(&api, &caller, &options.backup_id, Action::Export).await?;
    Ok(Json(api.engine.plan_export(&options).await?))
}

pub(super) async fn adopt(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Given(options): Given<AdoptOptions>,
) -> Answer<AdoptPlan> {
    let integration = api
        .engine
        .integration(options.integration_id.as_str())
        .await?;
    caller.check(
        Privilege::new(Resource::Backup, Action::Create),
        &Place::Project(integration.project_id),
    )?;
    Ok(Json(api.engine.plan_adopt(&options).await?))
}

pub(super) async fn copy(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Given(options): Given<CopyOptions>,
) -> Answer<CopyPlan> {
    may(&api, &caller, &options.backup_id, Action::Copy).await?;
    Ok(Json(api.engine.plan_copy(&options).await?))
}

pub(super) async fn delete(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Given(options): Given<DeleteOptions>,
) -> Answer<DeletePlan> {
    may(&api, &caller, &options.backup_id, Action::Delete).await?;
    Ok(Json(api.engine.plan_delete(&options).await?))
}
