//! Members by the console's forms: who may add them, and the link that travels in no address.

use axum::{body::Body, http::StatusCode};
use hozon_engine::{
    accounts::Secret,
    model::{Actor, Grant, NewUser, Role},
};
use hozon_server::http::Site;

use crate::world::{Answer, PASSWORD, World, form, page, with_cookie};

fn pair(cookie: &str) -> &str {
    cookie.split(';').next().unwrap()
}

async fn open(world: &World, path: &str, cookies: &str) -> Answer {
    let request = page(path).body(Body::empty()).unwrap();
    world.ask(with_cookie(request, cookies)).await
}

async fn send(world: &World, path: &str, fields: &[(&str, &str)], cookies: &str) -> Answer {
    world.ask(with_cookie(form(path, fields), cookies)).await
}

#[tokio::test]
async fn a_link_is_shown_once_and_stands_in_no_address() {
    let world = World::with(Site {
        public_url: Some("https://hozon.example.org/".parse().unwrap()),
        ..Site::default()
    })
    .await;
    let session = world.sign_in().await;
    let fields = [
        ("name", "花子"),
        ("role", "read_only"),
        ("place", "everywhere"),
    ];
    let answer = send(&world, "/api/add_member", &fields, &session).await;
    assert_eq!(answer.location(), "/access/members/%E8%8A%B1%E5%AD%90");
    let link = answer.cookie("hozon_link").expect("a link");
    for attribute in ["HttpOnly", "SameSite=", "Max-Age=60"] {
        assert!(link.contains(attribute), "{attribute}: {link}");
    }
    let both = format!("{session}; {}", pair(&link));
    let elsewhere = open(&world, "/access/members/admin", &both).await;
    assert!(!elsewhere.body.contains("/welcome/"), "{}", elsewhere.body);

    let shown = open(&world, answer.location(), &both).await;
    assert_eq!(shown.status, StatusCode::OK);
    let over = shown
        .cookie("hozon_link")
        .expect("the cookie is taken back");
    assert!(over.contains("Max-Age=0"), "{over}");
    let start = "https://hozon.example.org/welcome/";
    let (_, rest) = shown.body.split_once(start).expect("the link is shown");
    let secret: String = rest
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    let user = world.engine.peek_link(&Secret::new(secret)).await.unwrap();
    assert_eq!(user.name, "花子");

    let again = open(&world, answer.location(), &session).await;
    assert!(!again.body.contains("/welcome/"), "{}", again.body);
}

#[tokio::test]
async fn who_may_not_is_refused_and_told_which_right_is_missing() {
    let world = World::new().await;
    let alice = NewUser {
        name: "alice".to_owned(),
        grants: vec![Grant {
            role: Role::ReadWrite,
            scope: None,
        }],
        password: Some(PASSWORD.to_owned()),
    };
    let owner = Actor {
        name: "owner".to_owned(),
        origin: "tests".to_owned(),
    };
    world.engine.create_user(&owner, alice).await.unwrap();
    let fields = [("name", "alice"), ("password", PASSWORD)];
    let signed_in = world.ask(form("/api/sign_in", &fields)).await;
    let session = signed_in.session().unwrap();
    for (path, privilege) in [
        ("/access/members", "user:view"),
        ("/access/members/new", "user:create"),
        ("/access/members/admin", "user:view"),
        ("/access/members/nobody", "user:view"),
        ("/access/roles/new", "role:create"),
    ] {
        let answer = open(&world, path, &session).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(answer.body.contains(privilege), "{path}: {}", answer.body);
        assert!(answer.body.contains("/access/roles"), "{path} has no tabs");
    }
    for path in ["/access/roles", "/access/roles/read_only"] {
        assert_eq!(open(&world, path, &session).await.status, StatusCode::OK);
    }
    let grant = [
        ("name", "alice"),
        ("role", "organization_owner"),
        ("place", "everywhere"),
    ];
    let mallory = [
        ("name", "mallory"),
        ("role", "read_only"),
        ("place", "everywhere"),
    ];
    let role = [("name", "all"), ("privileges[]", "user:edit")];
    for (path, fields) in [
        ("/api/grant_role", &grant[..]),
        ("/api/add_member", &mallory[..]),
        ("/api/create_role", &role[..]),
        ("/api/make_link", &[("name", "admin")][..]),
        ("/api/remove_member", &[("name", "admin")][..]),
    ] {
        let mut request = with_cookie(form(path, fields), &session);
        request.headers_mut().remove("accept");
        let answer = world.ask(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(answer.cookie("hozon_link").is_none(), "{path}");
    }
    let users = world.engine.users().await.unwrap();
    let names: Vec<_> = users.iter().map(|user| user.name.as_str()).collect();
    assert_eq!(names, ["admin", "alice"]);
    assert!(world.engine.roles().await.unwrap().is_empty());
    let alice = world.engine.user("alice").await.unwrap();
    assert_eq!(alice.grants[0].role, Role::ReadWrite);
}

#[tokio::test]
async fn a_role_is_given_and_taken_as_it_was_given() {
    let world = World::new().await;
    let session = world.sign_in().await;
    let add = [
        ("name", "alice"),
        ("role", "read_only"),
        ("place", "project"),
        ("project", "default"),
        ("password", PASSWORD),
    ];
    let answer = send(&world, "/api/add_member", &add, &session).await;
    assert_eq!(answer.location(), "/access/members/alice");
    assert!(answer.cookie("hozon_link").is_none());
    let grant = [
        ("name", "alice"),
        ("role", "read_write"),
        ("place", "everywhere"),
    ];
    send(&world, "/api/grant_role", &grant, &session).await;
    let held = world.engine.user("alice").await.unwrap().grants;
    assert_eq!(held.len(), 2);

    // The same role somewhere else is another grant, and stays.
    let elsewhere = [("name", "alice"), ("role", "read_only")];
    send(&world, "/api/revoke_role", &elsewhere, &session).await;
    assert_eq!(world.engine.user("alice").await.unwrap().grants, held);
    let project = held[0].scope.as_ref().unwrap().project_id.to_string();
    let gone = [
        ("name", "alice"),
        ("role", "read_only"),
        ("project", project.as_str()),
    ];
    send(&world, "/api/revoke_role", &gone, &session).await;
    assert_eq!(world.engine.user("alice").await.unwrap().grants, held[1..]);

    // Nothing said of a place is not everywhere.
    let nowhere = [("name", "alice"), ("role", "organization_owner")];
    send(&world, "/api/grant_role", &nowhere, &session).await;
    assert_eq!(world.engine.user("alice").await.unwrap().grants, held[1..]);
}

#[tokio::test]
async fn the_last_owner_stays() {
    let world = World::new().await;
    let session = world.sign_in().await;
    let remove = [("name", "admin")];
    let answer = send(&world, "/api/remove_member", &remove, &session).await;
    assert_eq!(answer.location(), "/access/members/admin?dialog=remove");
    let flash = answer.cookie("hozon_flash").expect("a reason");
    let both = format!("{session}; {}", pair(&flash));
    let shown = open(&world, answer.location(), &both).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(
        shown.body.contains("no other user owns the organization"),
        "{}",
        shown.body
    );
    assert!(world.engine.user("admin").await.is_ok());
}
