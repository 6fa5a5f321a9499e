//! Keys, from being made to being taken away.

use hozon_model::{Action, Grant, NewApiKey, Place, Resource, Role, Scope};
use jiff::{SignedDuration, Timestamp};

use super::world::{World, code, new_key};
use crate::ErrorCode;

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
