//! Asking for backups, and for what is done with them.

mod adopt;
mod forms;
mod keeping;

use hozon_model::{BackupId, CopyOptions, DeleteOptions, ErrorCode, ProofLevel, VerifyOptions};
use leptos::prelude::*;

pub(crate) use adopt::{AdoptBackup, AdoptForm};
pub(super) use forms::moment;
pub(crate) use forms::{COLLECTIONS, CreateForm, ExportForm, RestoreForm};
pub(crate) use keeping::{PinBackup, RenameBackup};

use super::finish;
use crate::{
    error::{AppError, AppResult},
    flash::{Done, Form},
    session,
    visit::Address,
};

/// Asks for a backup.
#[server(prefix = "/api", endpoint = "create_backup")]
pub(crate) async fn create_backup(
    cluster: String,
    #[server(default)] name: String,
    #[server(default)] scope: String,
    #[server(default)] database: String,
    #[server(default)] collections: Vec<String>,
) -> AppResult<()> {
    let form = CreateForm {
        cluster,
        name,
        scope,
        database,
        collections,
    };
    let back = form.address();
    let outcome = async {
        let (engine, actor) = (session::engine(), session::actor().await?);
        let cluster = engine.cluster(&form.cluster).await?;
        let job = engine
            .create_backup(&actor, form.into_options(cluster.id)?)
            .await?;
        Ok(format!("/jobs/{}", job.id))
    };
    finish(Form::Create, Done::Backup, outcome.await, back)
}

/// Asks for a restore.
#[server(prefix = "/api", endpoint = "restore_backup")]
#[allow(clippy::too_many_arguments)]
pub(crate) async fn restore_backup(
    id: String,
    #[server(default)] cluster: String,
    #[server(default)] suffix: String,
    #[server(default)] collections: Vec<String>,
    #[server(default)] load: String,
    #[server(default)] renames: String,
    #[server(default)] database: String,
    #[server(default)] existing: String,
    #[server(default)] indexes: String,
    #[server(default)] until: String,
    #[server(default)] zone: String,
) -> AppResult<()> {
    let form = RestoreForm {
        id,
        cluster,
        suffix,
        collections,
        load,
        renames,
        database,
        existing,
        indexes,
        until,
        zone,
    };
    let back = form.address("review");
    let outcome = async {
        let (engine, actor) = (session::engine(), session::actor().await?);
        let job = engine
            .restore_backup(&actor, form.options(&engine).await?)
            .await?;
        Ok(format!("/jobs/{}", job.id))
    };
    finish(Form::Restore, Done::Restore, outcome.await, back)
}

/// Asks for a verification.
#[server(prefix = "/api", endpoint = "verify_backup")]
pub(crate) async fn verify_backup(id: String, level: String) -> AppResult<()> {
    let back = Address::new(format!("/backups/{id}"))
        .with("dialog", "verify")
        .with("level", &level);
    let outcome = async {
        let options = VerifyOptions {
            backup_id: BackupId::new(id),
            level: level
                .parse::<ProofLevel>()
                .map_err(|why| AppError::new(ErrorCode::InvalidInput, level.as_str(), why))?,
        };
        let job = session::engine()
            .verify_backup(&session::actor().await?, options)
            .await?;
        Ok(format!("/jobs/{}", job.id))
    };
    finish(Form::Verify, Done::Verify, outcome.await, back)
}

/// Asks for an export.
#[server(prefix = "/api", endpoint = "export_backup")]
pub(crate) async fn export_backup(
    id: String,
    integration: String,
    #[server(default)] provider: String,
    #[server(default)] directory: String,
    #[server(default)] format: String,
) -> AppResult<()> {
    let form = ExportForm {
        id,
        provider,
        integration,
        directory,
        format,
    };
    let back = form.address();
    let outcome = async {
        let (engine, actor) = (session::engine(), session::actor().await?);
        let job = engine
            .export_backup(&actor, form.options(&engine).await?)
            .await?;
        Ok(format!("/jobs/{}", job.id))
    };
    finish(Form::Export, Done::Export, outcome.await, back)
}

/// Asks for a copy in another repository.
#[server(prefix = "/api", endpoint = "copy_backup")]
pub(crate) async fn copy_backup(id: String, to: String) -> AppResult<()> {
    let back = Address::new(format!("/backups/{id}"))
        .with("tab", "copies")
        .with("dialog", "copy")
        .with("to", &to);
    let outcome = async {
        let options = CopyOptions {
            backup_id: BackupId::new(id),
            repository: to,
            bandwidth_limit: None,
        };
        let job = session::engine()
            .copy_backup(&session::actor().await?, options)
            .await?;
        Ok(format!("/jobs/{}", job.id))
    };
    finish(Form::Copy, Done::Copy, outcome.await, back)
}

/// Asks for a deletion.
#[server(prefix = "/api", endpoint = "delete_backup")]
pub(crate) async fn delete_backup(id: String) -> AppResult<()> {
    let back = Address::new(format!("/backups/{id}")).with("dialog", "delete");
    let outcome = async {
        let options = DeleteOptions {
            backup_id: BackupId::new(id),
            repository: None,
        };
        session::engine()
            .delete_backup(&session::actor().await?, options)
            .await?;
        Ok("/backups".to_owned())
    };
    finish(Form::Delete, Done::Delete, outcome.await, back)
}
