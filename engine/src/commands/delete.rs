//! Deletes a backup: its manifest first, then the bytes that nothing else names.

use hozon_model::{
    Backup, BackupId, BackupState, DeleteOptions, DeletePlan, JobPhase, JobSummary, LogLevel,
};
use serde::{Deserialize, Serialize};

use crate::{Result, catalog::ClaimedJob, core::Core, jobs::JobContext};

/// What a deletion's job is told.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DeleteJob {
    #[serde(flatten)]
    options: DeleteOptions,
    /// A policy asked for it: it is looked again whether the backup may go.
    #[serde(default)]
    expired: bool,
}

impl DeleteJob {
    /// The deletion of a backup that a policy does not keep.
    pub(crate) fn expired(id: &BackupId) -> Self {
        Self {
            options: DeleteOptions {
                backup_id: id.clone(),
                repository: None,
            },
            expired: true,
        }
    }

    /// The deletion of a copy that a policy does not keep.
    pub(crate) fn expired_copy(id: &BackupId, repository: &str) -> Self {
        Self {
            options: DeleteOptions {
                backup_id: id.clone(),
                repository: Some(repository.to_owned()),
            },
            expired: true,
        }
    }
}

impl Core {
    /// What a deletion would remove.
    pub(crate) async fn delete_plan(&self, options: &DeleteOptions) -> Result<DeletePlan> {
        let repository = match &options.repository {
            None => self.repository().clone(),
            Some(name) => self.copy_repository(name).await?,
        };
        let (own, shared) = repository.files_only_in(&options.backup_id).await?;
        let sum = |files: &[(String, u64)]| {
            (files.len() as u64, files.iter().map(|(_, size)| size).sum())
        };
        let ((files, bytes), (shared_files, shared_bytes)) = (sum(&own), sum(&shared));
        Ok(DeletePlan {
            files,
            bytes,
            shared_files,
            shared_bytes,
        })
    }

    pub(crate) async fn run_delete(
        &self,
        job: &ClaimedJob,
        DeleteJob { options, expired }: &DeleteJob,
        context: &JobContext,
    ) -> Result<()> {
        let id = &options.backup_id;
        if let Some(name) = &options.repository {
            if *expired {
                // While the job waited, the newer copies may have been deleted.
                self.catalog().refuse_copy_expiry(id, name).await?;
            }
            return self.delete_copy(job, id, name, context).await;
        }
        context.set_phase(JobPhase::Planning);
        if *expired {
            // While the job waited, the newer backups may have been found damaged.
            self.catalog().refuse_expiry(id).await?;
        }
        let plan = self.delete_plan(options).await?;
        context.set_totals(plan.bytes, plan.files, 0);
        context.confirm().await?;
        let reason = self.backup(id.as_str()).await?.reason;
        self.catalog()
            .set_backup_state(id, BackupState::Deleting, reason.as_ref())
            .await?;
        self.repository().retire(id).await?;
        context.set_phase(JobPhase::Sweeping);
        let progress = |files, bytes| {
            context.add_files(files);
            context.add_bytes(bytes);
        };
        let text = if self
            .sweep_if_free(job.summary.id.as_str(), &progress)
            .await?
        {
            format!(
                "backup {id} is deleted; {} files stay because other backups name them",
                plan.shared_files
            )
        } else {
            format!(
                "backup {id} is deleted; its bytes go with a later deletion, because other work goes on in the repository"
            )
        };
        self.catalog()
            .set_backup_state(id, BackupState::Deleted, None)
            .await?;
        context.log(LogLevel::Info, text).await;
        Ok(())
    }

    /// A deletion ended without success: the backup is what it was, or, without its manifest, is gone.
    pub(crate) async fn delete_ended(&self, job: &JobSummary) -> Result<()> {
        let Some(id) = &job.backup_id else {
            return Ok(());
        };
        let Backup {
            summary, reason, ..
        } = self.backup(id.as_str()).await?;
        if summary.state != BackupState::Deleting {
            return Ok(());
        }
        let state = match (self.repository().manifest(id).await?, &reason) {
            (Some(_), None) => BackupState::Available,
            (Some(_), Some(_)) => BackupState::Damaged,
            (None, _) => BackupState::Failed,
        };
        let reason = if state == BackupState::Failed {
            job.reason.as_ref()
        } else {
            reason.as_ref()
        };
        self.catalog().set_backup_state(id, state, reason).await
    }
}
