//! Signing in, and the sessions that come of it.

use hozon_model::{Grant, Role};

use super::world::{World, code};
use crate::{Engine, ErrorCode, accounts::Secret};

const PASSWORD: &str = "正しい馬と電池とホチキス";

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let world = World::new().await;
    let (engine, operator) = (&world.engine, &world.operator);
    for name in ["keeper", "victim"] {
        engine.set_password(operator, name, PASSWORD).await.unwrap();
    }
    let (_, mine) = engine
        .sign_in("keeper", PASSWORD, "console 10.0.0.1")
        .await
        .unwrap()
        .signed_in();
    let (_, theirs) = engine
        .sign_in("victim", PASSWORD, "console 10.0.0.2")
        .await
        .unwrap()
        .signed_in();
    engine.one_time_link(operator, "victim").await.unwrap();
    let all = engine.sessions(operator, None).await.unwrap();
    assert_eq!(all.len(), 2, "links are no sessions");
    let of_victim = engine.sessions(operator, Some("victim")).await.unwrap();
    assert_eq!(of_victim[0].origin, "console 10.0.0.2");
    let ids = serde_json::to_string(&all).unwrap();
    assert!(!ids.contains(mine.reveal()) && !ids.contains(theirs.reveal()));

    // Whoever has no right sees and ends their own alone.
    let reader = world
        .caller(vec![Grant {
            role: Role::ReadOnly,
            scope: None,
        }])
        .await;
    assert_eq!(
        code(engine.sessions(&reader, None).await),
        ErrorCode::PermissionDenied
    );
    assert!(
        engine
            .sessions(&reader, Some("somebody"))
            .await
            .unwrap()
            .is_empty()
    );
    let refused = engine.end_session(&reader, &of_victim[0].id).await;
    assert_eq!(code(refused), ErrorCode::PermissionDenied);

    engine
        .end_session(operator, &of_victim[0].id)
        .await
        .unwrap();
    assert!(engine.session(&theirs).await.unwrap().is_none());
    assert!(engine.session(&mine).await.unwrap().is_some());
    for id in [&*of_victim[0].id, "", "abc"] {
        let gone = engine.end_session(operator, id).await;
        assert_eq!(code(gone), ErrorCode::SessionNotFound, "{id}");
    }
    engine.remove_user(operator, "keeper").await.unwrap();
    assert!(engine.session(&mine).await.unwrap().is_none());
}

#[tokio::test]
async fn ones_own_session_is_known_in_the_list_and_the_others_are_ended() {
    let world = World::new().await;
    let (engine, operator) = (&world.engine, &world.operator);
    for name in ["keeper", "victim"] {
        engine.set_password(operator, name, PASSWORD).await.unwrap();
    }
    let mut secrets = Vec::new();
    for (name, origin) in [
        ("keeper", "console 10.0.0.1"),
        ("keeper", "console 10.0.0.2"),
        ("victim", "console 10.0.0.3"),
    ] {
        let (_, secret) = engine
            .sign_in(name, PASSWORD, origin)
            .await
            .unwrap()
            .signed_in();
        secrets.push(secret);
    }
    let keeper = hozon_model::Actor {
        name: "keeper".to_owned(),
        origin: "console".to_owned(),
    };
    let own = engine.sessions(&keeper, Some("keeper")).await.unwrap();
    assert_eq!(own.len(), 2);
    let here = crate::access::session_id(&secrets[0]);
    let known: Vec<_> = own.iter().filter(|session| session.id == here).collect();
    assert_eq!(known.len(), 1);
    assert_eq!(known[0].origin, "console 10.0.0.1");

    engine
        .end_other_sessions(&keeper, &secrets[0])
        .await
        .unwrap();
    let mut left = Vec::new();
    for secret in &secrets {
        left.push(engine.session(secret).await.unwrap().is_some());
    }
    assert_eq!(left, [true, false, true]);
}

#[tokio::test]
async fn many_wrong_passwords_lock_the_door_for_a_while() {
    let world = World::new().await;
    let (engine, operator) = (&world.engine, &world.operator);
    engine
        .set_password(operator, "victim", PASSWORD)
        .await
        .unwrap();
    let beside = Engine::open(crate::EngineConfig::local(world.directory.path()))
        .await
        .unwrap();
    for name in ["victim", "nobody"] {
        for _ in 0..10 {
            let wrong = engine.sign_in(name, "wrong", "console").await;
            assert_eq!(code(wrong), ErrorCode::SignInRefused);
        }
        let locked = engine.sign_in(name, PASSWORD, "console").await.unwrap_err();
        assert_eq!(locked.code(), ErrorCode::SignInLocked);
        assert!(locked.report().detail.contains("1 s"), "{locked}");
        // Another server on the same catalog knows.
        let locked = beside.sign_in(name, PASSWORD, "console").await;
        assert_eq!(code(locked), ErrorCode::SignInLocked);
    }
    let link = engine.one_time_link(operator, "victim").await.unwrap();
    engine
        .sign_in_by_link(&Secret::new(link.reveal()), None, "console")
        .await
        .unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1050)).await;
    engine.sign_in("victim", PASSWORD, "console").await.unwrap();
    let wrong = engine.sign_in("victim", "wrong", "console").await;
    assert_eq!(
        code(wrong),
        ErrorCode::SignInRefused,
        "the count began anew"
    );
}
