//! Integrations: tried, kept, exported to, and removed.

use serde_json::json;

use crate::{holding, world, world::CLUSTER};

#[tokio::test(flavor = "multi_thread")]
async fn integrations_are_tried_before_they_are_kept() {
    let world = world().await;
    let place = world.directory().join("exports");
    std::fs::create_dir(&place).unwrap();
    let body = json!({ "name": "exports", "description": "棚", "storageUrl": format!("file://{}", place.display()) });
    let tried = world
        .post("/storageIntegrations/validate", &body)
        .await
        .json();
    assert_eq!(tried["data"]["valid"], true, "{tried}");
    assert_eq!(
        world.get("/storageIntegrations").await.json()["data"]["count"],
        0
    );
    let made = world.post("/storageIntegrations", &body).await.json();
    let id = made["data"]["integrationId"].as_str().unwrap().to_owned();
    assert!(id.starts_with("integ-"));
    let told = world
        .get(&format!("/storageIntegrations/{id}"))
        .await
        .json()["data"]
        .clone();
    assert_eq!(
        (&told["name"], &told["status"]),
        (&json!("exports"), &json!("ACTIVE"))
    );
    assert_eq!(
        world
            .post("/storageIntegrations/create", &body)
            .await
            .json()["code"],
        70302
    );
    for (wrong, code) in [
        (json!({ "name": "a" }), 70001),
        (
            json!({ "name": "a", "bucketName": "b", "gcpProjectId": "x" }),
            70002,
        ),
        (
            json!({ "name": "a", "bucketName": "b", "projectId": "x" }),
            96005,
        ),
        (json!({ "name": 1, "bucketName": "b" }), 70003),
    ] {
        assert_eq!(
            world.post("/storageIntegrations", &wrong).await.json()["code"],
            code,
            "{wrong}"
        );
    }
    let gone = world
        .delete(&format!("/storageIntegrations/{id}"))
        .await
        .json();
    assert_eq!(gone, json!({ "code": 0, "data": { "integrationId": id } }));
    assert_eq!(
        world
            .get(&format!("/storageIntegrations/{id}"))
            .await
            .json()["code"],
        70301
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_goes_to_an_integration_that_there_is() {
    let world = holding(&["backup0_1"]).await;
    let path = format!("/clusters/{CLUSTER}/backups/backup0_1/export");
    for (body, code) in [
        (json!({}), 70001),
        (json!({ "directory": "destdir/" }), 70001),
        (
            json!({ "integrationId": "integ-xxxxxxxxxxxxxxxxxxx", "directory": "destdir/" }),
            70301,
        ),
    ] {
        let refused = world.post(&path, &body).await.json();
        assert_eq!(refused["code"], code, "{body}: {refused}");
    }
    let place = world.directory().join("exports");
    std::fs::create_dir(&place).unwrap();
    let body = json!({ "name": "exports", "storageUrl": format!("file://{}", place.display()) });
    let made = world.post("/storageIntegrations", &body).await.json();
    let integration = &made["data"]["integrationId"];
    for directory in ["../up", "/etc"] {
        let body = json!({ "integrationId": integration, "directory": directory });
        let refused = world.post(&path, &body).await.json();
        assert_eq!(refused["code"], 70001, "{directory}: {refused}");
    }
    let exports = world.get("/jobs?kind=EXPORT").await.json();
    assert_eq!(exports["data"]["count"], 0);
}
