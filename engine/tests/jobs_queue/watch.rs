//! Watching a job: the state now, then changes only, then the end.

use futures::StreamExt;
use hozon_engine::{ErrorCode, model::JobState};

use crate::runner::{Place, Script, start};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watcher_sees_changes_and_the_end() {
    for same_process in [true, false] {
        let place = Place::new().await;
        let queue = place.queue(1).await;
        let steps = Script::Steps {
            count: 60,
            pause_ms: 25,
        };
        let id = place.add(&queue, "one", steps).await;
        let mut watch = queue.watch(&id);
        let first = watch.next().await.unwrap().unwrap();
        assert_eq!(first.state, JobState::Pending);
        let worker = if same_process {
            start(&queue)
        } else {
            place.worker(1).await
        };
        let seen: Vec<_> = watch.map(Result::unwrap).collect().await;
        assert!(seen.len() >= 3, "{seen:?}");
        assert!(seen.windows(2).all(|pair| pair[0] != pair[1]));
        let steady = |pair: &[hozon_engine::model::JobSummary]| {
            pair[0].progress.bytes_done <= pair[1].progress.bytes_done
        };
        assert!(seen.windows(2).all(steady), "{seen:?}");
        let halfway =
            |job: &hozon_engine::model::JobSummary| (1..60_000).contains(&job.progress.bytes_done);
        assert!(seen.iter().any(halfway), "{seen:?}");
        assert_eq!(seen.last().unwrap().state, JobState::Successful);
        worker.stop().await;
    }
}

#[tokio::test]
async fn watching_an_ended_or_unknown_job_ends() {
    let place = Place::new().await;
    let queue = place.queue(1).await;
    let id = place.add(&queue, "one", Script::Hold).await;
    queue.cancel(&id).await.unwrap();
    let seen: Vec<_> = queue.watch(&id).collect().await;
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].as_ref().unwrap().state, JobState::Canceled);

    let seen: Vec<_> = queue.watch(&"none".to_owned().into()).collect().await;
    assert_eq!(seen.len(), 1);
    let error = seen[0].as_ref().unwrap_err();
    assert_eq!(error.code(), ErrorCode::JobNotFound);
}
