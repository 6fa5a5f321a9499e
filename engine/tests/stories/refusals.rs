//! What must not be done is refused: with what, on what, why and what to do, and nothing is changed.

use std::fs;

use hozon_engine::{
    EngineConfig, ErrorCode,
    model::{ErrorReport, NewCluster, StorageCredentials},
};

use crate::world::{Server, World, backup, names, restore};

/// Every refusal says what to do.
fn expect(report: &ErrorReport, code: ErrorCode) {
    assert_eq!(report.code, code, "{report:#?}");
    assert!(!report.subject.is_empty(), "{report:#?}");
    assert!(
        !report.detail.is_empty() || code == ErrorCode::CollectionNotFound,
        "{report:#?}"
    );
    assert!(!report.hint.is_empty(), "{report:#?}");
}

async fn registration_refused(new: NewCluster, code: ErrorCode) {
    let world = World::new().await;
    let secret = new.password.clone().unwrap_or_default();
    let error = world
        .engine
        .add_cluster(&world.actor, new)
        .await
        .unwrap_err();
    expect(error.report(), code);
    assert!(
        secret.is_empty() || !format!("{error:?} {error}").contains(&secret),
        "a secret shows in {error:?}"
    );
    assert!(world.engine.clusters().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address() {
    let new = NewCluster {
        address: "http://127.0.0.1:1".into(),
        ..Server::local().registration("milvus")
    };
    registration_refused(new, ErrorCode::ClusterUnreachable).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_none() {
    let new = NewCluster {
        address: "milvus".into(),
        ..Server::local().registration("milvus")
    };
    registration_refused(new, ErrorCode::InvalidInput).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password() {
    let new = NewCluster {
        password: Some("not-the-password".into()),
        ..Server::local().registration("milvus")
    };
    registration_refused(new, ErrorCode::ClusterCredentialsRefused).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_storage_of_another_cluster() {
    let directory = tempfile::tempdir().unwrap();
    let storage_url = format!("file://{}", directory.path().display());
    let new = NewCluster {
        storage_url,
        ..Server::local().registration("milvus")
    };
    registration_refused(new, ErrorCode::ClusterStorageMismatch).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_is_not_there() {
    let new = NewCluster {
        storage_url: "file:///nowhere/at/all".into(),
        ..Server::local().registration("milvus")
    };
    registration_refused(new, ErrorCode::StorageUnreadable).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_cannot_be_read() {
    let good = Server::s3().registration("milvus");
    let wrong_key = NewCluster {
        storage_credentials: StorageCredentials::S3Keys {
            access_key: "not-the-access-key".into(),
            secret_key: "not-the-secret-key".into(),
            session_token: None,
        },
        ..good.clone()
    };
    registration_refused(wrong_key, ErrorCode::StorageUnreadable).await;
    let no_bucket = NewCluster {
        storage_url: "s3://no-such-bucket/files".into(),
        ..good
    };
    registration_refused(no_bucket, ErrorCode::StorageUnreadable).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_name_that_exists() {
    let world = World::new().await;
    world.add(&Server::local()).await;
    let error = world
        .engine
        .add_cluster(&world.actor, Server::local().registration("milvus"))
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::ClusterNameTaken);
    assert_eq!(world.engine.clusters().await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_collection() {
    let world = World::new().await;
    let cluster = world.add(&Server::local()).await;
    let error = world
        .engine
        .create_backup(&world.actor, backup(&cluster, "b", &["nowhere"]))
        .await
        .unwrap_err();
    expect(error.report(), ErrorCode::CollectionNotFound);
    assert_eq!(
        world
            .engine
            .backups(&hozon_engine::model::BackupQuery::default())
            .await
            .unwrap()
            .total,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_backups_at_once() {
    let world = World::new().await;
    let cluster = world.add(&Server::local()).await;
    let first = world
        .engine
        .create_backup(&world.actor, backup(&cluster, "one", &["medium_articles"]))
        .await;
    let error = world
        .engine
        .create_backup(&world.actor, backup(&cluster, "two", &["medium_articles"]))
        .await
        .unwrap_err();
    expect(error.report(), ErrorCode::BackupBusy);
    world.succeed(first).await;
    world.back_up(&cluster, "two", &["medium_articles"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_name_that_exists() {
    let world = World::new().await;
    let cluster = world.add(&Server::local()).await;
    world
        .back_up(&cluster, "同じ名前", &["medium_articles"])
        .await;
    let error = world
        .engine
        .create_backup(
            &world.actor,
            backup(&cluster, "同じ名前", &["medium_articles"]),
        )
        .await
        .unwrap_err();
    expect(error.report(), ErrorCode::BackupNameTaken);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_onto_an_existing_collection() {
    let world = World::new().await;
    let server = Server::local();
    let cluster = world.add(&server).await;
    let job = world.back_up(&cluster, "b", &["medium_articles"]).await;
    let milvus = server.connect().await;
    let name = &names(&["medium_articles"])[0];
    let before = milvus.describe(name).await.unwrap();
    let error = world
        .engine
        .restore_backup(&world.actor, restore(&job, ""))
        .await
        .unwrap_err();
    expect(error.report(), ErrorCode::CollectionExists);
    assert_eq!(milvus.describe(name).await.unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suffix_milvus_would_not_take() {
    let world = World::new().await;
    let cluster = world.add(&Server::local()).await;
    let job = world.back_up(&cluster, "b", &["medium_articles"]).await;
    let error = world
        .engine
        .restore_backup(&world.actor, restore(&job, "-copy"))
        .await
        .unwrap_err();
    expect(error.report(), ErrorCode::InvalidInput);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_of_a_newer_format() {
    let directory = tempfile::tempdir().unwrap();
    let config = EngineConfig::local(directory.path().join("data"));
    let repository = directory.path().join("data/repository");
    fs::create_dir_all(&repository).unwrap();
    let header = r#"{"format":99,"id":"from-the-future","created_at":"2036-01-01T00:00:00Z"}"#;
    fs::write(repository.join("hozon.json"), header).unwrap();
    let Err(error) = World::open(directory, config).await else {
        panic!("a newer repository was opened")
    };
    expect(error.report(), ErrorCode::RepositoryNewer);
}
