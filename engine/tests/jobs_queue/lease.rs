//! Workers that die or stop: nothing is lost, nothing is done twice at a time, nothing is stuck.

use std::{sync::atomic::Ordering::SeqCst, time::Duration};

use hozon_engine::{
    ErrorCode,
    model::{BackupState, JobState},
};
use tokio_util::sync::CancellationToken;

use crate::runner::{LEASE, Place, Script, start};

const LONG: Script = Script::Steps {
    count: 30,
    pause_ms: 30,
};

/// Lets a job get somewhere.
async fn until_some_steps(place: &Place) {
    while place.runner.steps.lock().unwrap().len() < 5 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Every step in its turn; repeated at most the one that was under way when a worker went.
fn assert_resumed(place: &Place, interruptions: u32) {
    let steps = place.runner.steps.lock().unwrap();
    let mut taken: Vec<u64> = steps.iter().map(|(_, step)| *step).collect();
    assert!(taken.len() <= 30 + interruptions as usize, "{taken:?}");
    taken.dedup();
    assert_eq!(taken, (0..30).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_workers_job_goes_on_elsewhere_from_its_checkpoint() {
    let place = Place::hasty().await;
    let first = place.worker(1).await;
    let queue = place.queue(1).await;
    let id = place.add(&queue, "one", LONG).await;
    until_some_steps(&place).await;
    first.kill().await;
    assert_eq!(place.job(&id).await.summary.state, JobState::InProgress);

    let second = start(&queue);
    let done = place.until(&id, JobState::Successful).await;
    assert!(done.summary.attempts >= 2);
    assert!(
        done.log[0].text.contains("no sign of life"),
        "{:?}",
        done.log
    );
    assert_resumed(&place, done.summary.attempts - 1);
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_followed_job_is_taken_over_when_its_process_dies() {
    let place = Place::hasty().await;
    let other = place.worker(1).await;
    let queue = place.queue(1).await;
    let id = place.add(&queue, "one", LONG).await;
    until_some_steps(&place).await;
    let stop = CancellationToken::new();
    let following = {
        let (queue, id, stop) = (queue.clone(), id.clone(), stop.clone());
        tokio::spawn(async move { queue.run_one(&id, &stop).await })
    };
    other.kill().await;
    let done = following.await.unwrap().unwrap();
    assert_eq!(done.state, JobState::Successful);
    assert_resumed(&place, done.attempts - 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_gives_its_jobs_back() {
    let place = Place::new().await;
    let queue = place.queue(2).await;
    let first = start(&queue);
    let id = place.add(&queue, "one", LONG).await;
    until_some_steps(&place).await;
    first.stop().await;
    let waiting = place.job(&id).await.summary;
    assert_eq!((waiting.state, waiting.attempts), (JobState::Pending, 0));

    let stop = CancellationToken::new();
    let done = queue.run_one(&id, &stop).await.unwrap();
    assert_eq!((done.state, done.attempts), (JobState::Successful, 1));
    assert_resumed(&place, 1);
    assert_eq!(place.runner.doubles.load(SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_single_job_is_given_back_when_told_to_stop() {
    let place = Place::new().await;
    let queue = place.queue(1).await;
    let id = place.add(&queue, "one", Script::Hold).await;
    let stop = CancellationToken::new();
    let (left, ()) = tokio::join!(queue.run_one(&id, &stop), async {
        place.until(&id, JobState::InProgress).await;
        stop.cancel();
    });
    assert_eq!(left.unwrap().state, JobState::Pending);
    assert!(place.runner.ended.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_does_not_stop_is_cut_off() {
    let place = Place::hasty().await;
    let queue = place.queue(1).await;
    let worker = start(&queue);
    let id = place.add(&queue, "one", Script::Stubborn).await;
    place.until(&id, JobState::InProgress).await;
    worker.stop().await;
    assert_eq!(place.job(&id).await.summary.state, JobState::Pending);

    let worker = start(&queue);
    place.until(&id, JobState::InProgress).await;
    queue.cancel(&id).await.unwrap();
    tokio::time::sleep(LEASE * 3).await;
    assert_eq!(place.job(&id).await.summary.state, JobState::Canceling);
    worker.stop().await;
    assert_eq!(place.job(&id).await.summary.state, JobState::Canceled);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_without_its_lease_can_keep_nothing_and_end_nothing() {
    let place = Place::hasty().await;
    let catalog = place.catalog().await;
    let queue = place.queue(1).await;
    let id = place.add(&queue, "one", LONG).await;
    let late = {
        let (queue, id) = (queue.clone(), id.clone());
        tokio::spawn(async move { queue.run_one(&id, &CancellationToken::new()).await })
    };
    until_some_steps(&place).await;
    // What a claim of another process does, once the first has been silent for too long.
    let mut connection = place.connection().await;
    let fence: i64 = sqlx::query_scalar(
        "UPDATE jobs SET fence = fence + 1, owner = 'thief', lease_until = lease_until + 60000000 RETURNING fence",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    let taken = place.runner.steps.lock().unwrap().len() as u64;
    tokio::time::sleep(LEASE * 3).await;

    let job = place.job(&id).await.summary;
    assert_eq!(job.state, JobState::InProgress);
    let steps = place.runner.steps.lock().unwrap().len() as u64;
    assert!(steps <= taken + 1, "{steps} {taken}");
    let kept: String = sqlx::query_scalar("SELECT checkpoint FROM jobs")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert!(kept.parse::<u64>().unwrap() <= taken, "{kept} {taken}");
    catalog.give_back(&id, fence).await.unwrap();
    let done = late.await.unwrap().unwrap();
    assert_eq!(done.state, JobState::Successful);
    assert_resumed(&place, done.attempts);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_whose_workers_all_die_ends_with_advice() {
    let place = Place::hasty().await;
    let queue = place.queue(1).await;
    let id = place.add(&queue, "one", Script::Hold).await;
    for _ in 0..3 {
        let worker = place.worker(1).await;
        place.until(&id, JobState::InProgress).await;
        worker.kill().await;
        tokio::time::sleep(LEASE).await;
        queue.reclaim().await.unwrap();
    }
    let failed = place.until(&id, JobState::Failed).await;
    let reason = failed.summary.reason.unwrap();
    assert_eq!(reason.code, ErrorCode::JobInterrupted);
    assert!(reason.hint.contains("start the job anew"), "{reason:?}");
    let catalog = place.catalog().await;
    let backup = catalog.backup("backup-one").await.unwrap().unwrap();
    assert_eq!(backup.summary.state, BackupState::Failed);

    assert!(place.runner.ended.lock().unwrap().is_empty());
    let worker = place.worker(1).await;
    assert_eq!(place.until_settled(1).await, [(id, JobState::Failed)]);
    worker.stop().await;
}
