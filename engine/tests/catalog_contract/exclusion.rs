//! What excludes what: in the queue and at work.

use hozon_engine::{
    Error, ErrorCode,
    catalog::Catalog,
    model::{BackupState, JobId, JobKind, JobProgress, JobQuery, JobState},
};

use crate::samples::{
    LEASE, automatic, claim, code, enqueue, enqueue_backup, manifest, new_backup, with_cluster,
};

crate::contract!(
    allows_one_manual_backup_per_cluster,
    keeps_deletions_alone_with_their_backup,
    never_runs_backup_and_deletion_together,
    runs_one_adoption_at_a_time,
    refuses_what_cannot_be_used,
);

async fn state(catalog: &dyn Catalog, id: &JobId) -> JobState {
    catalog.job_summary(id).await.unwrap().unwrap().state
}

async fn backup_state(catalog: &dyn Catalog, id: &str) -> BackupState {
    catalog.backup(id).await.unwrap().unwrap().summary.state
}

async fn allows_one_manual_backup_per_cluster(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let other = with_cluster(catalog, "other").await;
    let first = enqueue_backup(catalog, &new_backup("b1", "one", &main), &main)
        .await
        .unwrap();
    let second = new_backup("b2", "two", &main);
    let beforehand = catalog.refuse_busy(&main.id).await;
    let refused = enqueue_backup(catalog, &second, &main).await;
    let reports = [beforehand.unwrap_err(), refused.unwrap_err()].map(Error::into_report);
    for report in reports {
        assert_eq!(report.code, ErrorCode::BackupBusy);
        assert_eq!(report.subject, "main");
        assert!(
            report.hint.contains("hozon job cancel job-b1"),
            "{report:?}"
        );
    }
    catalog.refuse_busy(&other.id).await.unwrap();

    enqueue_backup(catalog, &new_backup("b3", "three", &other), &other)
        .await
        .unwrap();
    let automatic = enqueue_backup(catalog, &automatic("b4", "four", &main), &main)
        .await
        .unwrap();
    claim(catalog).await.unwrap();
    let running = enqueue_backup(catalog, &second, &main).await;
    assert_eq!(code(running), ErrorCode::BackupBusy);
    catalog.cancel(&first).await.unwrap();
    let canceling = enqueue_backup(catalog, &second, &main).await;
    assert_eq!(code(canceling), ErrorCode::BackupBusy);

    let progress = JobProgress::default();
    catalog
        .finish(&first, 1, JobState::Canceled, None, &progress)
        .await
        .unwrap();
    assert_eq!(backup_state(catalog, "b1").await, BackupState::Failed);
    let reason = catalog.backup("b1").await.unwrap().unwrap().reason;
    assert_eq!(reason.unwrap().code, ErrorCode::Canceled);

    let beside_automatic = enqueue_backup(catalog, &second, &main).await;
    let report = beside_automatic.unwrap_err().into_report();
    assert_eq!(report.code, ErrorCode::BackupBusy);
    assert!(report.detail.contains("an automatic backup"), "{report:?}");
    catalog.cancel(&automatic).await.unwrap();
    enqueue_backup(catalog, &second, &main).await.unwrap();
}

async fn keeps_deletions_alone_with_their_backup(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    for id in ["b1", "b2"] {
        catalog
            .record_manifest(&manifest(id, id, &main, 1))
            .await
            .unwrap();
    }
    let verify = enqueue(catalog, "j1", JobKind::Verify, "b1").await.unwrap();
    enqueue(catalog, "j2", JobKind::Restore, "b1")
        .await
        .unwrap();
    let refused = enqueue(catalog, "j3", JobKind::Delete, "b1").await;
    assert_eq!(code(refused), ErrorCode::BackupInUse);

    let delete = enqueue(catalog, "j4", JobKind::Delete, "b2").await.unwrap();
    for kind in [JobKind::Restore, JobKind::Verify, JobKind::Delete] {
        let refused = enqueue(catalog, "j5", kind, "b2").await;
        assert_eq!(code(refused), ErrorCode::BackupInUse);
    }
    catalog.cancel(&delete).await.unwrap();
    let unsettled = enqueue(catalog, "j5", JobKind::Restore, "b2").await;
    assert_eq!(code(unsettled), ErrorCode::BackupInUse);
    catalog.settle(&delete).await.unwrap();
    enqueue(catalog, "j5", JobKind::Restore, "b2")
        .await
        .unwrap();
    assert_eq!(state(catalog, &verify).await, JobState::Pending);
}

