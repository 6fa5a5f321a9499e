//! What a restore job makes, and which of it is there.

use hozon_model::{CollectionName, JobId, JobKind, JobState, RestoreOptions};

use crate::{Engine, Error, ErrorCode, Result, commands::restore_items};

/// A collection of a restore job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoredCollection {
    /// Its name in the backup.
    pub source: CollectionName,
    /// Its name after the restore.
    pub target: CollectionName,
    /// Bytes that Milvus imports.
    pub bytes: u64,
    /// Whether it is whole, under its name (or was left as it was, if the restore was asked to skip it).
    pub done: bool,
}

impl Engine {
    /// The collections that a restore job makes or made, in the order of its work. Which are done is known also for a
    /// job that failed.
    ///
    /// # Errors
    /// `JobNotFound`, also for a job of another kind; `BackupNotAvailable` once its backup is gone.
    pub async fn restored_collections(&self, id: &JobId) -> Result<Vec<RestoredCollection>> {
        let job = self.job(id).await?.summary;
        let options = self.catalog().job_options(id).await?;
        let (JobKind::Restore, Some(options)) = (job.kind, options) else {
            return Err(Error::new(ErrorCode::JobNotFound, id.as_str())
                .because("it is no restore")
                .hint("run `hozon job list --kind restore` to see the restores"));
        };
        let options: RestoreOptions = serde_json::from_value(options)
            .map_err(|error| Error::new(ErrorCode::CatalogFailed, id.as_str()).caused_by(error))?;
        let repository = self.core().restore_source(&options).await?;
        let manifest = self.core().restorable(&repository, &options).await?;
        let checkpoint = self.catalog().job_checkpoint(id).await?;
        let done: Vec<&str> = checkpoint
            .as_ref()
            .and_then(|checkpoint| checkpoint.get("done")?.as_array())
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str())
            .collect();
        let all = job.state == JobState::Successful;
        Ok(restore_items(&manifest, &options)?
            .into_iter()
            .map(|item| RestoredCollection {
                done: all || done.contains(&item.target.to_string().as_str()),
                source: item.source,
                target: item.target,
                bytes: item.entry.summary.bytes,
            })
            .collect())
    }
}
