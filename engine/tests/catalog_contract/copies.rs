//! Copies that a policy makes: when they expire, and the guard before one does.

use hozon_engine::{
    ErrorCode, Result,
    catalog::{Catalog, NewJob},
    model::{
        BackupCopy, BackupId, BackupMethod, Cluster, CopyRepository, JobKind, Policy, PolicyCopy,
        PolicyOptions, PolicyState, Retention, Schedule, StorageLocation,
    },
};
use serde_json::json;

use crate::samples::{at, code, job, manifest, with_cluster};

crate::contract!(
    only_what_a_policy_made_expires,
    guards_the_last_good_copy,
    a_policy_names_repositories_that_are_there,
    says_when_copies_expire,
);

const DAY: i64 = 24 * 3600;

async fn with_repository(catalog: &dyn Catalog, name: &str) {
    let repository = CopyRepository {
        name: name.to_owned(),
        storage: StorageLocation {
            url: format!("file:///{name}"),
            ..StorageLocation::default()
        },
        repository_id: format!("id of {name}"),
        created_at: at(0),
    };
    catalog
        .add_repository(&repository, b"sealed")
        .await
        .unwrap();
}

/// An automatic backup with a copy: by a policy that keeps it for so many days, or by a person.
async fn with_copy(
    catalog: &dyn Catalog,
    cluster: &Cluster,
    id: &str,
    second: u64,
    days: Option<u32>,
) {
    let mut manifest = manifest(id, id, cluster, second);
    manifest.begin.method = BackupMethod::Auto;
    catalog.record_manifest(&manifest).await.unwrap();
    let copy = NewJob {
        options: json!({ "backup_id": id, "repository": "大阪", "keep_days": days }),
        ..job(&format!("copy-{id}"), JobKind::Copy, id, None)
    };
    catalog.enqueue(&copy, None).await.unwrap();
    catalog.record_copy("大阪", &manifest).await.unwrap();
    let claimed = catalog
        .claim_job(&copy.id, "tester", crate::samples::LEASE)
        .await
        .unwrap()
        .unwrap();
    let (done, progress) = (
        hozon_engine::model::JobState::Successful,
        hozon_engine::model::JobProgress::default(),
    );
    catalog
        .finish(&copy.id, claimed.fence, done, None, &progress)
        .await
        .unwrap();
}

async fn expire(catalog: &dyn Catalog, id: &str) -> Result<()> {
    let job = NewJob {
        options: json!({ "backup_id": id, "repository": "大阪", "expired": true }),
        ..job(&format!("expire-{id}"), JobKind::Delete, id, None)
    };
    catalog.enqueue_copy_expiry(&job, "大阪").await.map(drop)
}

async fn known(catalog: &dyn Catalog, cluster: &Cluster) -> Vec<String> {
    let copies = catalog.automatic_copies(&cluster.id, "大阪").await.unwrap();
    let mut ids: Vec<_> = copies
        .into_iter()
        .map(|copy| copy.backup_id.to_string())
        .collect();
    ids.sort();
    ids
}

fn policy(cluster: &Cluster, copies: &[(&str, u32)]) -> Policy {
    let copies = copies.iter().map(|(repository, days)| PolicyCopy {
        repository: (*repository).to_owned(),
        days: *days,
    });
    Policy {
        cluster_id: cluster.id.clone(),
        cluster_name: cluster.name.clone(),
        state: PolicyState::Enabled,
        options: PolicyOptions {
            schedule: Schedule::Cron {
                expression: "@daily".to_owned(),
            },
            time_zone: "UTC".to_owned(),
            retention: Retention::default(),
            copies: copies.collect(),
        },
        counted_from: at(0),
        changed_at: at(0),
        changed_by: "admin".to_owned(),
    }
}

async fn copy(catalog: &dyn Catalog, id: &str) -> BackupCopy {
    let mut backup = catalog.backup(id).await.unwrap().unwrap();
    backup.copies.remove(0)
}

