//! Roles and who holds them: somebody always owns the organization.

use std::collections::BTreeSet;

use hozon_model::{Action, Grant, NewUser, Place, Privilege, Resource, Role};

use super::world::{World, code, new_key};
use crate::{Engine, ErrorCode};

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
