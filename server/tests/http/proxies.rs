//! Whose word on the client counts: the audit's origin, the cookies, and what browsers are asked to keep to.

use axum::http::{HeaderValue, header};
use hozon_engine::model::AuditLine;
use hozon_server::http::{Limits, Site};

use crate::world::{PASSWORD, World, form, get, with_cookie};

const CLIENT: &str = "203.0.113.9";

async fn world(proxies: &[&str]) -> World {
    World::with(Site {
        trusted_proxies: proxies.iter().map(|net| net.parse().unwrap()).collect(),
        ..Site::default()
    })
    .await
}

/// Where the audit says that a download came from, which said that it was forwarded.
async fn origin(world: &World) -> String {
    let session = world.sign_in().await;
    let download = async || {
        let mut request = with_cookie(get("/audit/export?format=jsonl&action=audit"), &session);
        request
            .headers_mut()
            .insert("x-forwarded-for", HeaderValue::from_static(CLIENT));
        world.ask(request).await
    };
    download().await;
    let lines = download().await.body;
    let line: AuditLine = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    line.origin
}

/// What signing in answers where the proxy was asked by `https`: whether the cookie is for TLS alone, and what the browser
/// is asked to keep to.
async fn by_tls(world: &World) -> (bool, String) {
    let mut request = form("/api/sign_in", &[("name", "admin"), ("password", PASSWORD)]);
    request
        .headers_mut()
        .insert("x-forwarded-proto", HeaderValue::from_static("https"));
    let answer = world.ask(request).await;
    let secure = answer.session_cookie().unwrap().contains("; Secure");
    let hsts = answer.header(header::STRICT_TRANSPORT_SECURITY.as_str());
    (secure, hsts.to_owned())
}

#[tokio::test]
async fn nobody_is_believed_who_is_not_named() {
    let none: &[&str] = &[];
    for proxies in [none, &["10.0.0.0/8"]] {
        let world = world(proxies).await;
        assert_eq!(origin(&world).await, "console 127.0.0.1");
        assert_eq!(by_tls(&world).await, (false, String::new()));
    }
}

#[tokio::test]
async fn a_proxy_that_is_named_is_believed() {
    let world = world(&["127.0.0.0/8"]).await;
    assert_eq!(origin(&world).await, format!("console {CLIENT}"));
    assert_eq!(by_tls(&world).await, (true, "max-age=31536000".to_owned()));
    let plain = world.ask(get("/healthz")).await;
    assert_eq!(plain.header("strict-transport-security"), "");
}

#[tokio::test]
async fn the_rate_of_attempts_is_counted_by_client() {
    let world = world(&["127.0.0.1/32"]).await;
    let attempt = async |client: &'static str, name: &str| {
        let mut request = form("/api/sign_in", &[("name", name), ("password", "wrong")]);
        request
            .headers_mut()
            .insert("x-forwarded-for", HeaderValue::from_static(client));
        let answer = world.ask(request).await;
        answer.location().contains("wait=")
    };
    for number in 0..5 {
        assert!(!attempt("203.0.113.1", &format!("nobody-{number}")).await);
    }
    let mut slowed = false;
    for number in 5..9 {
        slowed |= attempt("203.0.113.1", &format!("nobody-{number}")).await;
    }
    assert!(slowed);
    assert!(!attempt("203.0.113.2", "nobody-9").await);
}

#[tokio::test]
async fn browsers_are_asked_for_nothing_where_that_is_set() {
    let world = World::with(Site {
        behind_tls: true,
        limits: Limits {
            hsts: std::time::Duration::ZERO,
            ..Limits::default()
        },
        ..Site::default()
    })
    .await;
    assert_eq!(by_tls(&world).await, (true, String::new()));
}
