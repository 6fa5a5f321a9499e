//! `POST …/export`: writes a backup to an integration.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use hozon_model::{ExportFormat, ExportOptions, IntegrationId};

use super::super::{
    Action, Api,
    envelope::{Answer, Failure, Good},
    jobs::Started,
    request::{Asked, fields, wrong},
};

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
    };
    Ok(Good(api.engine.export_backup(actor, options).await?.into()))
}
