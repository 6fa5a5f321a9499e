//! Who may be at work at the same time, and what becomes of those who slept too long.
#![allow(clippy::unwrap_used)]

mod repository_world;
mod store_places;

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicI32, Ordering},
    },
    time::Duration,
};

use hozon_engine::{
    ErrorCode,
    repository::{LeaseKind, Repository, RepositoryLease, manifest::Manifest},
};
use hozon_model::BackupId;
use jiff::{SignedDuration, Timestamp};
use repository_world::{
    LEASE, assert_whole, back_up, begin, cluster, content, delete, document, file_path,
    leases_run_out, seal, stored, sweep,
};
use serde_json::json;
use store_places::{Place, local, paths};

fn numbers(range: std::ops::Range<u32>) -> BTreeSet<u32> {
    range.collect()
}

async fn open(place: &Place) -> Repository {
    Repository::open(place.store.clone()).await.unwrap()
}

#[tokio::test]
async fn many_share_and_one_excludes() {
    let place = local().await;
    let (here, there) = (open(&place).await, open(&place).await);
    let one = here.lease(LeaseKind::Shared, "one", LEASE).await.unwrap();
    let two = there.lease(LeaseKind::Shared, "two", LEASE).await.unwrap();
    let error = there
        .lease(LeaseKind::Exclusive, "sweep", LEASE)
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::RepositoryLocked);
    assert!(["one", "two"].contains(&error.report().subject.as_str()));
    assert_eq!(
        paths(&*place.store, "leases/").await.len(),
        2,
        "who is refused leaves nothing"
    );
    here.release(&one).await.unwrap();
    there.release(&two).await.unwrap();

    let alone = here
        .lease(LeaseKind::Exclusive, "sweep", LEASE)
        .await
        .unwrap();
    for kind in [LeaseKind::Shared, LeaseKind::Exclusive] {
        let error = there.lease(kind, "late", LEASE).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::RepositoryLocked);
        assert_eq!(error.report().subject, "sweep");
    }
    here.renew(&alone, LEASE).await.unwrap();
    here.release(&alone).await.unwrap();
    here.release(&alone).await.unwrap();
    there
        .lease(LeaseKind::Exclusive, "late", LEASE)
        .await
        .unwrap();
}

async fn lay(place: &Place, name: &str, kind: &str, ended: SignedDuration) {
    let end = Timestamp::now().checked_sub(ended).unwrap();
    let lease = json!({"format": 1, "kind": kind, "holder": "the dead", "taken_at": end, "expires_at": end});
    place
        .store
        .put(&format!("leases/{name}.json"), seal(&lease))
        .await
        .unwrap();
}

#[tokio::test]
async fn the_dead_are_respected_a_little_longer_and_then_cleared() {
    let place = local().await;
    let repository = open(&place).await;
    lay(
        &place,
        "exclusive-x",
        "exclusive",
        SignedDuration::from_secs(5),
    )
    .await;
    let error = repository
        .lease(LeaseKind::Shared, "me", LEASE)
        .await
        .unwrap_err();
    assert_eq!(
        error.code(),
        ErrorCode::RepositoryLocked,
        "clocks may differ"
    );
    assert_eq!(error.report().subject, "the dead");
    lay(
        &place,
        "exclusive-x",
        "exclusive",
        SignedDuration::from_secs(15),
    )
    .await;
    let lease = repository
        .lease(LeaseKind::Shared, "me", LEASE)
        .await
        .unwrap();
    assert_eq!(paths(&*place.store, "leases/").await.len(), 1);
    repository.release(&lease).await.unwrap();
}

#[tokio::test]
async fn a_lease_that_ran_out_or_vanished_cannot_be_renewed() {
    let place = local().await;
    let repository = open(&place).await;
    let short = Duration::from_millis(50);
    let lease = repository
        .lease(LeaseKind::Shared, "slow", short)
        .await
        .unwrap();
    repository.renew(&lease, short).await.unwrap();
    tokio::time::sleep(Duration::from_millis(80)).await;
    let error = repository.renew(&lease, LEASE).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::LeaseLost);
    let lease = repository
        .lease(LeaseKind::Shared, "robbed", LEASE)
        .await
        .unwrap();
    leases_run_out(&*place.store).await;
    let error = repository.renew(&lease, LEASE).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::LeaseLost);
    assert!(
        paths(&*place.store, "leases/").await.is_empty(),
        "a lost lease is not brought back"
    );
}

