//! `/hozon/v1` as the command line sees it, on a real engine: who gets in, who may do what, and what is refused.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod permissions;
#[path = "../world/mod.rs"]
mod world;

use std::num::NonZeroU32;

use axum::{Router, http::StatusCode};
use hozon_api::own::{self, Options};
use hozon_engine::{
    Engine,
    model::{Actor, Grant, NewProject, ProjectId, Role, Scope},
};
use serde_json::{Value, json};

use crate::world::{Api, CLUSTER, Reply, World};

const API: Api = (own::BASE, serve);
const LARGEST: usize = 64 * 1024;

fn serve(engine: &Engine) -> Router {
    let options = Options {
        requests_per_second: NonZeroU32::MAX,
        largest_body: LARGEST,
    };
    own::router(engine, options)
}

fn in_project(role: Role, project: &str) -> Grant {
    Grant {
        role,
        scope: Some(Scope {
            project_id: ProjectId::new(project),
            cluster_ids: Vec::new(),
        }),
    }
}

/// Two backups of a cluster that is not registered, and a key for them.
async fn holding(grants: Vec<Grant>) -> World {
    let world = World::holding(API, &["backup0_1", "backup0_2"]).await;
    world.with_key("afar", grants).await
}

#[track_caller]
fn refused(reply: &Reply, status: StatusCode, code: &str) {
    assert_eq!(reply.status, status, "{reply:?}");
    assert_eq!(reply.json()["error"]["code"], code, "{reply:?}");
}

