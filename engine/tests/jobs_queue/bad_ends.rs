//! Jobs that fail: with the reason, without taking the worker along, and with what they leave put right.

use std::{sync::atomic::Ordering::SeqCst, time::Duration};

use hozon_engine::{
    ErrorCode,
    model::{BackupState, JobKind, JobState, LogLevel},
};

use crate::runner::{LEASE, Place, Script, start};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_keeps_its_reason() {
    let place = Place::new().await;
    let queue = place.queue(1).await;
    let worker = start(&queue);
    let id = place.add(&queue, "one", Script::Fail).await;
    let failed = place.until(&id, JobState::Failed).await;
    let reason = failed.summary.reason.unwrap();
    assert_eq!(reason.code, ErrorCode::StorageFull);
    assert_eq!((&*reason.subject, &*reason.hint), ("disk", "make space"));
    let last = failed.log.last().unwrap();
    assert_eq!(
        (last.level, &*last.text),
        (LogLevel::Error, "storage is full: `disk`")
    );
    let catalog = place.catalog().await;
    let backup = catalog.backup("backup-one").await.unwrap().unwrap();
    assert_eq!(backup.summary.state, BackupState::Failed);
    assert_eq!(backup.reason, Some(reason));
    assert_eq!(place.until_settled(1).await, [(id, JobState::Failed)]);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_ends_its_job_and_nothing_else() {
    let place = Place::new().await;
    let queue = place.queue(1).await;
    let worker = start(&queue);
    let broken = place.add(&queue, "one", Script::Panic).await;
    let steps = Script::Steps {
        count: 1,
        pause_ms: 0,
    };
    let fine = place.add(&queue, "two", steps).await;
    let failed = place.until(&broken, JobState::Failed).await.summary;
    let reason = failed.reason.unwrap();
    assert_eq!(reason.code, ErrorCode::Internal);
    assert_eq!(reason.detail, "the script says so");
    place.until(&fine, JobState::Successful).await;
    assert_eq!(place.until_settled(1).await.len(), 1);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_bad_end_leaves_is_put_right_again_and_again() {
    let place = Place::hasty().await;
    place.runner.ended_fails.store(2, SeqCst);
    let queue = place.queue(1).await;
    let worker = start(&queue);
    let id = place.add(&queue, "one", Script::Fail).await;
    place.until(&id, JobState::Failed).await;
    while place.runner.ended_fails.load(SeqCst) > 1 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    worker.kill().await;
    assert!(place.runner.ended.lock().unwrap().is_empty());

    let worker = place.worker(1).await;
    assert_eq!(place.until_settled(1).await, [(id, JobState::Failed)]);
    tokio::time::sleep(LEASE * 5).await;
    assert_eq!(place.runner.ended.lock().unwrap().len(), 1);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backups_wait_for_a_deletion_and_then_run() {
    let place = Place::new().await;
    let queue = place.queue(4).await;
    let steps = |count| Script::Steps {
        count,
        pause_ms: 20,
    };
    let delete = place
        .add_kind(&queue, "old", JobKind::Delete, steps(20))
        .await;
    let worker = start(&queue);
    place.until(&delete, JobState::InProgress).await;
    let backup = place.add(&queue, "new", steps(1)).await;
    let verify = place
        .add_kind(&queue, "seen", JobKind::Verify, steps(1))
        .await;
    place.until(&verify, JobState::Successful).await;
    assert_eq!(place.job(&backup).await.summary.state, JobState::Pending);
    place.until(&delete, JobState::Successful).await;
    place.until(&backup, JobState::Successful).await;
    let steps = place.runner.steps.lock().unwrap().clone();
    assert_eq!(steps.last().unwrap().0, backup);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn putting_right_may_take_long_and_is_done_by_one() {
    let place = Place::hasty().await;
    let long = LEASE * 10;
    place
        .runner
        .ended_takes_ms
        .store(long.as_millis() as u32, SeqCst);
    let queue = place.queue(1).await;
    let workers = [start(&queue), place.worker(1).await];
    let id = place.add(&queue, "one", Script::Fail).await;
    place.until_settled(1).await;
    tokio::time::sleep(long + LEASE * 5).await;
    assert_eq!(place.until_settled(1).await, [(id, JobState::Failed)]);
    for worker in workers {
        worker.stop().await;
    }
}
