//! The queue as one process uses it: puts jobs in, watches them, works on them.

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    Result,
    catalog::{Catalog, NewBackup, NewJob},
    jobs::JobRunner,
};
use hozon_model::JobSummary;

/// The durable jobs of one catalog, with what runs them here. Cheap to clone.
#[derive(Clone)]
pub struct JobQueue {
    catalog: Arc<dyn Catalog>,
    runner: Arc<dyn JobRunner>,
    lease: Duration,
    workers: usize,
}

impl fmt::Debug for JobQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobQueue")
            .field("lease", &self.lease)
            .field("workers", &self.workers)
            .finish_non_exhaustive()
    }
}

impl JobQueue {
    /// A queue whose jobs are run by `runner`, at most `workers` at a time, each held by a lease.
    pub fn new(
        catalog: Arc<dyn Catalog>,
        runner: Arc<dyn JobRunner>,
        lease: Duration,
        workers: usize,
    ) -> Result<Self> {
        Ok(Self {
            catalog,
            runner,
            lease,
            workers,
        })
    }

    /// Puts a job into the queue, and its new backup beside it, and wakes a worker. See [`Catalog::enqueue`].
    pub async fn enqueue(&self, job: &NewJob, backup: Option<&NewBackup>) -> Result<JobSummary> {
        self.catalog.enqueue(job, backup).await
    }
}
