//! Coming in, staying in, and being kept out.

use axum::{body::Body, http::StatusCode};
use hozon_model::Actor;
use hozon_server::http::Site;

use crate::world::{PASSWORD, World, form, form_from, get, page, with_cookie};

#[tokio::test]
async fn who_is_not_signed_in_is_sent_to_sign_in_and_back() {
    let world = World::new().await;
    let answer = world
        .ask(page("/backups?page=2").body(Body::empty()).unwrap())
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/sign-in?next=%2Fbackups%3Fpage%3D2");
    let answer = world
        .ask(form(
            "/api/sign_in",
            &[
                ("name", "admin"),
                ("password", PASSWORD),
                ("next", "/backups?page=2"),
            ],
        ))
        .await;
    assert_eq!(answer.location(), "/backups?page=2");
    let session = answer.session().unwrap();
    let answer = world
        .ask(with_cookie(
            page("/backups").body(Body::empty()).unwrap(),
            &session,
        ))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn programs_that_are_not_signed_in_get_401() {
    let world = World::new().await;
    assert_eq!(
        world.ask(get("/events/jobs/job-a")).await.status,
        StatusCode::UNAUTHORIZED
    );
    let mut request = form("/api/create_backup", &[]);
    request.headers_mut().remove("accept");
    assert_eq!(world.ask(request).await.status, StatusCode::UNAUTHORIZED);
    let answer = world.ask(form("/api/create_backup", &[])).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, "/sign-in")
    );
}

#[tokio::test]
async fn the_cookie_is_for_this_console_alone() {
    let world = World::new().await;
    let fields = [("name", "admin"), ("password", PASSWORD)];
    let cookie = world
        .ask(form("/api/sign_in", &fields))
        .await
        .session_cookie()
        .unwrap();
    for attribute in ["HttpOnly", "SameSite=", "Path=/"] {
        assert!(cookie.contains(attribute), "{attribute}: {cookie}");
    }
    assert!(
        !cookie.contains("Secure") && !cookie.contains("Domain"),
        "{cookie}"
    );

    let world = World::with(Site {
        behind_tls: true,
        ..Site::default()
    })
    .await;
    let cookie = world
        .ask(form("/api/sign_in", &fields))
        .await
        .session_cookie()
        .unwrap();
    assert!(cookie.contains("; Secure"), "{cookie}");
}

#[tokio::test]
async fn a_wrong_password_signs_nobody_in() {
    let world = World::new().await;
    for (name, password) in [("admin", "wrong"), ("nobody", PASSWORD), ("admin", "")] {
        let answer = world
            .ask(form(
                "/api/sign_in",
                &[("name", name), ("password", password)],
            ))
            .await;
        assert_eq!(answer.session(), None);
        assert!(
            answer.location().starts_with("/sign-in"),
            "{}",
            answer.location()
        );
    }
}

#[tokio::test]
async fn programs_are_told_by_the_status() {
    let world = World::new().await;
    let mut request = form("/api/sign_in", &[("name", "admin"), ("password", "wrong")]);
    request.headers_mut().remove("accept");
    let answer = world.ask(request).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.body.contains("sign_in_refused"), "{}", answer.body);
}

