//! The queue as one process uses it: puts jobs in, cancels them, and puts right what bad ends leave.

use std::{convert::Infallible, fmt, panic::AssertUnwindSafe, process, sync::Arc, time::Duration};

use futures::FutureExt;
use hozon_model::{ErrorCode, JobId, JobSummary};
use tokio::sync::{Notify, broadcast};

use super::JobRunner;
use crate::{
    Result,
    catalog::{Catalog, NewBackup, NewJob, NewRun, RunOutcome},
    id,
};

/// How often a job is tried whose worker dies.
const MAX_ATTEMPTS: u32 = 3;
/// Changes that a slow watcher may miss before it only learns that it missed some.
const CHANGES_KEPT: usize = 256;

/// The durable jobs of one catalog, with what runs them here. Cheap to clone.
#[derive(Clone)]
pub struct JobQueue {
    pub(super) parts: Arc<Parts>,
}

pub(super) struct Parts {
    pub(super) catalog: Arc<dyn Catalog>,
    pub(super) runner: Arc<dyn JobRunner>,
    pub(super) lease: Duration,
    pub(super) workers: usize,
    /// Names this process in leases and logs.
    pub(super) owner: String,
    /// Rings when there may be something to claim.
    pub(super) bell: Notify,
    /// Names jobs that changed by our own doing.
    pub(super) changes: broadcast::Sender<JobId>,
}

impl fmt::Debug for JobQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobQueue")
            .field("owner", &self.parts.owner)
            .field("lease", &self.parts.lease)
            .field("workers", &self.parts.workers)
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
            parts: Arc::new(Parts {
                catalog,
                runner,
                lease,
                workers: workers.max(1),
                owner: format!("{}-{}", process::id(), id::secret(6)?),
                bell: Notify::new(),
                changes: broadcast::channel(CHANGES_KEPT).0,
            }),
        })
    }

    /// Puts a job into the queue, and its new backup beside it, and wakes a worker. See [`Catalog::enqueue`].
    pub async fn enqueue(&self, job: &NewJob, backup: Option<&NewBackup>) -> Result<JobSummary> {
        self.reclaim().await?;
        let catalog = &self.parts.catalog;
        let summary = match catalog.enqueue(job, backup).await {
            Err(error) if error.code() == ErrorCode::BackupInUse => {
                self.settle().await?;
                catalog.enqueue(job, backup).await?
            }
            other => other?,
        };
        self.announce(&summary.id);
        self.parts.bell.notify_one();
        Ok(summary)
    }

    /// Makes a policy's run, and wakes a worker if there is a job. See [`Catalog::enqueue_run`].
    pub async fn enqueue_run(
        &self,
        run: &NewRun,
        job: &NewJob,
        backup: &NewBackup,
    ) -> Result<RunOutcome> {
        self.reclaim().await?;
        let outcome = self.parts.catalog.enqueue_run(run, job, backup).await?;
        if let RunOutcome::Made(job) = &outcome {
            self.announce(&job.id);
            self.parts.bell.notify_one();
        }
        Ok(outcome)
    }

    /// Asks a job to stop; a waiting one ends at once. See [`Catalog::cancel`].
    pub async fn cancel(&self, id: &JobId) -> Result<JobSummary> {
        self.reclaim().await?;
        let summary = self.parts.catalog.cancel(id).await?;
        self.announce(id);
        if summary.state.is_final() {
            self.settle().await?;
        }
        Ok(summary)
    }

    /// Takes jobs back from workers that are silent, so that whoever looks sees how things are. Cheap where there are none.
    pub async fn reclaim(&self) -> Result<()> {
        for job in self.parts.catalog.reclaim(MAX_ATTEMPTS).await? {
            tracing::warn!(job = %job.id, state = ?job.state, "a silent worker's job ended");
            self.announce(&job.id);
        }
        Ok(())
    }

    /// Takes back what silent workers held, and puts right what bad ends left.
    pub(super) async fn tidy(&self) -> Result<()> {
        self.reclaim().await?;
        self.settle().await
    }

    /// Lets the runner put right what depends on jobs that ended without success. What fails is tried again later.
    pub(super) async fn settle(&self) -> Result<()> {
        let parts = &self.parts;
        let hold = parts.lease * 4;
        while let Some(job) = parts.catalog.next_unsettled(hold).await? {
            let ended = AssertUnwindSafe(parts.runner.ended(&job)).catch_unwind();
            let outcome = tokio::select! {
                outcome = ended => outcome,
                never = self.keep_unsettled(&job.id, hold) => match never {},
            };
            match outcome {
                Ok(Ok(())) => parts.catalog.settle(&job.id).await?,
                Ok(Err(error)) => {
                    tracing::warn!(job = %job.id, %error, "what the job left is not put right yet");
                }
                Err(_) => {
                    tracing::error!(job = %job.id, "putting right what the job left panicked");
                }
            }
            self.announce(&job.id);
        }
        Ok(())
    }

    /// Keeps others from putting the same right while it takes its time.
    async fn keep_unsettled(&self, id: &JobId, hold: Duration) -> Infallible {
        loop {
            tokio::time::sleep(hold / 3).await;
            if let Err(error) = self.parts.catalog.hold_unsettled(id, hold).await {
                tracing::warn!(job = %id, %error, "the hold on an ended job was not renewed");
            }
        }
    }

    /// Tells watchers in this process to look now. That nobody watches is no error.
    pub(super) fn announce(&self, id: &JobId) {
        let _watchers = self.parts.changes.send(id.clone());
    }
}
