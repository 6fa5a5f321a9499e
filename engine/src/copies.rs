//! Asking for copies of backups in other repositories. The work itself is in [`crate::commands`].

use hozon_model::{
    Action, BackupState, CopyOptions, CopyPlan, JobId, JobKind, JobSummary, Resource,
};

use crate::{
    Engine, Feature, Result,
    access::{Acts, ask, place_of_backup},
    backups::new_job,
    commands::CopyJob,
};

impl Engine {
    /// What a copy would move.
    pub async fn plan_copy(&self, options: &CopyOptions) -> Result<CopyPlan> {
        self.core().copy_plan(options).await
    }

    /// Puts a copy into the queue, after looking whether backup and repository are there.
    pub async fn copy_backup(&self, by: &dyn Acts, options: CopyOptions) -> Result<JobSummary> {
        let target = options.backup_id.to_string();
        let told = CopyJob {
            options,
            keep_days: None,
        };
        let created = self.try_copy_backup(by, told, None).await;
        self.audit(by.actor(), "backup.copy", &target, &created)
            .await?;
        created
    }

    pub(crate) async fn try_copy_backup(
        &self,
        by: &dyn Acts,
        mut told: CopyJob,
        retry_of: Option<JobId>,
    ) -> Result<JobSummary> {
        let options = &mut told.options;
        let backup = self
            .backup_in(options.backup_id.as_str(), &[BackupState::Available])
            .await?;
        ask(
            by,
            Resource::Backup,
            Action::Copy,
            &place_of_backup(&backup),
        )?;
        self.backup_entitled(Feature::Copy, &backup).await?;
        options.backup_id = backup.id;
        self.core().copy_repository(&options.repository).await?;
        let backup_id = options.backup_id.clone();
        let mut job = new_job(by.actor(), JobKind::Copy, &told, &backup_id, None)?;
        job.retry_of = retry_of;
        self.queue().enqueue(&job, None).await
    }
}
