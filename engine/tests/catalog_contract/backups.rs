//! Backups: what is listed, in which order, and what a manifest or a proof changes.

use hozon_engine::{
    ErrorCode, ErrorReport,
    catalog::Catalog,
    model::{BackupId, BackupQuery, BackupSort, BackupState, JobQuery, Page, Proof, ProofLevel},
};

use crate::samples::{at, code, collection, enqueue_backup, manifest, new_backup, with_cluster};

crate::contract!(
    records_a_manifest,
    adopts_an_unknown_manifest,
    keeps_damaged_and_deleting_states,
    lists_in_every_order,
    searches_and_filters,
    finds_by_identifier_and_name,
    keeps_the_best_proof,
    frees_names_of_failed_and_deleted_backups,
);

async fn state(catalog: &dyn Catalog, id: &str) -> BackupState {
    catalog.backup(id).await.unwrap().unwrap().summary.state
}

fn names<T>(page: &Page<T>, name: impl Fn(&T) -> &str) -> Vec<&str> {
    page.items.iter().map(name).collect()
}

async fn list(catalog: &dyn Catalog, query: &BackupQuery) -> Vec<String> {
    let page = catalog.backups(query).await.unwrap();
    let names = names(&page, |backup| &backup.name);
    names.into_iter().map(str::to_owned).collect()
}

async fn records_a_manifest(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let job = enqueue_backup(catalog, &new_backup("b1", "nightly", &main), &main)
        .await
        .unwrap();
    let creating = catalog.backup("b1").await.unwrap().unwrap();
    assert_eq!(creating.summary.state, BackupState::Creating);
    assert_eq!(creating.collection_list, []);

    catalog
        .record_manifest(&manifest("b1", "nightly", &main, 7))
        .await
        .unwrap();
    let backup = catalog.backup("b1").await.unwrap().unwrap();
    let summary = &backup.summary;
    assert_eq!(summary.state, BackupState::Available);
    assert_eq!(summary.job_id.as_ref(), Some(&job));
    assert_eq!(summary.finished_at, Some(at(12)));
    assert_eq!((summary.rows, summary.bytes, summary.files), (7, 70, 4));
    assert_eq!((summary.new_bytes, summary.collections), (7, 1));
    assert_eq!(summary.milvus_version.as_deref(), Some("v2.3.5"));
    assert_eq!(backup.collection_list, [collection("文章", 7)]);
}

async fn adopts_an_unknown_manifest(catalog: &dyn Catalog) {
    let gone = crate::samples::cluster("gone");
    catalog
        .record_manifest(&manifest("b1", "nightly", &gone, 7))
        .await
        .unwrap();
    catalog
        .record_manifest(&manifest("b2", "nightly", &gone, 9))
        .await
        .unwrap();
    let first = catalog.backup("b1").await.unwrap().unwrap().summary;
    assert_eq!((&*first.name, &*first.cluster_name), ("nightly", "gone"));
    assert_eq!(first.created_at, at(7));
    assert_eq!(first.job_id, None);
    let second = catalog.backup("b2").await.unwrap().unwrap().summary;
    assert_eq!(second.name, "nightly (b2)");
    assert_eq!(second.state, BackupState::Available);
}

async fn keeps_damaged_and_deleting_states(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let manifest = manifest("b1", "one", &main, 7);
    let id = BackupId::new("b1");
    let reason = ErrorReport {
        code: ErrorCode::FileMissing,
        subject: "data/x".to_owned(),
        detail: "gone".to_owned(),
        hint: String::new(),
    };
    for kept in [BackupState::Damaged, BackupState::Deleting] {
        catalog.record_manifest(&manifest).await.unwrap();
        catalog
            .set_backup_state(&id, kept, Some(&reason))
            .await
            .unwrap();
        catalog.record_manifest(&manifest).await.unwrap();
        let backup = catalog.backup("b1").await.unwrap().unwrap();
        assert_eq!(backup.summary.state, kept);
        assert_eq!(backup.reason, Some(reason.clone()));
    }
    for revived in [BackupState::Failed, BackupState::Deleted] {
        catalog
            .set_backup_state(&id, revived, Some(&reason))
            .await
            .unwrap();
        catalog.record_manifest(&manifest).await.unwrap();
        let backup = catalog.backup("b1").await.unwrap().unwrap();
        assert_eq!(backup.summary.state, BackupState::Available);
        assert_eq!(backup.reason, None);
    }
    let unknown = catalog
        .set_backup_state(&BackupId::new("b9"), BackupState::Failed, None)
        .await;
    assert_eq!(code(unknown), ErrorCode::BackupNotFound);
}

async fn lists_in_every_order(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    for (id, name, rows) in [("b1", "Beta", 30), ("b2", "alpha", 10), ("b3", "Gamma", 20)] {
        catalog
            .record_manifest(&manifest(id, name, &main, rows))
            .await
            .unwrap();
    }
    for sort in [BackupSort::Created, BackupSort::Size, BackupSort::Rows] {
        let mut query = BackupQuery {
            sort,
            ..BackupQuery::default()
        };
        assert_eq!(list(catalog, &query).await, ["Beta", "Gamma", "alpha"]);
        query.ascending = true;
        assert_eq!(list(catalog, &query).await, ["alpha", "Gamma", "Beta"]);
    }
    let mut query = BackupQuery {
        sort: BackupSort::Name,
        ascending: true,
        page_size: 2,
        ..BackupQuery::default()
    };
    assert_eq!(list(catalog, &query).await, ["alpha", "Beta"]);
    query.page = 2;
    let page = catalog.backups(&query).await.unwrap();
    assert_eq!(names(&page, |backup| &backup.name), ["Gamma"]);
    assert_eq!((page.total, page.page, page.pages()), (3, 2, 2));
    query.page = u64::MAX;
    assert_eq!(list(catalog, &query).await, [""; 0]);
}

