//! Doing again what ended badly: a new job with the same options, which says what it does again.

use hozon_model::{Action, ClusterId, JobId, JobKind, JobState, JobSummary, Resource};
use serde::de::DeserializeOwned;

use crate::{
    Engine, Error, ErrorCode, Result,
    access::{Acts, ask},
    commands::RestoreJob,
};

impl Engine {
    /// Puts a failed or canceled job into the queue once more, as a new one. Everything is checked as it was the first
    /// time; a backup is made anew, under the same name.
    ///
    /// # Errors
    /// `JobNotFound`; `JobNotRetryable` for one that has not ended or ended well, and for deletions and adoptions; what
    /// the verb itself refuses.
    pub async fn retry_job(&self, by: &dyn Acts, id: &JobId) -> Result<JobSummary> {
        let retried = self.try_retry_job(by, id).await;
        self.audit(by.actor(), "job.retry", id.as_str(), &retried)
            .await?;
        retried
    }

    async fn try_retry_job(&self, by: &dyn Acts, id: &JobId) -> Result<JobSummary> {
        let job = self.job(id).await?.summary;
        ask(
            by,
            Resource::Job,
            Action::Retry,
            &self.place_of_job(&job).await?,
        )?;
        if !matches!(job.state, JobState::Failed | JobState::Canceled) {
            return Err(refused(id, "it has not ended, or ended well"));
        }
        let again = Some(id.clone());
        match job.kind {
            JobKind::Backup => {
                let backup = job.backup_id.as_ref().map_or("", |id| id.as_str());
                let method = self.core().backup(backup).await?.summary.method;
                let options = self.options_of(id).await?;
                self.try_create_backup(by, options, method, again).await
            }
            JobKind::Restore => {
                let mut told: RestoreJob = self.options_of(id).await?;
                if let Some(order) = &told.new_cluster
                    && self.is_registered(&order.id).await?
                {
                    // It was made, and there is nothing to ask for.
                    told.new_cluster = None;
                }
                match told.new_cluster {
                    Some(order) => {
                        self.try_restore_into_new_cluster(by, told.options, order, again)
                            .await
                    }
                    None => self.try_restore_backup(by, told.options, again).await,
                }
            }
            JobKind::Verify => {
                let options = self.options_of(id).await?;
                self.try_verify_backup(by, options, again).await
            }
            JobKind::Export => {
                let options = self.options_of(id).await?;
                self.try_export_backup(by, options, again).await
            }
            JobKind::Copy => {
                let told = self.options_of(id).await?;
                self.try_copy_backup(by, told, again).await
            }
            JobKind::Delete => Err(refused(id, "a deletion is asked for anew, not done again")),
            JobKind::Adopt => Err(refused(id, "an adoption is asked for anew, not done again")),
        }
    }

    async fn is_registered(&self, id: &ClusterId) -> Result<bool> {
        let found = self.catalog().cluster(id.as_str()).await?;
        Ok(found.is_some_and(|(cluster, _)| cluster.id == *id))
    }

    async fn options_of<T: DeserializeOwned>(&self, id: &JobId) -> Result<T> {
        let options = self.catalog().job_options(id).await?.unwrap_or_default();
        serde_json::from_value(options)
            .map_err(|error| Error::new(ErrorCode::CatalogFailed, id.as_str()).caused_by(error))
    }
}

fn refused(id: &JobId, why: &str) -> Error {
    Error::new(ErrorCode::JobNotRetryable, id.as_str())
        .because(why)
        .hint("only backups, restores, verifications, exports and copies that failed or were canceled are retried")
}

#[cfg(test)]
mod tests;
