//! Looking at jobs, canceling them, and working on them.

use futures::stream::BoxStream;
use hozon_model::{Actor, ErrorCode, Job, JobId, JobQuery, JobSummary, Page};
use tokio_util::sync::CancellationToken;

use crate::{Engine, Error, Result};

impl Engine {
    /// A page of the jobs list, newest first.
    pub async fn jobs(&self, query: &JobQuery) -> Result<Page<JobSummary>> {
        self.queue().reclaim().await?;
        self.catalog().jobs(query).await
    }

    /// Everything about one job.
    pub async fn job(&self, id: &JobId) -> Result<Job> {
        self.queue().reclaim().await?;
        self.catalog().job(id).await?.ok_or_else(|| {
            Error::new(ErrorCode::JobNotFound, id.as_str())
                .hint("run `hozon job list` to see the jobs")
        })
    }

    /// Asks a job to stop. A waiting one is canceled at once.
    pub async fn cancel_job(&self, actor: &Actor, id: &JobId) -> Result<JobSummary> {
        let outcome = self.queue().cancel(id).await;
        self.audit(actor, "job.cancel", id.as_str(), &outcome)
            .await?;
        outcome
    }

    /// The job now, then each time it changes, whoever works on it; ends after its final state.
    pub fn watch_job(&self, id: &JobId) -> BoxStream<'static, Result<JobSummary>> {
        self.queue().watch(id)
    }

    /// Works on the queue until told to stop; then lets running jobs checkpoint and gives them back.
    pub async fn run_workers(&self, stop: CancellationToken) -> Result<()> {
        self.queue().work(&stop).await;
        Ok(())
    }

    /// Works on this one job in this process, or, if another process has it, waits for it to end. Once `stop` fires the
    /// job is given back and returned as it is then, which is not a final state.
    pub async fn run_job(&self, id: &JobId, stop: CancellationToken) -> Result<JobSummary> {
        self.queue().run_one(id, &stop).await
    }
}
