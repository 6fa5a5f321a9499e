//! Archives at the place of an integration, ours: what `POST /backups/adopt` can make backups of.

use axum::extract::State;
use hozon_model::{Action, FoundArchive, FoundArchives, Resource};
use serde::Serialize;

use super::{
    Api, docs,
    envelope::{Answer, FailureBody, Good},
    integrations::{find, place},
    request::{Asked, time},
};

/// An archive, by its documents.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = FoundArchive)]
#[serde(rename_all = "camelCase")]
pub(super) struct Archive {
    directory: String,
    /// `milvus-backup` or `repository`.
    format: &'static str,
    /// The backup in it, where it is a repository.
    archived_backup_id: Option<String>,
    backup_name: String,
    cluster_name: Option<String>,
    /// `database.collection`.
    collections: Vec<String>,
    create_time: Option<String>,
    /// Why its documents cannot be read; empty otherwise.
    message: String,
}

/// The archives at a place.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = FoundArchives)]
#[serde(rename_all = "camelCase")]
pub(super) struct Archives {
    /// Newest first.
    archives: Vec<Archive>,
    /// Whether everything there was looked at.
    complete: bool,
}

/// `GET /storageIntegrations/{id}/archives`.
#[utoipa::path(
    get, path = "/storageIntegrations/{integration}/archives", tag = "beyond the vendor", operation_id = "listArchives",
    params(
        ("integration" = String, Path, description = "The integration's identifier"),
        ("directory" = Option<String>, Query, description = "Where to look, with everything below; everywhere if it is left out"),
    ),
    responses(
        (status = 200, description = "The archives; or an error with its `code`", body = docs::Reply<Archives>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn list(State(api): State<Api>, asked: Asked) -> Answer<Archives> {
    let integration = find(&api, &asked).await?;
    asked.may(Resource::Backup, Action::Create, &place(&integration))?;
    let directory = asked.query("directory").unwrap_or_default();
    let found = api
        .engine
        .archives(integration.id.as_str(), &directory)
        .await?;
    Ok(Good(found.into()))
}

impl From<FoundArchives> for Archives {
    fn from(found: FoundArchives) -> Self {
        Self {
            archives: found.archives.into_iter().map(Archive::from).collect(),
            complete: found.complete,
        }
    }
}

impl From<FoundArchive> for Archive {
    fn from(found: FoundArchive) -> Self {
        Self {
            directory: found.directory,
            format: found.format.as_str(),
            archived_backup_id: found.backup_id.map(|id| id.to_string()),
            backup_name: found.name,
            cluster_name: found.cluster_name,
            collections: found.collections.iter().map(ToString::to_string).collect(),
            create_time: found.made_at.map(time),
            message: found.damage.map(|damage| damage.detail).unwrap_or_default(),
        }
    }
}
