//! What a running job may do to itself: tell how far it is, keep a checkpoint, look whether it should stop.

use hozon_model::{JobPhase, LogLevel};
use serde::{Serialize, de::DeserializeOwned};
use tokio_util::sync::CancellationToken;

use crate::Result;

/// The hand of a worker on its job. Counting is cheap (atomics) and may be done from many tasks;
/// the heartbeat carries it to the catalog.
#[derive(Debug)]
pub struct JobContext {
    cancel: CancellationToken,
}

impl JobContext {
    /// Fires when the job should stop, for whatever reason.
    pub fn cancel_token(&self) -> &CancellationToken {
        &self.cancel
    }

    /// The reason to stop as an error (`Canceled`, `LeaseLost`, `JobInterrupted`), if there is one.
    pub fn check(&self) -> Result<()> {
        todo!()
    }

    /// Tells what the job does from now on.
    pub fn set_phase(&self, phase: JobPhase) {
        todo!("{phase:?}")
    }

    /// Tells how much there is to do; counters start from zero.
    pub fn set_totals(&self, bytes: u64, files: u64, rows: u64) {
        todo!("{bytes} {files} {rows}")
    }

    /// Counts bytes.
    pub fn add_bytes(&self, bytes: u64) {
        todo!("{bytes}")
    }

    /// Counts files.
    pub fn add_files(&self, files: u64) {
        todo!("{files}")
    }

    /// Counts rows.
    pub fn add_rows(&self, rows: u64) {
        todo!("{rows}")
    }

    /// Writes a line into the job's log.
    pub async fn log(&self, level: LogLevel, text: String) {
        todo!("{level:?} {text}")
    }

    /// What an earlier attempt kept.
    pub fn saved<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        todo!()
    }

    /// Keeps what a later attempt needs. Fails with `LeaseLost` if the job is not ours any more.
    pub async fn save<T: Serialize + Sync>(&self, checkpoint: &T) -> Result<()> {
        let _ = checkpoint;
        todo!()
    }

    /// Makes sure, now, that the job is still ours: call it before a step that cannot be undone.
    pub async fn confirm(&self) -> Result<()> {
        todo!()
    }
}
