//! Asking for copies of backups in other repositories. The work itself is in [`crate::commands`].

use hozon_model::{Actor, BackupState, CopyOptions, CopyPlan, JobKind, JobSummary};

use crate::{Engine, Feature, Result, backups::new_job};

impl Engine {
    /// What a copy would move.
    pub async fn plan_copy(&self, options: &CopyOptions) -> Result<CopyPlan> {
        self.core().copy_plan(options).await
    }

    /// Puts a copy into the queue, after looking whether backup and repository are there.
    pub async fn copy_backup(&self, actor: &Actor, options: CopyOptions) -> Result<JobSummary> {
        let target = options.backup_id.to_string();
        let created = self.try_copy_backup(actor, options).await;
        self.audit(actor, "backup.copy", &target, &created).await?;
        created
    }

    async fn try_copy_backup(&self, actor: &Actor, mut options: CopyOptions) -> Result<JobSummary> {
        let backup = self
            .backup_in(options.backup_id.as_str(), &[BackupState::Available])
            .await?;
        self.backup_entitled(Feature::Copy, &backup).await?;
        options.backup_id = backup.id;
        self.core().copy_repository(&options.repository).await?;
        let job = new_job(actor, JobKind::Copy, &options, &options.backup_id, None)?;
        self.queue().enqueue(&job, None).await
    }
}
