//! Projects, and what of the organization a cluster belongs to. Everything that is registered belongs to one project.

use hozon_model::{BackupSummary, Cluster, Integration};
use jiff::Timestamp;
use serde::Serialize;

use super::{
    Action, Api, Options, Target, codes, docs,
    envelope::{Answer, Failure, FailureBody, Good},
    request::{Asked, time},
};

/// The project that everything belongs to.
pub(super) const PROJECT: &str = "proj-0000000000000000000000";
const PROJECT_NAME: &str = "default";
/// The plan that includes everything.
pub(super) const PLAN: &str = "BusinessCritical";
/// A cluster that somebody runs themselves, in the vendor's word.
pub(super) const DEPLOYMENT: &str = "Dedicated";

/// The project of a cluster.
pub(super) fn project_of(_: &Cluster) -> String {
    PROJECT.to_owned()
}

/// The project of a backup, whose cluster may be gone.
pub(super) fn project_of_backup(_: &BackupSummary) -> String {
    PROJECT.to_owned()
}

/// The project of an integration.
pub(super) fn project_of_integration(_: &Integration) -> String {
    PROJECT.to_owned()
}

/// The region of a cluster.
pub(super) fn region_of(options: &Options, cluster: Option<&Cluster>) -> String {
    let named = cluster.and_then(|cluster| cluster.storage.region.clone());
    named.unwrap_or_else(|| options.region.clone())
}

/// A project's identifier that a request gave; empty is none.
pub(super) fn checked_project(id: &str) -> Result<(), Failure> {
    if !id.starts_with("proj-") {
        return Err(Failure::new(
            codes::PROJECT_ID,
            format!("`{id}` is no project's identifier; it looks like `{PROJECT}`"),
        ));
    }
    if id != PROJECT {
        return Err(unknown(id));
    }
    Ok(())
}

fn unknown(id: &str) -> Failure {
    Failure::new(
        codes::PROJECT_NOT_FOUND,
        format!("there is no project `{id}`"),
    )
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Project {
    project_name: String,
    project_id: String,
    instance_count: u64,
    create_time: String,
    create_time_milli: i64,
    plan: String,
    region_ids: Vec<String>,
}

/// All of them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Projects(Vec<Project>);

async fn project(api: &Api) -> Result<Project, Failure> {
    let clusters = api.engine.clusters().await?;
    let oldest = clusters.iter().map(|cluster| cluster.created_at).min();
    let created_at = oldest.unwrap_or(Timestamp::UNIX_EPOCH);
    let mut region_ids: Vec<String> = clusters
        .iter()
        .map(|cluster| region_of(&api.options, Some(cluster)))
        .chain([region_of(&api.options, None)])
        .collect();
    region_ids.sort();
    region_ids.dedup();
    Ok(Project {
        project_name: PROJECT_NAME.to_owned(),
        project_id: PROJECT.to_owned(),
        instance_count: clusters.len() as u64,
        create_time: time(created_at),
        create_time_milli: created_at.as_millisecond(),
        plan: PLAN.to_owned(),
        region_ids,
    })
}

/// `GET /projects`: an array, without pages.
#[utoipa::path(
    get, path = "/projects", tag = "clusters", operation_id = "listProjects",
    responses(
        (status = 200, description = "The projects; or an error with its `code`", body = docs::Reply<Projects>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn list_projects(
    axum::extract::State(api): axum::extract::State<Api>,
    asked: Asked,
) -> Answer<Projects> {
    asked
        .may(&api, Action::ViewClusters, Target::Organization)
        .await?;
    Ok(Good(Projects(vec![project(&api).await?])))
}

/// `GET /projects/{id}`.
#[utoipa::path(
    get, path = "/projects/{project}", tag = "clusters", operation_id = "describeProject",
    params(("project" = String, Path, description = "The project's identifier")),
    responses(
        (status = 200, description = "The project; or an error with its `code`", body = docs::Reply<Project>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn describe_project(
    axum::extract::State(api): axum::extract::State<Api>,
    asked: Asked,
) -> Answer<Project> {
    asked
        .may(&api, Action::ViewClusters, Target::Organization)
        .await?;
    checked_project(asked.path("project"))?;
    Ok(Good(project(&api).await?))
}
