//! Answers that need no Milvus: the envelope, lists, lookups, deletions, and everything that is refused.

use axum::http::StatusCode;
use hozon_engine::model::{Grant, ProjectId, Role, Scope};
use serde_json::{Value, json};

use crate::{
    API, holding, world,
    world::{CLUSTER, World},
};

fn backup(number: u32) -> String {
    format!("/clusters/{CLUSTER}/backups/backup0_{number}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_error_is_http_401_in_the_envelope() {
    let keyless = World::new(API).await;
    let refused = keyless.get("/clusters").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        refused.json(),
        json!({ "code": 1800, "message": "User hasn't authenticated" })
    );
    assert_eq!(refused.header("requestid").len(), 32);
    let wrong = keyless.with_header("authorization", "Bearer wrong");
    for path in [
        "/clusters",
        "/backups",
        "/jobs/job-1",
        "/projects",
        "/regions",
        "/storageIntegrations",
    ] {
        let refused = wrong.get(path).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert_eq!(
            refused.json(),
            json!({ "code": 21119, "message": "The apikey is illegal" }),
            "{path}"
        );
    }
    let missing = wrong.get("/nothing").await;
    assert_eq!(
        (missing.status, missing.json()["code"].clone()),
        (StatusCode::NOT_FOUND, json!(70004))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_its_page_and_its_filters() {
    let world = holding(&["backup0_1", "backup0_2", "backup0_3"]).await;
    let listed = world.get("/backups?pageSize=2&currentPage=2").await;
    assert_eq!(listed.status, StatusCode::OK);
    let listed = listed.json();
    assert_eq!((&listed["code"], listed.get("message")), (&json!(0), None));
    let data = &listed["data"];
    assert_eq!(
        (&data["count"], &data["currentPage"], &data["pageSize"]),
        (&json!(3), &json!(2), &json!(2))
    );
    let one = &data["backups"][0];
    let created = one["createTime"].as_str().unwrap();
    assert_eq!((created.len(), created.ends_with('Z')), (20, true));
    assert_eq!(
        *one,
        json!({
            "projectId": "proj-0000000000000000000000", "backupId": "backup0_1", "backupName": "nightly_1",
            "backupType": "CLUSTER", "creationMethod": "MANUAL", "size": 18, "expireTime": null,
            "clusterId": CLUSTER, "clusterName": "本番", "createTime": created, "status": "AVAILABLE",
            "restoreNewInstancePolicies": ["LATEST", "ORIGINAL"],
        })
    );
    for (query, count) in [
        ("", 3),
        ("?clusterId=in01-0123456789abcde", 3),
        ("?clusterId=in01-other", 0),
        ("?creationMethod=AUTO", 0),
        ("?creationMethod=MANUAL&backupType=CLUSTER", 3),
        ("?backupType=COLLECTION", 0),
        ("?start=2020-01-01T00:00:00Z&end=2021-01-01T00:00:00Z", 0),
        ("?start=2020-01-01T00:00:00Z", 3),
        ("?projectId=proj-0000000000000000000000", 3),
        ("?projectId=proj-other", 0),
    ] {
        let listed = world.get(&format!("/backups{query}")).await.json();
        assert_eq!(listed["data"]["count"], count, "{query}");
    }
    for (query, code) in [
        ("?pageSize=0", 96008),
        ("?pageSize=101", 96008),
        ("?currentPage=0", 96009),
        ("?start=yesterday", 96007),
        ("?end=2024-07-30", 96007),
        ("?projectId=mine", 96005),
        ("?backupType=ALL", 70001),
    ] {
        let refused = world.get(&format!("/backups{query}")).await;
        assert_eq!(
            (refused.status, &refused.json()["code"]),
            (StatusCode::OK, &json!(code)),
            "{query}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_backup_tells_its_collections_both_ways() {
    let world = holding(&["backup0_1"]).await;
    let told = world.get(&backup(1)).await.json()["data"].clone();
    let collection =
        json!([{ "collectionName": "hello_milvus", "description": "", "status": "LOADED" }]);
    assert_eq!(
        told["dbCollections"],
        json!([{ "dbName": "default", "collections": collection }])
    );
    assert_eq!(told["collections"], collection);
    assert_eq!(
        (&told["status"], &told["regionId"]),
        (&json!("AVAILABLE"), &json!("self-hosted"))
    );
    for path in [
        "/clusters/in01-other/backups/backup0_1".to_owned(),
        backup(9),
        format!("/clusters/{CLUSTER}/backups/nightly_1"),
    ] {
        assert_eq!(world.get(&path).await.json()["code"], 70201, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn policy_and_create_are_never_taken_for_backups() {
    let world = holding(&["backup0_1"]).await;
    for path in ["policy", "create"] {
        let asked = world
            .post(&format!("/clusters/{CLUSTER}/backups/{path}"), "{}")
            .await
            .json();
        assert_eq!(
            asked["code"], 70101,
            "{path}: the cluster is not registered: {asked}"
        );
    }
    let policy = world
        .get(&format!("/clusters/{CLUSTER}/backups/policy"))
        .await
        .json();
    assert_eq!(policy["code"], 70101);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_backup_leaves_the_list_at_once() {
    let world = holding(&["backup0_1"]).await;
    let renamed = world
        .post(&format!("{}/rename", backup(1)), r#"{"backupName":"夜間"}"#)
        .await
        .json();
    assert_eq!(
        renamed,
        json!({ "code": 0, "data": { "backupId": "backup0_1", "backupName": "夜間" } })
    );
    let deleted = world.delete(&backup(1)).await.json();
    assert_eq!(
        deleted,
        json!({ "code": 0, "data": { "backupId": "backup0_1", "backupName": "夜間" } })
    );
    let listed = world.get("/backups").await.json();
    assert_eq!(listed["data"]["count"], 0);
    for _ in 0..100 {
        let told = world.get(&backup(1)).await.json();
        assert_eq!(told["data"]["status"], "DELETED", "{told}");
        let jobs = world
            .get("/jobs?backupId=backup0_1&status=SUCCESSFUL")
            .await
            .json();
        if jobs["data"]["count"] == 1 {
            let job = &jobs["data"]["jobs"][0];
            assert_eq!(
                (&job["type"], &job["kind"], &job["progress"]),
                (&json!("BACKUP"), &json!("DELETE"), &json!("100"))
            );
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the deletion does not end");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_without_any_cluster() {
    let world = world().await;
    let data = async |path: &str| world.get(path).await.json()["data"].clone();
    assert_eq!(
        data("/clusters").await,
        json!({ "count": 0, "currentPage": 1, "pageSize": 10, "clusters": [] })
    );
    let projects = data("/projects").await;
    assert_eq!(
        (&projects[0]["projectName"], &projects[0]["instanceCount"]),
        (&json!("default"), &json!(0))
    );
    assert_eq!(
        data("/projects/proj-0000000000000000000000").await,
        projects[0]
    );
    assert_eq!(world.get("/projects/proj-x").await.json()["code"], 70006);
    let clouds = data("/clouds").await;
    assert_eq!(
        clouds[0],
        json!({ "cloudId": "aws", "description": "Amazon Web Services" })
    );
    let regions = data("/regions?cloudId=self").await;
    assert_eq!(
        (&regions[0]["regionId"], regions.as_array().unwrap().len()),
        (&json!("self-hosted"), 1)
    );
    assert_eq!(data("/regions?cloudId=aws").await, json!([]));
    assert_eq!(
        world.get("/regions?cloudId=moon").await.json()["code"],
        96000
    );
    assert_eq!(world.get("/jobs/job-x").await.json()["code"], 70501);
    assert_eq!(
        world.post("/jobs/job-x/cancel", "").await.json()["code"],
        70501
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_twenty_first_request_of_a_second_has_to_wait() {
    let world = world().await;
    let mut refused = None;
    for _ in 0..60 {
        let reply = world.get("/clouds").await;
        if reply.status == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(reply);
            break;
        }
    }
    let refused = refused.expect("sixty requests take less than three seconds");
    assert_eq!(refused.json()["code"], 70005);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(world.get("/regions").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_cannot_be_read_are_told_so() {
    let world = holding(&["backup0_1"]).await;
    for (path, body) in [
        ("restoreCollection", "{"),
        ("export", "[]"),
        ("restoreCluster", r#"{"cuSize":"big"}"#),
    ] {
        let reply = world.post(&format!("{}/{path}", backup(1)), body).await;
        let code: Value = reply.json()["code"].clone();
        if path == "restoreCluster" {
            assert_eq!(code, 70001, "{reply:?}");
        } else {
            assert_eq!(
                (reply.status, code),
                (StatusCode::BAD_REQUEST, json!(70003)),
                "{path}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_does_what_its_role_may_where_it_holds() {
    let reads = World::holding(API, &["backup0_1"]).await;
    let grant = |role, project: &str| Grant {
        role,
        scope: Some(Scope {
            project_id: ProjectId::new(project),
            cluster_ids: Vec::new(),
        }),
    };
    let reads = reads
        .with_key("reader", vec![grant(Role::ReadOnly, ProjectId::DEFAULT)])
        .await;
    assert_eq!(reads.get("/backups").await.json()["data"]["count"], 1);
    assert_eq!(reads.get(&backup(1)).await.json()["code"], 0);
    let refused = reads.delete(&backup(1)).await;
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (StatusCode::OK, &json!(96016))
    );
    let renamed = reads
        .post(&format!("{}/rename", backup(1)), r#"{"backupName":"x"}"#)
        .await;
    assert_eq!(renamed.json()["code"], 96016);
    assert_eq!(
        reads
            .post("/projects", r#"{"projectName":"x"}"#)
            .await
            .json()["code"],
        96016
    );

    let owner = holding(&["backup0_1"]).await;
    let made = owner
        .post("/projects", r#"{"projectName":"棚","plan":"Enterprise"}"#)
        .await
        .json();
    let id = made["data"].as_str().unwrap().to_owned();
    let told = owner.get(&format!("/projects/{id}")).await.json();
    assert_eq!(
        (&told["data"]["projectName"], &told["data"]["plan"]),
        (&json!("棚"), &json!("Enterprise"))
    );
    let elsewhere = owner.again().await.without_headers();
    let elsewhere = elsewhere
        .with_key("elsewhere", vec![grant(Role::ProjectAdmin, &id)])
        .await;
    assert_eq!(elsewhere.get("/backups").await.json()["data"]["count"], 0);
    assert_eq!(elsewhere.get(&backup(1)).await.json()["code"], 96016);
    assert_eq!(
        elsewhere.get("/projects").await.json()["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        owner.delete(&format!("/projects/{id}")).await.json()["data"],
        json!(id)
    );
}