async fn searches_and_filters(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let other = with_cluster(catalog, "other").await;
    for (id, name, cluster) in [
        ("b1", "Каждую ночь", &main),
        ("b2", "毎日のバックアップ", &main),
        ("b3", "100%_sure", &other),
    ] {
        catalog
            .record_manifest(&manifest(id, name, cluster, 1))
            .await
            .unwrap();
    }
    catalog
        .set_backup_state(&BackupId::new("b2"), BackupState::Deleted, None)
        .await
        .unwrap();
    let search = |text: &str| BackupQuery {
        search: Some(text.to_owned()),
        ..BackupQuery::default()
    };
    assert_eq!(list(catalog, &search("КАЖДУЮ")).await, ["Каждую ночь"]);
    assert_eq!(list(catalog, &search("%_")).await, ["100%_sure"]);
    assert_eq!(list(catalog, &search("%")).await, ["100%_sure"]);
    assert_eq!(list(catalog, &search("毎日")).await, [""; 0]);
    assert_eq!(list(catalog, &search("")).await.len(), 2);
    let deleted = BackupQuery {
        state: Some(BackupState::Deleted),
        ..search("毎日")
    };
    assert_eq!(list(catalog, &deleted).await, ["毎日のバックアップ"]);
    let elsewhere = BackupQuery {
        cluster_id: Some(other.id.clone()),
        ..BackupQuery::default()
    };
    assert_eq!(list(catalog, &elsewhere).await, ["100%_sure"]);
}

async fn finds_by_identifier_and_name(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let failed = enqueue_backup(catalog, &new_backup("b1", "nightly", &main), &main)
        .await
        .unwrap();
    catalog.cancel(&failed).await.unwrap();
    let found = catalog.backup("nightly").await.unwrap().unwrap();
    assert_eq!(found.summary.id.as_str(), "b1");

    catalog
        .record_manifest(&manifest("b2", "nightly", &main, 1))
        .await
        .unwrap();
    let found = catalog.backup("nightly").await.unwrap().unwrap();
    assert_eq!(found.summary.id.as_str(), "b2");
    assert!(catalog.backup("NIGHTLY").await.unwrap().is_none());

    for id in ["b1", "b2"] {
        catalog
            .set_backup_state(&BackupId::new(id), BackupState::Deleted, None)
            .await
            .unwrap();
    }
    assert!(catalog.backup("nightly").await.unwrap().is_none());
    assert_eq!(state(catalog, "b2").await, BackupState::Deleted);
}

async fn keeps_the_best_proof(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    catalog
        .record_manifest(&manifest("b1", "one", &main, 1))
        .await
        .unwrap();
    let id = BackupId::new("b1");
    let proof = |level, second| Proof {
        level,
        at: at(second),
    };
    let read = proof(ProofLevel::Read, 10);
    let again = proof(ProofLevel::Read, 30);
    for (added, best) in [
        (proof(ProofLevel::List, 5), proof(ProofLevel::List, 5)),
        (read, read),
        (proof(ProofLevel::List, 20), read),
        (again, again),
    ] {
        catalog.add_proof(&id, added).await.unwrap();
        let backup = catalog.backup("b1").await.unwrap().unwrap();
        assert_eq!(backup.summary.proof, Some(best));
    }
    let backup = catalog.backup("b1").await.unwrap().unwrap();
    assert_eq!(backup.proofs.len(), 4);
    assert_eq!(backup.proofs[0], again);
    let unknown = catalog.add_proof(&BackupId::new("b9"), read).await;
    assert_eq!(code(unknown), ErrorCode::BackupNotFound);
}

async fn frees_names_of_failed_and_deleted_backups(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let other = with_cluster(catalog, "other").await;
    enqueue_backup(catalog, &new_backup("b1", "nightly", &main), &main)
        .await
        .unwrap();
    let second = new_backup("b2", "nightly", &other);
    let refused = enqueue_backup(catalog, &second, &other).await;
    assert_eq!(code(refused), ErrorCode::BackupNameTaken);
    assert!(catalog.backup("b2").await.unwrap().is_none());
    assert_eq!(catalog.jobs(&JobQuery::default()).await.unwrap().total, 1);

    let first = BackupId::new("b1");
    for state in [BackupState::Available, BackupState::Deleting] {
        catalog.set_backup_state(&first, state, None).await.unwrap();
        let refused = enqueue_backup(catalog, &second, &other).await;
        assert_eq!(code(refused), ErrorCode::BackupNameTaken);
    }
    catalog
        .set_backup_state(&first, BackupState::Deleted, None)
        .await
        .unwrap();
    enqueue_backup(catalog, &second, &other).await.unwrap();
    let back = catalog
        .set_backup_state(&first, BackupState::Available, None)
        .await;
    assert_eq!(code(back), ErrorCode::BackupNameTaken);
}
