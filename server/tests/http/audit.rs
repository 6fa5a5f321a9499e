//! The audit as a page and as a file, for those who may look at it.

use axum::{body::Body, http::StatusCode};
use hozon_engine::model::{Actor, AuditLine, Grant, NewProject, NewUser, Role};

use crate::world::{PASSWORD, World, form, get, page, with_cookie};

#[tokio::test]
async fn the_audit_is_downloaded_as_it_is_filtered() {
    let world = World::new().await;
    let session = world.sign_in().await;
    for name in ["search", "検索"] {
        let new = NewProject {
            name: name.to_owned(),
            ..NewProject::default()
        };
        world.engine.create_project(&owner(), new).await.unwrap();
    }
    let download = async |query: &str| {
        let request = get(&format!("/audit/export?{query}"));
        world.ask(with_cookie(request, &session)).await
    };
    let csv =
        download("format=csv&action=project.create&outcome=ok&since=2020-01-01T00:00:00Z").await;
    assert_eq!(csv.status, StatusCode::OK);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let disposition = csv.header("content-disposition");
    assert!(
        disposition.starts_with("attachment; filename=\"hozon-audit-")
            && disposition.ends_with(".csv\""),
        "{disposition}"
    );
    assert_eq!(csv.body.lines().count(), 1 + 2, "{}", csv.body);
    assert!(csv.body.contains("検索"), "{}", csv.body);

    let json = download("format=jsonl&action=audit").await;
    assert_eq!(json.header("content-type"), "application/x-ndjson");
    let lines: Vec<AuditLine> = json
        .body
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2, "both downloads left a line");
    for line in lines {
        assert_eq!(
            (&*line.actor, &*line.origin, &*line.action),
            ("admin", "console 127.0.0.1", "audit.export")
        );
    }
    for bad in ["", "format=xml", "format=csv&since=yesterday"] {
        assert_eq!(download(bad).await.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test]
async fn who_may_not_look_at_the_audit_is_told_which_right_is_missing() {
    let world = World::new().await;
    let reader = NewUser {
        name: "reader".to_owned(),
        grants: vec![Grant {
            role: Role::ReadOnly,
            scope: None,
        }],
        password: Some(PASSWORD.to_owned()),
    };
    world.engine.create_user(&owner(), reader).await.unwrap();
    let fields = [("name", "reader"), ("password", PASSWORD)];
    let signed_in = world.ask(form("/api/sign_in", &fields)).await;
    let session = signed_in.session().unwrap();
    for path in ["/audit", "/audit/1", "/audit/export?format=csv"] {
        let request = page(path).body(Body::empty()).unwrap();
        let answer = world.ask(with_cookie(request, &session)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(
            answer.body.contains("audit:view"),
            "{path}: {}",
            answer.body
        );
    }
    let stranger = world.ask(get("/audit/export?format=csv")).await;
    assert_eq!(stranger.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn every_line_has_a_page_and_what_is_none_has_not() {
    let world = World::new().await;
    let session = world.sign_in().await;
    let open = async |path: &str| {
        let request = page(path).body(Body::empty()).unwrap();
        world.ask(with_cookie(request, &session)).await
    };
    // The administrator who was made at the first start.
    let first = open("/audit/1").await;
    assert_eq!(first.status, StatusCode::OK);
    assert!(first.body.contains("user.add"), "{}", first.body);
    for path in ["/audit/0", "/audit/4711", "/audit/one"] {
        assert_eq!(open(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let odd = open("/audit?from=2026-02-31").await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
}

fn owner() -> Actor {
    Actor {
        name: "owner".to_owned(),
        origin: "tests".to_owned(),
    }
}
