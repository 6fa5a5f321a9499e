//! A job that is stopped leaves nothing half done behind.

use std::time::Duration;

use hozon_engine::{
    ErrorCode,
    model::{BackupState, JobState, NewCluster},
};
use tokio_util::sync::CancellationToken;

use crate::{
    relay::Relay,
    world::{Server, World, backup, restore, snapshot, suffix},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_canceled_backup_leaves_no_data() {
    let (world, server) = (World::new().await, Server::local());
    let cluster = world.add(&server).await;
    let job = world
        .engine
        .create_backup(&world.actor, backup(&cluster, "b", &[]))
        .await
        .unwrap();
    world
        .engine
        .cancel_job(&world.actor, &job.id)
        .await
        .unwrap();
    let ended = world.run(&job).await;
    assert_eq!(ended.state, JobState::Canceled);
    let backup = world
        .engine
        .backup(job.backup_id.unwrap().as_str())
        .await
        .unwrap();
    assert_eq!(backup.summary.state, BackupState::Failed);
    assert_eq!(backup.reason.unwrap().code, ErrorCode::Canceled);
    assert!(snapshot(&world.repository_directory().join("data")).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_restore_can_be_canceled_and_leaves_no_collection() {
    let (world, server) = (World::new().await, Server::local());
    let cluster = world.add(&server).await;
    let made = world.back_up(&cluster, "b", &["hello_milvus"]).await;
    let suffix = suffix();
    let job = world
        .engine
        .restore_backup(&world.actor, restore(&made, &suffix))
        .await
        .unwrap();
    let (engine, id) = (world.engine.clone(), job.id.clone());
    let running =
        tokio::spawn(async move { engine.run_job(&id, CancellationToken::new()).await.unwrap() });
    while world.engine.job(&job.id).await.unwrap().summary.state == JobState::Pending {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    world
        .engine
        .cancel_job(&world.actor, &job.id)
        .await
        .unwrap();
    assert_eq!(running.await.unwrap().state, JobState::Canceled);
    let milvus = server.connect().await;
    let left = milvus.collections("default").await.unwrap();
    assert!(
        !left
            .iter()
            .any(|name| name.ends_with(&suffix) || name.contains(&job.id.as_str()[4..16])),
        "{left:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_gives_its_backup_back_and_another_finishes_it() {
    let (world, server) = (World::new().await, Server::local());
    let cluster = world.add(&server).await;
    let job = world
        .engine
        .create_backup(&world.actor, backup(&cluster, "b", &[]))
        .await
        .unwrap();
    let stop = CancellationToken::new();
    let (engine, stopped) = (world.engine.clone(), stop.clone());
    let workers = tokio::spawn(async move { engine.run_workers(stopped).await.unwrap() });
    while world.engine.job(&job.id).await.unwrap().summary.state == JobState::Pending {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.cancel();
    workers.await.unwrap();
    let ended = world.run(&job).await;
    assert_eq!(ended.state, JobState::Successful, "{ended:#?}");
}

/// Whoever cancels does not wait for a Milvus that has fallen silent: a call may take 30 seconds to be given up.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_waits_for_a_silent_milvus_ends_when_it_is_canceled() {
    let (world, server) = (World::new().await, Server::local());
    let relay = Relay::to(&server.registration("behind").address).await;
    let cluster = world
        .engine
        .add_cluster(
            &world.actor,
            NewCluster {
                address: relay.address.clone(),
                ..server.registration("behind")
            },
        )
        .await
        .unwrap();
    let job = world
        .engine
        .create_backup(&world.actor, backup(&cluster, "b", &[]))
        .await
        .unwrap();
    relay.fall_silent();
    let (engine, id) = (world.engine.clone(), job.id.clone());
    let running =
        tokio::spawn(async move { engine.run_job(&id, CancellationToken::new()).await.unwrap() });
    relay.asked_in_vain().await;
    world
        .engine
        .cancel_job(&world.actor, &job.id)
        .await
        .unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(15), running).await;
    assert_eq!(ended.unwrap().unwrap().state, JobState::Canceled);
}
