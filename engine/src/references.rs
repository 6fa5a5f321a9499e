//! What clients call their requests, where an API lets them choose: kept beside a job's options, so that it is known
//! after a restart and by every server that works on the catalog.

use std::collections::HashMap;

use hozon_model::{BackupId, BackupOptions, JobId, JobKind, JobSummary, RestoreOptions};

use crate::{Engine, Error, ErrorCode, Result, access::Acts};

/// Longest reference, in bytes.
const LONGEST: usize = 256;

impl Engine {
    /// Like [`Self::create_backup`], for a client that calls its request so. Of several requests of one reference the
    /// newest is found by it.
    ///
    /// # Errors
    /// `InvalidInput` for a reference of no or more than 256 bytes, or with a control character.
    pub async fn create_backup_as(
        &self,
        by: &dyn Acts,
        options: BackupOptions,
        reference: &str,
    ) -> Result<JobSummary> {
        check(reference)?;
        let job = self.create_backup(by, options).await?;
        self.catalog().refer_job(&job.id, reference).await?;
        Ok(job)
    }

    /// Like [`Self::restore_backup`], for a client that calls its request so.
    ///
    /// # Errors
    /// As [`Self::create_backup_as`].
    pub async fn restore_backup_as(
        &self,
        by: &dyn Acts,
        options: RestoreOptions,
        reference: &str,
    ) -> Result<JobSummary> {
        check(reference)?;
        let job = self.restore_backup(by, options).await?;
        self.catalog().refer_job(&job.id, reference).await?;
        Ok(job)
    }

    /// The newest job of a kind that a client calls so; none if there is none.
    pub async fn referred_job(&self, kind: JobKind, reference: &str) -> Result<Option<JobSummary>> {
        match self.catalog().referred_job(kind, reference).await? {
            Some(id) => Ok(Some(self.job(&id).await?.summary)),
            None => Ok(None),
        }
    }

    /// What a client calls a job; none if it has no name for it.
    pub async fn job_reference(&self, id: &JobId) -> Result<Option<String>> {
        let options = self.catalog().job_options(id).await?;
        let reference = options
            .as_ref()
            .and_then(|options| options.get("reference")?.as_str());
        Ok(reference.map(str::to_owned))
    }

    /// What clients called their requests for backups, as far as they called them anything.
    pub async fn backup_references(&self) -> Result<HashMap<BackupId, String>> {
        self.catalog().references(JobKind::Backup).await
    }
}

fn check(reference: &str) -> Result<()> {
    if reference.is_empty() || reference.len() > LONGEST || reference.chars().any(char::is_control)
    {
        return Err(Error::new(ErrorCode::InvalidInput, "reference")
            .because("a reference has 1 to 256 bytes, none of them a control character"));
    }
    Ok(())
}
