//! The documented flow of milvus-backup's users, on a real Milvus: prepare, create, list, get, restore beside, verify,
//! clean, restore in place, verify, delete.

use std::{sync::Arc, time::Duration};

use hozon_engine::{model::CollectionName, source::Milvus};
use milvus::proto::schema::DataType;
use serde_json::{Value, json};

use crate::{
    world,
    world::{
        World,
        support::{Server, backup::Cluster, dropping, rows::Writer, unique},
    },
};

const ROWS: std::ops::Range<i64> = 0..300;

/// Asks again until a task has ended; its last answer.
async fn ended(world: &World, path: &str) -> Value {
    for _ in 0..600 {
        let told = world.get(path).await.json();
        assert_eq!(told.get("code"), None, "{told}");
        match told["data"]["state_code"].as_i64().unwrap() {
            0 | 1 => tokio::time::sleep(Duration::from_millis(200)).await,
            _ => return told,
        }
    }
    panic!("{path} does not end");
}

fn under(name: &CollectionName, suffix: &str) -> CollectionName {
    CollectionName {
        name: format!("{}{suffix}", name.name),
        ..name.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_flow_of_milvus_backups_users() {
    let cluster = Cluster::of(Server::local()).await;
    let name = unique("drop_in");
    let recovered = under(&name, "_recover");
    let milvus: Arc<dyn Milvus> = cluster.milvus.clone();
    dropping(
        &milvus,
        &[&name, &recovered],
        flow(&cluster, &name, &recovered),
    )
    .await;
}

async fn flow(cluster: &Cluster, name: &CollectionName, recovered: &CollectionName) {
    let writer = Writer::connect(&cluster.server).await;
    writer.create(name, DataType::Int64, false).await;
    writer.insert(name, "", ROWS).await;
    cluster.index_and_load(name).await;
    let rows: Vec<i64> = ROWS.collect();
    let world = world().await;
    world.register(&cluster.server, "milvus").await;
    let check = world.get("/check").await;
    assert!(check.text.contains("Milvus version: "), "{check:?}");

    // Create without waiting, and follow by the request's own id.
    let body =
        json!({ "async": true, "backup_name": "my_backup", "collection_names": [name.name] });
    let accepted = world.post("/create", &body).await.json();
    let msg = "create backup is executing asynchronously";
    assert_eq!(
        accepted,
        json!({ "requestId": "r-1", "msg": msg, "data": null })
    );
    let made = ended(&world, "/get_backup?backup_id=r-1").await["data"].clone();
    assert_eq!(
        (&made["state_code"], &made["id"], &made["name"]),
        (&json!(2), &json!("r-1"), &json!("my_backup")),
        "{made}"
    );
    let collection = &made["collection_backups"][0];
    assert_eq!(
        (&collection["collection_name"], &collection["load_state"]),
        (&json!(name.name), &json!("Loaded"))
    );
    assert_eq!(collection["schema"]["fields"][0]["name"], "pk");
    assert_eq!(
        world.get("/get_backup?backup_name=my_backup").await.json()["data"],
        made
    );
    assert_eq!(
        world
            .again()
            .await
            .get("/get_backup?backup_id=r-1")
            .await
            .json()["data"],
        made
    );
    let listed = world.get("/list").await.json();
    assert_eq!(listed["data"][0]["name"], "my_backup");
    let twice = world.post("/create", &body).await.json();
    assert_eq!(
        (&twice["code"], &twice["data"]),
        (&json!(3), &json!(null)),
        "{twice}"
    );

    // Restore beside it, and wait.
    let body = json!({ "requestId": "r-2", "id": "restore_1", "backup_name": "my_backup", "async": false,
                       "collection_suffix": "_recover", "restoreIndex": true });
    let restored = world.post("/restore", &body).await.json();
    assert_eq!(
        (&restored["msg"], &restored["requestId"]),
        (&json!("success"), &json!("r-2")),
        "{restored}"
    );
    let task = world.get("/get_restore?id=restore_1").await.json()["data"].clone();
    assert_eq!(task, restored["data"]);
    assert_eq!(
        (&task["id"], &task["state_code"], &task["progress"]),
        (&json!("restore_1"), &json!(2), &json!(100))
    );
    let of_collection = &task["collection_restore_tasks"][0];
    assert_eq!(
        of_collection["target_collection_name"],
        recovered.name.as_str()
    );
    assert_eq!(writer.numbers(recovered, "pk >= 0").await, rows);

    // Under the same name only once that is free.
    let body = json!({ "backup_name": "my_backup", "collection_suffix": "", "restoreIndex": true, "async": true });
    let refused = world.post("/restore", &body).await.json();
    assert_eq!(
        (&refused["code"], &refused["data"]),
        (&json!(3), &json!(null)),
        "{refused}"
    );
    cluster.milvus.drop_collection(name).await.unwrap();
    let accepted = world.post("/restore", &body).await.json();
    assert_eq!(
        accepted["msg"],
        "restore backup is executing asynchronously"
    );
    let id = accepted["data"]["id"].as_str().unwrap();
    let task = ended(&world, &format!("/get_restore?id={id}")).await;
    assert_eq!(task["data"]["state_code"], 2, "{task}");
    assert_eq!(writer.numbers(name, "pk >= 0").await, rows);

    // Without indexes, in place of what is there; then as the original's users go on: index, load.
    let body = json!({ "backup_name": "my_backup", "db_collections": { "default": [name.name] }, "dropExistCollection": true });
    let replaced = world.post("/restore", &body).await.json();
    assert_eq!(replaced["msg"], "success", "{replaced}");
    assert!(
        cluster
            .milvus
            .describe(name)
            .await
            .unwrap()
            .indexes
            .is_empty()
    );
    cluster.index_and_load(name).await;
    assert_eq!(writer.numbers(name, "pk >= 0").await, rows);

    // Delete, and use the name again, waiting this time.
    let deleted = world.delete("/delete?backup_name=my_backup").await.json();
    assert_eq!(deleted, json!({ "requestId": "r-1", "msg": "success" }));
    let body =
        json!({ "backup_name": "my_backup", "filter": { "default": { "colls": [name.name] } } });
    let made = world.post("/create", &body).await.json();
    assert_eq!(
        (&made["msg"], &made["data"]["state_code"]),
        (&json!("success"), &json!(2)),
        "{made}"
    );
    assert_eq!(made.get("code"), None);
    world.delete("/delete?backup_name=my_backup").await;
    assert_eq!(
        world.get("/get_backup?backup_name=my_backup").await.json()["code"],
        404
    );
}
