//! What APIs ask beside: narrower lists, jobs by what their clients call them, what attempts left.

use hozon_engine::{
    catalog::{Catalog, NewJob},
    model::{
        BackupId, BackupMethod, BackupNarrowing, BackupQuery, BackupScope, BackupState, JobKind,
    },
};

use crate::samples::{
    LEASE, at, automatic, enqueue_backup, job, manifest, new_backup, with_cluster,
};

crate::contract!(narrows_lists, finds_jobs_by_reference, shows_checkpoints);

async fn names(catalog: &dyn Catalog, narrowing: BackupNarrowing) -> Vec<String> {
    let query = BackupQuery {
        narrowing,
        ascending: true,
        ..BackupQuery::default()
    };
    let page = catalog.backups(&query).await.unwrap();
    assert_eq!(page.total, page.items.len() as u64);
    page.items.into_iter().map(|backup| backup.name).collect()
}

async fn narrows_lists(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    enqueue_backup(catalog, &automatic("b1", "auto", &main), &main)
        .await
        .unwrap();
    for (id, name, rows) in [("b2", "whole", 20), ("b3", "broken", 30)] {
        catalog
            .record_manifest(&manifest(id, name, &main, rows))
            .await
            .unwrap();
    }
    let mut chosen = manifest("b4", "chosen", &main, 40);
    chosen.begin.scope = BackupScope::Collection;
    catalog.record_manifest(&chosen).await.unwrap();
    catalog
        .set_backup_state(&BackupId::new("b3"), BackupState::Damaged, None)
        .await
        .unwrap();

    let all = BackupNarrowing::default();
    assert_eq!(
        names(catalog, all.clone()).await,
        ["auto", "whole", "broken", "chosen"]
    );
    let usable = BackupNarrowing {
        states: vec![BackupState::Available, BackupState::Creating],
        ..all.clone()
    };
    assert_eq!(
        names(catalog, usable.clone()).await,
        ["auto", "whole", "chosen"]
    );
    let manual = BackupNarrowing {
        method: Some(BackupMethod::Manual),
        scopes: vec![BackupScope::Cluster, BackupScope::Database],
        ..usable
    };
    assert_eq!(names(catalog, manual).await, ["whole"]);
    let between = BackupNarrowing {
        since: Some(at(20)),
        until: Some(at(30)),
        ..all
    };
    assert_eq!(names(catalog, between).await, ["whole", "broken"]);
}

async fn finds_jobs_by_reference(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    for (id, backup, second) in [("job-1", "b1", 1), ("job-2", "b2", 2)] {
        let new = new_backup(backup, backup, &main);
        let job = NewJob {
            created_at: at(second),
            ..job(id, JobKind::Backup, backup, Some(&main))
        };
        let id = catalog.enqueue(&job, Some(&new)).await.unwrap().id;
        catalog.refer_job(&id, "r").await.unwrap();
        let options = catalog.job_options(&id).await.unwrap().unwrap();
        assert_eq!(options, serde_json::json!({ "for": id, "reference": "r" }));
        catalog.cancel(&id).await.unwrap();
    }
    enqueue_backup(catalog, &new_backup("b3", "b3", &main), &main)
        .await
        .unwrap();
    let found = catalog.referred_job(JobKind::Backup, "r").await.unwrap();
    assert_eq!(found.unwrap().as_str(), "job-2");
    assert_eq!(
        catalog.referred_job(JobKind::Restore, "r").await.unwrap(),
        None
    );
    assert_eq!(
        catalog
            .referred_job(JobKind::Backup, "other")
            .await
            .unwrap(),
        None
    );
    let all = catalog.references(JobKind::Backup).await.unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(all[&BackupId::new("b1")], "r");
}

async fn shows_checkpoints(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let id = enqueue_backup(catalog, &new_backup("b1", "b1", &main), &main)
        .await
        .unwrap();
    assert_eq!(catalog.job_checkpoint(&id).await.unwrap(), None);
    let claimed = catalog.claim("tester", LEASE).await.unwrap().unwrap();
    let left = serde_json::json!({ "done": ["default.a"] });
    catalog.checkpoint(&id, claimed.fence, &left).await.unwrap();
    assert_eq!(catalog.job_checkpoint(&id).await.unwrap(), Some(left));
}
