//! `POST …/export`: writes a backup to an integration.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use hozon_model::{Action, ExportFormat, ExportOptions, IntegrationId};

use super::super::{
    Api, docs,
    envelope::{Answer, Failure, FailureBody, Good},
    jobs::Started,
    request::{Asked, fields, wrong},
};

#[utoipa::path(
    post, path = "/clusters/{cluster}/backups/{backup}/export", tag = "backups", operation_id = "exportBackup",
    params(("cluster" = String, Path, description = "The cluster's identifier"), ("backup" = String, Path, description = "The backup's identifier")),
    request_body = docs::ExportBackup,
    responses(
        (status = 200, description = "Its job is in the queue; or an error with its `code`", body = docs::Reply<Started>),
        (status = 400, description = "The body cannot be read", body = FailureBody),
        (status = 413, description = "The body is too large", body = FailureBody),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(in super::super) async fn export(
    State(api): State<Api>,
    asked: Asked,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Started> {
    let (backup, actor) = asked.backup(&api, Action::Export).await?;
    let mut fields = fields(body)?;
    let integration = fields.text("integrationId").map_err(wrong)?;
    if integration.is_empty() {
        return Err(Failure::parameter("give `integrationId`"));
    }
    let directory = fields.text("directory").map_err(wrong)?;
    let options = ExportOptions {
        backup_id: backup.summary.id,
        integration_id: IntegrationId::new(integration),
        directory: directory.trim_end_matches('/').to_owned(),
        format: ExportFormat::default(),
        bandwidth_limit: None,
    };
    Ok(Good(api.engine.export_backup(actor, options).await?.into()))
}
