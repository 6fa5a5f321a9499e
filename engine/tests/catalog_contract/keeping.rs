//! Names given afterwards, pins, and the guard before a backup expires.

use hozon_engine::{
    ErrorCode,
    catalog::Catalog,
    model::{BackupId, BackupMethod, BackupState, Cluster, JobKind},
    repository::manifest::Manifest,
};

use crate::samples::{code, enqueue, job, manifest, new_backup, with_cluster};

crate::contract!(
    keeps_a_name_given_afterwards,
    keeps_pins,
    guards_the_last_good_backup,
    lists_what_is_there,
);

fn automatic_manifest(id: &str, cluster: &Cluster, second: u64) -> Manifest {
    let mut manifest = manifest(id, id, cluster, second);
    manifest.begin.method = BackupMethod::Auto;
    manifest
}

async fn with_automatic(catalog: &dyn Catalog, cluster: &Cluster, ids: &[&str]) {
    for (second, id) in (1..).zip(ids) {
        catalog
            .record_manifest(&automatic_manifest(id, cluster, second))
            .await
            .unwrap();
    }
}

async fn expire(catalog: &dyn Catalog, id: &str) -> hozon_engine::Result<()> {
    let job = job(&format!("expire-{id}"), JobKind::Delete, id, None);
    catalog.enqueue_expiry(&job).await.map(|_| ())
}

async fn name(catalog: &dyn Catalog, id: &str) -> String {
    catalog.backup(id).await.unwrap().unwrap().summary.name
}

async fn keeps_a_name_given_afterwards(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    with_automatic(catalog, &main, &["b1", "b2"]).await;
    let id = BackupId::new("b1");
    catalog.rename_backup(&id, "引っ越し前").await.unwrap();
    assert_eq!(name(catalog, "引っ越し前").await, "引っ越し前");
    catalog
        .record_manifest(&automatic_manifest("b1", &main, 1))
        .await
        .unwrap();
    assert_eq!(name(catalog, "b1").await, "引っ越し前");
    let taken = catalog.rename_backup(&id, "b2").await;
    assert_eq!(code(taken), ErrorCode::BackupNameTaken);
    let unknown = catalog.rename_backup(&BackupId::new("b9"), "x").await;
    assert_eq!(code(unknown), ErrorCode::BackupNotAvailable);
    catalog
        .set_backup_state(&id, BackupState::Deleting, None)
        .await
        .unwrap();
    let going = catalog.rename_backup(&id, "x").await;
    assert_eq!(code(going), ErrorCode::BackupNotAvailable);
}

async fn keeps_pins(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    with_automatic(catalog, &main, &["b1", "b2"]).await;
    let id = BackupId::new("b1");
    let pinned = async || catalog.backup("b1").await.unwrap().unwrap().summary.pinned;
    assert!(!pinned().await);
    catalog.pin_backup(&id, true).await.unwrap();
    assert!(pinned().await);
    let report = expire(catalog, "b1").await.unwrap_err().into_report();
    assert_eq!(report.code, ErrorCode::BackupInUse);
    assert!(report.detail.contains("pinned"), "{report:?}");
    catalog.pin_backup(&id, false).await.unwrap();
    assert!(!pinned().await);
    expire(catalog, "b1").await.unwrap();
    let late = catalog.pin_backup(&id, true).await;
    assert_eq!(code(late), ErrorCode::BackupInUse);
    let unknown = catalog.pin_backup(&BackupId::new("b9"), true).await;
    assert_eq!(code(unknown), ErrorCode::BackupNotAvailable);
}

async fn guards_the_last_good_backup(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let other = with_cluster(catalog, "other").await;
    with_automatic(catalog, &main, &["b1", "b2", "b3"]).await;
    with_automatic(catalog, &other, &["o1"]).await;
    catalog
        .record_manifest(&manifest("m1", "by hand", &main, 9))
        .await
        .unwrap();
    let refused = async |id: &str| {
        let report = expire(catalog, id).await.unwrap_err().into_report();
        assert_eq!(report.code, ErrorCode::BackupInUse);
        report.detail
    };
    assert!(refused("m1").await.contains("manual"));
    assert!(refused("b3").await.contains("last good"));
    assert!(refused("o1").await.contains("last good"));
    let unknown = expire(catalog, "b9").await;
    assert_eq!(code(unknown), ErrorCode::BackupNotFound);

    // A newer one that is damaged, or about to be deleted, is nothing to go back to.
    catalog
        .set_backup_state(&BackupId::new("b3"), BackupState::Damaged, None)
        .await
        .unwrap();
    assert!(refused("b2").await.contains("last good"));
    let by_hand = enqueue(catalog, "j1", JobKind::Delete, "b2").await.unwrap();
    assert!(refused("b1").await.contains("last good"));
    catalog.cancel(&by_hand).await.unwrap();
    catalog.settle(&by_hand).await.unwrap();
    catalog.refuse_expiry(&BackupId::new("b1")).await.unwrap();
    expire(catalog, "b1").await.unwrap();
    expire(catalog, "b3").await.unwrap();
    let twice = expire(catalog, "b1").await;
    assert_eq!(code(twice), ErrorCode::BackupInUse);
    let guarded = catalog.refuse_expiry(&BackupId::new("b2")).await;
    assert_eq!(code(guarded), ErrorCode::BackupInUse);
}

async fn lists_what_is_there(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let other = with_cluster(catalog, "other").await;
    with_automatic(catalog, &main, &["b1", "b2", "b3", "b4"]).await;
    with_automatic(catalog, &other, &["o1"]).await;
    crate::samples::enqueue_backup(catalog, &new_backup("m1", "new", &main), &main)
        .await
        .unwrap();
    catalog
        .set_backup_state(&BackupId::new("b1"), BackupState::Damaged, None)
        .await
        .unwrap();
    catalog
        .set_backup_state(&BackupId::new("b2"), BackupState::Deleted, None)
        .await
        .unwrap();
    enqueue(catalog, "j1", JobKind::Delete, "b3").await.unwrap();
    let there: Vec<_> = catalog
        .cluster_backups(&main.id)
        .await
        .unwrap()
        .into_iter()
        .map(|backup| backup.id.to_string())
        .collect();
    assert_eq!(there, ["b4", "b1"]);
}
