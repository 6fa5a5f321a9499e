//! Looking at jobs, canceling them, and working on them.

use futures::stream::BoxStream;
use hozon_model::{Actor, Job, JobId, JobQuery, JobSummary, Page};
use tokio_util::sync::CancellationToken;

use crate::{Engine, Result};

impl Engine {
    /// A page of the jobs list, newest first.
    pub async fn jobs(&self, query: &JobQuery) -> Result<Page<JobSummary>> {
        todo!("{query:?}")
    }

    /// Everything about one job.
    pub async fn job(&self, id: &JobId) -> Result<Job> {
        todo!("{id}")
    }

    /// Asks a job to stop. A waiting one is canceled at once.
    pub async fn cancel_job(&self, actor: &Actor, id: &JobId) -> Result<JobSummary> {
        todo!("{actor:?} {id}")
    }

    /// The job now, then each time it changes, whoever works on it; ends after its final state.
    pub fn watch_job(&self, id: &JobId) -> BoxStream<'static, Result<JobSummary>> {
        todo!("{id}")
    }

    /// Works on the queue until told to stop; then lets running jobs checkpoint and gives them back.
    pub async fn run_workers(&self, stop: CancellationToken) -> Result<()> {
        todo!("{stop:?}")
    }

    /// Works on this one job in this process, or, if another process has it, waits for it to end.
    pub async fn run_job(&self, id: &JobId, stop: CancellationToken) -> Result<JobSummary> {
        todo!("{id} {stop:?}")
    }
}
