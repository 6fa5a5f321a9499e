//! The second step of signing in: the forms that switch it on and off, and what lies between the two steps.

use axum::{body::Body, http::StatusCode};
use hozon_engine::{accounts::TotpSetup, model::Actor};
use totp_rs::{Builder, Secret};

use crate::world::{Answer, PASSWORD, World, form, form_from, page, with_cookie};

const PAGE: &str = "/access/sessions";

fn admin() -> Actor {
    Actor {
        name: "admin".to_owned(),
        origin: "tests".to_owned(),
    }
}

/// What the app shows, or will show after some steps of 30 s.
fn shown(setup: &TotpSetup, steps: u64) -> String {
    let secret = Secret::try_from_base32(&setup.secret).unwrap();
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let app = Builder::new().with_secret(secret).build().unwrap();
    app.generate(now + 30 * steps).to_string()
}

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

/// Switches it on for `admin` by the forms. Returns the session, what the app knows, and the recovery codes.
async fn switched_on(world: &World) -> (String, TotpSetup, Vec<String>) {
    let session = world.sign_in().await;
    let answer = send(world, "/api/begin_totp", &[], &session).await;
    assert_eq!(answer.location(), "/access/sessions?dialog=two-steps");
    let setup = world.engine.awaited_totp(&admin()).await.unwrap().unwrap();
    let shows = open(world, answer.location(), &session).await;
    assert!(shows.body.contains(&setup.secret), "{}", shows.body);
    assert!(shows.body.contains("class=\"qr\""), "{}", shows.body);

    let code = shown(&setup, 0);
    let fields = [("present", PASSWORD), ("code", code.as_str())];
    let answer = send(world, "/api/confirm_totp", &fields, &session).await;
    assert_eq!(answer.location(), PAGE);
    let handed = answer.cookie("hozon_recovery_codes").expect("the codes");
    for attribute in ["HttpOnly", "SameSite=", "Max-Age=60"] {
        assert!(handed.contains(attribute), "{attribute}: {handed}");
    }
    let both = format!("{session}; {}", pair(&handed));
    let shows = open(world, PAGE, &both).await;
    let over = shows.cookie("hozon_recovery_codes").expect("taken back");
    assert!(over.contains("Max-Age=0"), "{over}");
    let (_, rest) = shows.body.split_once("class=\"secret\"").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    let listed = rest.split('<').next().unwrap();
    let recovery: Vec<_> = listed.split_whitespace().map(str::to_owned).collect();
    assert_eq!(recovery.len(), 10, "{listed}");
    let again = open(world, PAGE, &session).await;
    assert!(!again.body.contains(&recovery[0]) && !again.body.contains(&setup.secret));
    (session, setup, recovery)
}

/// The cookie of who typed the right password.
async fn first_step(world: &World) -> String {
    let fields = [
        ("name", "admin"),
        ("password", PASSWORD),
        ("next", "/jobs?kind=backup"),
    ];
    let answer = world.ask(form("/api/sign_in", &fields)).await;
    assert_eq!(answer.session(), None);
    assert_eq!(
        answer.location(),
        "/sign-in/code?next=%2Fjobs%3Fkind%3Dbackup"
    );
    let step = answer.cookie("hozon_second_step").expect("a second step");
    for attribute in ["HttpOnly", "SameSite=", "Max-Age=300"] {
        assert!(step.contains(attribute), "{attribute}: {step}");
    }
    pair(&step).to_owned()
}

#[tokio::test]
async fn a_code_follows_the_password() {
    let world = World::new().await;
    let (_, setup, recovery) = switched_on(&world).await;
    let step = first_step(&world).await;
    let asks = open(&world, "/sign-in/code", &step).await;
    assert_eq!(asks.status, StatusCode::OK);
    assert!(!asks.body.contains("admin"), "it tells whose it is");

    let wrong = send(&world, "/api/sign_in_code", &[("code", "000000")], &step).await;
    assert_eq!(wrong.session(), None);
    assert!(wrong.location().starts_with("/sign-in/code"));
    let code = shown(&setup, 1);
    let fields = [("code", code.as_str()), ("next", "/jobs?kind=backup")];
    let answer = send(&world, "/api/sign_in_code", &fields, &step).await;
    assert_eq!(answer.location(), "/jobs?kind=backup");
    let session = answer.session().expect("a session");
    let over = answer.cookie("hozon_second_step").expect("taken back");
    assert!(over.contains("Max-Age=0"), "{over}");
    assert_ne!(
        session.split_once('=').unwrap().1,
        step.split_once('=').unwrap().1
    );
    let jobs = open(&world, "/jobs", &session).await;
    assert_eq!(jobs.status, StatusCode::OK);

    let replayed = send(&world, "/api/sign_in_code", &fields, &step).await;
    assert_eq!(replayed.session(), None);
    let step = first_step(&world).await;
    let replayed = send(&world, "/api/sign_in_code", &fields, &step).await;
    assert_eq!(replayed.session(), None, "a code counts once");
    let code = [("code", recovery[0].as_str())];
    let answer = send(&world, "/api/sign_in_code", &code, &step).await;
    assert!(answer.session().is_some());
}

