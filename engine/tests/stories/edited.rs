//! A cluster that changes: its password, its name, its registration; and work that is done again.

use hozon_engine::{
    ErrorCode,
    model::{BackupState, ClusterEdit, JobState, NewProject, RestoreOptions},
};

use crate::world::{Server, World, backup, drop_all, names, restore, suffix};

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_is_edited_as_carefully_as_it_is_added() {
    let (world, server) = (World::new().await, Server::local());
    let cluster = world.add(&server).await;
    let wrong = ClusterEdit {
        password: Some("not-the-password".to_owned()),
        ..ClusterEdit::default()
    };
    let refused = world
        .engine
        .edit_cluster(&world.actor, "milvus", wrong)
        .await;
    assert_eq!(
        refused.unwrap_err().code(),
        ErrorCode::ClusterCredentialsRefused
    );
    let elsewhere = ClusterEdit {
        storage_url: Some(format!("file://{}", world.directory.path().display())),
        ..ClusterEdit::default()
    };
    let refused = world
        .engine
        .edit_cluster(&world.actor, "milvus", elsewhere)
        .await;
    assert_eq!(
        refused.unwrap_err().code(),
        ErrorCode::ClusterStorageMismatch
    );
    assert_eq!(
        world.engine.cluster("milvus").await.unwrap(),
        world.engine.cluster(cluster.id.as_str()).await.unwrap()
    );

    // The same password given anew, and another name: it works as before.
    let fine = ClusterEdit {
        name: Some("本番".to_owned()),
        password: server.registration("x").password,
        ..ClusterEdit::default()
    };
    let edited = world
        .engine
        .edit_cluster(&world.actor, "milvus", fine)
        .await
        .unwrap();
    assert_eq!((&edited.id, &*edited.name), (&cluster.id, "本番"));
    world.back_up(&edited, "b", &["drafts"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn backups_of_a_removed_cluster_are_restored_into_another_one() {
    let (world, server) = (World::new().await, Server::local());
    let project = NewProject {
        name: "search".to_owned(),
        ..NewProject::default()
    };
    world
        .engine
        .create_project(&world.actor, project)
        .await
        .unwrap();
    let mut registration = server.registration("old");
    registration.project = Some("search".to_owned());
    let old = world
        .engine
        .add_cluster(&world.actor, registration)
        .await
        .unwrap();
    let made = world.back_up(&old, "b", &["drafts"]).await;
    world
        .engine
        .remove_cluster(&world.actor, &old.id)
        .await
        .unwrap();
    let kept = world.engine.backup("b").await.unwrap().summary;
    assert_eq!(kept.project_id, old.project_id);

    let new = world.add(&server).await;
    let tail = suffix();
    let wish = RestoreOptions {
        cluster_id: Some(new.id),
        ..restore(&made, &tail)
    };
    let job = world.engine.restore_backup(&world.actor, wish).await;
    world.succeed(job).await;
    let targets = names(&[&format!("drafts{tail}")]);
    let milvus = server.connect().await;
    assert!(milvus.has_collection(&targets[0]).await.unwrap());
    drop_all(&*milvus, &targets).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canceled_backup_and_a_canceled_restore_are_done_again() {
    let (world, server) = (World::new().await, Server::local());
    let cluster = world.add(&server).await;
    let (engine, actor) = (&world.engine, &world.actor);
    let job = engine
        .create_backup(actor, backup(&cluster, "b", &["drafts"]))
        .await
        .unwrap();
    engine.cancel_job(actor, &job.id).await.unwrap();
    let again = engine.retry_job(actor, &job.id).await.unwrap();
    assert_eq!(again.retry_of.as_ref(), Some(&job.id));
    assert_ne!(again.backup_id, job.backup_id);
    world.succeed(Ok(again.clone())).await;
    let made = engine.backup("b").await.unwrap().summary;
    assert_eq!(made.state, BackupState::Available);
    assert_eq!(Some(made.id), again.backup_id);

    let tail = suffix();
    let job = engine
        .restore_backup(actor, restore(&again, &tail))
        .await
        .unwrap();
    let canceled = engine.cancel_job(actor, &job.id).await.unwrap();
    assert_eq!(canceled.state, JobState::Canceled);
    let again = engine.retry_job(actor, &job.id).await;
    world.succeed(again).await;
    let targets = names(&[&format!("drafts{tail}")]);
    let milvus = server.connect().await;
    assert!(milvus.has_collection(&targets[0]).await.unwrap());
    drop_all(&*milvus, &targets).await;
}
