//! Keys, users, roles and sessions, from being made to being taken away.

use std::collections::BTreeSet;

use hozon_model::{Action, Grant, NewApiKey, NewUser, Place, Privilege, Resource, Role, Scope};
use jiff::{SignedDuration, Timestamp};

use super::world::World;
use crate::{Engine, Error, ErrorCode, Result, accounts::Secret};

const PASSWORD: &str = "正しい馬と電池とホチキス";

fn code<T>(outcome: Result<T>) -> ErrorCode {
    outcome.map_err(|error: Error| error.code()).err().unwrap()
}

fn new_key(name: &str, role: Role, scope: Option<Scope>) -> NewApiKey {
    NewApiKey {
        name: name.to_owned(),
        grants: vec![Grant { role, scope }],
        expires_at: None,
    }
}

#[tokio::test]
async fn a_key_lets_a_program_in_until_it_is_taken_away() {
    let world = World::new().await;
    let (engine, operator) = (&world.engine, &world.operator);
    let wish = new_key("夜間ジョブ", Role::ReadWrite, Some(world.own.scope.clone()));
    let made = engine.create_key(operator, wish).await.unwrap();
    assert!(made.secret.starts_with("hozon_") && made.secret.len() > 40);
    assert!(
        !format!("{made:?}").contains(&made.secret),
        "it shows in Debug"
    );
    let kept = serde_json::to_string(&engine.keys().await.unwrap()).unwrap();
    assert!(!kept.contains(&made.secret));
    let file = std::fs::read(world.directory.path().join("catalog.db")).unwrap();
    let found = |file: &[u8]| {
        file.windows(made.secret.len())
            .any(|part| part == made.secret.as_bytes())
    };
    assert!(!found(&file), "it lies in the catalog");

    assert_eq!(engine.key("夜間ジョブ").await.unwrap().last_used_at, None);
    let caller = engine.caller_by_key(&made.secret, "api").await.unwrap();
    assert_eq!(crate::access::Acts::actor(&caller).name, "key:夜間ジョブ");
    let own = Place::Cluster(
        world.own.scope.project_id.clone(),
        world.own.cluster.clone(),
    );
    let other = Place::Cluster(
        world.other.scope.project_id.clone(),
        world.other.cluster.clone(),
    );
    assert!(caller.may(Resource::Backup, Action::Create, &own));
    assert!(!caller.may(Resource::Backup, Action::Delete, &own));
    assert!(!caller.may(Resource::Backup, Action::View, &other));
    assert!(
        engine
            .key("夜間ジョブ")
            .await
            .unwrap()
            .last_used_at
            .is_some()
    );

    for wrong in ["", "hozon_", &made.secret[1..], &made.secret.to_uppercase()] {
        assert_eq!(
            code(engine.caller_by_key(wrong, "api").await),
            ErrorCode::KeyRefused
        );
    }
    engine
        .remove_key(operator, made.key.id.as_str())
        .await
        .unwrap();
    let late = engine.caller_by_key(&made.secret, "api").await;
    assert_eq!(code(late), ErrorCode::KeyRefused);
    let gone = engine.remove_key(operator, "夜間ジョブ").await;
    assert_eq!(code(gone), ErrorCode::KeyNotFound);
}

