//! Clusters: names are unique, secrets come back as they were, and a busy one cannot be removed.

use hozon_engine::{
    ErrorCode,
    catalog::Catalog,
    model::{Cluster, ClusterId, DeploymentOption, ProjectId},
};

use crate::samples::{cluster, code, enqueue_backup, new_backup, with_cluster};

crate::contract!(
    keeps_clusters,
    refuses_a_taken_name,
    keeps_busy_clusters,
    changes_clusters
);

async fn keeps_clusters(catalog: &dyn Catalog) {
    let beta = with_cluster(catalog, "beta").await;
    let mut alpha = with_cluster(catalog, "阿尔法").await;
    assert_eq!(
        catalog.clusters().await.unwrap(),
        [beta.clone(), alpha.clone()]
    );

    catalog
        .set_milvus_version(&alpha.id, "v2.3.5")
        .await
        .unwrap();
    alpha.milvus_version = Some("v2.3.5".to_owned());
    for key in ["阿尔法", "in01-阿尔法"] {
        let (found, sealed) = catalog.cluster(key).await.unwrap().unwrap();
        assert_eq!(found, alpha);
        assert_eq!(sealed, b"sealed");
    }
    assert!(catalog.cluster("gamma").await.unwrap().is_none());

    catalog.remove_cluster(&beta.id).await.unwrap();
    assert_eq!(catalog.clusters().await.unwrap(), [alpha]);
    assert_eq!(
        code(catalog.remove_cluster(&beta.id).await),
        ErrorCode::ClusterNotFound
    );
}

async fn refuses_a_taken_name(catalog: &dyn Catalog) {
    let first = with_cluster(catalog, "main").await;
    let mut second = cluster("main");
    second.id = ClusterId::new("in01-other");
    let refused = catalog.add_cluster(&second, b"other").await;
    assert_eq!(code(refused), ErrorCode::ClusterNameTaken);
    assert_eq!(catalog.clusters().await.unwrap(), [first]);
}

async fn keeps_busy_clusters(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let job = enqueue_backup(catalog, &new_backup("b1", "one", &main), &main)
        .await
        .unwrap();
    assert_eq!(
        code(catalog.remove_cluster(&main.id).await),
        ErrorCode::ClusterBusy
    );

    catalog.cancel(&job).await.unwrap();
    catalog.remove_cluster(&main.id).await.unwrap();
    let ended = catalog.job_summary(&job).await.unwrap().unwrap();
    assert_eq!(ended.cluster_name.as_deref(), Some("main"));
    assert!(catalog.backup("b1").await.unwrap().is_some());

    let late = enqueue_backup(catalog, &new_backup("b2", "two", &main), &main).await;
    assert_eq!(code(late), ErrorCode::ClusterNotFound);
    assert!(catalog.backup("b2").await.unwrap().is_none());
}

async fn changes_clusters(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    with_cluster(catalog, "other").await;
    let changed = Cluster {
        name: "本番".to_owned(),
        address: "https://milvus.example.org:19530".to_owned(),
        username: None,
        deployment_option: DeploymentOption::Serverless,
        cloud_region: Some("aws-us-west-2".to_owned()),
        milvus_version: Some("v2.3.5".to_owned()),
        ..main.clone()
    };
    catalog.edit_cluster(&changed, b"new", false).await.unwrap();
    let (found, sealed) = catalog.cluster("本番").await.unwrap().unwrap();
    assert_eq!((&found, &*sealed), (&changed, &b"new"[..]));

    let moved = Cluster {
        project_id: ProjectId::new("proj-elsewhere"),
        created_at: crate::samples::at(99),
        ..changed.clone()
    };
    catalog.edit_cluster(&moved, b"new", false).await.unwrap();
    let (found, _) = catalog.cluster("本番").await.unwrap().unwrap();
    assert_eq!(found, changed, "project and day never change");

    let taken = Cluster {
        name: "other".to_owned(),
        ..changed.clone()
    };
    assert_eq!(
        code(catalog.edit_cluster(&taken, b"x", false).await),
        ErrorCode::ClusterNameTaken
    );
    let unknown = Cluster {
        id: ClusterId::new("in01-nobody"),
        name: "third".to_owned(),
        ..changed.clone()
    };
    assert_eq!(
        code(catalog.edit_cluster(&unknown, b"x", false).await),
        ErrorCode::ClusterNotFound
    );

    enqueue_backup(catalog, &new_backup("b1", "one", &changed), &changed)
        .await
        .unwrap();
    assert_eq!(
        code(catalog.edit_cluster(&changed, b"x", false).await),
        ErrorCode::ClusterBusy
    );
    catalog.edit_cluster(&changed, b"busy", true).await.unwrap();
    let (_, sealed) = catalog.cluster("本番").await.unwrap().unwrap();
    assert_eq!(sealed, b"busy");
}
