//! A job's progress as server-sent events.

use std::{convert::Infallible, time::Duration};

use axum::{
    Extension,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, StreamExt, stream, stream::BoxStream};
use hozon_engine::{Engine, ErrorCode, Result};
use hozon_model::{JobId, JobSummary, User};
use tokio::time::{Instant, sleep_until};

use super::Site;

/// Messages come no more often than this, the last one aside.
const PAUSE: Duration = Duration::from_millis(200);
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// The identifier of the last message: a browser that reconnects after it has seen everything.
const LAST: &str = "last";

/// Each message is a [`JobSummary`] in JSON; the stream ends after the job's final state.
pub(super) async fn job(
    State(engine): State<Engine>,
    State(site): State<Site>,
    Path(id): Path<JobId>,
    Extension(user): Extension<Option<User>>,
    headers: HeaderMap,
) -> Response {
    if headers.get("last-event-id").is_some_and(|id| id == LAST) {
        return StatusCode::NO_CONTENT.into_response();
    }
    let Some(user) = user else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    match may_see(&engine, &user, &id).await {
        Ok(()) => {}
        Err(error)
            if matches!(
                error.code(),
                ErrorCode::JobNotFound | ErrorCode::BackupNotFound
            ) =>
        {
            return (StatusCode::NOT_FOUND, "No such job.\n").into_response();
        }
        Err(error) if error.code() == ErrorCode::PermissionDenied => {
            return (StatusCode::FORBIDDEN, "This job belongs to others.\n").into_response();
        }
        Err(error) => {
            tracing::error!(%error, job = %id, "a job cannot be followed");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    }
    let events = messages(engine.watch_job(&id)).take_until(site.stop.cancelled_owned());
    Sse::new(events)
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response()
}

async fn may_see(engine: &Engine, user: &User, id: &JobId) -> Result<()> {
    let caller = engine.caller_of(user, "console").await?;
    engine.seen_by(caller).job(id).await.map(drop)
}

/// The newest state at most every [`PAUSE`]; what lies between is left out, the end never is.
fn messages(
    updates: BoxStream<'static, Result<JobSummary>>,
) -> impl Stream<Item = std::result::Result<Event, Infallible>> + Send {
    let start = Some((updates.fuse(), Instant::now()));
    stream::unfold(start, |state| async move {
        let (mut updates, due) = state?;
        let mut newest = updates.next().await?;
        while !is_last(&newest) {
            tokio::select! {
                biased;
                () = sleep_until(due) => break,
                more = updates.next() => match more {
                    Some(more) => newest = more,
                    None => break,
                },
            }
        }
        let state = (!is_last(&newest)).then(|| (updates, Instant::now() + PAUSE));
        Some((Ok(message(newest)), state))
    })
}

fn is_last(update: &Result<JobSummary>) -> bool {
    update.as_ref().map_or(true, |job| job.state.is_final())
}

fn message(update: Result<JobSummary>) -> Event {
    match update {
        Ok(job) => {
            let event = if job.state.is_final() {
                Event::default().id(LAST)
            } else {
                Event::default()
            };
            event
                .json_data(&job)
                .expect("a job has only text keys and finite numbers")
        }
        Err(error) => {
            tracing::error!(%error, "following a job failed");
            Event::default().event("failure").data(error.code().what())
        }
    }
}

#[cfg(test)]
mod tests {
    use hozon_model::{JobKind, JobProgress, JobState};
    use jiff::Timestamp;

    use super::*;

    fn job(state: JobState) -> JobSummary {
        JobSummary {
            retry_of: None,
            id: JobId::new("job-a"),
            kind: JobKind::Backup,
            state,
            backup_id: None,
            project_id: hozon_model::ProjectId::default(),
            backup_name: None,
            cluster_id: None,
            cluster_name: None,
            created_at: Timestamp::UNIX_EPOCH,
            started_at: None,
            finished_at: None,
            created_by: "admin".to_owned(),
            progress: JobProgress::default(),
            reason: None,
            attempts: 1,
        }
    }

    #[tokio::test]
    async fn many_updates_become_few_messages_and_the_end_is_one_of_them() {
        let updates = stream::iter(0..60).then(|step| async move {
            tokio::time::sleep(Duration::from_millis(10)).await;
            Ok(job(if step < 50 {
                JobState::InProgress
            } else {
                JobState::Successful
            }))
        });
        let start = Instant::now();
        let seen: Vec<_> = messages(updates.boxed()).collect().await;
        let most = start.elapsed().as_millis() / PAUSE.as_millis() + 2;
        assert!(
            (2..=most).contains(&(seen.len() as u128)),
            "{} messages",
            seen.len()
        );
        let texts: Vec<String> = seen.iter().map(|event| format!("{event:?}")).collect();
        let ends = texts.iter().filter(|text| text.contains("SUCCESSFUL"));
        assert_eq!(ends.count(), 1, "nothing follows the end");
        assert!(texts[texts.len() - 1].contains("SUCCESSFUL"));
    }

    #[tokio::test]
    async fn a_quiet_job_is_told_at_once() {
        let updates = stream::iter([Ok(job(JobState::Pending))]).chain(stream::pending());
        let mut seen = Box::pin(messages(updates.boxed()));
        let first = tokio::time::timeout(PAUSE, seen.next()).await;
        assert!(first.expect("a message at once").is_some());
    }
}