#[tokio::test]
async fn what_makes_no_key() {
    let world = World::new().await;
    let (engine, operator) = (&world.engine, &world.operator);
    let whole = || Some(world.own.scope.clone());
    let foreign = Scope {
        cluster_ids: vec![world.other.cluster.clone()],
        ..world.own.scope.clone()
    };
    let nowhere = Scope {
        project_id: "proj-nowhere".to_owned().into(),
        cluster_ids: Vec::new(),
    };
    let past = NewApiKey {
        expires_at: Some(Timestamp::now() - SignedDuration::from_secs(1)),
        ..new_key("k", Role::ReadOnly, whole())
    };
    let nothing = NewApiKey {
        grants: Vec::new(),
        ..new_key("k", Role::ReadOnly, None)
    };
    for (wish, expected) in [
        (
            new_key(" ", Role::ReadOnly, whole()),
            ErrorCode::InvalidInput,
        ),
        (
            new_key("a\nb", Role::ReadOnly, whole()),
            ErrorCode::InvalidInput,
        ),
        (
            new_key("k", Role::OrganizationOwner, whole()),
            ErrorCode::InvalidInput,
        ),
        (
            new_key("k", Role::ReadOnly, Some(foreign)),
            ErrorCode::InvalidInput,
        ),
        (
            new_key("k", Role::ReadOnly, Some(nowhere)),
            ErrorCode::ProjectNotFound,
        ),
        (
            new_key("k", Role::Custom("none".to_owned()), whole()),
            ErrorCode::RoleNotFound,
        ),
        (past, ErrorCode::InvalidInput),
        (nothing, ErrorCode::InvalidInput),
    ] {
        assert_eq!(code(engine.create_key(operator, wish).await), expected);
    }
    engine
        .create_key(operator, new_key("k", Role::ReadOnly, whole()))
        .await
        .unwrap();
    let taken = engine
        .create_key(operator, new_key("k", Role::ReadOnly, whole()))
        .await;
    assert_eq!(code(taken), ErrorCode::InvalidInput);
    assert_eq!(engine.keys().await.unwrap().len(), 1);
}

#[tokio::test]
async fn keys_expire() {
    let world = World::new().await;
    let soon = NewApiKey {
        expires_at: Some(Timestamp::now() + SignedDuration::from_millis(300)),
        ..new_key("soon", Role::ReadOnly, None)
    };
    let made = world
        .engine
        .create_key(&world.operator, soon)
        .await
        .unwrap();
    world
        .engine
        .caller_by_key(&made.secret, "api")
        .await
        .unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(320)).await;
    let late = world.engine.caller_by_key(&made.secret, "api").await;
    assert_eq!(code(late), ErrorCode::KeyRefused);
}

/// A project's admin makes keys for the project, and none that may more than the admin.
#[tokio::test]
async fn an_admin_hands_no_more_on_than_the_project() {
    let world = World::new().await;
    let engine = &world.engine;
    let own = || Some(world.own.scope.clone());
    let admin = world
        .caller(vec![Grant {
            role: Role::ProjectAdmin,
            scope: own(),
        }])
        .await;
    let part = Scope {
        cluster_ids: vec![world.own.cluster.clone()],
        ..world.own.scope.clone()
    };
    for (name, role, scope, fine) in [
        ("a", Role::ProjectAdmin, own(), true),
        ("b", Role::ReadWrite, Some(part), true),
        ("c", Role::ReadOnly, Some(world.other.scope.clone()), false),
        ("d", Role::ReadOnly, None, false),
        ("e", Role::OrganizationOwner, None, false),
    ] {
        let made = engine.create_key(&admin, new_key(name, role, scope)).await;
        match made {
            Ok(_) => assert!(fine, "{name}"),
            Err(error) => {
                assert!(!fine, "{name}: {error}");
                assert_eq!(error.code(), ErrorCode::PermissionDenied);
            }
        }
    }
    let of_all = new_key("all", Role::ReadOnly, None);
    engine.create_key(&world.operator, of_all).await.unwrap();
    assert_eq!(engine.keys_for(&admin).await.unwrap().len(), 2);
    assert_eq!(engine.keys_for(&world.operator).await.unwrap().len(), 3);
    let refused = engine.remove_key(&admin, "all").await;
    assert_eq!(code(refused), ErrorCode::PermissionDenied);
}

