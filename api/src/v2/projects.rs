//! Projects.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use hozon_engine::{Error, ErrorCode};
use hozon_model::{Action, NewProject, Place, ProjectEdit, ProjectId, ProjectPlan, Resource};
use serde::Serialize;

use super::{
    Api, codes, docs,
    envelope::{Answer, Failure, FailureBody, Good},
    organization::region_of,
    request::{Asked, fields, project_id, time, wrong},
};

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Project {
    project_name: String,
    project_id: String,
    instance_count: u64,
    create_time: String,
    create_time_milli: i64,
    plan: &'static str,
    region_ids: Vec<String>,
}

/// All of them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Projects(Vec<Project>);

/// The identifier alone.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ProjectIdentifier(String);

async fn told(api: &Api, project: hozon_model::Project) -> Result<Project, Failure> {
    let clusters = api.engine.clusters().await?;
    let mut region_ids: Vec<String> = clusters
        .iter()
        .filter(|cluster| cluster.project_id == project.id)
        .map(|cluster| region_of(&api.options, Some(cluster)))
        .chain([region_of(&api.options, None)])
        .collect();
    region_ids.sort();
    region_ids.dedup();
    Ok(Project {
        project_name: project.name,
        project_id: project.id.to_string(),
        instance_count: project.clusters,
        create_time: time(project.created_at),
        create_time_milli: project.created_at.as_millisecond(),
        plan: project.plan.as_str(),
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
pub(super) async fn list(State(api): State<Api>, asked: Asked) -> Answer<Projects> {
    let visible = asked.caller()?.projects();
    let mut projects = Vec::new();
    for project in api.engine.projects().await? {
        if visible.as_ref().is_none_or(|ids| ids.contains(&project.id)) {
            projects.push(told(&api, project).await?);
        }
    }
    Ok(Good(Projects(projects)))
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
pub(super) async fn describe(State(api): State<Api>, asked: Asked) -> Answer<Project> {
    let project = find(&api, &asked).await?;
    let visible = asked.caller()?.projects();
    if visible.is_some_and(|ids| !ids.contains(&project.id)) {
        return Err(Failure::new(
            codes::FORBIDDEN,
            "outside the scope of the API key",
        ));
    }
    Ok(Good(told(&api, project).await?))
}

/// `POST /projects`.
#[utoipa::path(
    post, path = "/projects", tag = "clusters", operation_id = "createProject",
    request_body = docs::NewProject,
    responses(
        (status = 200, description = "It is there; or an error with its `code`", body = docs::Reply<ProjectIdentifier>),
        (status = 400, description = "The body cannot be read", body = FailureBody),
        (status = 413, description = "The body is too large", body = FailureBody),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn create(
    State(api): State<Api>,
    asked: Asked,
    body: Result<Bytes, BytesRejection>,
) -> Answer<ProjectIdentifier> {
    let caller = asked.may(Resource::Project, Action::Create, &Place::Organization)?;
    let mut fields = fields(body)?;
    let name = fields.text("projectName").map_err(wrong)?;
    let plan = fields.text("plan").map_err(wrong)?;
    let new = NewProject {
        name,
        plan: if plan.is_empty() {
            ProjectPlan::default()
        } else {
            plan_of(&plan)?
        },
    };
    let made = api.engine.create_project(caller, new).await?;
    Ok(Good(ProjectIdentifier(made.id.to_string())))
}

/// `PATCH /projects/{id}/plan`: it may be raised.
#[utoipa::path(
    patch, path = "/projects/{project}/plan", tag = "clusters", operation_id = "setProjectPlan",
    params(("project" = String, Path, description = "The project's identifier")),
    request_body = docs::ProjectPlanChange,
    responses(
        (status = 200, description = "It has the plan; or an error with its `code`", body = docs::Reply<Project>),
        (status = 400, description = "The body cannot be read", body = FailureBody),
        (status = 413, description = "The body is too large", body = FailureBody),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn set_plan(
    State(api): State<Api>,
    asked: Asked,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Project> {
    let project = find(&api, &asked).await?;
    let place = Place::Project(project.id.clone());
    let caller = asked.may(Resource::Project, Action::Edit, &place)?;
    let plan = plan_of(&fields(body)?.text("plan").map_err(wrong)?)?;
    let edit = ProjectEdit {
        plan: Some(plan),
        ..ProjectEdit::default()
    };
    let edited = api
        .engine
        .edit_project(caller, project.id.as_str(), edit)
        .await?;
    Ok(Good(told(&api, edited).await?))
}

/// `DELETE /projects/{id}`: one that nothing belongs to.
#[utoipa::path(
    delete, path = "/projects/{project}", tag = "clusters", operation_id = "deleteProject",
    params(("project" = String, Path, description = "The project's identifier")),
    responses(
        (status = 200, description = "It is gone; or an error with its `code`", body = docs::Reply<ProjectIdentifier>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn delete(State(api): State<Api>, asked: Asked) -> Answer<ProjectIdentifier> {
    let project = find(&api, &asked).await?;
    let place = Place::Project(project.id.clone());
    let caller = asked.may(Resource::Project, Action::Delete, &place)?;
    let removed = api
        .engine
        .remove_project(caller, project.id.as_str())
        .await?;
    Ok(Good(ProjectIdentifier(removed.id.to_string())))
}

async fn find(api: &Api, asked: &Asked) -> Result<hozon_model::Project, Failure> {
    let id: ProjectId = project_id(asked.path("project"))?;
    let found = api.engine.project(id.as_str()).await?;
    if found.id == id {
        Ok(found)
    } else {
        Err(Error::new(ErrorCode::ProjectNotFound, id.as_str()).into())
    }
}

fn plan_of(text: &str) -> Result<ProjectPlan, Failure> {
    text.parse().map_err(Failure::parameter)
}
