//! What a running job may do to itself: tell how far it is, keep a checkpoint, look whether it should stop.

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use hozon_model::{JobId, JobLogLine, JobPhase, JobProgress, LogLevel};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use tokio_util::sync::CancellationToken;

use super::meter::Meter;
use crate::{
    Error, ErrorCode, Result,
    catalog::{Catalog, ClaimedJob, Pulse},
};

/// Why a job should stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StopReason {
    /// Somebody asked for it.
    Canceled,
    /// The process ends; the job goes on later.
    Interrupted,
    /// The job is not ours any more.
    LeaseLost,
}

/// The hand of a worker on its job. Counting is cheap (atomics) and may be done from many tasks;
/// the heartbeat carries it to the catalog.
#[derive(Debug)]
pub struct JobContext {
    id: JobId,
    fence: i64,
    lease: Duration,
    catalog: Arc<dyn Catalog>,
    checkpoint: Option<serde_json::Value>,
    meter: Meter,
    reason: OnceLock<StopReason>,
    cancel: CancellationToken,
}

impl JobContext {
    pub(super) fn new(catalog: Arc<dyn Catalog>, job: &ClaimedJob, lease: Duration) -> Self {
        Self {
            id: job.summary.id.clone(),
            fence: job.fence,
            lease,
            catalog,
            checkpoint: job.checkpoint.clone(),
            meter: Meter::new(Instant::now()),
            reason: OnceLock::new(),
            cancel: CancellationToken::new(),
        }
    }

    /// Fires when the job should stop, for whatever reason.
    pub fn cancel_token(&self) -> &CancellationToken {
        &self.cancel
    }

    /// The reason to stop as an error (`Canceled`, `LeaseLost`, `JobInterrupted`), if there is one.
    pub fn check(&self) -> Result<()> {
        let Some(reason) = self.stop_reason() else {
            return Ok(());
        };
        let (code, why) = match reason {
            StopReason::Canceled => (ErrorCode::Canceled, "somebody asked for it"),
            StopReason::LeaseLost => (
                ErrorCode::LeaseLost,
                "another worker has the job now, or it ended",
            ),
            StopReason::Interrupted => (
                ErrorCode::JobInterrupted,
                "the program is stopping; the job goes on when it runs again",
            ),
        };
        Err(Error::new(code, self.id.as_str()).because(why))
    }

    /// Does something that may take long, or for ever, and drops it when the job should stop. What is dropped must
    /// leave no more behind than a crash would.
    ///
    /// # Errors
    /// Those of the work, and of [`Self::check`].
    pub async fn unless_stopped<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            () = self.cancel.cancelled() => {
                self.check()?;
                Err(Error::new(ErrorCode::Canceled, self.id.as_str()))
            }
            done = work => done,
        }
    }

    /// Tells what the job does from now on. Counters stay as they are until [`Self::set_totals`], so that what was
    /// done remains to be seen while the last steps are taken.
    pub fn set_phase(&self, phase: JobPhase) {
        self.meter.set_phase(phase);
    }

    /// Tells how much there is to do; counters start from zero.
    pub fn set_totals(&self, bytes: u64, files: u64, rows: u64) {
        self.meter.set_totals(bytes, files, rows, Instant::now());
    }

    /// Counts bytes.
    pub fn add_bytes(&self, bytes: u64) {
        self.meter.add_bytes(bytes);
    }

    /// Counts files.
    pub fn add_files(&self, files: u64) {
        self.meter.add_files(files);
    }

    /// Counts rows.
    pub fn add_rows(&self, rows: u64) {
        self.meter.add_rows(rows);
    }

    /// Writes a line into the job's log. A line that cannot be written goes to the program's own log:
    /// the work is worth more.
    pub async fn log(&self, level: LogLevel, text: String) {
        let at = Timestamp::now();
        let line = JobLogLine { at, level, text };
        if let Err(error) = self.catalog.log(&self.id, &line).await {
            tracing::warn!(job = %self.id, %error, text = line.text, "job log line was not kept");
        }
    }

    /// What an earlier attempt kept.
    ///
    /// # Errors
    /// `JobInterrupted` if it was kept by another version and cannot be understood.
    pub fn saved<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        self.checkpoint
            .as_ref()
            .map(T::deserialize)
            .transpose()
            .map_err(|error| {
                Error::new(ErrorCode::JobInterrupted, self.id.as_str())
                    .caused_by(error)
                    .hint("another version of Hozon began this job: start it anew")
            })
    }

    /// Keeps what a later attempt needs. Fails with `LeaseLost` if the job is not ours any more.
    pub async fn save<T: Serialize + Sync>(&self, checkpoint: &T) -> Result<()> {
        let value = serde_json::to_value(checkpoint)
            .map_err(|error| Error::new(ErrorCode::Internal, self.id.as_str()).caused_by(error))?;
        let kept = self.catalog.checkpoint(&self.id, self.fence, &value).await;
        if let Err(error) = &kept
            && error.code() == ErrorCode::LeaseLost
        {
            self.stop(StopReason::LeaseLost);
        }
        kept
    }

    /// Makes sure, now, that the job is still ours: call it before a step that cannot be undone.
    pub async fn confirm(&self) -> Result<()> {
        self.beat(&self.progress()).await?;
        self.check()
    }

    pub(super) fn id(&self) -> &JobId {
        &self.id
    }

    pub(super) fn fence(&self) -> i64 {
        self.fence
    }

    pub(super) fn lease(&self) -> Duration {
        self.lease
    }

    pub(super) fn progress(&self) -> JobProgress {
        self.meter.progress(Instant::now())
    }

    pub(super) fn final_progress(&self, succeeded: bool) -> JobProgress {
        self.meter.final_progress(succeeded)
    }

    /// Gives a sign of life, and stops the job if the catalog says so.
    pub(super) async fn beat(&self, progress: &JobProgress) -> Result<()> {
        match self
            .catalog
            .heartbeat(&self.id, self.fence, self.lease, progress)
            .await?
        {
            Pulse::Held => {}
            Pulse::CancelAsked => self.stop(StopReason::Canceled),
            Pulse::Lost => self.stop(StopReason::LeaseLost),
        }
        Ok(())
    }

    /// Tells the job to stop. The first reason stays; a lost lease shows in every write anyway.
    pub(super) fn stop(&self, reason: StopReason) {
        self.reason.get_or_init(|| reason);
        self.cancel.cancel();
    }

    pub(super) fn stop_reason(&self) -> Option<StopReason> {
        self.reason.get().copied()
    }
}
