//! Durable jobs: a queue of rows, workers that hold a lease, progress, checkpoints, cancel and resume.
//!
//! A job belongs to whoever holds its lease. A worker that dies is silent, its lease runs out, and the job goes on
//! elsewhere from its checkpoint. Whatever a job that ends without success leaves behind is put right by
//! [`JobRunner::ended`], which is asked again until it has succeeded.

use async_trait::async_trait;
use hozon_model::JobSummary;

use crate::{Result, catalog::ClaimedJob};

mod attempt;
mod context;
mod meter;
mod queue;
mod watch;
mod worker;

pub use context::JobContext;
pub use queue::JobQueue;

/// Does what a job asks for. The engine's commands are the one implementation; tests bring their own.
#[async_trait]
pub trait JobRunner: Send + Sync + 'static {
    /// Runs one attempt. `Canceled`, `LeaseLost` and `JobInterrupted` (the server stops) are how it ends early.
    ///
    /// After a stop it has one lease's time to return; then it is dropped, as by a crash. One that succeeds although
    /// it was asked to stop has succeeded.
    async fn run(&self, job: &ClaimedJob, context: &JobContext) -> Result<()>;
    /// Called after a job ended for good without success, by whatever way: puts right what depends on it.
    /// Called again, also after a restart, until it returns without error; so it may be called twice.
    async fn ended(&self, job: &JobSummary) -> Result<()>;
}
