//! Working on the queue: many jobs for as long as the program runs, or one and no other.

use std::time::{Duration, Instant};

use hozon_model::{ErrorCode, JobId, JobSummary};
use tokio::task::JoinSet;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::JobQueue;
use crate::{Error, Result};

/// How often a worker looks for jobs that other processes put into the queue.
const LOOK: Duration = Duration::from_secs(1);
/// How often a job that somebody else holds is looked at.
const FOLLOW: Duration = Duration::from_millis(500);

impl JobQueue {
    /// Works on the queue until told to stop; then lets running jobs checkpoint and gives them back.
    pub async fn work(&self, stop: &CancellationToken) {
        let parts = &self.parts;
        let house = {
            let queue = self.clone();
            AbortOnDropHandle::new(tokio::spawn(async move { queue.keep_house().await }))
        };
        let mut running = JoinSet::new();
        while !stop.is_cancelled() {
            while running.len() < parts.workers && !stop.is_cancelled() {
                match parts.catalog.claim(&parts.owner, parts.lease).await {
                    Ok(Some(job)) => {
                        let (queue, stop) = (self.clone(), stop.clone());
                        running.spawn(async move { queue.attempt(job, &stop).await });
                    }
                    Ok(None) => break,
                    Err(error) => {
                        tracing::warn!(%error, "claiming a job failed");
                        break;
                    }
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = parts.bell.notified() => {}
                () = tokio::time::sleep(LOOK.min(parts.lease / 3)) => {}
                Some(ended) = running.join_next() => report_defect(ended),
            }
        }
        while let Some(ended) = running.join_next().await {
            report_defect(ended);
        }
        drop(house);
    }

    /// Works on this one job in this process, or, if another process has it, waits for it to end; takes it over should
    /// that process die. Once `stop` fires, gives it back and returns it as it is then.
    ///
    /// # Errors
    /// `JobNotFound`, or the catalog's.
    pub async fn run_one(&self, id: &JobId, stop: &CancellationToken) -> Result<JobSummary> {
        let parts = &self.parts;
        let mut changes = parts.changes.subscribe();
        let mut tidied_at: Option<Instant> = None;
        loop {
            if tidied_at.is_none_or(|at| at.elapsed() >= parts.lease / 3) {
                tidied_at = Some(Instant::now());
                self.tidy().await?;
            }
            if !stop.is_cancelled()
                && let Some(job) = parts
                    .catalog
                    .claim_job(id, &parts.owner, parts.lease)
                    .await?
            {
                self.attempt(job, stop).await;
            }
            let job = self.summary(id).await?;
            if job.state.is_final() || stop.is_cancelled() {
                return Ok(job);
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = super::watch::change_of(id, &mut changes) => {}
                () = tokio::time::sleep(FOLLOW.min(parts.lease / 3)) => {}
            }
        }
    }

    /// A job as it is now.
    pub(super) async fn summary(&self, id: &JobId) -> Result<JobSummary> {
        let found = self.parts.catalog.job_summary(id).await?;
        found.ok_or_else(|| {
            Error::new(ErrorCode::JobNotFound, id.as_str())
                .hint("run `hozon job list` to see the jobs")
        })
    }

    /// Looks after silent workers and bad ends: at once, then three times in a lease. Apart from claiming, which must
    /// not wait for a repository that does not answer.
    async fn keep_house(&self) {
        loop {
            if let Err(error) = self.tidy().await {
                tracing::warn!(%error, "looking after the queue failed");
            }
            self.parts.bell.notify_one();
            tokio::time::sleep(self.parts.lease / 3).await;
        }
    }
}

/// Runners' panics are caught where they run; what arrives here is a defect of the queue's own.
fn report_defect(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a worker's task broke");
    }
}
