//! Waiting for a job, for clients that want its end as the answer.

use futures::StreamExt;
use hozon_engine::{Engine, Error, ErrorCode, Result};
use hozon_model::JobSummary;

/// The job in its final state, whoever works on it.
pub(crate) async fn ended(engine: &Engine, job: JobSummary) -> Result<JobSummary> {
    if job.state.is_final() {
        return Ok(job);
    }
    let mut seen = engine.watch_job(&job.id);
    let mut last = job;
    while let Some(now) = seen.next().await {
        last = now?;
    }
    if last.state.is_final() {
        Ok(last)
    } else {
        Err(Error::new(ErrorCode::Internal, last.id.as_str())
            .because("it is not followed any more before its end"))
    }
}