async fn only_what_a_policy_made_expires(catalog: &dyn Catalog) {
    let (main, other) = (
        with_cluster(catalog, "main").await,
        with_cluster(catalog, "other").await,
    );
    with_repository(catalog, "大阪").await;
    with_copy(catalog, &main, "b1", 1, Some(7)).await;
    with_copy(catalog, &main, "b2", 2, None).await;
    with_copy(catalog, &main, "b3", 3, Some(7)).await;
    with_copy(catalog, &other, "o1", 4, Some(7)).await;
    assert_eq!(known(catalog, &main).await, ["b1", "b3"]);
    assert!(copy(catalog, "b1").await.automatic);
    assert!(!copy(catalog, "b2").await.automatic);
    assert_eq!(code(expire(catalog, "b2").await), ErrorCode::BackupInUse);
    expire(catalog, "b1").await.unwrap();
    assert_eq!(
        known(catalog, &main).await,
        ["b3"],
        "the other one is going"
    );
    let again = expire(catalog, "b1").await;
    assert_eq!(code(again), ErrorCode::BackupInUse);
    let nothing = expire(catalog, "b9").await;
    assert_eq!(code(nothing), ErrorCode::BackupNotAvailable);
}

async fn guards_the_last_good_copy(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    with_repository(catalog, "大阪").await;
    for (id, second) in [("b1", 1), ("b2", 2), ("b3", 3)] {
        with_copy(catalog, &main, id, second, Some(1)).await;
    }
    assert_eq!(code(expire(catalog, "b3").await), ErrorCode::BackupInUse);
    let pinned = BackupId::new("b1");
    catalog.pin_backup(&pinned, true).await.unwrap();
    assert_eq!(code(expire(catalog, "b1").await), ErrorCode::BackupInUse);
    let newest = BackupId::new("b3");
    catalog.copy_failed(&newest, "大阪", None).await.unwrap();
    let last = expire(catalog, "b2").await;
    assert_eq!(
        code(last),
        ErrorCode::BackupInUse,
        "it is the newest good one"
    );
    let refused = catalog
        .refuse_copy_expiry(&BackupId::new("b2"), "大阪")
        .await;
    assert_eq!(code(refused), ErrorCode::BackupInUse);
}

async fn a_policy_names_repositories_that_are_there(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let set = catalog.set_policy(&policy(&main, &[("大阪", 7)])).await;
    assert_eq!(code(set), ErrorCode::RepositoryNotFound);
    assert_eq!(catalog.policy(&main.id).await.unwrap(), None);
    with_repository(catalog, "大阪").await;
    let set = policy(&main, &[("大阪", 7)]);
    catalog.set_policy(&set).await.unwrap();
    assert_eq!(catalog.policy(&main.id).await.unwrap(), Some(set));
    let removed = catalog.remove_repository("大阪").await;
    assert_eq!(code(removed), ErrorCode::RepositoryInUse);
    catalog.set_policy(&policy(&main, &[])).await.unwrap();
    catalog.remove_repository("大阪").await.unwrap();
}

async fn says_when_copies_expire(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    with_repository(catalog, "大阪").await;
    with_copy(catalog, &main, "b1", 1, Some(7)).await;
    with_copy(catalog, &main, "b2", 2, None).await;
    let end = async || copy(catalog, "b1").await.expires_at;
    assert_eq!(end().await, Some(at(1 + 7 * DAY)));
    let set = policy(&main, &[("大阪", 14)]);
    catalog.set_policy(&set).await.unwrap();
    assert_eq!(end().await, Some(at(1 + 14 * DAY)));
    assert_eq!(copy(catalog, "b2").await.expires_at, None);
    let paused = Policy {
        state: PolicyState::Paused,
        ..set.clone()
    };
    catalog.set_policy(&paused).await.unwrap();
    assert_eq!(end().await, None);
    catalog.set_policy(&set).await.unwrap();
    catalog.set_policy(&policy(&main, &[])).await.unwrap();
    assert_eq!(end().await, None, "the policy names the repository no more");
    catalog.set_policy(&set).await.unwrap();
    catalog.remove_policy(&main.id).await.unwrap();
    assert_eq!(end().await, None);
}
