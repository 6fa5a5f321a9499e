//! Canceling: at once while a job waits, soon while it runs, whoever runs it.

use std::time::{Duration, Instant};

use hozon_engine::{
    ErrorCode,
    model::{BackupState, JobState},
};
use tokio_util::sync::CancellationToken;

use crate::runner::{LEASE, Place, Script};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiting_job_ends_at_once() {
    let place = Place::new().await;
    let queue = place.queue(1).await;
    let id = place.add(&queue, "one", Script::Hold).await;
    let canceled = queue.cancel(&id).await.unwrap();
    assert_eq!(canceled.state, JobState::Canceled);
    let settled = place.until_settled(1).await;
    assert_eq!(settled, [(id.clone(), JobState::Canceled)]);
    let catalog = place.catalog().await;
    let backup = catalog.backup("backup-one").await.unwrap().unwrap();
    assert_eq!(backup.summary.state, BackupState::Failed);
    let again = queue.cancel(&id).await.unwrap_err();
    assert_eq!(again.code(), ErrorCode::JobNotCancelable);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_job_stops_soon_though_another_process_asks() {
    let place = Place::new().await;
    let worker = place.worker(1).await;
    let queue = place.queue(1).await;
    let id = place.add(&queue, "one", Script::Hold).await;
    place.until(&id, JobState::InProgress).await;
    let asked = Instant::now();
    queue.cancel(&id).await.unwrap();
    let canceled = place.until(&id, JobState::Canceled).await.summary;
    assert!(asked.elapsed() < Duration::from_secs(5));
    assert_eq!(canceled.reason, None);
    assert!(canceled.finished_at.is_some());
    let settled = place.until_settled(1).await;
    assert_eq!(settled, [(id, JobState::Canceled)]);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_canceled_job_of_a_dead_worker_ends() {
    let place = Place::hasty().await;
    let worker = place.worker(1).await;
    let queue = place.queue(1).await;
    let id = place.add(&queue, "one", Script::Hold).await;
    place.until(&id, JobState::InProgress).await;
    worker.kill().await;
    let state = queue.cancel(&id).await.unwrap().state;
    assert_eq!(state, JobState::Canceling);
    tokio::time::sleep(LEASE).await;
    let ended = queue.run_one(&id, &CancellationToken::new()).await.unwrap();
    assert_eq!(ended.state, JobState::Canceled);
    assert_eq!(place.until_settled(1).await.len(), 1);
}
