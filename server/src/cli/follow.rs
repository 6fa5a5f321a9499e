//! Takes a job to its end in this process, or watches another process do it.

use std::time::Duration;

use futures::StreamExt;
use hozon_engine::{Engine, Error, ErrorCode};
use hozon_model::{Actor, JobState, JobSummary};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{
    door::{Desk, Door},
    exit::Failure,
    progress::Progress,
};

/// How long a worker may take to give a job back before this process leaves anyway.
const GIVE_BACK: Duration = Duration::from_secs(5);

/// Runs a job that waits, or follows one that runs. One Ctrl-C cancels the job, a second one leaves it.
pub(crate) async fn run(desk: &Desk, job: &JobSummary) -> Result<JobSummary, Failure> {
    match &desk.door {
        Door::Here { engine, actor } => work_on(engine, actor, job).await,
        Door::There(_) => follow(desk, job).await,
    }
}

async fn work_on(engine: &Engine, actor: &Actor, job: &JobSummary) -> Result<JobSummary, Failure> {
    let stop = CancellationToken::new();
    let id = job.id.clone();
    let (worker_engine, worker_id, worker_stop) = (engine.clone(), id.clone(), stop.clone());
    // In a task of its own: asking for the cancellation must not wait for the work to be polled.
    let mut work =
        tokio::spawn(async move { worker_engine.run_job(&worker_id, worker_stop).await });
    let mut updates = engine.watch_job(&id).fuse();
    let mut progress = Progress::start();
    let mut interrupts = interrupts()?;
    let mut canceled = false;
    let ended = loop {
        tokio::select! {
            ended = &mut work => break ended,
            Some(update) = updates.next() => progress.show(&update?),
            _ = interrupts.recv() => {
                if canceled {
                    progress.end();
                    stop.cancel();
                    let given_back = tokio::time::timeout(GIVE_BACK, work).await.is_ok();
                    return Err(left(
                        job,
                        if given_back {
                            "this process stopped working on it before it was canceled"
                        } else {
                            "this process left while it was still working; its claim ends by itself"
                        },
                    ));
                }
                canceled = true;
                match engine.cancel_job(actor, &id).await {
                    Ok(_) => progress.note("canceling; press Ctrl-C again to leave at once"),
                    Err(error) => progress.note(&format!("{error}; press Ctrl-C again to leave")),
                }
            }
        }
    };
    progress.end();
    let ended = ended
        .map_err(|error| Error::new(ErrorCode::Internal, id.to_string()).caused_by(error))??;
    outcome(ended)
}

/// Follows a job that a server elsewhere works on.
async fn follow(desk: &Desk, job: &JobSummary) -> Result<JobSummary, Failure> {
    let mut updates = desk.door.watch_job(&job.id);
    let mut progress = Progress::start();
    let mut interrupts = interrupts()?;
    let mut canceled = false;
    let mut last = job.clone();
    loop {
        tokio::select! {
            update = updates.next() => match update {
                Some(update) => {
                    last = update?;
                    progress.show(&last);
                }
                None => break,
            },
            _ = interrupts.recv() => {
                if canceled {
                    progress.end();
                    return Err(left(job, "the server goes on with it until it is canceled"));
                }
                canceled = true;
                match desk.door.cancel_job(&job.id).await {
                    Ok(_) => progress.note("canceling; press Ctrl-C again to leave at once"),
                    Err(error) => progress.note(&format!("{error}; press Ctrl-C again to leave")),
                }
            }
        }
    }
    progress.end();
    outcome(last)
}

/// Follows a job without working on it. Ctrl-C leaves it as it is.
pub(crate) async fn watch(desk: &Desk, job: &JobSummary) -> Result<JobSummary, Failure> {
    let mut updates = desk.door.watch_job(&job.id);
    let mut progress = Progress::start();
    let mut last = job.clone();
    while let Some(update) = updates.next().await {
        last = update?;
        progress.show(&last);
    }
    progress.end();
    outcome(last)
}

/// A job that ended is an answer only if it ended well.
fn outcome(job: JobSummary) -> Result<JobSummary, Failure> {
    let report = match job.state {
        JobState::Successful => return Ok(job),
        JobState::Canceled => Error::new(ErrorCode::Canceled, job.id.to_string()).into_report(),
        _ => job.reason.clone().unwrap_or_else(|| {
            Error::new(ErrorCode::JobInterrupted, job.id.to_string())
                .hint(format!("see `hozon job show {}`", job.id))
                .into_report()
        }),
    };
    Err(Failure::of_job(report, job))
}

fn left(job: &JobSummary, why: &str) -> Failure {
    let report = Error::new(ErrorCode::Canceled, job.id.to_string())
        .because(why)
        .hint(format!("see `hozon job show {}`", job.id))
        .into_report();
    Failure::of_job(report, job.clone())
}

fn interrupts() -> Result<tokio::signal::unix::Signal, Failure> {
    Ok(signal(SignalKind::interrupt())
        .map_err(|error| Error::new(ErrorCode::Internal, "signals").caused_by(error))?)
}