async fn never_runs_backup_and_deletion_together(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    for id in ["b1", "b2"] {
        catalog
            .record_manifest(&manifest(id, id, &main, 1))
            .await
            .unwrap();
    }
    let delete = enqueue(catalog, "j1", JobKind::Delete, "b1").await.unwrap();
    let backup = enqueue_backup(catalog, &new_backup("b3", "new", &main), &main)
        .await
        .unwrap();
    let verify = enqueue(catalog, "j3", JobKind::Verify, "b2").await.unwrap();

    let deleting = claim(catalog).await.unwrap();
    assert_eq!(deleting.summary.id, delete);
    assert_eq!(claim(catalog).await.unwrap().summary.id, verify);
    let named = catalog.claim_job(&backup, "tester", LEASE).await.unwrap();
    assert!(named.is_none());
    let done = JobProgress::default();
    catalog
        .finish(&delete, deleting.fence, JobState::Successful, None, &done)
        .await
        .unwrap();

    let running = catalog.claim_job(&backup, "tester", LEASE).await.unwrap();
    assert_eq!(running.unwrap().summary.id, backup);
    let delete = enqueue(catalog, "j4", JobKind::Delete, "b1").await.unwrap();
    assert!(claim(catalog).await.is_none());
    catalog.cancel(&backup).await.unwrap();
    assert!(claim(catalog).await.is_none());
    catalog
        .finish(&backup, 1, JobState::Canceled, None, &done)
        .await
        .unwrap();
    assert_eq!(claim(catalog).await.unwrap().summary.id, delete);
}

async fn runs_one_adoption_at_a_time(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    for id in ["b1", "b2", "b3"] {
        let manifest = manifest(id, id, &main, 1);
        catalog.record_manifest(&manifest).await.unwrap();
    }
    let first = enqueue(catalog, "j1", JobKind::Adopt, "b1").await.unwrap();
    let second = enqueue(catalog, "j2", JobKind::Adopt, "b2").await.unwrap();
    let verify = enqueue(catalog, "j3", JobKind::Verify, "b3").await.unwrap();
    let adopting = claim(catalog).await.unwrap();
    assert_eq!(adopting.summary.id, first);
    assert_eq!(claim(catalog).await.unwrap().summary.id, verify);
    assert!(claim(catalog).await.is_none());
    let done = JobProgress::default();
    catalog
        .finish(&first, adopting.fence, JobState::Successful, None, &done)
        .await
        .unwrap();
    assert_eq!(claim(catalog).await.unwrap().summary.id, second);
}

async fn refuses_what_cannot_be_used(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let unknown = enqueue(catalog, "j1", JobKind::Verify, "b1").await;
    assert_eq!(code(unknown), ErrorCode::BackupNotFound);
    let manifest = manifest("b1", "one", &main, 1);
    catalog.record_manifest(&manifest).await.unwrap();
    for (state, kinds) in [
        (
            BackupState::Deleting,
            &[JobKind::Restore, JobKind::Verify][..],
        ),
        (
            BackupState::Deleted,
            &[JobKind::Restore, JobKind::Verify, JobKind::Delete][..],
        ),
    ] {
        catalog
            .set_backup_state(&manifest.begin.id, state, None)
            .await
            .unwrap();
        for kind in kinds {
            let refused = enqueue(catalog, "j1", *kind, "b1").await;
            assert_eq!(code(refused), ErrorCode::BackupNotAvailable);
        }
    }
    assert_eq!(catalog.jobs(&JobQuery::default()).await.unwrap().total, 0);
}