/// What lies between the steps opens nothing, whatever it is sent as, and whoever chose it.
#[tokio::test]
async fn half_a_sign_in_is_none() {
    let world = World::new().await;
    let (_, setup, _) = switched_on(&world).await;
    let step = first_step(&world).await;
    let secret = step.split_once('=').unwrap().1;
    for cookies in [step.clone(), format!("hozon_session={secret}")] {
        let answer = open(&world, "/backups", &cookies).await;
        assert_eq!(answer.location(), "/sign-in?next=%2Fbackups", "{cookies}");
    }
    let nobody = open(&world, "/sign-in/code?next=%2Fjobs", "a=b").await;
    assert_eq!(nobody.location(), "/sign-in?next=%2Fjobs");

    let code = shown(&setup, 1);
    let fields = [("code", code.as_str())];
    let chosen = "hozon_second_step=chosenbysomebodyelse";
    for cookies in [chosen, "hozon_second_step=", "a=b"] {
        let answer = send(&world, "/api/sign_in_code", &fields, cookies).await;
        assert_eq!(answer.session(), None, "{cookies}");
        assert_eq!(answer.location(), "/sign-in?next=%2Fbackups", "{cookies}");
    }
    let mut request = with_cookie(form("/api/sign_in_code", &[("code", "000000")]), &step);
    request.headers_mut().remove("accept");
    let answer = world.ask(request).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.body.contains("code_refused"), "{}", answer.body);
}

#[tokio::test]
async fn five_wrong_codes_lead_back_to_the_password() {
    let world = World::new().await;
    let (_, _, recovery) = switched_on(&world).await;
    let step = first_step(&world).await;
    for place in 1..=5 {
        let answer = send(&world, "/api/sign_in_code", &[("code", "000000")], &step).await;
        let code_page = answer.location().starts_with("/sign-in/code");
        assert_eq!(code_page, place < 5, "{}", answer.location());
    }
    let code = [("code", recovery[0].as_str())];
    let mut request = with_cookie(form("/api/sign_in_code", &code), &step);
    request.headers_mut().remove("accept");
    let answer = world.ask(request).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.session(), None);
}

#[tokio::test]
async fn other_sites_take_no_step_for_anybody() {
    let world = World::new().await;
    let (session, setup, recovery) = switched_on(&world).await;
    let step = first_step(&world).await;
    let code = shown(&setup, 1);
    let own = [("present", PASSWORD), ("code", recovery[0].as_str())];
    for site in ["cross-site", "same-site"] {
        for (path, fields, cookies) in [
            ("/api/sign_in_code", &[("code", code.as_str())][..], &step),
            ("/api/begin_totp", &[][..], &session),
            ("/api/confirm_totp", &own[..], &session),
            ("/api/end_totp", &own[..], &session),
            ("/api/remove_totp", &[("name", "admin")][..], &session),
        ] {
            let request = with_cookie(form_from(site, path, fields), cookies);
            let answer = world.ask(request).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{site} {path}");
            assert_eq!(answer.session(), None, "{site} {path}");
        }
    }
    assert!(world.engine.user("admin").await.unwrap().has_totp);
}

#[tokio::test]
async fn it_is_switched_off_with_a_code_and_links_need_none() {
    let world = World::new().await;
    let (session, _, recovery) = switched_on(&world).await;
    let link = world.engine.one_time_link(&admin(), "admin").await.unwrap();
    let by_link = [("token", link.reveal())];
    let answer = world.ask(form("/api/sign_in_by_link", &by_link)).await;
    assert!(answer.session().is_some(), "a link asks for no code");

    let dialog = open(&world, "/access/sessions?dialog=two-steps-off", &session).await;
    assert!(dialog.body.contains("/api/end_totp"), "{}", dialog.body);
    for (present, code) in [(PASSWORD, "000000"), ("not it", recovery[0].as_str())] {
        let fields = [("present", present), ("code", code)];
        let answer = send(&world, "/api/end_totp", &fields, &session).await;
        assert_eq!(answer.location(), "/access/sessions?dialog=two-steps-off");
    }
    // Not by the page of the member either: that one asks for nothing.
    let member = open(&world, "/access/members/admin", &session).await;
    assert!(!member.body.contains("dialog=two-steps"), "{}", member.body);
    send(&world, "/api/remove_totp", &[("name", "admin")], &session).await;
    assert!(world.engine.user("admin").await.unwrap().has_totp);

    let fields = [("present", PASSWORD), ("code", recovery[0].as_str())];
    let answer = send(&world, "/api/end_totp", &fields, &session).await;
    assert_eq!(answer.location(), PAGE);
    assert!(!world.engine.user("admin").await.unwrap().has_totp);
    world.sign_in().await;
}
