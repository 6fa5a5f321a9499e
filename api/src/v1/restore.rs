//! `POST /restore`: puts a backup back, and waits for it unless asked not to.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use hozon_model::{
    Actor, CollectionName, Existing, IndexWish, JobState, LoadStateWish, Rename, RestoreOptions,
};
use serde_json::Value;

use super::{
    Api,
    answer::{Answer, Code, Refusal, Undecodable},
    docs::{RestoreBackupRequest, RestoreSecondaryRequest},
    get_backup::by_name,
    request::{self, Caller},
    restore_names::targets,
    restore_request::RestoreRequest,
    task::{RestoreTask, task},
};
use crate::follow;

#[utoipa::path(
    post, path = "/restore", tag = "restores", operation_id = "restore",
    request_body = RestoreBackupRequest,
    responses(
        (status = 200, description = "Success, or an error with its `code`", body = Answer<RestoreTask>),
        (status = 400, description = "The body cannot be read", body = Undecodable),
        (status = 401, description = "The key is missing or wrong", body = Answer<String>),
        (status = 413, description = "The body is too large", body = Undecodable),
    ),
)]
pub(super) async fn restore(
    State(api): State<Api>,
    Caller(actor): Caller,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let refusal = |wrong: &str| format!("invalid request body: {wrong}");
    let asked = match request::fields(body, refusal) {
        Ok(fields) => {
            RestoreRequest::read(fields).map_err(|wrong| request::bad_request(&wrong, refusal))
        }
        Err(undecodable) => Err(undecodable),
    };
    let asked = match asked {
        Ok(asked) => asked,
        Err(undecodable) => return undecodable.into_response(),
    };
    let request_id = request::or_new(asked.request_id.clone());
    match put_back(&api, &actor, &asked, &request_id).await {
        Ok(answer) => answer.into_response(),
        Err(refusal) => refusal.of(request_id).into_response(),
    }
}

async fn put_back(
    api: &Api,
    actor: &Actor,
    asked: &RestoreRequest,
    request_id: &str,
) -> Result<Answer<RestoreTask>, Refusal> {
    asked.check()?;
    let engine = &api.engine;
    let backup = by_name(engine, &asked.backup_name).await?;
    let held: Vec<CollectionName> = backup
        .collection_list
        .iter()
        .map(|one| CollectionName {
            database: one.database.clone(),
            name: one.name.clone(),
        })
        .collect();
    let renames = targets(asked, &held)?;
    if asked.max_shard_num > 0 {
        let described = engine.described_backup(&backup.summary.id).await?;
        refuse_more_shards(&described.collections, &renames, asked.max_shard_num)?;
    }
    let options = RestoreOptions {
        cluster_id: Some(api.cluster().await?.id),
        ..options(asked, renames, RestoreOptions::whole(backup.summary.id))
    };
    let job = if asked.id.is_empty() {
        engine.restore_backup(actor, options).await?
    } else {
        engine.restore_backup_as(actor, options, &asked.id).await?
    };
    let id = if asked.id.is_empty() {
        job.id.to_string()
    } else {
        asked.id.clone()
    };
    if asked.is_async {
        let told = task(engine, id, &job).await?;
        let msg = "restore backup is executing asynchronously";
        return Ok(Answer::good(request_id, msg, Some(told)));
    }
    let ended = follow::ended(engine, job).await?;
    let told = task(engine, id, &ended).await?;
    if ended.state == JobState::Successful {
        return Ok(Answer::good(request_id, "success", Some(told)));
    }
    Ok(Answer {
        request_id: request_id.to_owned(),
        code: Code::Fail,
        msg: told.error_message.clone(),
        data: Some(told),
    })
}

fn options(asked: &RestoreRequest, renames: Vec<Rename>, whole: RestoreOptions) -> RestoreOptions {
    RestoreOptions {
        collections: renames.iter().map(|one| one.from.clone()).collect(),
        renames,
        // Without an index nothing can be loaded; with them a collection comes back as it was.
        load_state: if asked.restore_index {
            LoadStateWish::Keep
        } else {
            LoadStateWish::Release
        },
        indexes: match (asked.restore_index, asked.use_auto_index) {
            (false, _) => IndexWish::None,
            (true, true) => IndexWish::Auto,
            (true, false) => IndexWish::Keep,
        },
        existing: if asked.drop_exist_collection {
            Existing::Replace
        } else {
            Existing::Refuse
        },
        ..whole
    }
}

/// A collection keeps its shards; a cap that would change them cannot be kept.
fn refuse_more_shards(described: &[Value], renames: &[Rename], most: i32) -> Result<(), Refusal> {
    for one in described {
        let text = |key: &str| {
            one.get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let name = CollectionName {
            database: text("db_name"),
            name: text("collection_name"),
        };
        let shards = one
            .get("shards_num")
            .and_then(Value::as_i64)
            .unwrap_or_default();
        if shards > i64::from(most) && renames.iter().any(|rename| rename.from == name) {
            return Err(Refusal::unsupported(format!(
                "`{name}` has {shards} shards and keeps them; leave out `maxShardNum`"
            )));
        }
    }
    Ok(())
}

/// Needs a Milvus that replicates into another, which the engine does not do.
#[utoipa::path(
    post, path = "/restore_secondary", tag = "restores", operation_id = "restore_secondary",
    request_body = RestoreSecondaryRequest,
    responses(
        (status = 200, description = "`code` 1: this cannot be done", body = Answer<String>),
        (status = 400, description = "The body cannot be read", body = Undecodable),
        (status = 401, description = "The key is missing or wrong", body = Answer<String>),
        (status = 413, description = "The body is too large", body = Undecodable),
    ),
)]
pub(super) async fn restore_secondary(body: Result<Bytes, BytesRejection>) -> Response {
    let refusal = |wrong: &str| format!("invalid request body: {wrong}");
    let id = request::fields(body, refusal).and_then(|mut fields| {
        let id = fields.text("requestId");
        id.map_err(|wrong| request::bad_request(&wrong, refusal))
    });
    match id {
        Ok(id) => Refusal::unsupported(
            "a secondary of a replicating Milvus cannot be restored; use `restore`",
        )
        .of(request::or_new(id))
        .into_response(),
        Err(undecodable) => undecodable.into_response(),
    }
}
