//! Asking for exports, and removing what an export left that did not end well.

use hozon_model::{
    Action, ExportOptions, ExportPlan, JobId, JobKind, JobState, JobSummary, Resource,
};

use crate::{
    Engine, Error, ErrorCode, Feature, Result,
    access::{Acts, ask, place_of_backup},
    backups::new_job,
    integrations::check_directory,
};

/// What the removal of an unfinished export took away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RemovedExport {
    /// Files and documents.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Engine {
    /// What an export would write.
    pub async fn plan_export(&self, options: &ExportOptions) -> Result<ExportPlan> {
        let options = self.settled_export(options.clone()).await?;
        self.core().export_plan(&options).await
    }

    /// Puts an export into the queue, after checking what can be checked now.
    pub async fn export_backup(&self, by: &dyn Acts, options: ExportOptions) -> Result<JobSummary> {
        let target = options.backup_id.to_string();
        let created = self.try_export_backup(by, options, None).await;
        self.audit(by.actor(), "backup.export", &target, &created)
            .await?;
        created
    }

    pub(crate) async fn try_export_backup(
        &self,
        by: &dyn Acts,
        options: ExportOptions,
        retry_of: Option<JobId>,
    ) -> Result<JobSummary> {
        let backup = self.backup(options.backup_id.as_str()).await?.summary;
        ask(
            by,
            Resource::Backup,
            Action::Export,
            &place_of_backup(&backup),
        )?;
        let options = self.settled_export(options).await?;
        let mut job = new_job(
            by.actor(),
            JobKind::Export,
            &options,
            &options.backup_id,
            None,
        )?;
        job.retry_of = retry_of;
        self.queue().enqueue(&job, None).await
    }

    /// The same options by identifiers, so that one target is always written the same way.
    async fn settled_export(&self, mut options: ExportOptions) -> Result<ExportOptions> {
        options.directory = check_directory(&options.directory)?;
        let backup = self.backup(options.backup_id.as_str()).await?.summary;
        self.backup_entitled(Feature::Export, &backup).await?;
        options.backup_id = backup.id;
        self.core().refuse_unexportable(&options.backup_id).await?;
        let integration = self.integration(options.integration_id.as_str()).await?;
        if integration.project_id != backup.project_id {
            return Err(Error::new(ErrorCode::InvalidInput, "integration")
                .because(format!(
                    "`{}` belongs to project `{}`, the backup to project `{}`",
                    integration.name, integration.project_id, backup.project_id
                ))
                .hint("choose an integration of the backup's project, or make one there"));
        }
        options.integration_id = integration.id;
        Ok(options)
    }

    /// What an export job was asked for.
    ///
    /// # Errors
    /// `JobNotFound`, also for a job of another kind.
    pub async fn export_options(&self, id: &JobId) -> Result<ExportOptions> {
        let job = self.job(id).await?.summary;
        let options = self.catalog().job_options(id).await?;
        let (JobKind::Export, Some(options)) = (job.kind, options) else {
            return Err(Error::new(ErrorCode::JobNotFound, id.as_str())
                .because("it is no export")
                .hint("run `hozon job list --kind export` to see the exports"));
        };
        serde_json::from_value(options)
            .map_err(|error| Error::new(ErrorCode::CatalogFailed, id.as_str()).caused_by(error))
    }

    /// Removes what an export wrote that failed or was canceled.
    ///
    /// # Errors
    /// `ExportTargetTaken` if a whole export lies there, `BackupInUse` while an export of the backup has not ended.
    pub async fn remove_export(&self, by: &dyn Acts, id: &JobId) -> Result<RemovedExport> {
        let removed = self.try_remove_export(by, id).await;
        self.audit(by.actor(), "export.remove", id.as_str(), &removed)
            .await?;
        removed
    }

    async fn try_remove_export(&self, by: &dyn Acts, id: &JobId) -> Result<RemovedExport> {
        let options = self.export_options(id).await?;
        let backup = self.backup(options.backup_id.as_str()).await?.summary;
        ask(
            by,
            Resource::Backup,
            Action::Export,
            &place_of_backup(&backup),
        )?;
        let query = hozon_model::JobQuery {
            kind: Some(JobKind::Export),
            backup_id: Some(options.backup_id.clone()),
            page_size: 100,
            ..hozon_model::JobQuery::default()
        };
        for job in self.jobs(&query).await?.items {
            if !job.state.is_final() {
                return Err(
                    Error::new(ErrorCode::BackupInUse, options.backup_id.as_str())
                        .because(format!("job `{}` exports it", job.id))
                        .hint("wait until it ends, or cancel it"),
                );
            }
            if job.id == *id && job.state == JobState::Successful {
                return Err(Error::new(ErrorCode::ExportTargetTaken, id.as_str())
                    .because("this export ended well")
                    .hint(
                        "remove it with the tools of the storage, if it is not needed any more",
                    ));
            }
        }
        let (files, bytes) = self.core().remove_partial_export(&options).await?;
        Ok(RemovedExport { files, bytes })
    }
}
