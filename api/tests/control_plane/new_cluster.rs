//! `restoreCluster` where no cluster of the name is registered: a provisioning hook makes it, or nobody does.

use std::time::Duration;

use hozon_engine::{
    model::{Grant, ProjectId, Role, Scope},
    provisioning::{Hook, Provisioning},
};
use serde_json::{Value, json};

use crate::{
    API,
    flow::good,
    holding,
    world::{CLUSTER, World},
};

fn path() -> String {
    format!("/clusters/{CLUSTER}/backups/backup0_1/restoreCluster")
}

fn body(name: &str) -> Value {
    json!({ "projectId": ProjectId::DEFAULT, "clusterName": name, "cuSize": 2, "collectionStatus": "KEEP" })
}

/// With a hook that always says no, and why.
async fn refusing() -> World {
    let answer = r#"printf '%s' '{"refused":"the quota is used up"}'"#;
    let hook = Hook::Program {
        path: "/bin/sh".into(),
        arguments: vec!["-c".to_owned(), answer.to_owned()],
    };
    World::configured(API, &["backup0_1"], |config| {
        config.provisioning = Some(Provisioning::of(hook));
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_hook_nobody_makes_a_cluster() {
    let world = holding(&["backup0_1"]).await;
    let refused = world.post(&path(), body("new")).await.json();
    assert_eq!(refused["code"], 70002, "{refused}");
    let message = refused["message"].as_str().unwrap();
    assert!(message.contains("[provisioning]"), "{message}");
    assert_eq!(good(&world.get("/jobs").await)["count"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_job_asks_the_hook_and_says_what_it_answered() {
    let world = refusing()
        .await
        .with_key("owner", vec![Grant::owner()])
        .await;
    let restoring = good(&world.post(&path(), body("new")).await);
    assert!(
        restoring["clusterId"]
            .as_str()
            .unwrap()
            .starts_with("in01-")
    );
    assert_eq!(
        (&restoring["username"], &restoring["password"]),
        (&json!(""), &json!(""))
    );
    let job = ended(&world, restoring["jobId"].as_str().unwrap()).await;
    assert_eq!(job["status"], "FAILED", "{job}");
    let reason = job["reason"].as_str().unwrap();
    assert!(reason.contains("the quota is used up"), "{reason}");
    assert_eq!(
        (&job["type"], &job["clusterId"]),
        (&json!("RESTORE"), &Value::Null)
    );
    let described = format!("/clusters/{}", restoring["clusterId"].as_str().unwrap());
    assert_eq!(world.get(&described).await.json()["code"], 70101);
    assert_eq!(good(&world.get("/clusters").await)["count"], 0);

    let retry = format!("/jobs/{}/retry", job["jobId"].as_str().unwrap());
    let again = good(&world.post(&retry, "").await);
    let job = ended(&world, again["jobId"].as_str().unwrap()).await;
    assert_eq!(job["status"], "FAILED", "{job}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_register_no_cluster_may_not_have_one_made() {
    let world = refusing().await;
    let operator = Grant {
        role: Role::ReadWrite,
        scope: Some(Scope {
            project_id: ProjectId::default(),
            cluster_ids: Vec::new(),
        }),
    };
    let world = world.with_key("operator", vec![operator]).await;
    let refused = world.post(&path(), body("new")).await.json();
    assert_eq!(refused["code"], 96016, "{refused}");
    assert!(
        refused["message"]
            .as_str()
            .unwrap()
            .contains("cluster:create")
    );
    assert_eq!(good(&world.get("/jobs").await)["count"], 0);

    let world = world
        .without_headers()
        .with_key("owner", vec![Grant::owner()])
        .await;
    let mut elsewhere = body("new");
    elsewhere["projectId"] = json!("proj-ffffffffffffffffffffff");
    let refused = world.post(&path(), elsewhere).await.json();
    assert_eq!(refused["code"], 70006, "{refused}");
}

async fn ended(world: &World, id: &str) -> Value {
    for _ in 0..300 {
        let job = good(&world.get(&format!("/jobs/{id}")).await);
        if !["PENDING", "IN_PROGRESS"].contains(&job["status"].as_str().unwrap()) {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{id} does not end");
}
