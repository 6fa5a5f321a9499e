//! The vendor's calls on a real Milvus: create, follow the job, describe, restore beside, export, a policy as Terraform
//! sets and removes it, delete.

use std::{sync::Arc, time::Duration};

use hozon_engine::{model::CollectionName, source::Milvus};
use milvus::proto::schema::DataType;
use serde_json::{Value, json};

use crate::{
    documented, world,
    world::{
        World,
        support::{Server, backup::Cluster, dropping, rows::Writer, unique},
    },
};

const ROWS: std::ops::Range<i64> = 0..200;

/// What a request answers that must succeed.
pub(crate) fn good(reply: &crate::world::Reply) -> Value {
    let body = reply.json();
    assert_eq!(body["code"], 0, "{body}");
    body["data"].clone()
}

/// Asks again until a job has ended well.
pub(crate) async fn done(world: &World, started: &Value) -> Value {
    let id = started["jobId"].as_str().unwrap();
    for _ in 0..600 {
        let job = good(&world.get(&format!("/jobs/{id}")).await);
        match job["status"].as_str().unwrap() {
            "PENDING" | "IN_PROGRESS" => tokio::time::sleep(Duration::from_millis(200)).await,
            _ => {
                assert_eq!(
                    (&job["status"], &job["progress"]),
                    (&json!("SUCCESSFUL"), &json!("100")),
                    "{job}"
                );
                return job;
            }
        }
    }
    panic!("{id} does not end");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vendors_calls() {
    let cluster = Cluster::of(Server::local()).await;
    let name = unique("control_plane");
    let restored = CollectionName {
        name: format!("{}_restored", name.name),
        ..name.clone()
    };
    let milvus: Arc<dyn Milvus> = cluster.milvus.clone();
    dropping(
        &milvus,
        &[&name, &restored],
        flow(&cluster, &name, &restored),
    )
    .await;
}

async fn flow(cluster: &Cluster, name: &CollectionName, restored: &CollectionName) {
    let writer = Writer::connect(&cluster.server).await;
    writer.create(name, DataType::Int64, false).await;
    writer.insert(name, "", ROWS).await;
    cluster.index_and_load(name).await;
    let world = world().await;
    let id = world.register(&cluster.server, "Dedicated-01").await.id;
    let backups = format!("/clusters/{id}/backups");

    let listed = good(&world.get("/clusters").await);
    assert_eq!(
        (&listed["count"], &listed["clusters"][0]["clusterId"]),
        (&json!(1), &json!(id))
    );

    let body = json!({ "backupType": "COLLECTION", "dbCollections": [{ "collectionNames": [name.name] }] });
    let created = good(&world.post(&format!("{backups}/create"), &body).await);
    assert_eq!(created["backupName"], format!("{}_backup1", name.name));
    let job = done(&world, &created).await;
    assert_eq!(
        (&job["type"], &job["reason"]),
        (&json!("BACKUP"), &json!(""))
    );
    let backup = format!("{backups}/{}", created["backupId"].as_str().unwrap());
    let told = good(&world.get(&backup).await);
    assert_eq!(
        (&told["backupType"], &told["status"]),
        (&json!("COLLECTION"), &json!("AVAILABLE"))
    );
    assert_eq!(
        told["dbCollections"][0]["collections"][0]["status"],
        "LOADED"
    );
    assert_eq!(
        good(&world.get(&format!("/clusters/{id}")).await)["snapshotNumber"],
        1
    );

    let body = json!({ "destClusterId": id, "dbCollections": [{ "dbName": "default", "collections": [{
        "collectionName": name.name, "destCollectionName": restored.name, "destCollectionStatus": "LOADED" }] }] });
    let job = done(
        &world,
        &good(
            &world
                .post(&format!("{backup}/restoreCollection"), &body)
                .await,
        ),
    )
    .await;
    assert_eq!(job["type"], "RESTORE");
    assert_eq!(
        writer.numbers(restored, "pk >= 0").await,
        ROWS.collect::<Vec<_>>()
    );
    let again = world
        .post(&format!("{backup}/restoreCollection"), &body)
        .await
        .json();
    assert_eq!(again["code"], 70110, "{again}");

    let project = "proj-0000000000000000000000";
    let body = json!({ "projectId": project, "clusterName": "Dedicated-02", "cuSize": 1, "collectionStatus": "KEEP" });
    let nowhere = world
        .post(&format!("{backup}/restoreCluster"), &body)
        .await
        .json();
    assert_eq!(nowhere["code"], 70002, "{nowhere}");

    let place = world.directory().join("exports");
    std::fs::create_dir(&place).unwrap();
    let body = json!({ "name": "exports", "storageUrl": format!("file://{}", place.display()) });
    let made = good(&world.post("/storageIntegrations", &body).await);
    let body = json!({ "integrationId": made["integrationId"], "directory": "destdir/" });
    let job = done(
        &world,
        &good(&world.post(&format!("{backup}/export"), &body).await),
    )
    .await;
    assert_eq!(
        (&job["type"], &job["kind"]),
        (&json!("MIGRATION"), &json!("EXPORT"))
    );
    assert!(place.join("destdir").is_dir());

    let exported = format!("destdir/{}", created["backupId"].as_str().unwrap());
    let archives = format!(
        "/storageIntegrations/{}/archives?directory=destdir",
        made["integrationId"].as_str().unwrap()
    );
    let found = good(&world.get(&archives).await);
    assert_eq!(found["complete"], true);
    assert_eq!(
        (
            &found["archives"][0]["directory"],
            &found["archives"][0]["message"]
        ),
        (&json!(exported), &json!(""))
    );
    let body = json!({ "integrationId": made["integrationId"], "directory": exported, "backupName": "養子" });
    let adopted = good(&world.post("/backups/adopt", &body).await);
    assert_eq!(adopted["backupName"], "養子");
    assert_eq!(done(&world, &adopted).await["type"], "IMPORT");

    documented::backups_with_copies(&world, id.as_str()).await;
    policy_as_terraform_sets_it(&world, &format!("{backups}/policy"), id.as_str()).await;

    let deleted = good(&world.delete(&backup).await);
    assert_eq!(deleted["backupId"], created["backupId"]);
}

async fn policy_as_terraform_sets_it(world: &World, path: &str, id: &str) {
    let off = json!({ "clusterId": id, "status": "DISABLED", "startTime": null, "frequency": null,
                      "retentionDays": 0, "crossRegionCopies": [] });
    assert_eq!(good(&world.get(path).await), off);
    let body = json!({ "frequency": "1,3,5", "startTime": "02:00-04:00", "retentionDays": 7, "enabled": true,
                       "crossRegionCopies": [] });
    let set = good(&world.post(path, &body).await);
    assert_eq!(set, json!({ "clusterId": id, "status": "ENABLED" }));
    let told = good(&world.get(path).await);
    assert_eq!(
        (&told["frequency"], &told["startTime"]),
        (&json!("1,3,5"), &json!("02:00-04:00"))
    );
    assert_eq!(
        (&told["status"], &told["retentionDays"]),
        (&json!("ENABLED"), &json!(7))
    );
    // Switching it on makes a first backup at once; this test does not wait for the whole server.
    let first = good(
        &world
            .get(&format!("/jobs?clusterId={id}&kind=BACKUP"))
            .await,
    );
    let first = first["jobs"][0]["jobId"].as_str().unwrap().to_owned();
    good(&world.post(&format!("/jobs/{first}/cancel"), "").await);
    let wrong = json!({ "enabled": true, "frequency": "8", "startTime": "02:00-04:00", "retentionDays": 7 });
    assert_eq!(world.post(path, &wrong).await.json()["code"], 70001);
    let body = json!({ "frequency": "", "startTime": "", "retentionDays": 0, "enabled": false, "crossRegionCopies": null });
    for _ in 0..2 {
        let set = good(&world.post(path, &body).await);
        assert_eq!(set, json!({ "clusterId": id, "status": "DISABLED" }));
    }
    assert_eq!(good(&world.get(path).await), off);
}
