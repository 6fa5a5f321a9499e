//! A job's progress as a browser hears it.
//!
//! `make test` starts the Milvus that the job backs up, and names it in `HOZON_TEST_MILVUS_LOCAL`.

use std::fs;

use axum::http::StatusCode;
use hozon_engine::model::{Actor, BackupOptions, JobState, JobSummary, NewCluster};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::world::{World, get, with_cookie};

pub(crate) fn milvus() -> NewCluster {
    let file = std::env::var("HOZON_TEST_MILVUS_LOCAL")
        .unwrap_or_else(|_| panic!("HOZON_TEST_MILVUS_LOCAL is not set: run `make test`"));
    let facts: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let fact = |pointer: &str| {
        facts
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap()
            .to_owned()
    };
    NewCluster {
        name: "milvus".to_owned(),
        address: fact("/address"),
        username: Some(fact("/username")),
        password: Some(
            fs::read_to_string(fact("/password_file"))
                .unwrap()
                .trim()
                .to_owned(),
        ),
        storage_url: fact("/storage/url"),
        ..NewCluster::default()
    }
}

/// The data of every message of a stream.
fn messages(body: &str) -> Vec<JobSummary> {
    body.lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .map(|data| serde_json::from_str(data.trim()).unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_tells_a_job_to_its_end() {
    let world = World::new().await;
    let session = world.sign_in().await;
    let actor = Actor {
        name: "admin".to_owned(),
        origin: "console".to_owned(),
    };
    let engine = world.engine.clone();
    let cluster = engine.add_cluster(&actor, milvus()).await.unwrap();
    let options = BackupOptions {
        cluster_id: cluster.id,
        name: None,
        database: None,
        collections: vec!["hello_milvus".parse().unwrap()],
        copies: Vec::new(),
        bandwidth_limit: None,
    };
    let job = engine.create_backup(&actor, options).await.unwrap();
    let path = format!("/events/jobs/{}", job.id);

    let (running, ended) = tokio::join!(
        world.ask(with_cookie(get(&path), &session)),
        engine.run_job(&job.id, CancellationToken::new()),
    );
    assert_eq!(ended.unwrap().state, JobState::Successful);
    assert_eq!(running.status, StatusCode::OK);
    assert_eq!(running.header("content-type"), "text/event-stream");
    assert_eq!(
        running.header("content-encoding"),
        "",
        "a compressed stream arrives late"
    );
    let seen = messages(&running.body);
    assert!(seen.len() >= 2, "{seen:?}");
    assert_eq!(seen.iter().filter(|job| job.state.is_final()).count(), 1);
    assert_eq!(seen.last().unwrap().state, JobState::Successful);

    let finished = world.ask(with_cookie(get(&path), &session)).await;
    let seen = messages(&finished.body);
    assert_eq!(seen.len(), 1, "a job that is over is told once");
    assert_eq!(seen[0].state, JobState::Successful);

    let mut again = with_cookie(get(&path), &session);
    again
        .headers_mut()
        .insert("last-event-id", "last".parse().unwrap());
    assert_eq!(
        world.ask(again).await.status,
        StatusCode::NO_CONTENT,
        "nothing to reconnect for"
    );
}

#[tokio::test]
async fn a_job_that_nobody_knows_is_not_followed() {
    let world = World::new().await;
    let session = world.sign_in().await;
    let answer = world
        .ask(with_cookie(get("/events/jobs/job-none"), &session))
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
