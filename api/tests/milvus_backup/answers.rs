//! Answers that need no Milvus: lists, lookups, deletions, and everything that is refused.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use hozon_api::{
    Key,
    v1::{self, Options},
};
use hozon_engine::Engine;
use serde_json::json;

use crate::{
    holding, world,
    world::{World, routes::routes},
};

const JSON: &str = "application/json; charset=utf-8";

#[tokio::test(flavor = "multi_thread")]
async fn hello_and_what_is_not_there() {
    let world = world().await;
    let hello = world.get("/hello").await;
    assert_eq!(
        (hello.status, hello.text.as_str()),
        (StatusCode::OK, "Hello, This is backup service")
    );
    for missing in ["/nothing", "/create", ""] {
        let reply = world.get(missing).await;
        assert_eq!(
            (reply.status, reply.text.as_str()),
            (StatusCode::NOT_FOUND, "404 page not found"),
            "{missing}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_tells_little_and_has_no_code() {
    let empty = world().await.get("/list").await;
    assert_eq!(
        (empty.header("content-type"), empty.json()),
        (JSON, json!({ "requestId": "r-1", "data": [] }))
    );
    let world = holding(&["backup0_1", "backup0_2"]).await;
    let mut listed = world.get("/list").await.json();
    let data = listed["data"].as_array_mut().unwrap();
    data.sort_by_key(|one| one["name"].to_string());
    let one = |number: u32, size: u64| {
        json!({ "id": format!("backup0_{number}"), "name": format!("nightly_{number}"), "size": size,
                "milvus_version": "v2.3.5" })
    };
    assert_eq!(*data, [one(1, 18), one(2, 27)]);
    let old = world.get("/list?collection_name=books").await.json();
    assert_eq!((&old["code"], &old["data"]), (&json!(400), &json!(null)));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_backup_is_found_by_name_and_id_after_a_restart() {
    let world = holding(&["backup0_1"]).await;
    for path in [
        "/get_backup?backup_name=nightly_1",
        "/get_backup?backup_id=backup0_1&backup_name=other",
    ] {
        let found = world.get(path).await.json();
        assert_eq!(found["msg"], "success");
        assert_eq!(found.get("code"), None);
        let data = &found["data"];
        assert_eq!(
            (&data["id"], &data["state_code"], &data["progress"]),
            (&json!("backup0_1"), &json!(2), &json!(100))
        );
        assert_eq!(
            (&data["size"], &data["database_backups"]),
            (&json!(18), &json!([{ "db_name": "default" }]))
        );
        assert!(data["meta_size"].as_u64().unwrap() > 100);
        let collection = &data["collection_backups"][0];
        assert_eq!(
            (&collection["collection_name"], &collection["load_state"]),
            (&json!("hello_milvus"), &json!("Loaded"))
        );
        assert_eq!(collection["index_infos"][0]["index_type"], "HNSW");
        assert!(
            collection.get("partition_backups").is_none() && collection.get("aliases").is_none()
        );
    }
    for (path, code) in [
        ("/get_backup", 400),
        ("/get_backup?backup_name=nobody", 404),
        ("/get_backup?backup_id=nightly_1", 404),
        ("/get_backup?backup_name=backup0_1", 404),
        ("/get_backup?backup_name=nightly_1&path=elsewhere", 1),
    ] {
        let refused = world.get(path).await;
        assert_eq!(refused.status, StatusCode::OK);
        assert_eq!(
            (&refused.json()["code"], &refused.json()["data"]),
            (&json!(code), &json!(null)),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_backup_is_gone_at_once_and_its_name_is_free() {
    let world = holding(&["backup0_1"]).await;
    let deleted = world.delete("/delete?backup_name=nightly_1").await.json();
    assert_eq!(deleted, json!({ "requestId": "r-1", "msg": "success" }));
    assert_eq!(world.get("/list").await.json()["data"], json!([]));
    assert_eq!(
        world.get("/get_backup?backup_name=nightly_1").await.json()["code"],
        404
    );
    assert_eq!(
        world.delete("/delete?backup_name=nightly_1").await.json()["code"],
        404
    );
    assert_eq!(world.delete("/delete").await.json()["code"], 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_cannot_be_read_is_http_400() {
    let world = world().await;
    for body in ["", "{", "[]", r#"{"backup_name":7}"#, r#"{"filter":[]}"#] {
        let created = world.post("/create", body).await;
        assert_eq!(created.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(created.json(), json!({ "error": "Invalid request body" }));
        let restored = world.post("/restore", body).await;
        if body == r#"{"filter":[]}"# {
            assert_eq!(restored.json()["code"], 400);
        } else {
            assert_eq!(restored.status, StatusCode::BAD_REQUEST, "{body}");
            assert!(
                restored.json()["error"]
                    .as_str()
                    .unwrap()
                    .starts_with("invalid request body: ")
            );
        }
    }
    let large = world
        .post(
            "/create",
            format!(r#"{{"backup_name":"{}"}}"#, "a".repeat(2 << 20)),
        )
        .await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_says_so_and_why() {
    let world = holding(&["backup0_1"]).await;
    let nobody = world.post("/create", r#"{"backup_name":"b"}"#).await.json();
    assert_eq!(
        (&nobody["code"], &nobody["requestId"]),
        (&json!(3), &json!("r-1"))
    );
    assert!(
        nobody["msg"]
            .as_str()
            .unwrap()
            .contains("hozon cluster add"),
        "{nobody}"
    );
    for (body, code) in [
        (r#"{"backup_name":"a-b"}"#, 400),
        (r#"{"backup_name":"b","rbac":true}"#, 1),
        (r#"{"backup_name":"b","strategy":"snapshot"}"#, 400),
    ] {
        assert_eq!(
            world.post("/create", body).await.json()["code"],
            code,
            "{body}"
        );
    }
    for (body, code) in [
        (r#"{"requestId":"mine","backup_name":"nobody"}"#, 404),
        (r#"{"requestId":"mine"}"#, 400),
        (
            r#"{"requestId":"mine","backup_name":"nightly_1","metaOnly":true}"#,
            1,
        ),
        (
            r#"{"requestId":"mine","backup_name":"nightly_1","collection_names":["none"]}"#,
            400,
        ),
        (r#"{"requestId":"mine","backup_name":"nightly_1"}"#, 3),
    ] {
        let refused = world.post("/restore", body).await.json();
        assert_eq!(
            (&refused["code"], &refused["requestId"]),
            (&json!(code), &json!("mine")),
            "{body}"
        );
    }
    let secondary = world
        .post("/restore_secondary", r#"{"requestId":"mine"}"#)
        .await
        .json();
    assert_eq!(secondary["code"], 1);
    let unknown = world.get("/get_restore?id=none").await.json();
    assert_eq!(
        (&unknown["code"], &unknown["msg"]),
        (&json!(3), &json!("task not found"))
    );
    assert_eq!(world.get("/get_restore").await.json()["code"], 3);
    let check = world.get("/check").await;
    assert_eq!(check.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        check.json()["error"]
            .as_str()
            .unwrap()
            .contains("no cluster")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_guards_everything_but_hello() {
    fn guarded(engine: &Engine) -> axum::Router {
        let options = Options {
            key: Some(Key::new("open sesame")),
            ..Options::default()
        };
        v1::router(engine, options)
    }
    let world = World::new((v1::BASE, guarded)).await;
    assert_eq!(world.get("/hello").await.status, StatusCode::OK);
    // Whoever is let in may do everything here: the original knows no roles.
    for (method, path) in routes(include_str!("../../src/v1/mod.rs")) {
        if path == "/hello" {
            continue;
        }
        let method: Method = method.parse().unwrap();
        let refused = world.ask(method, &path, "{".to_owned()).await;
        assert_eq!(
            (refused.status, &refused.json()["code"]),
            (StatusCode::UNAUTHORIZED, &json!(2)),
            "{path}"
        );
    }
    let request = Request::get("/api/v1/list").header("Authorization", "Bearer open sesame");
    let served = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (served.status, served.json()),
        (StatusCode::OK, json!({ "data": [] }))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_that_describe_the_api_need_nothing_from_elsewhere() {
    let world = world().await;
    let page = world.get("/docs/index.html").await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (StatusCode::OK, "text/html")
    );
    let policy = page.header("content-security-policy");
    for part in ["script-src 'self';", "frame-ancestors 'self'"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert_eq!(page.header("x-frame-options"), "SAMEORIGIN");
    for name in page
        .text
        .split(['"', '\''])
        .filter(|text| matches!(text.rsplit_once('.'), Some((_, "js" | "css"))))
    {
        let file = world
            .get(&format!("/docs/{}", name.trim_start_matches("./")))
            .await;
        assert_eq!(file.status, StatusCode::OK, "{name}");
    }
    assert!(!page.text.contains("<script>"), "{}", page.text);
    assert!(
        world
            .get("/docs/swagger-initializer.js")
            .await
            .text
            .contains("/api/v1/docs/doc.json")
    );
    assert!(world.get("/docs/page.js").await.text.contains("dark-mode"));
    assert!(
        world
            .get("/docs/swagger-ui.css")
            .await
            .text
            .contains("html.dark-mode")
    );
    let document = world.get("/docs/doc.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(
        world.get("/docs").await.header("location"),
        "/api/v1/docs/index.html"
    );
    assert_eq!(
        world.get("/docs/nothing").await.status,
        StatusCode::NOT_FOUND
    );
}
