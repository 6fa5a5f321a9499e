//! The queue: claims, attempts, ends, and that a lost lease is a lost right.

use std::time::Duration;

use hozon_engine::{
    ErrorCode, ErrorReport,
    catalog::{Catalog, Pulse},
    model::{
        BackupState, JobId, JobKind, JobLogLine, JobPhase, JobProgress, JobQuery, JobState,
        LogLevel,
    },
};

use crate::samples::{
    LEASE, at, claim, code, enqueue, enqueue_backup, let_lease_run_out, manifest, new_backup,
    with_cluster,
};

crate::contract!(
    runs_a_job,
    refuses_writes_of_an_older_claim,
    counts_attempts_and_gives_up,
    gives_back_without_counting,
    cancels,
    settles_each_bad_end_once,
    lists_jobs,
);

async fn state(catalog: &dyn Catalog, id: &JobId) -> JobState {
    catalog.job_summary(id).await.unwrap().unwrap().state
}

async fn backup_state(catalog: &dyn Catalog, id: &str) -> BackupState {
    catalog.backup(id).await.unwrap().unwrap().summary.state
}

async fn runs_a_job(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let id = enqueue_backup(catalog, &new_backup("b1", "夜間", &main), &main)
        .await
        .unwrap();
    let waiting = catalog.job_summary(&id).await.unwrap().unwrap();
    assert_eq!(waiting.state, JobState::Pending);
    assert_eq!(waiting.backup_name.as_deref(), Some("夜間"));
    assert_eq!(waiting.cluster_name.as_deref(), Some("main"));
    assert_eq!((waiting.attempts, waiting.started_at), (0, None));

    let claimed = claim(catalog).await.unwrap();
    assert_eq!(claimed.summary.id, id);
    assert_eq!(claimed.summary.state, JobState::InProgress);
    assert_eq!(claimed.summary.attempts, 1);
    assert_eq!(claimed.options, serde_json::json!({ "for": "job-b1" }));
    assert_eq!(claimed.checkpoint, None);
    assert!(claim(catalog).await.is_none());

    let progress = JobProgress {
        phase: JobPhase::Copying,
        bytes_done: 5,
        bytes_total: u64::MAX >> 1,
        seconds_left: Some(9),
        ..JobProgress::default()
    };
    let pulse = catalog
        .heartbeat(&id, claimed.fence, LEASE, &progress)
        .await;
    assert_eq!(pulse.unwrap(), Pulse::Held);
    let line = JobLogLine {
        at: at(2),
        level: LogLevel::Warning,
        text: "慢".to_owned(),
    };
    catalog.log(&id, &line).await.unwrap();
    let job = catalog.job(&id).await.unwrap().unwrap();
    assert_eq!(job.summary.progress, progress);
    assert_eq!(job.log, [line]);

    let done = JobProgress {
        phase: JobPhase::Finished,
        ..progress
    };
    catalog
        .finish(&id, claimed.fence, JobState::Successful, None, &done)
        .await
        .unwrap();
    let ended = catalog.job_summary(&id).await.unwrap().unwrap();
    assert_eq!(ended.state, JobState::Successful);
    assert_eq!(ended.progress, done);
    assert!(ended.started_at.is_some() && ended.finished_at.is_some());
    assert!(catalog.next_unsettled(LEASE).await.unwrap().is_none());
}

async fn refuses_writes_of_an_older_claim(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let id = enqueue_backup(catalog, &new_backup("b1", "one", &main), &main)
        .await
        .unwrap();
    let progress = JobProgress::default();
    let old = catalog
        .claim("first", Duration::ZERO)
        .await
        .unwrap()
        .unwrap();
    let kept = serde_json::json!({ "files": ["一", "二"] });
    catalog.checkpoint(&id, old.fence, &kept).await.unwrap();
    let_lease_run_out().await;
    assert!(catalog.reclaim(3).await.unwrap().is_empty());
    assert_eq!(state(catalog, &id).await, JobState::Pending);

    for reclaimed in [true, false] {
        let pulse = catalog.heartbeat(&id, old.fence, LEASE, &progress).await;
        assert_eq!(pulse.unwrap(), Pulse::Lost);
        let kept = catalog
            .checkpoint(&id, old.fence, &serde_json::json!("late"))
            .await;
        assert_eq!(code(kept), ErrorCode::LeaseLost);
        let finished = catalog
            .finish(&id, old.fence, JobState::Successful, None, &progress)
            .await;
        assert_eq!(code(finished), ErrorCode::LeaseLost);
        let given = catalog.give_back(&id, old.fence).await;
        assert_eq!(code(given), ErrorCode::LeaseLost);
        if reclaimed {
            let new = catalog.claim("second", LEASE).await.unwrap().unwrap();
            assert!(new.fence > old.fence);
            assert_eq!(new.checkpoint.as_ref(), Some(&kept_files()));
        }
    }
    assert_eq!(state(catalog, &id).await, JobState::InProgress);
}

fn kept_files() -> serde_json::Value {
    serde_json::json!({ "files": ["一", "二"] })
}

async fn counts_attempts_and_gives_up(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let id = enqueue_backup(catalog, &new_backup("b1", "one", &main), &main)
        .await
        .unwrap();
    for attempt in 1..=3 {
        let claimed = catalog.claim("w", Duration::ZERO).await.unwrap().unwrap();
        assert_eq!(claimed.summary.attempts, attempt);
        let_lease_run_out().await;
        let ended = catalog.reclaim(3).await.unwrap();
        assert_eq!(ended.len(), usize::from(attempt == 3));
    }
    let job = catalog.job(&id).await.unwrap().unwrap();
    assert_eq!(job.summary.state, JobState::Failed);
    let reason = job.summary.reason.unwrap();
    assert_eq!(reason.code, ErrorCode::JobInterrupted);
    assert!(!reason.hint.is_empty());
    assert_eq!(job.log.len(), 3);
    assert_eq!(backup_state(catalog, "b1").await, BackupState::Failed);
    assert!(claim(catalog).await.is_none());
}