#[tokio::test]
async fn a_session_that_somebody_else_chose_is_not_taken_over() {
    let world = World::new().await;
    let chosen = "hozon_session=chosenbysomebodyelse";
    let request = form("/api/sign_in", &[("name", "admin"), ("password", PASSWORD)]);
    let session = world
        .ask(with_cookie(request, chosen))
        .await
        .session()
        .unwrap();
    assert_ne!(session, chosen);
    let answer = world
        .ask(with_cookie(
            page("/backups").body(Body::empty()).unwrap(),
            chosen,
        ))
        .await;
    assert_eq!(answer.location(), "/sign-in?next=%2Fbackups");
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let world = World::new().await;
    for next in [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
    ] {
        let answer = world
            .ask(form(
                "/api/sign_in",
                &[("name", "admin"), ("password", PASSWORD), ("next", next)],
            ))
            .await;
        assert!(answer.session().is_some());
        let location = answer.location();
        assert!(
            location.starts_with('/') && !location.starts_with("//") && !location.contains("evil"),
            "{next} led to {location}"
        );
    }
    let session = world.sign_in().await;
    let mut request = with_cookie(form("/api/set_theme", &[("theme", "dark")]), &session);
    request
        .headers_mut()
        .insert("referer", "https://evil.example/page".parse().unwrap());
    let answer = world.ask(request).await;
    assert!(!answer.location().contains("evil"), "{}", answer.location());
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let world = World::new().await;
    let session = world.sign_in().await;
    for site in ["cross-site", "same-site"] {
        let request = with_cookie(form_from(site, "/api/sign_out", &[]), &session);
        assert_eq!(
            world.ask(request).await.status,
            StatusCode::FORBIDDEN,
            "{site}"
        );
    }
    let mut request = with_cookie(form("/api/sign_out", &[]), &session);
    request.headers_mut().remove("sec-fetch-site");
    request
        .headers_mut()
        .insert("origin", "http://localhost:8000".parse().unwrap());
    assert_eq!(world.ask(request).await.status, StatusCode::FORBIDDEN);
    let still = with_cookie(page("/backups").body(Body::empty()).unwrap(), &session);
    assert_eq!(
        world.ask(still).await.status,
        StatusCode::OK,
        "nobody was signed out"
    );
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let world = World::new().await;
    let session = world.sign_in().await;
    let answer = world
        .ask(with_cookie(form("/api/sign_out", &[]), &session))
        .await;
    assert_eq!(answer.location(), "/sign-in");
    assert_eq!(answer.session(), None);
    let again = with_cookie(page("/backups").body(Body::empty()).unwrap(), &session);
    assert_eq!(world.ask(again).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_link_signs_in_once() {
    let world = World::new().await;
    let actor = Actor {
        name: "cli:tester".to_owned(),
        origin: "cli".to_owned(),
    };
    let link = world.engine.one_time_link(&actor, "admin").await.unwrap();
    let path = format!("/welcome/{}", link.reveal());
    for _ in 0..2 {
        let answer = world.ask(page(&path).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "looking does not use it up");
    }
    let fields = [("token", link.reveal())];
    assert!(
        world
            .ask(form("/api/sign_in_by_link", &fields))
            .await
            .session()
            .is_some()
    );
    assert_eq!(
        world
            .ask(form("/api/sign_in_by_link", &fields))
            .await
            .session(),
        None
    );
}

#[tokio::test]
async fn guessing_gets_slower() {
    let world = World::new().await;
    let wrong = || form("/api/sign_in", &[("name", "admin"), ("password", "wrong")]);
    for _ in 0..5 {
        assert_ne!(
            world.ask(wrong()).await.status,
            StatusCode::TOO_MANY_REQUESTS
        );
    }
    let mut request = form("/api/sign_in", &[("name", "admin"), ("password", PASSWORD)]);
    request.headers_mut().remove("accept");
    let answer = world.ask(request).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(answer.session(), None, "not even the right one is tried");

    let answer = world.ask(wrong()).await;
    assert!(
        answer.location().starts_with("/sign-in?wait="),
        "{}",
        answer.location()
    );
    let said = world
        .ask(page(answer.location()).body(Body::empty()).unwrap())
        .await;
    assert!(said.body.contains("Too many attempts"), "{}", said.body);
}

#[tokio::test]
async fn help_needs_no_session_and_speaks_the_language_of_its_address() {
    let world = World::new().await;
    let ask = |path: &str| {
        page(path)
            .header("accept-language", "zh")
            .body(Body::empty())
            .unwrap()
    };
    for (path, language) in [
        ("/en/help", "en"),
        ("/ja/help/create", "ja"),
        ("/zh/help/jobs", "zh"),
    ] {
        let answer = world.ask(ask(path)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let document = answer.body.split("<head>").next().unwrap();
        assert!(
            document.contains(&format!("lang=\"{language}\"")),
            "{document}"
        );
    }
    let answer = world.ask(ask("/help/create")).await;
    assert_eq!(answer.location(), "/zh/help/create");
    assert_eq!(
        world.ask(ask("/en/help/nothing")).await.status,
        StatusCode::NOT_FOUND
    );

    let fields = [("language", "ja"), ("back", "/en/help/create?x=1")];
    let answer = world.ask(form("/api/set_language", &fields)).await;
    assert_eq!(answer.location(), "/ja/help/create?x=1");
}
