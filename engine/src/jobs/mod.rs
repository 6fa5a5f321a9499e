//! Durable jobs: a queue of rows, workers that hold a lease, progress, checkpoints, cancel and resume.

use async_trait::async_trait;
use hozon_model::JobSummary;

use crate::{Result, catalog::ClaimedJob};

mod context;
mod queue;

pub use context::JobContext;
pub use queue::JobQueue;

/// Does what a job asks for. The engine's commands are the one implementation; tests bring their own.
#[async_trait]
pub trait JobRunner: Send + Sync + 'static {
    /// Runs one attempt. `Canceled`, `LeaseLost` and `JobInterrupted` (the server stops) are how it ends early.
    async fn run(&self, job: &ClaimedJob, context: &JobContext) -> Result<()>;
    /// Called after a job ended for good without success, by whatever way: puts right what depends on it.
    async fn ended(&self, job: &JobSummary) -> Result<()>;
}