async fn gives_back_without_counting(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let id = enqueue_backup(catalog, &new_backup("b1", "one", &main), &main)
        .await
        .unwrap();
    for _ in 0..5 {
        let claimed = claim(catalog).await.unwrap();
        assert_eq!(claimed.summary.attempts, 1);
        catalog.give_back(&id, claimed.fence).await.unwrap();
        assert_eq!(state(catalog, &id).await, JobState::Pending);
    }
    let claimed = claim(catalog).await.unwrap();
    catalog.cancel(&id).await.unwrap();
    catalog.give_back(&id, claimed.fence).await.unwrap();
    assert_eq!(state(catalog, &id).await, JobState::Canceled);
}

async fn cancels(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let waiting = enqueue_backup(catalog, &new_backup("b1", "one", &main), &main)
        .await
        .unwrap();
    let ended = catalog.cancel(&waiting).await.unwrap();
    assert_eq!(ended.state, JobState::Canceled);
    assert!(ended.finished_at.is_some());
    assert_eq!(backup_state(catalog, "b1").await, BackupState::Failed);
    assert_eq!(
        code(catalog.cancel(&waiting).await),
        ErrorCode::JobNotCancelable
    );
    assert_eq!(
        code(catalog.cancel(&JobId::new("none")).await),
        ErrorCode::JobNotFound
    );

    let running = enqueue_backup(catalog, &new_backup("b2", "two", &main), &main)
        .await
        .unwrap();
    let claimed = catalog.claim("w", Duration::ZERO).await.unwrap().unwrap();
    for _ in 0..2 {
        let asked = catalog.cancel(&running).await.unwrap();
        assert_eq!(asked.state, JobState::Canceling);
    }
    let progress = JobProgress::default();
    let pulse = catalog
        .heartbeat(&running, claimed.fence, Duration::ZERO, &progress)
        .await;
    assert_eq!(pulse.unwrap(), Pulse::CancelAsked);
    let_lease_run_out().await;
    let ended = catalog.reclaim(3).await.unwrap();
    assert_eq!(ended[0].state, JobState::Canceled);

    catalog
        .record_manifest(&manifest("b3", "three", &main, 1))
        .await
        .unwrap();
    let delete = enqueue(catalog, "j3", JobKind::Delete, "b3").await.unwrap();
    claim(catalog).await.unwrap();
    assert_eq!(
        code(catalog.cancel(&delete).await),
        ErrorCode::JobNotCancelable
    );
    assert_eq!(state(catalog, &delete).await, JobState::InProgress);
}

async fn settles_each_bad_end_once(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let id = enqueue_backup(catalog, &new_backup("b1", "one", &main), &main)
        .await
        .unwrap();
    let claimed = claim(catalog).await.unwrap();
    let reason = ErrorReport {
        code: ErrorCode::StorageFull,
        subject: "disk".to_owned(),
        detail: "no space".to_owned(),
        hint: "make some".to_owned(),
    };
    catalog
        .finish(
            &id,
            claimed.fence,
            JobState::Failed,
            Some(&reason),
            &JobProgress::default(),
        )
        .await
        .unwrap();
    let backup = catalog.backup("b1").await.unwrap().unwrap();
    assert_eq!(backup.reason, Some(reason));

    let next = async |hold| catalog.next_unsettled(hold).await.unwrap();
    assert_eq!(next(Duration::ZERO).await.unwrap().id, id);
    let_lease_run_out().await;
    assert_eq!(next(Duration::ZERO).await.unwrap().id, id);
    catalog.hold_unsettled(&id, LEASE).await.unwrap();
    let_lease_run_out().await;
    assert_eq!(next(LEASE).await, None);
    catalog.hold_unsettled(&id, Duration::ZERO).await.unwrap();
    let_lease_run_out().await;
    assert_eq!(next(LEASE).await.unwrap().id, id);
    catalog.settle(&id).await.unwrap();
    catalog.hold_unsettled(&id, Duration::ZERO).await.unwrap();
    let_lease_run_out().await;
    assert_eq!(next(LEASE).await, None);
}

async fn lists_jobs(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    catalog
        .record_manifest(&manifest("b0", "zero", &main, 1))
        .await
        .unwrap();
    let backup = enqueue_backup(catalog, &new_backup("b1", "one", &main), &main)
        .await
        .unwrap();
    let verify = enqueue(catalog, "j2", JobKind::Verify, "b0").await.unwrap();
    claim(catalog).await.unwrap();
    let ids = async |query: JobQuery| {
        let page = catalog.jobs(&query).await.unwrap();
        page.items.into_iter().map(|job| job.id).collect::<Vec<_>>()
    };
    let all = JobQuery::default();
    assert_eq!(ids(all.clone()).await, [verify.clone(), backup.clone()]);
    let running = JobQuery {
        state: Some(JobState::InProgress),
        ..all.clone()
    };
    assert_eq!(ids(running).await, std::slice::from_ref(&backup));
    let checks = JobQuery {
        kind: Some(JobKind::Verify),
        ..all.clone()
    };
    assert_eq!(ids(checks).await, [verify]);
    let of_cluster = JobQuery {
        cluster_id: Some(main.id.clone()),
        ..all.clone()
    };
    assert_eq!(ids(of_cluster).await, [backup]);
    let second_page = JobQuery {
        page: 2,
        page_size: 1,
        backup_id: Some("b0".to_owned().into()),
        ..all
    };
    assert!(ids(second_page).await.is_empty());
}
