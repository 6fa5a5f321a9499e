//! One attempt at a job: runs it under a heartbeat, and brings it to the end that fits what came of it.

use std::{
    any::Any,
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::FutureExt;
use hozon_model::{ErrorCode, ErrorReport, JobState, LogLevel};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::{
    JobQueue,
    context::{JobContext, StopReason},
};
use crate::{Error, Result, catalog::ClaimedJob};

/// Progress that changes is written at most this often.
const LIVELY: Duration = Duration::from_millis(500);
/// A job that says nothing new still looks this often whether it was canceled elsewhere.
const CALM: Duration = Duration::from_secs(1);
/// How often the end of a job is tried to be written while the catalog fails.
const FINISH_TRIES: u32 = 6;

/// What came of running a job.
enum Outcome {
    Done,
    Failed(Error),
    Panicked(String),
}

impl JobQueue {
    /// Runs a claimed job until it ends, is lost, or is given back because `stop` fired.
    pub(super) async fn attempt(&self, job: ClaimedJob, stop: &CancellationToken) {
        let parts = &self.parts;
        let id = job.summary.id.clone();
        let context = Arc::new(JobContext::new(parts.catalog.clone(), &job, parts.lease));
        self.announce(&id);
        let heart = {
            let (queue, context, stop) = (self.clone(), context.clone(), stop.clone());
            AbortOnDropHandle::new(tokio::spawn(
                async move { queue.heart(&context, &stop).await },
            ))
        };
        let running = AssertUnwindSafe(parts.runner.run(&job, &context)).catch_unwind();
        let outcome = tokio::select! {
            outcome = running => match outcome {
                Ok(Ok(())) => Outcome::Done,
                Ok(Err(error)) => Outcome::Failed(error),
                Err(panic) => Outcome::Panicked(panic_text(&*panic)),
            },
            error = overdue(&context, stop) => Outcome::Failed(error),
        };
        self.conclude(&context, outcome).await;
        drop(heart);
        self.announce(&id);
        // A program that stops has no time for it; the next start has.
        if !stop.is_cancelled()
            && let Err(error) = self.settle().await
        {
            tracing::warn!(job = %id, %error, "what bad ends left is not put right yet");
        }
    }

    /// Gives signs of life, carries progress, and passes on every reason to stop.
    async fn heart(&self, context: &JobContext, stop: &CancellationToken) {
        let third = context.lease() / 3;
        let (lively, calm) = (LIVELY.min(third), CALM.min(third));
        let mut carried = None;
        let mut alive_at = Instant::now();
        loop {
            tokio::select! {
                () = tokio::time::sleep(lively) => {}
                () = stop.cancelled(), if context.stop_reason().is_none() => {
                    context.stop(StopReason::Interrupted);
                }
            }
            let progress = context.progress();
            if carried == Some(progress) && alive_at.elapsed() < calm {
                continue;
            }
            let sent_at = Instant::now();
            match context.beat(&progress).await {
                Ok(()) => {
                    alive_at = sent_at;
                    carried = Some(progress);
                    self.announce(context.id());
                }
                Err(error) => {
                    tracing::warn!(job = %context.id(), %error, "heartbeat failed");
                    if alive_at.elapsed() >= context.lease() {
                        context.stop(StopReason::LeaseLost);
                    }
                }
            }
        }
    }

    async fn conclude(&self, context: &JobContext, outcome: Outcome) {
        let id = context.id();
        let stopped = context.stop_reason();
        let ended = match (outcome, stopped) {
            (Outcome::Done, _) => self.finish(context, JobState::Successful, None).await,
            (Outcome::Failed(error), Some(StopReason::LeaseLost)) => {
                tracing::warn!(job = %id, %error, "the job was lost to another worker");
                return;
            }
            (Outcome::Failed(error), Some(StopReason::Interrupted)) => {
                tracing::info!(job = %id, %error, "the job is given back, this program is stopping");
                self.parts.catalog.give_back(id, context.fence()).await
            }
            (Outcome::Failed(error), Some(StopReason::Canceled)) => {
                if error.code() != ErrorCode::Canceled {
                    context.log(LogLevel::Warning, error.to_string()).await;
                }
                self.finish(context, JobState::Canceled, None).await
            }
            (Outcome::Failed(error), None) => {
                context.log(LogLevel::Error, error.to_string()).await;
                self.finish(context, JobState::Failed, Some(error.report()))
                    .await
            }
            (Outcome::Panicked(text), _) => {
                context
                    .log(LogLevel::Error, format!("panicked: {text}"))
                    .await;
                let reason = Error::new(ErrorCode::Internal, id.as_str())
                    .because(text)
                    .hint("this is a defect in Hozon: please report it with the job's log")
                    .into_report();
                self.finish(context, JobState::Failed, Some(&reason)).await
            }
        };
        if let Err(error) = ended {
            tracing::error!(job = %id, %error, "the job's end was not written; another attempt follows");
        }
    }

    /// Writes the end; while the catalog fails, again after a while: the heartbeat still holds the job.
    async fn finish(
        &self,
        context: &JobContext,
        state: JobState,
        reason: Option<&ErrorReport>,
    ) -> Result<()> {
        let progress = context.final_progress(state == JobState::Successful);
        let mut tries = 0;
        loop {
            let written = self
                .parts
                .catalog
                .finish(context.id(), context.fence(), state, reason, &progress)
                .await;
            tries += 1;
            match written {
                Err(error) if error.code() != ErrorCode::LeaseLost && tries < FINISH_TRIES => {
                    tracing::warn!(job = %context.id(), %error, "the job's end is not written yet");
                    tokio::time::sleep(Duration::from_millis(100) * 2_u32.pow(tries)).await;
                }
                other => return other,
            }
        }
    }
}

/// Comes when a job that must stop has not stopped for the time of a lease. A canceled one may take its time,
/// as long as the job is ours and the program runs.
async fn overdue(context: &JobContext, stop: &CancellationToken) -> Error {
    context.cancel_token().cancelled().await;
    if context.stop_reason() == Some(StopReason::Canceled) {
        stop.cancelled().await;
    }
    tokio::time::sleep(context.lease()).await;
    Error::new(ErrorCode::JobInterrupted, context.id().as_str())
        .because("it did not stop in time and was cut off")
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without words".to_owned())
}
