//! `GET /get_backup`: one backup, by its id or its name, whoever made it and whenever.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
};
use hozon_engine::{Engine, ErrorCode};
use hozon_model::{Backup, BackupId, BackupState, BackupSummary, JobKind};

use super::{
    Api,
    answer::{Answer, Code, Refusal},
    brief::{BackupInfoBrief, brief},
    request::{given_id, or_new},
};
use crate::query::parameter;

#[utoipa::path(
    get, path = "/get_backup", tag = "backups", operation_id = "get_backup",
    params(
        ("request_id" = Option<String>, Header, description = "What the client calls its request"),
        ("backup_name" = Option<String>, Query, description = "Its name"),
        ("backup_id" = Option<String>, Query, description = "Its id, or that of the request that made it; goes before the name"),
        ("path" = Option<String>, Query, description = "Refused: backups are in the configured repository"),
    ),
    responses(
        (status = 200, description = "The backup; `code` 404 if there is none", body = Answer<BackupInfoBrief>),
        (status = 401, description = "The key is missing or wrong", body = Answer<String>),
    ),
)]
pub(super) async fn get_backup(State(api): State<Api>, headers: HeaderMap, uri: Uri) -> Response {
    let request_id = or_new(given_id(&headers));
    match find(&api.engine, &uri).await {
        Ok(backup) => Answer::good(request_id, "success", Some(backup)).into_response(),
        Err(refusal) => refusal.of(request_id).into_response(),
    }
}

async fn find(engine: &Engine, uri: &Uri) -> Result<BackupInfoBrief, Refusal> {
    let (id, name) = (parameter(uri, "backup_id"), parameter(uri, "backup_name"));
    if id.is_empty() && name.is_empty() {
        return Err(Refusal::parameter("give `backup_name` or `backup_id`"));
    }
    if !parameter(uri, "path").is_empty() {
        return Err(Refusal::unsupported(
            "backups are looked for in the configured repository; leave out `path`",
        ));
    }
    let backup = if id.is_empty() {
        by_name(engine, &name).await?
    } else {
        by_id(engine, &id).await?
    };
    let called = client_id(engine, &backup.summary).await?;
    Ok(brief(engine, called, &backup).await?)
}

/// What the client that asked for a backup calls it.
async fn client_id(engine: &Engine, backup: &BackupSummary) -> Result<String, Refusal> {
    let called = match &backup.job_id {
        Some(job) => engine.job_reference(job).await?,
        None => None,
    };
    Ok(called.unwrap_or_else(|| backup.id.to_string()))
}

async fn by_id(engine: &Engine, id: &str) -> Result<Backup, Refusal> {
    let own = match engine.referred_job(JobKind::Backup, id).await? {
        Some(job) => job.backup_id,
        None => None,
    };
    let own = own.unwrap_or_else(|| BackupId::new(id));
    let found = there(engine, own.as_str()).await?;
    found
        .filter(|backup| backup.summary.id == own)
        .ok_or_else(|| unknown("id", id))
}

/// A backup of exactly this name that is not deleted.
pub(super) async fn by_name(engine: &Engine, name: &str) -> Result<Backup, Refusal> {
    let found = there(engine, name).await?;
    found
        .filter(|backup| backup.summary.name == name)
        .ok_or_else(|| unknown("name", name))
}

async fn there(engine: &Engine, id_or_name: &str) -> Result<Option<Backup>, Refusal> {
    match engine.backup(id_or_name).await {
        Ok(backup) => Ok(Some(backup).filter(|backup| {
            !matches!(
                backup.summary.state,
                BackupState::Deleting | BackupState::Deleted
            )
        })),
        Err(error) if error.code() == ErrorCode::BackupNotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn unknown(what: &str, text: &str) -> Refusal {
    Refusal::new(Code::NotFound, format!("no backup of the {what} `{text}`"))
}