/// What is done with the first backup, as path and body.
fn deeds() -> Vec<(&'static str, Value)> {
    let backup = json!({ "backup_id": "backup0_1" });
    let with = |name: &str, value: &str| json!({ "backup_id": "backup0_1", name: value });
    let restore = json!({
        "backup_id": "backup0_1", "cluster_id": null, "collections": [], "suffix": "", "load_state": "keep",
    });
    let export = json!({
        "backup_id": "backup0_1", "integration_id": "integ-none", "directory": "", "format": "milvus-backup",
    });
    vec![
        ("/plan/restore", restore.clone()),
        ("/queue/restore", restore),
        ("/plan/export", export.clone()),
        ("/queue/export", export),
        ("/plan/copy", with("repository", "nowhere")),
        ("/queue/copy", with("repository", "nowhere")),
        ("/plan/delete", backup.clone()),
        ("/queue/delete", backup),
        ("/queue/verify", with("level", "list")),
        ("/backups/backup0_1/rename", json!("another")),
        ("/backups/nightly_1/pin", json!(true)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_in_without_a_key() {
    let world = World::holding(API, &["backup0_1"]).await;
    for path in [
        "/clusters",
        "/backups/backup0_1",
        "/jobs/job-1",
        "/policies",
    ] {
        refused(
            &world.get(path).await,
            StatusCode::UNAUTHORIZED,
            "key_refused",
        );
    }
    let wrong = world.with_header("authorization", "Bearer wrong");
    refused(
        &wrong.get("/clusters").await,
        StatusCode::UNAUTHORIZED,
        "key_refused",
    );
    for (path, body) in deeds() {
        let reply = wrong.post(path, &body).await;
        refused(&reply, StatusCode::UNAUTHORIZED, "key_refused");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_is_answered_in_the_words_of_the_command_line() {
    let world = holding(vec![Grant::owner()]).await;
    let backup = world.get("/backups/nightly_1").await.json();
    assert_eq!(
        (&backup["id"], &backup["state"]),
        (&json!("backup0_1"), &json!("AVAILABLE"))
    );
    let page = world
        .post(
            "/search/backups",
            json!({ "page_size": 1, "sort": "name", "ascending": true }),
        )
        .await
        .json();
    assert_eq!(
        (&page["total"], &page["items"][0]["name"]),
        (&json!(2), &json!("nightly_1"))
    );
    let renamed = world
        .post("/backups/nightly_1/rename", json!("毎日/1"))
        .await;
    assert_eq!(renamed.json()["name"], "毎日/1");
    let found = world.get("/backups/%E6%AF%8E%E6%97%A5%2F1").await;
    assert_eq!(found.json()["id"], "backup0_1");
    let plan = world
        .post("/plan/delete", json!({ "backup_id": "backup0_1" }))
        .await;
    assert_eq!(plan.json()["files"], 1);
    let job = world
        .post("/queue/delete", json!({ "backup_id": "backup0_1" }))
        .await
        .json();
    assert_eq!(
        (&job["kind"], &job["created_by"]),
        (&json!("DELETE"), &json!("key:afar"))
    );
    let path = format!("/jobs/{}", job["id"].as_str().unwrap());
    assert_eq!(world.get(&path).await.json()["id"], job["id"]);
    let jobs = world.post("/search/jobs", json!({})).await.json();
    assert_eq!(jobs["total"], 1);
    for path in [
        "/backups/none",
        "/clusters/none",
        "/jobs/none",
        "/projects/none",
    ] {
        let reply = world.get(path).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        let code = reply.json()["error"]["code"].as_str().unwrap().to_owned();
        assert!(code.ends_with("_not_found"), "{path}: {code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_another_project_sees_and_does_nothing() {
    let world = World::holding(API, &["backup0_1", "backup0_2"]).await;
    let actor = Actor {
        name: "test".into(),
        origin: "test".into(),
    };
    let new = NewProject {
        name: "other".into(),
        ..NewProject::default()
    };
    let made = world.engine.create_project(&actor, new).await.unwrap();
    let world = world
        .with_key(
            "afar",
            vec![in_project(Role::ProjectAdmin, made.id.as_str())],
        )
        .await;
    let page = world.post("/search/backups", json!({})).await.json();
    assert_eq!(page["total"], 0, "{page}");
    // Whose backups are asked for changes nothing about whose may be seen.
    let within = json!({ "within": null, "project_id": ProjectId::DEFAULT });
    let page = world.post("/search/backups", within).await.json();
    assert_eq!(page["total"], 0, "{page}");
    let reply = world.get("/backups/backup0_1").await;
    refused(&reply, StatusCode::FORBIDDEN, "permission_denied");
    for (path, body) in deeds() {
        let reply = world.post(path, &body).await;
        refused(&reply, StatusCode::FORBIDDEN, "permission_denied");
    }
    let backup = world.engine.backup("backup0_1").await.unwrap().summary;
    assert_eq!((&*backup.name, backup.pinned), ("nightly_1", false));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_only_read_changes_nothing() {
    let world = holding(vec![in_project(Role::ReadOnly, ProjectId::DEFAULT)]).await;
    assert_eq!(world.get("/backups/backup0_1").await.status, StatusCode::OK);
    let page = world.post("/search/backups", json!({})).await.json();
    assert_eq!(page["total"], 2);
    for (path, body) in deeds() {
        let reply = world.post(path, &body).await;
        refused(&reply, StatusCode::FORBIDDEN, "permission_denied");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_refused() {
    let world = holding(vec![Grant::owner()]).await;
    for body in ["", "{", "[]", "{\"backup_id\":1}"] {
        let reply = world.post("/plan/delete", body).await;
        refused(&reply, StatusCode::BAD_REQUEST, "invalid_input");
    }
    let large = json!({ "search": "x".repeat(2 * LARGEST) });
    let reply = world.post("/search/backups", large).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    for path in ["/nothing", "/backups", "/plan/verify"] {
        let reply = world.get(path).await;
        refused(&reply, StatusCode::NOT_FOUND, "invalid_input");
    }
    let unknown = format!("/clusters/{CLUSTER}");
    let reply = world.get(&unknown).await;
    refused(
        &reply,
        StatusCode::UNPROCESSABLE_ENTITY,
        "cluster_not_found",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often_is_told_when_to_come_again() {
    fn slow(engine: &Engine) -> Router {
        let options = Options {
            requests_per_second: NonZeroU32::MIN,
            largest_body: LARGEST,
        };
        own::router(engine, options)
    }
    let world = World::new((own::BASE, slow))
        .await
        .with_key("hasty", vec![Grant::owner()])
        .await;
    assert_eq!(world.get("/clusters").await.status, StatusCode::OK);
    let reply = world.get("/clusters").await;
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(reply.header("retry-after"), "1");
    assert_eq!(world.get("/policies").await.status, StatusCode::OK);
}
