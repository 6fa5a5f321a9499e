//! Work that goes well: progress, one job in this process, many jobs in many.

use std::{sync::atomic::Ordering::SeqCst, time::Duration};

use hozon_engine::model::{JobPhase, JobState};
use tokio_util::sync::CancellationToken;

use crate::runner::{Place, Script, start};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_runs_and_shows_how_far_it_is() {
    let place = Place::new().await;
    let queue = place.queue(1).await;
    let worker = start(&queue);
    let steps = Script::Steps {
        count: 40,
        pause_ms: 25,
    };
    let id = place.add(&queue, "one", steps).await;
    let running = loop {
        let job = place.until(&id, JobState::InProgress).await.summary;
        if job.progress.seconds_left.is_some() && job.progress.bytes_done > 0 {
            break job.progress;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(running.phase, JobPhase::Copying);
    assert_eq!((running.bytes_total, running.files_total), (40_000, 40));
    assert!(running.bytes_per_second > 5_000, "{running:?}");
    assert!(
        (1..=6).contains(&running.seconds_left.unwrap()),
        "{running:?}"
    );

    let done = place.until(&id, JobState::Successful).await;
    assert_eq!(done.summary.progress.phase, JobPhase::Finished);
    assert_eq!(done.summary.progress.bytes_done, 40_000);
    assert_eq!(done.summary.progress.percent(), 100);
    assert_eq!(done.summary.attempts, 1);
    assert_eq!(done.log.last().unwrap().text, "all steps taken");
    assert!(place.runner.ended.lock().unwrap().is_empty());
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_job_runs_here_and_no_other() {
    let place = Place::new().await;
    let queue = place.queue(1).await;
    let other = place.add(&queue, "other", Script::Hold).await;
    let steps = Script::Steps {
        count: 3,
        pause_ms: 1,
    };
    let id = place.add(&queue, "one", steps).await;
    let stop = CancellationToken::new();
    let done = queue.run_one(&id, &stop).await.unwrap();
    assert_eq!(done.state, JobState::Successful);
    assert_eq!(place.job(&other).await.summary.state, JobState::Pending);
    let again = queue.run_one(&id, &stop).await.unwrap();
    assert_eq!(again, done);
    let unknown = queue.run_one(&"none".to_owned().into(), &stop).await;
    assert!(unknown.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_job_is_followed_where_another_process_has_it() {
    let place = Place::new().await;
    let worker = place.worker(1).await;
    let queue = place.queue(1).await;
    let steps = Script::Steps {
        count: 10,
        pause_ms: 20,
    };
    let id = place.add(&queue, "one", steps).await;
    place.until(&id, JobState::InProgress).await;
    let done = queue.run_one(&id, &CancellationToken::new()).await.unwrap();
    assert_eq!(done.state, JobState::Successful);
    assert_eq!(place.runner.steps.lock().unwrap().len(), 10);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_workers_run_every_job_once() {
    const JOBS: u64 = 40;
    let place = Place::new().await;
    let queues = [place.queue(3).await, place.queue(3).await];
    let workers = [start(&queues[0]), start(&queues[1])];
    let mut ids = Vec::new();
    for number in 0..JOBS {
        let queue = &queues[(number % 2) as usize];
        let steps = Script::Steps {
            count: number % 4 + 1,
            pause_ms: number * 7 % 23,
        };
        ids.push(place.add(queue, &format!("n{number}"), steps).await);
    }
    for id in &ids {
        let done = place.until(id, JobState::Successful).await;
        assert_eq!(done.summary.attempts, 1);
    }
    let mut steps = place.runner.steps.lock().unwrap().clone();
    let taken = steps.len();
    steps.sort();
    steps.dedup();
    assert_eq!(steps.len(), taken);
    let asked: u64 = (0..JOBS).map(|number| number % 4 + 1).sum();
    assert_eq!(taken as u64, asked);
    assert_eq!(place.runner.doubles.load(SeqCst), 0);
    assert!((2..=6).contains(&place.runner.most.load(SeqCst)));
    for worker in workers {
        worker.stop().await;
    }
}
