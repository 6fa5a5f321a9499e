//! What every answer says to a browser, and what is refused before anybody looks at it.

use std::collections::HashSet;

use axum::{body::Body, http::StatusCode};
use hozon_server::http::Site;

use crate::world::{World, form, get, page, with_cookie};

#[tokio::test]
async fn every_answer_says_what_must_not_be_done_with_it() {
    let world = World::new().await;
    for request in [
        page("/sign-in").body(Body::empty()).unwrap(),
        page("/backups").body(Body::empty()).unwrap(),
        get("/healthz"),
        get("/events/jobs/job-a"),
        form("/api/sign_in", &[]),
    ] {
        let what = request.uri().clone();
        let answer = world.ask(request).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{what}");
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{what}: {policy}"
        );
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{what}: {policy}"
        );
    }
}

#[tokio::test]
async fn a_page_runs_only_what_bears_its_own_nonce() {
    let world = World::new().await;
    let mut nonces = HashSet::new();
    for _ in 0..3 {
        let answer = world
            .ask(page("/sign-in").body(Body::empty()).unwrap())
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        let policy = answer.header("content-security-policy").to_owned();
        assert!(policy.contains("'wasm-unsafe-eval'"), "{policy}");
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .and_then(|rest| rest.split('\'').next())
            .unwrap()
            .to_owned();
        for script in answer.body.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "<script{tag}>");
        }
        assert!(
            !answer.body.contains(" style=\""),
            "the policy would drop an inline style"
        );
        nonces.insert(nonce);
    }
    assert_eq!(nonces.len(), 3, "a nonce is used once");
}

#[tokio::test]
async fn only_the_reference_of_the_apis_shows_a_frame() {
    let world = World::with(Site {
        served: vec![hozon_api::v2::served(), hozon_api::v1::served()],
        ..Site::default()
    })
    .await;
    let session = world.sign_in().await;
    let open = async |path: &str| {
        let request = page(path).body(Body::empty()).unwrap();
        let answer = world.ask(with_cookie(request, &session)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        answer
    };
    let answer = open("/access/api").await;
    let policy = answer.header("content-security-policy");
    for part in [
        "frame-src 'self';",
        "frame-ancestors 'none'",
        "default-src 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    for told in [
        "/v2/docs/index.html?theme=auto",
        "/v2/docs/doc.json",
        "/v2/clusters/{cluster}/backups/create",
        "http://localhost:8790/v2",
    ] {
        assert!(answer.body.contains(told), "{told}: {}", answer.body);
    }
    let answer = open("/access/api?api=api/v1").await;
    assert!(answer.body.contains("/api/v1/docs/index.html?theme=auto"));

    let answer = open("/backups").await;
    let policy = answer.header("content-security-policy");
    assert!(!policy.contains("frame-src"), "{policy}");
}

#[tokio::test]
async fn health_needs_no_session() {
    let world = World::new().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(world.ask(get(path)).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_is_said_to_be_not_there() {
    let world = World::new().await;
    let session = world.sign_in().await;
    let nothing = || page("/nothing/here").body(Body::empty()).unwrap();
    let answer = world.ask(with_cookie(nothing(), &session)).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.body.contains("<html"), "{}", answer.body);
    let answer = world.ask(nothing()).await;
    assert_eq!(
        answer.status,
        StatusCode::SEE_OTHER,
        "strangers are not told what is there"
    );
    let answer = world
        .ask(with_cookie(get("/nothing/here.png"), &session))
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(!answer.body.contains("<html"), "{}", answer.body);
}

#[tokio::test]
async fn bodies_have_a_limit() {
    let world = World::new().await;
    let session = world.sign_in().await;
    let large = "x".repeat(2 * 1024 * 1024);
    for path in ["/api/sign_in", "/api/add_cluster"] {
        let request = with_cookie(form(path, &[("name", &large)]), &session);
        let status = world.ask(request).await.status;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
}
