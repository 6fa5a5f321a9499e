//! `DELETE /delete`: deletes a backup, also one that failed, and waits until it is gone.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
};
use hozon_model::{Actor, DeleteOptions, JobState};

use super::{
    Api,
    answer::{Answer, Code, Done, Refusal},
    get_backup::by_name,
    request::{Caller, given_id, or_new},
};
use crate::follow;
use crate::query::parameter;

#[utoipa::path(
    delete, path = "/delete", tag = "backups", operation_id = "delete",
    params(("request_id" = Option<String>, Header, description = "What the client calls its request"), ("backup_name" = Option<String>, Query, description = "Its name")),
    responses(
        (status = 200, description = "It is gone; `code` 404 if there is none", body = Done),
        (status = 401, description = "The key is missing or wrong", body = Answer<String>),
    ),
)]
pub(super) async fn delete(
    State(api): State<Api>,
    Caller(actor): Caller,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let request_id = or_new(given_id(&headers));
    let (code, msg) = match remove(&api, &actor, &parameter(&uri, "backup_name")).await {
        Ok(()) => (Code::Success, "success".to_owned()),
        Err(refusal) => (refusal.code, refusal.msg),
    };
    Done {
        request_id,
        code,
        msg,
    }
    .into_response()
}

async fn remove(api: &Api, actor: &Actor, name: &str) -> Result<(), Refusal> {
    if name.is_empty() {
        return Err(Refusal::parameter("give `backup_name`"));
    }
    let options = DeleteOptions {
        backup_id: by_name(&api.engine, name).await?.summary.id,
        repository: None,
    };
    let job = api.engine.delete_backup(actor, options).await?;
    let ended = follow::ended(&api.engine, job).await?;
    match (ended.state, &ended.reason) {
        (JobState::Successful, _) => Ok(()),
        (_, Some(reason)) => Err(reason.into()),
        (_, None) => Err(Refusal::new(Code::Fail, "the deletion was canceled")),
    }
}
