//! The first start: every page leads to the set-up, and only who holds the token makes the owner.

use std::net::SocketAddr;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use hozon_engine::{accounts::Secret, model::Grant};
use hozon_server::http::Site;

use crate::world::{Answer, PASSWORD, World, form, form_from, get, page, with_cookie};

async fn unclaimed() -> (World, Secret) {
    let site = Site {
        listen: Some(SocketAddr::from(([127, 0, 0, 1], 8790))),
        ..Site::default()
    };
    let world = World::unclaimed(site).await;
    let token = world.engine.begin_set_up().await.unwrap().unwrap();
    (world, token)
}

fn address(token: &str) -> String {
    format!("/set-up?token={token}")
}

async fn open(world: &World, path: &str) -> Answer {
    world.ask(page(path).body(Body::empty()).unwrap()).await
}

fn filled<'a>(token: &'a Secret, name: &'a str, again: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("token", token.reveal()),
        ("name", name),
        ("password", PASSWORD),
        ("again", again),
    ]
}

fn by_program(mut request: Request<Body>) -> Request<Body> {
    request.headers_mut().remove("accept");
    request
}

#[tokio::test]
async fn until_there_is_somebody_every_page_leads_to_the_set_up() {
    let (world, _) = unclaimed().await;
    for path in [
        "/",
        "/backups?page=2",
        "/sign-in",
        "/sign-in/code",
        "/welcome/abc",
        "/access/members",
        "/audit/export",
        "/nowhere",
    ] {
        let answer = open(&world, path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(answer.location(), "/set-up", "{path}");
    }
    let fields = [("name", "admin"), ("password", PASSWORD)];
    let answer = world.ask(form("/api/sign_in", &fields)).await;
    assert_eq!(answer.location(), "/set-up");
    let answer = world.ask(by_program(form("/api/sign_in", &fields))).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let answer = world.ask(get("/events/jobs/job-a")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);

    let said = open(&world, "/set-up").await;
    assert_eq!(said.status, StatusCode::OK);
    for word in ["hozon serve", "hozon admin link"] {
        assert!(said.body.contains(word), "{word}: {}", said.body);
    }
    assert!(!said.body.contains("type=\"password\"") && !said.body.contains("file://"));
    let help = open(&world, "/en/help/before-you-start").await;
    assert_eq!(help.status, StatusCode::OK);
    assert_eq!(world.ask(get("/readyz")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_token_makes_the_owner_and_signs_them_in_anew() {
    let (world, token) = unclaimed().await;
    for _ in 0..10 {
        let shown = open(&world, &address(token.reveal())).await;
        assert_eq!(shown.status, StatusCode::OK, "looking does not use it up");
        assert!(shown.body.contains("127.0.0.1:8790") && shown.body.contains("file://"));
        assert_eq!(shown.header("referrer-policy"), "same-origin");
        assert_eq!(shown.header("cache-control"), "no-store");
        assert_eq!(shown.session_cookie(), None);
    }
    // What somebody else put into the browser before is no session afterwards.
    let chosen = "hozon_session=chosenbysomebodyelse";
    let request = form("/api/set_up", &filled(&token, "花子", PASSWORD));
    let answer = world.ask(with_cookie(request, chosen)).await;
    assert_eq!(answer.location(), "/clusters/new");
    let session = answer.session().expect("a session");
    assert_ne!(session, chosen);
    assert!(!session.contains(token.reveal()));
    let user = world.engine.user("花子").await.unwrap();
    assert_eq!(user.grants, [Grant::owner()]);
    let shown = with_cookie(page("/clusters/new").body(Body::empty()).unwrap(), &session);
    assert_eq!(world.ask(shown).await.status, StatusCode::OK);
    let stranger = with_cookie(page("/backups").body(Body::empty()).unwrap(), chosen);
    let turned_away = world.ask(stranger).await;
    assert_eq!(turned_away.location(), "/sign-in?next=%2Fbackups");

    // Signed in, there is nothing to set up; to everybody else the page says that it is done.
    let again = with_cookie(
        page(&address(token.reveal())).body(Body::empty()).unwrap(),
        &session,
    );
    assert_eq!(world.ask(again).await.location(), "/backups");
    let over = open(&world, &address(token.reveal())).await;
    assert_eq!(over.status, StatusCode::OK);
    assert!(over.body.contains("/sign-in") && !over.body.contains("type=\"password\""));
    let second = form("/api/set_up", &filled(&token, "mallory", PASSWORD));
    assert_eq!(world.ask(second).await.session(), None);
    let second = form("/api/set_up", &filled(&token, "mallory", PASSWORD));
    let answer = world.ask(by_program(second)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.body.contains("link_expired"), "{}", answer.body);
    assert_eq!(world.engine.users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_wrong_is_said_and_the_token_stays() {
    let (world, token) = unclaimed().await;
    let differs = form("/api/set_up", &filled(&token, "admin", "another password"));
    let answer = world.ask(differs).await;
    assert_eq!(answer.session(), None);
    let back = format!("{}&name=admin", address(token.reveal()));
    assert_eq!(answer.location(), back);
    let flash = answer.cookie("hozon_flash").expect("a reason");
    let flash = flash.split(';').next().unwrap();
    let request = page(&back).body(Body::empty()).unwrap();
    let shown = world.ask(with_cookie(request, flash)).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("role=\"alert\""), "{}", shown.body);

    let short = [
        ("token", token.reveal()),
        ("name", "admin"),
        ("password", "elevenchars"),
        ("again", "elevenchars"),
    ];
    let answer = world.ask(by_program(form("/api/set_up", &short))).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let request = form("/api/set_up", &filled(&token, "two words", PASSWORD));
    let answer = world.ask(by_program(request)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!world.engine.is_set_up().await.unwrap());
    let request = form("/api/set_up", &filled(&token, "admin", PASSWORD));
    assert!(world.ask(request).await.session().is_some());
}

#[tokio::test]
async fn a_wrong_token_is_told_what_to_do_and_guessing_gets_slower() {
    let (world, token) = unclaimed().await;
    let wrong = address(&"x".repeat(40));
    for _ in 0..5 {
        let answer = open(&world, &wrong).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.body.contains("hozon admin link"), "{}", answer.body);
        assert!(!answer.body.contains("type=\"password\"") && !answer.body.contains("file://"));
    }
    let answer = open(&world, &wrong).await;
    assert!(
        answer.location().starts_with("/set-up?wait="),
        "{}",
        answer.location()
    );
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
    let page = answer.location().to_owned();
    let request = form("/api/set_up", &filled(&token, "admin", PASSWORD));
    let answer = world.ask(by_program(request)).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let said = open(&world, &page).await;
    assert_eq!(said.status, StatusCode::OK);
    assert!(said.body.contains("Too many attempts"), "{}", said.body);
    assert!(!world.engine.is_set_up().await.unwrap());
}

#[tokio::test]
async fn other_sites_set_nothing_up() {
    let (world, token) = unclaimed().await;
    for site in ["cross-site", "same-site"] {
        let request = form_from(site, "/api/set_up", &filled(&token, "mallory", PASSWORD));
        assert_eq!(world.ask(request).await.status, StatusCode::FORBIDDEN);
    }
    assert!(!world.engine.is_set_up().await.unwrap());
    assert!(world.engine.may_set_up(&token).await.unwrap());
}

#[tokio::test]
async fn all_of_it_is_in_the_audit() {
    let (world, token) = unclaimed().await;
    let wrong = Secret::new("x".repeat(40));
    world
        .ask(form("/api/set_up", &filled(&wrong, "mallory", PASSWORD)))
        .await;
    let answer = world
        .ask(form("/api/set_up", &filled(&token, "admin", PASSWORD)))
        .await;
    let session = answer.session().unwrap();
    let export = with_cookie(get("/audit/export?format=jsonl"), &session);
    let lines = world.ask(export).await.body;
    for action in ["setup.link", "setup.finish", "user.add", "session.begin"] {
        assert!(
            lines.contains(&format!("\"{action}\"")),
            "{action}: {lines}"
        );
    }
    assert!(lines.contains("link_expired") && lines.contains("console 127.0.0.1"));
    for secret in [token.reveal(), wrong.reveal(), PASSWORD, "mallory"] {
        assert!(!lines.contains(secret), "{secret}");
    }
}