#[tokio::test]
async fn somebody_always_owns_the_organization() {
    let world = World::new().await;
    let (engine, operator) = (&world.engine, &world.operator);
    engine.remove_user(operator, "victim").await.unwrap();
    let last = engine.remove_user(operator, "keeper").await;
    assert_eq!(code(last), ErrorCode::LastOwner);
    let last = engine.set_user_grants(operator, "keeper", vec![]).await;
    assert_eq!(code(last), ErrorCode::LastOwner);
    assert_eq!(
        engine.user("keeper").await.unwrap().grants,
        [Grant::owner()]
    );
    let part_owner = vec![Grant {
        role: Role::OrganizationOwner,
        scope: Some(world.own.scope.clone()),
    }];
    let refused = engine.set_user_grants(operator, "keeper", part_owner).await;
    assert_eq!(code(refused), ErrorCode::InvalidInput);
    let again = NewUser {
        name: "keeper".to_owned(),
        ..NewUser::default()
    };
    assert_eq!(
        code(engine.create_user(operator, again).await),
        ErrorCode::UserNameTaken
    );
    for name in ["", "a b", "tab\t"] {
        let new = NewUser {
            name: name.to_owned(),
            ..NewUser::default()
        };
        let refused = engine.create_user(operator, new).await;
        if name == "tab\t" {
            assert_eq!(refused.unwrap().name, "tab");
        } else {
            assert_eq!(code(refused), ErrorCode::InvalidInput);
        }
    }
}

#[tokio::test]
async fn roles_are_made_changed_and_kept_while_somebody_has_them() {
    let world = World::new().await;
    let (engine, operator) = (&world.engine, &world.operator);
    let set = |names: &[&str]| -> BTreeSet<Privilege> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    };
    let make = |name: &'static str, names: &'static [&'static str]| {
        engine.create_role(operator, name, "", set(names))
    };
    make("掃除", &["backup:view"]).await.unwrap();
    assert_eq!(
        code(make("掃除", &["backup:view"]).await),
        ErrorCode::RoleNameTaken
    );
    assert_eq!(
        code(make("read_only", &["backup:view"]).await),
        ErrorCode::RoleNameTaken
    );
    assert_eq!(code(make("empty", &[]).await), ErrorCode::InvalidInput);
    assert_eq!(
        code(make("", &["backup:view"]).await),
        ErrorCode::InvalidInput
    );

    let role = || Role::Custom("掃除".to_owned());
    let own = Some(world.own.scope.clone());
    let made = engine
        .create_key(operator, new_key("sweeper", role(), own))
        .await
        .unwrap();
    let refused = engine.remove_role(operator, "掃除").await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::RoleInUse);
    assert!(refused.report().detail.contains("sweeper"), "{refused}");

    // A change counts at once.
    let place = Place::Cluster(
        world.own.scope.project_id.clone(),
        world.own.cluster.clone(),
    );
    let may_delete = async |engine: &Engine| {
        let caller = engine.caller_by_key(&made.secret, "api").await.unwrap();
        caller.may(Resource::Backup, Action::Delete, &place)
    };
    assert!(!may_delete(engine).await);
    let more = Some(set(&["backup:view", "backup:delete"]));
    engine
        .edit_role(operator, "掃除", Some("d"), more)
        .await
        .unwrap();
    assert!(may_delete(engine).await);
    engine.remove_key(operator, "sweeper").await.unwrap();
    engine.remove_role(operator, "掃除").await.unwrap();
    assert_eq!(code(engine.role("掃除").await), ErrorCode::RoleNotFound);
    assert_eq!(
        code(engine.remove_role(operator, "掃除").await),
        ErrorCode::RoleNotFound
    );
}

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
    for name in ["victim", "nobody"] {
        for _ in 0..10 {
            let wrong = engine.sign_in(name, "wrong", "console").await;
            assert_eq!(code(wrong), ErrorCode::SignInRefused);
        }
        let locked = engine.sign_in(name, PASSWORD, "console").await.unwrap_err();
        assert_eq!(locked.code(), ErrorCode::SignInLocked);
        assert!(locked.report().detail.contains("1 s"), "{locked}");
    }
    // Another server on the same catalog knows.
    let beside = Engine::open(crate::EngineConfig::local(world.directory.path()))
        .await
        .unwrap();
    let locked = beside.sign_in("victim", PASSWORD, "console").await;
    assert_eq!(code(locked), ErrorCode::SignInLocked);

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
