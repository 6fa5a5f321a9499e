//! A key's secret on its way to the one page that shows it, sessions, and one's own password.

use axum::{
    body::Body,
    http::{StatusCode, header},
};

use crate::world::{Answer, PASSWORD, World, form, page, with_cookie};

const NEW_PASSWORD: &str = "another horse altogether";

/// The `Set-Cookie` of this name.
fn set<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let lines = answer.headers.get_all(header::SET_COOKIE).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .find(|line| line.starts_with(name))
}

#[tokio::test]
async fn a_new_keys_secret_is_shown_once_and_stands_in_no_address() {
    let world = World::new().await;
    let session = world.sign_in().await;
    let fields = [
        ("name", "nightly"),
        ("role", "read_only"),
        ("place", "everywhere"),
        ("expires", "never"),
    ];
    let answer = world
        .ask(with_cookie(form("/api/create_key", &fields), &session))
        .await;
    assert_eq!(answer.location(), "/access/keys");
    let made = set(&answer, "hozon_made_key=").expect("a cookie");
    for attribute in ["HttpOnly", "SameSite=Lax", "Max-Age=60"] {
        assert!(made.contains(attribute), "{attribute}");
    }
    let pair = made.split(';').next().unwrap();
    let open = async |cookies: &str| {
        let request = page("/access/keys").body(Body::empty()).unwrap();
        world.ask(with_cookie(request, cookies)).await
    };
    let shown = open(&format!("{session}; {pair}")).await;
    assert_eq!(shown.status, StatusCode::OK);
    let secret = shown
        .body
        .split("Authorization: Bearer ")
        .nth(1)
        .and_then(|rest| {
            rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .next()
        })
        .expect("the secret");
    world.engine.caller_by_key(secret, "test").await.unwrap();
    let gone = set(&shown, "hozon_made_key=;").expect("the cookie is taken away");
    assert!(gone.contains("Max-Age=0"), "{gone}");
    let again = open(&session).await;
    assert!(again.body.contains("nightly") && !again.body.contains(secret));
}

#[tokio::test]
async fn a_key_for_no_place_is_not_made() {
    let world = World::new().await;
    let session = world.sign_in().await;
    for place in ["", "clusters", "somewhere"] {
        let fields = [
            ("name", "nightly"),
            ("role", "read_only"),
            ("place", place),
            ("project", "default"),
            ("expires", "30"),
        ];
        let answer = world
            .ask(with_cookie(form("/api/create_key", &fields), &session))
            .await;
        let location = answer.location();
        assert!(
            location.starts_with("/access/keys/new?name=nightly"),
            "{location}"
        );
        assert_eq!(set(&answer, "hozon_made_key="), None, "{place}");
    }
    assert!(world.engine.keys().await.unwrap().is_empty());
}

#[tokio::test]
async fn who_knows_the_password_changes_it_and_stays() {
    let world = World::new().await;
    let (session, other) = (world.sign_in().await, world.sign_in().await);
    let change = async |present: &str, again: &str| {
        let fields = [
            ("present", present),
            ("password", NEW_PASSWORD),
            ("again", again),
        ];
        let request = form("/api/change_password", &fields);
        let answer = world.ask(with_cookie(request, &session)).await;
        answer.location().to_owned()
    };
    let open = async |cookie: &str| {
        let request = page("/access/sessions").body(Body::empty()).unwrap();
        world.ask(with_cookie(request, cookie)).await
    };
    for (present, again) in [("wrong", NEW_PASSWORD), (PASSWORD, "something else")] {
        assert_eq!(
            change(present, again).await,
            "/access/sessions?dialog=password"
        );
    }
    let listed = open(&other).await;
    assert_eq!(listed.status, StatusCode::OK);
    assert_eq!(listed.body.matches("/api/end_session").count(), 1);
    assert!(listed.body.contains("/api/end_other_sessions"));

    assert_eq!(change(PASSWORD, NEW_PASSWORD).await, "/access/sessions");
    assert_eq!(open(&session).await.status, StatusCode::OK);
    assert_eq!(open(&other).await.status, StatusCode::SEE_OTHER);
    let old = form("/api/sign_in", &[("name", "admin"), ("password", PASSWORD)]);
    assert_eq!(world.ask(old).await.session(), None);
}
