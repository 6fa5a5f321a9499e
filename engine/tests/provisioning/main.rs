//! A restore whose cluster a provisioning hook makes: a real service and a real program, and a small server in the place of
//! the Milvus that they made, which is as empty as a new one.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

#[path = "../repository_world/mod.rs"]
mod repository_world;
#[allow(dead_code)] // every test binary takes its own part of it
#[path = "../milvus_answers/script.rs"]
mod script;
mod service;
mod world;

use std::{fs, time::Duration};

use hozon_engine::{
    ErrorCode,
    model::{JobState, JobSummary},
    provisioning::{Hook, Provisioning},
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{
    service::{Service, answer, ok},
    world::{PASSWORD, World, empty_milvus, milvus_with},
};

/// Where files of made clusters lie is known before there is a world: a hook's answer needs it.
async fn world_and_service(
    answers: impl FnOnce(&World) -> Vec<Option<String>>,
) -> (World, Service) {
    let nobody = Service::answering(vec![None]).await;
    let world = World::with(nobody.hook()).await;
    let service = Service::answering(answers(&world)).await;
    let engine = world.again(service.hook()).await;
    (World { engine, ..world }, service)
}

fn failed(job: &JobSummary, code: ErrorCode) -> String {
    assert_eq!(job.state, JobState::Failed, "{job:#?}");
    let reason = job.reason.as_ref().unwrap();
    assert_eq!(reason.code, code, "{reason:?}");
    assert!(!reason.hint.is_empty(), "{reason:?}");
    let text = format!("{reason} {}", reason.hint);
    assert!(!text.contains("hush"), "{text}");
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_is_made_registered_and_restored_into() {
    let (world, service) = world_and_service(|world| {
        let made = world.made_at(&empty_milvus());
        vec![ok(json!({ "wait": 1 })), ok(made)]
    })
    .await;
    let restore = world.ask("new", true).await.unwrap();
    assert_eq!(restore.job.cluster_id, None);
    assert!(world.engine.clusters().await.unwrap().is_empty());
    let ended = world.run(&restore.job).await;
    assert_eq!(ended.state, JobState::Successful, "{ended:#?}");
    assert_eq!(ended.cluster_id.as_ref(), Some(&restore.cluster_id));
    assert_eq!(ended.cluster_name.as_deref(), Some("new"));

    let cluster = world.engine.cluster("new").await.unwrap();
    assert_eq!(cluster.id, restore.cluster_id);
    assert_eq!(cluster.username.as_deref(), Some("root"));
    assert_eq!(cluster.cloud_region.as_deref(), Some("here"));
    assert_eq!(cluster.milvus_version.as_deref(), Some("v2.3.5"));
    assert!(
        world
            .engine
            .check_cluster(&cluster.id)
            .await
            .unwrap()
            .passed()
    );

    let asked = service.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().all(service::Asked::is_signed));
    let [first, second] = [asked[0].question(), asked[1].question()];
    assert_eq!(first["requestId"], second["requestId"]);
    assert_ne!(first["sentAt"], second["sentAt"]);
    for (name, value) in [
        ("clusterName", json!("new")),
        ("clusterId", json!(restore.cluster_id)),
        ("regionId", json!("here")),
        ("cuSize", json!(4)),
        ("collectionStatus", json!("KEEP")),
        ("restoreVersionPolicy", json!("ORIGINAL")),
        ("milvusVersion", json!("v2.3.5")),
    ] {
        assert_eq!(first[name], value, "{name}");
    }

    let log = world.log_of(&ended).await;
    let request = first["requestId"].as_str().unwrap();
    assert!(
        log.contains(request) && log.contains("made and registered"),
        "{log}"
    );
    assert!(!log.contains("hush"), "{log}");
    assert!(!world.is_written(PASSWORD), "the password lies open");
    assert_eq!(world.provisioned().await, ["ok"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_makes_one_too() {
    let (world, _) = world_and_service(|_| vec![None]).await;
    let path = world.directory.path().join("hook");
    let made = world.made_at(&empty_milvus());
    fs::write(&path, format!("cat > /dev/null\nprintf '%s' '{made}'\n")).unwrap();
    let hook = Provisioning::of(Hook::Program {
        path: "/bin/sh".into(),
        arguments: vec![path.display().to_string()],
    });
    let engine = world.again(hook).await;
    let world = World { engine, ..world };
    let ended = world.restored("new", false).await;
    assert_eq!(ended.state, JobState::Successful, "{ended:#?}");
    assert!(!world.is_written(PASSWORD), "the password lies open");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hook_does_wrong_is_named_and_registers_nothing() {
    let full = |world: &World| world.made_at(&milvus_with(&["books"], "v2.3.5"));
    let older = |world: &World| world.made_at(&milvus_with(&[], "v2.3.4"));
    let (world, _service) = world_and_service(|world| {
        vec![
            answer("500 Internal Server Error", "", PASSWORD),
            answer("302 Found", "location: http://127.0.0.1:1/hush\r\n", ""),
            answer("401 Unauthorized", "", "hush"),
            ok(format!("password = {PASSWORD}")),
            ok(json!({ "wait": "hush" })),
            ok(json!({ "wait": 3600 })),
            ok(json!({ "refused": "the quota is used up" })),
            ok("x".repeat(300_000)),
            ok(world.made_at("milvus:19530")),
            ok(full(world)),
            ok(older(world)),
            ok(world.made_at("http://127.0.0.1:1")),
        ]
    })
    .await;
    let mut outcomes = Vec::new();
    for (code, part) in [
        (ErrorCode::ProvisioningFailed, "HTTP 500"),
        (ErrorCode::ProvisioningFailed, "redirects are not followed"),
        (ErrorCode::ProvisioningFailed, "secret_file"),
        (ErrorCode::ProvisioningFailed, "is no JSON"),
        (ErrorCode::ProvisioningFailed, "from 1 to 3600"),
        (ErrorCode::ProvisioningFailed, "later than 1800 seconds"),
        (ErrorCode::ProvisioningFailed, "the quota is used up"),
        (ErrorCode::ProvisioningFailed, "longer than"),
        (ErrorCode::ProvisioningFailed, "unusable `address`"),
        (
            ErrorCode::ProvisioningFailed,
            "not empty: it has `default.books`",
        ),
        (ErrorCode::ProvisioningFailed, "v2.3.5 was asked for"),
        (ErrorCode::ClusterUnreachable, "127.0.0.1:1"),
    ] {
        let ended = world.restored("new", true).await;
        let text = failed(&ended, code);
        assert!(text.contains(part), "{part}: {text}");
        assert_eq!(ended.cluster_id, None, "{part}");
        assert!(world.engine.clusters().await.unwrap().is_empty(), "{part}");
        let log = world.log_of(&ended).await;
        assert!(!log.contains("hush"), "{log}");
        outcomes.insert(0, serde_json::to_value(code).unwrap());
    }
    let audited: Vec<Value> = world
        .provisioned()
        .await
        .into_iter()
        .map(Value::from)
        .collect();
    assert_eq!(audited, outcomes);
    assert!(!world.is_written(PASSWORD), "the password lies open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hook_that_is_slow_or_never_done_is_not_waited_for() {
    let silent = Service::answering(vec![None]).await;
    let world = World::with(Provisioning {
        answer: Duration::from_millis(300),
        ..silent.hook()
    })
    .await;
    let ended = world.restored("new", false).await;
    let text = failed(&ended, ErrorCode::ProvisioningFailed);
    assert!(text.contains("no answer within 300ms"), "{text}");

    let busy = Service::answering(vec![ok(json!({ "wait": 1 }))]).await;
    let deadline = Provisioning {
        deadline: Duration::from_secs(2),
        ..busy.hook()
    };
    let engine = world.again(deadline).await;
    let world = World { engine, ..world };
    let ended = world.restored("new", false).await;
    let text = failed(&ended, ErrorCode::ProvisioningFailed);
    assert!(text.contains("later than 2 seconds"), "{text}");
    let asked = busy.asked().len();
    assert!((2..=3).contains(&asked), "asked {asked} times");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cancels_does_not_wait_for_the_hook() {
    for answer in [ok(json!({ "wait": 600 })), None] {
        let service = Service::answering(vec![answer]).await;
        let world = World::with(service.hook()).await;
        let restore = world.ask("new", false).await.unwrap();
        let (engine, id) = (world.engine.clone(), restore.job.id.clone());
        let running =
            tokio::spawn(async move { engine.run_job(&id, CancellationToken::new()).await });
        service.was_asked(1).await;
        let actor = &world.actor;
        world
            .engine
            .cancel_job(actor, &restore.job.id)
            .await
            .unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(20), running).await;
        let ended = ended.unwrap().unwrap().unwrap();
        assert_eq!(ended.state, JobState::Canceled, "{ended:#?}");
        let log = world.log_of(&ended).await;
        assert!(log.contains("stays with it"), "{log}");
        assert!(world.engine.clusters().await.unwrap().is_empty());
        assert!(world.provisioned().await.is_empty());
    }
}

/// What is dropped in the middle leaves what a process leaves that is killed: its lease runs out.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_killed_is_followed_by_one_that_asks_for_the_same_cluster() {
    let (world, service) = world_and_service(|world| {
        let made = world.made_at(&empty_milvus());
        vec![None, ok(made)]
    })
    .await;
    let restore = world.ask("new", false).await.unwrap();
    let (engine, id) = (world.engine.clone(), restore.job.id.clone());
    let killed = tokio::spawn(async move { engine.run_job(&id, CancellationToken::new()).await });
    service.was_asked(1).await;
    killed.abort();
    assert!(killed.await.unwrap_err().is_cancelled());

    let engine = world.again(service.hook()).await;
    let world = World { engine, ..world };
    let ended = world.run(&restore.job).await;
    assert_eq!(ended.state, JobState::Successful, "{ended:#?}");
    assert_eq!(ended.cluster_id, Some(restore.cluster_id));
    let asked = service.asked();
    assert_eq!(asked.len(), 2);
    let [first, second] = [asked[0].question(), asked[1].question()];
    assert_eq!(first["requestId"], second["requestId"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_asks_for_the_same_cluster_and_restores_into_it() {
    let (world, service) = world_and_service(|world| {
        let made = world.made_at(&empty_milvus());
        vec![ok(json!({ "refused": "not today" })), ok(made)]
    })
    .await;
    let restore = world.ask("new", false).await.unwrap();
    let ended = world.run(&restore.job).await;
    assert!(failed(&ended, ErrorCode::ProvisioningFailed).contains("not today"));
    let retried = world
        .engine
        .retry_job(&world.actor, &ended.id)
        .await
        .unwrap();
    let ended = world.run(&retried).await;
    assert_eq!(ended.state, JobState::Successful, "{ended:#?}");
    assert_eq!(ended.cluster_id, Some(restore.cluster_id));
    let asked = service.asked();
    let [first, second] = [asked[0].question(), asked[1].question()];
    assert_eq!(first["requestId"], second["requestId"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_taken_meanwhile_stays_with_who_took_it() {
    let (world, service) = world_and_service(|world| {
        let made = world.made_at(&empty_milvus());
        vec![ok(json!({ "wait": 3 })), ok(made)]
    })
    .await;
    let restore = world.ask("new", false).await.unwrap();
    let second = world.ask("new", false).await.unwrap_err();
    assert_eq!(second.code(), ErrorCode::ClusterNameTaken);
    assert!(
        second.to_string().contains(restore.job.id.as_str()),
        "{second}"
    );

    let (engine, id) = (world.engine.clone(), restore.job.id.clone());
    let running = tokio::spawn(async move { engine.run_job(&id, CancellationToken::new()).await });
    service.was_asked(1).await;
    let registration = world.registration("new");
    let theirs = world.engine.add_cluster(&world.actor, registration).await;
    let theirs = theirs.unwrap();
    let ended = running.await.unwrap().unwrap();
    let text = failed(&ended, ErrorCode::ClusterNameTaken);
    assert!(text.contains(theirs.id.as_str()), "{text}");
    let registered = world.engine.clusters().await.unwrap();
    assert_eq!(registered.len(), 1);
    assert_eq!(registered[0].id, theirs.id);
    assert_eq!(service.asked().len(), 1);
    assert_eq!(world.provisioned().await, ["cluster_name_taken"]);

    let third = world.ask("new", false).await.unwrap_err();
    assert_eq!(third.code(), ErrorCode::ClusterNameTaken);
    assert!(third.to_string().contains(theirs.id.as_str()), "{third}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_before_anybody_is_asked() {
    let service = Service::answering(vec![None]).await;
    let world = World::with(service.hook()).await;
    for name in ["", " ", "a\nb", "n".repeat(65).as_str()] {
        let refused = world.ask(name, false).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidInput, "{name}");
    }
    assert!(service.asked().is_empty());
    assert!(world.engine.makes_clusters());
}