#[tokio::test]
async fn a_lease_that_cannot_be_understood_is_respected() {
    let place = local().await;
    let repository = open(&place).await;
    place
        .store
        .put("leases/x.json", "{\"format\": 1}".into())
        .await
        .unwrap();
    let error = repository
        .lease(LeaseKind::Shared, "me", LEASE)
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::RepositoryDamaged);
    assert_eq!(paths(&*place.store, "leases/").await, ["leases/x.json"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_ever_beside_an_exclusive_holder() {
    let place = local().await;
    let at_work = Arc::new(AtomicI32::new(0));
    let mut tasks = tokio::task::JoinSet::new();
    for worker in 0..6 {
        let (repository, at_work) = (open(&place).await, at_work.clone());
        tasks.spawn(async move {
            let mut held = 0;
            for _ in 0..60 {
                let (kind, weight) = if worker % 2 == 0 {
                    (LeaseKind::Exclusive, 1000)
                } else {
                    (LeaseKind::Shared, 1)
                };
                match repository.lease(kind, "worker", LEASE).await {
                    Ok(lease) => {
                        let others = at_work.fetch_add(weight, Ordering::SeqCst);
                        assert!(others == 0 || (weight == 1 && others < 1000), "{others}");
                        tokio::task::yield_now().await;
                        at_work.fetch_sub(weight, Ordering::SeqCst);
                        repository.release(&lease).await.unwrap();
                        held += 1;
                    }
                    Err(error) => assert_eq!(error.code(), ErrorCode::RepositoryLocked),
                }
            }
            held
        });
    }
    let held: i32 = tasks.join_all().await.into_iter().sum();
    assert!(held > 0);
    assert!(paths(&*place.store, "leases/").await.is_empty());
}

#[tokio::test]
async fn a_sweep_needs_the_exclusive_lease_and_stops_when_it_is_lost() {
    let place = local().await;
    let repository = open(&place).await;
    back_up(&repository, "backup0_a", &numbers(0..4))
        .await
        .unwrap();
    repository
        .retire(&BackupId::new("backup0_a"))
        .await
        .unwrap();
    let error = repository.sweep(&|_, _| {}).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Internal);
    let short = Duration::from_millis(30);
    let lease = repository
        .lease(LeaseKind::Exclusive, "sweep", short)
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(60)).await;
    let error = repository.sweep(&|_, _| {}).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::LeaseLost);
    assert_eq!(stored(&*place.store).await, numbers(0..4));
    repository.release(&lease).await.unwrap();
    sweep(&repository).await.unwrap();
    assert!(stored(&*place.store).await.is_empty());
}

/// Everything of a backup but its manifest.
async fn prepare(
    repository: &Repository,
    id: &str,
    all: &BTreeSet<u32>,
) -> (Manifest, RepositoryLease) {
    let lease = repository
        .lease(LeaseKind::Shared, id, LEASE)
        .await
        .unwrap();
    let begin = begin(id);
    repository.begin(&begin).await.unwrap();
    let known = repository.known_files(&cluster(), &[]).await.unwrap();
    for number in all {
        if !known.files.contains_key(&file_path(*number)) {
            let path = Repository::data_path(&cluster(), &file_path(*number));
            repository
                .store()
                .put(&path, content(*number))
                .await
                .unwrap();
        }
    }
    let entry = repository
        .write_collection(&begin.id, 0, &document(all), 0)
        .await
        .unwrap();
    let manifest = Manifest {
        begin,
        finished_at: Timestamp::now(),
        milvus_version: "v2.3.5".to_owned(),
        collections: vec![entry],
    };
    (manifest, lease)
}

