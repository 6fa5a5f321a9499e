//! Looking at things, as far as the key may see them.

use axum::{
    Extension, Json,
    extract::{Path, State},
};
use hozon_engine::access::Caller;
use hozon_model::{
    Backup, BackupQuery, BackupSummary, Cluster, Integration, Job, JobId, JobQuery, JobSummary,
    Page, Policy, PolicyOptions, PolicyPreview, PolicyRun, Project, Resource,
};
use jiff::Timestamp;

use super::{
    Api,
    gate::{Answer, Given},
};

/// How many runs of a policy are told, the newest.
pub const RUNS_TOLD: u64 = 10;

pub(super) async fn clusters(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
) -> Answer<Vec<Cluster>> {
    Ok(Json(api.engine.seen_by(caller).clusters().await?))
}

pub(super) async fn cluster(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(cluster): Path<String>,
) -> Answer<Cluster> {
    Ok(Json(api.engine.seen_by(caller).cluster(&cluster).await?))
}

pub(super) async fn project(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(project): Path<String>,
) -> Answer<Project> {
    Ok(Json(api.engine.seen_by(caller).project(&project).await?))
}

pub(super) async fn integration(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(integration): Path<String>,
) -> Answer<Integration> {
    let seen = api.engine.seen_by(caller);
    Ok(Json(seen.integration(&integration).await?))
}

pub(super) async fn backup(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(backup): Path<String>,
) -> Answer<Backup> {
    Ok(Json(api.engine.seen_by(caller).backup(&backup).await?))
}

pub(super) async fn backups(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Given(query): Given<BackupQuery>,
) -> Answer<Page<BackupSummary>> {
    Ok(Json(api.engine.seen_by(caller).backups(&query).await?))
}

pub(super) async fn job(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(job): Path<JobId>,
) -> Answer<Job> {
    Ok(Json(api.engine.seen_by(caller).job(&job).await?))
}

pub(super) async fn jobs(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Given(query): Given<JobQuery>,
) -> Answer<Page<JobSummary>> {
    Ok(Json(api.engine.seen_by(caller).jobs(&query).await?))
}

/// Policies with their next runs.
pub(super) async fn policies(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
) -> Answer<Vec<(Policy, Option<Timestamp>)>> {
    let seen = api.engine.seen_by(caller);
    let clusters = seen.clusters_with(Resource::Policy).await?;
    let now = Timestamp::now();
    let mut policies = Vec::new();
    for policy in api.engine.policies().await? {
        if clusters
            .iter()
            .any(|cluster| cluster.id == policy.cluster_id)
        {
            let next_run = api.engine.next_run(&policy, now)?;
            policies.push((policy, next_run));
        }
    }
    Ok(Json(policies))
}

pub(super) async fn policy(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(cluster): Path<String>,
) -> Answer<Policy> {
    let seen = api.engine.seen_by(caller);
    let cluster = seen.cluster_with(Resource::Policy, &cluster).await?;
    Ok(Json(api.engine.policy(cluster.id.as_str()).await?))
}

pub(super) async fn policy_runs(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(cluster): Path<String>,
) -> Answer<Vec<PolicyRun>> {
    let seen = api.engine.seen_by(caller);
    let cluster = seen.cluster_with(Resource::Policy, &cluster).await?;
    let runs = api.engine.policy_runs(cluster.id.as_str(), RUNS_TOLD);
    Ok(Json(runs.await?))
}

/// By the options given, or by those that the cluster has. It tells of backups, so those must be visible, too.
pub(super) async fn preview_policy(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(cluster): Path<String>,
    Given(options): Given<Option<PolicyOptions>>,
) -> Answer<PolicyPreview> {
    let seen = api.engine.seen_by(caller);
    let cluster = seen.cluster_with(Resource::Policy, &cluster).await?;
    let cluster = seen
        .cluster_with(Resource::Backup, cluster.id.as_str())
        .await?;
    let preview = api
        .engine
        .preview_policy(cluster.id.as_str(), options.as_ref())
        .await?;
    Ok(Json(preview))
}
