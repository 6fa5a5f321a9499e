//! The documented bodies that make backups, word for word: of a cluster, of collections of one database, each with a
//! copy in another region. And what the documents forbid, which makes none.

use std::path::Path;

use hozon_engine::model::{Actor, NewCopyRepository, StorageCredentials, StorageLocation};
use serde_json::{Value, json};

use crate::{
    flow::{done, good},
    world::World,
};

const REGION: &str = "aws-us-west-2";

/// On a cluster that is registered as `Dedicated-01` and holds the sample.
pub(crate) async fn backups_with_copies(world: &World, cluster: &str) {
    let place = world.directory().join(REGION);
    register(world, &place).await;
    let backups = format!("/clusters/{cluster}/backups");

    let whole =
        r#"{ "backupType": "CLUSTER", "crossRegionCopies": [{ "regionId": "aws-us-west-2" }] }"#;
    let number = next_number(world, cluster).await;
    let whole = created(world, &backups, whole).await;
    let id = whole["backupId"].as_str().unwrap();
    assert_eq!((id.len(), id.starts_with("backup0_")), (23, true), "{id}");
    assert_eq!(whole["backupName"], format!("Dedicated-01_backup{number}"));
    let told = good(&world.get(&format!("{backups}/{id}")).await);
    assert_eq!(
        (&told["backupType"], &told["restoreNewInstancePolicies"]),
        (&json!("CLUSTER"), &json!(["LATEST", "ORIGINAL"]))
    );
    assert!(
        told["dbCollections"].as_array().unwrap().len() > 1,
        "{told}"
    );
    is_copied(world, id, &place).await;

    let body = json!({ "projectId": told["projectId"], "clusterName": "Dedicated-01", "cuSize": 1,
                       "collectionStatus": "KEEP", "restoreVersionPolicy": "ORIGINAL" });
    let path = format!("{backups}/{id}/restoreCluster");
    let refused = world.post(&path, &body).await.json();
    assert_eq!(refused["code"], 70007, "it is not empty: {refused}");

    let some = r#"{ "backupType": "COLLECTION",
        "dbCollections": [{ "dbName": "east_asian_library", "collectionNames": ["books"] }],
        "crossRegionCopies": [{ "regionId": "aws-us-west-2" }] }"#;
    let some = created(world, &backups, some).await;
    let id = some["backupId"].as_str().unwrap();
    assert_eq!((id.len(), id.starts_with("backup11_")), (24, true), "{id}");
    assert_eq!(some["backupName"], format!("books_backup{}", number + 1));
    let told = good(&world.get(&format!("{backups}/{id}")).await);
    assert_eq!(
        (&told["backupType"], told.get("restoreNewInstancePolicies")),
        (&json!("COLLECTION"), None)
    );
    let database = &told["dbCollections"][0];
    assert_eq!(
        (
            &database["dbName"],
            &database["collections"][0]["collectionName"]
        ),
        (&json!("east_asian_library"), &json!("books"))
    );
    is_copied(world, id, &place).await;

    nothing_is_made(world, &backups).await;
}

/// A repository of copies that stands for the region.
async fn register(world: &World, place: &Path) {
    std::fs::create_dir(place).unwrap();
    let actor = Actor {
        name: "test".into(),
        origin: "test".into(),
    };
    let new = NewCopyRepository {
        name: REGION.into(),
        storage: StorageLocation {
            url: format!("file://{}", place.display()),
            ..StorageLocation::default()
        },
        credentials: StorageCredentials::Machine,
    };
    world.engine.add_repository(&actor, new).await.unwrap();
}

/// The number that the name of the cluster's next backup bears.
async fn next_number(world: &World, cluster: &str) -> u64 {
    let listed = good(&world.get(&format!("/backups?clusterId={cluster}")).await);
    listed["count"].as_u64().unwrap() + 1
}

async fn created(world: &World, backups: &str, body: &str) -> Value {
    let created = good(&world.post(&format!("{backups}/create"), body).await);
    assert_eq!(done(world, &created).await["type"], "BACKUP");
    created
}

/// The backup asked for its copy by itself, and it lies there whole.
async fn is_copied(world: &World, id: &str, place: &Path) {
    let jobs = good(&world.get(&format!("/jobs?backupId={id}&kind=COPY")).await);
    assert_eq!(jobs["count"], 1, "{jobs}");
    assert_eq!(done(world, &jobs["jobs"][0]).await["type"], "MIGRATION");
    let manifest = place.join("backups").join(id).join("manifest.json");
    assert!(manifest.is_file(), "{}", manifest.display());
}

async fn nothing_is_made(world: &World, backups: &str) {
    let count = async || good(&world.get("/backups").await)["count"].clone();
    let before = count().await;
    for (body, code) in [
        (json!({ "backupType": "COLLECTION" }), 70001),
        (
            json!({ "backupType": "COLLECTION", "dbCollections": [
                { "dbName": "default", "collectionNames": ["drafts"] },
                { "dbName": "east_asian_library", "collectionNames": ["books"] }] }),
            70001,
        ),
        (
            json!({ "backupType": "COLLECTION", "dbCollections": [
                { "dbName": "east_asian_library", "collectionNames": ["no_such_books"] }] }),
            70109,
        ),
        (
            json!({ "backupType": "CLUSTER", "crossRegionCopies": [{ "regionId": "aws-eu-west-9" }] }),
            96001,
        ),
    ] {
        let refused = world.post(&format!("{backups}/create"), &body).await.json();
        assert_eq!(refused["code"], code, "{body}: {refused}");
    }
    assert_eq!(count().await, before);
}
