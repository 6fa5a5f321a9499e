//! `GET /get_restore`: how a restore stands.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
};
use hozon_engine::{Engine, ErrorCode};
use hozon_model::{JobId, JobKind, JobSummary};

use super::{
    Api,
    answer::{Answer, Code, Refusal},
    request::given_id,
    task::{RestoreTask, task},
};
use crate::query::parameter;

#[utoipa::path(
    get, path = "/get_restore", tag = "restores", operation_id = "get_restore",
    params(("request_id" = Option<String>, Header, description = "What the client calls its request"), ("id" = Option<String>, Query, description = "The restore's id")),
    responses(
        (status = 200, description = "How it stands; `code` 3 if there is none", body = Answer<RestoreTask>),
        (status = 401, description = "The key is missing or wrong", body = Answer<String>),
    ),
)]
pub(super) async fn get_restore(State(api): State<Api>, headers: HeaderMap, uri: Uri) -> Response {
    let request_id = given_id(&headers);
    match find(&api.engine, parameter(&uri, "id")).await {
        Ok(task) => Answer::good(request_id, "success", Some(task)).into_response(),
        Err(refusal) => refusal.of(request_id).into_response(),
    }
}

async fn find(engine: &Engine, id: String) -> Result<RestoreTask, Refusal> {
    if id.is_empty() {
        return Err(Refusal::new(Code::Fail, "give `id`"));
    }
    let job = job(engine, &id)
        .await?
        .ok_or_else(|| Refusal::new(Code::Fail, "task not found"))?;
    Ok(task(engine, id, &job).await?)
}

/// A restore by what its client calls it, or by the job's own identifier.
async fn job(engine: &Engine, id: &str) -> Result<Option<JobSummary>, Refusal> {
    if let Some(job) = engine.referred_job(JobKind::Restore, id).await? {
        return Ok(Some(job));
    }
    match engine.job(&JobId::new(id)).await {
        Ok(job) => Ok(Some(job.summary).filter(|job| job.kind == JobKind::Restore)),
        Err(error) if error.code() == ErrorCode::JobNotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}
