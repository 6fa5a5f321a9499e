//! `POST /backups/adopt`, ours: makes a backup of an archive that lies at an integration.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use hozon_model::{Action, AdoptOptions, BackupId, ClusterId, IntegrationId, Place, Resource};
use serde::Serialize;

use super::super::{
    Api, docs,
    envelope::{Answer, Failure, FailureBody, Good},
    request::{self, Asked, fields, wrong},
};

/// What the adopted backup is called.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BackupAdopted)]
pub(in super::super) struct Adopted {
    backup_id: String,
    backup_name: String,
    job_id: String,
}

#[utoipa::path(
    post, path = "/backups/adopt", tag = "beyond the vendor", operation_id = "adoptBackup",
    request_body = docs::AdoptBackup,
    responses(
        (status = 200, description = "Its job is in the queue; or an error with its `code`", body = docs::Reply<Adopted>),
        (status = 400, description = "The body cannot be read", body = FailureBody),
        (status = 413, description = "The body is too large", body = FailureBody),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(in super::super) async fn adopt(
    State(api): State<Api>,
    asked: Asked,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Adopted> {
    let mut fields = fields(body)?;
    let integration = fields.text("integrationId").map_err(wrong)?;
    if integration.is_empty() {
        return Err(Failure::parameter("give `integrationId`"));
    }
    let directory = fields.text("directory").map_err(wrong)?;
    let name = fields.text("backupName").map_err(wrong)?;
    let archived = fields.text("archivedBackupId").map_err(wrong)?;
    let cluster = fields.text("clusterId").map_err(wrong)?;
    let cluster_id = match cluster.as_str() {
        "" => None,
        id => Some(request::cluster(&api, &ClusterId::new(id)).await?.id),
    };
    let found = api.engine.integration(&integration).await?;
    let place = Place::Project(found.project_id);
    let actor = asked.may(Resource::Backup, Action::Create, &place)?;
    let options = AdoptOptions {
        integration_id: IntegrationId::new(integration),
        directory: directory.trim_end_matches('/').to_owned(),
        backup_id: Some(archived)
            .filter(|id| !id.is_empty())
            .map(BackupId::new),
        name: Some(name).filter(|name| !name.is_empty()),
        cluster_id,
    };
    let job = api.engine.adopt_backup(actor, options).await?;
    Ok(Good(Adopted {
        backup_id: job.backup_id.map(|id| id.to_string()).unwrap_or_default(),
        backup_name: job.backup_name.unwrap_or_default(),
        job_id: job.id.to_string(),
    }))
}
