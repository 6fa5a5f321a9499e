//! `GET /list`: every backup that can be restored.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
};
use hozon_engine::Engine;
use hozon_model::{BackupQuery, BackupState};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Api,
    answer::{Answer, Refusal, absent},
    request::given_id,
};
use crate::query::parameter;

/// `BackupSummary`.
#[derive(Debug, Serialize, ToSchema)]
struct BackupSummary {
    #[serde(skip_serializing_if = "absent")]
    #[schema(required = false)]
    id: String,
    #[serde(skip_serializing_if = "absent")]
    #[schema(required = false)]
    name: String,
    size: i64,
    #[serde(skip_serializing_if = "absent")]
    #[schema(required = false)]
    milvus_version: String,
}

#[utoipa::path(
    get, path = "/list", tag = "backups", operation_id = "list",
    params(("request_id" = Option<String>, Header, description = "What the client calls its request"), ("collection_name" = Option<String>, Query, description = "Deprecated, and refused")),
    responses(
        (status = 200, description = "Every backup that can be restored", body = Answer<Vec<BackupSummary>>),
        (status = 401, description = "The key is missing or wrong", body = Answer<String>),
    ),
)]
pub(super) async fn list(State(api): State<Api>, headers: HeaderMap, uri: Uri) -> Response {
    let request_id = given_id(&headers);
    if !parameter(&uri, "collection_name").is_empty() {
        let refusal = Refusal::parameter("`collection_name` is deprecated; leave it out");
        return refusal.of(request_id).into_response();
    }
    match all(&api.engine).await {
        Ok(backups) => Answer::good(request_id, "", Some(backups)).into_response(),
        Err(refusal) => refusal.of(request_id).into_response(),
    }
}

async fn all(engine: &Engine) -> Result<Vec<BackupSummary>, Refusal> {
    let mut called = engine.backup_references().await?;
    let mut found = Vec::new();
    let mut query = BackupQuery {
        state: Some(BackupState::Available),
        page: 1,
        page_size: 100,
        ..BackupQuery::default()
    };
    loop {
        let page = engine.backups(&query).await?;
        let last = page.items.is_empty() || query.page >= page.pages();
        found.extend(page.items.into_iter().map(|backup| {
            BackupSummary {
                id: called
                    .remove(&backup.id)
                    .unwrap_or_else(|| backup.id.to_string()),
                name: backup.name,
                size: backup.bytes as i64,
                milvus_version: backup.milvus_version.unwrap_or_default(),
            }
        }));
        if last {
            return Ok(found);
        }
        query.page += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_written_as_the_original_does() {
        let one = BackupSummary {
            id: "5b0c".into(),
            name: "nightly_1".into(),
            size: 0,
            milvus_version: String::new(),
        };
        let text = |answer: &Answer<Vec<BackupSummary>>| serde_json::to_string(answer).unwrap();
        assert_eq!(
            text(&Answer::good("", "", Some(vec![one]))),
            r#"{"data":[{"id":"5b0c","name":"nightly_1","size":0}]}"#
        );
        assert_eq!(
            text(&Answer::good("r", "", Some(vec![]))),
            r#"{"requestId":"r","data":[]}"#
        );
        let refused = serde_json::to_string(&Refusal::parameter("no").of("r")).unwrap();
        assert_eq!(
            refused,
            r#"{"requestId":"r","code":400,"msg":"no","data":null}"#
        );
    }
}