/// A backup waits to be taken up again, without a lease; it relies on files of one that is deleted meanwhile.
#[tokio::test]
async fn files_wait_for_the_backup_that_may_rely_on_them() {
    let place = local().await;
    let repository = open(&place).await;
    back_up(&repository, "backup0_a", &numbers(0..4))
        .await
        .unwrap();
    let (manifest, _) = prepare(&repository, "backup0_b", &numbers(2..6)).await;
    leases_run_out(&*place.store).await;

    repository
        .retire(&BackupId::new("backup0_a"))
        .await
        .unwrap();
    let alone = repository
        .lease(LeaseKind::Exclusive, "sweep", LEASE)
        .await
        .unwrap();
    let swept = repository.sweep(&|_, _| {}).await.unwrap();
    assert_eq!((swept.files, swept.postponed), (0, 1));
    repository.release(&alone).await.unwrap();
    assert!(repository.manifests().await.unwrap().is_empty());

    let lease = repository
        .lease(LeaseKind::Shared, "again", LEASE)
        .await
        .unwrap();
    repository
        .commit_under_lease(&manifest, &lease)
        .await
        .unwrap();
    repository.release(&lease).await.unwrap();
    assert_eq!(assert_whole(&repository).await["backup0_b"], numbers(2..6));
    sweep(&repository).await.unwrap();
    assert_eq!(assert_whole(&repository).await["backup0_b"], numbers(2..6));
    assert_eq!(stored(&*place.store).await, numbers(2..6));
}

#[tokio::test]
async fn who_lost_the_lease_cannot_commit() {
    let place = local().await;
    let repository = open(&place).await;
    let (manifest, lease) = prepare(&repository, "backup0_a", &numbers(0..2)).await;
    leases_run_out(&*place.store).await;
    let error = repository
        .commit_under_lease(&manifest, &lease)
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::LeaseLost);
    assert!(repository.manifests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_retired_attempt_cannot_commit_any_more() {
    let place = local().await;
    let repository = open(&place).await;
    let (manifest, lease) = prepare(&repository, "backup0_a", &numbers(0..2)).await;
    repository.retire(&manifest.begin.id).await.unwrap();
    for _ in 0..2 {
        let error = repository.commit(&manifest).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::BackupNotAvailable);
        let _ = repository.release(&lease).await;
        sweep(&repository).await.unwrap();
    }
    assert_eq!(paths(&*place.store, "").await, ["hozon.json"]);
}

/// An attempt that was left behind wakes up after a later one committed: its document does not replace the other's.
#[tokio::test]
async fn an_attempt_left_behind_harms_nothing() {
    let place = local().await;
    let repository = open(&place).await;
    let (late, lease) = prepare(&repository, "backup0_a", &numbers(0..3)).await;
    let committed = back_up(&repository, "backup0_a", &numbers(0..4))
        .await
        .unwrap();
    repository
        .write_collection(&late.begin.id, 0, &document(&numbers(0..3)), 0)
        .await
        .unwrap();
    assert_eq!(
        repository.commit_under_lease(&late, &lease).await.unwrap(),
        committed
    );
    assert_eq!(assert_whole(&repository).await["backup0_a"], numbers(0..4));
    repository.release(&lease).await.unwrap();
    delete(&repository, "backup0_a").await.unwrap();
    assert_eq!(paths(&*place.store, "").await, ["hozon.json"]);
}

/// An earlier attempt's manifest is found to name a file that is gone: it is withdrawn instead of believed.
#[tokio::test]
async fn a_manifest_of_doubtful_origin_is_looked_through() {
    let place = local().await;
    let repository = open(&place).await;
    let (manifest, lease) = prepare(&repository, "backup0_a", &numbers(0..3)).await;
    repository.commit(&manifest).await.unwrap();
    let path = Repository::data_path(&cluster(), &file_path(1));
    place.store.delete(&path).await.unwrap();
    let error = repository
        .commit_under_lease(&manifest, &lease)
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::LeaseLost);
    assert!(repository.manifests().await.unwrap().is_empty());
}
