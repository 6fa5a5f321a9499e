//! Every mutation × every role × own and other project: the table decides, and nothing else.

mod deeds;
mod keys;
mod roles;
mod sessions;
mod world;

use std::collections::BTreeSet;

use hozon_model::{Action, Grant, Place, Privilege, ProjectId, Resource, Role, Scope};

use self::{
    deeds::{DEEDS, Level},
    world::World,
};
use super::{Acts, Caller, Right};
use crate::ErrorCode;

/// Nothing that changes anything is left out of the list of deeds.
#[test]
fn every_privilege_to_change_something_is_asked_for_by_some_deed() {
    let asked: BTreeSet<Privilege> = DEEDS
        .iter()
        .map(|deed| deed.privilege.parse().unwrap())
        .collect();
    for privilege in Privilege::all() {
        let looks = privilege.action() == Action::View;
        assert_eq!(asked.contains(&privilege), !looks, "{privilege}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_deed_by_every_role_in_ones_own_and_in_another_project() {
    let mut denied = 0;
    let mut let_through = 0;
    for role in Role::BUILT_IN {
        for own in [true, false] {
            let world = World::new().await;
            let grant = match role {
                Role::OrganizationOwner => Grant::owner(),
                _ => Grant {
                    role: role.clone(),
                    scope: Some(world.own.scope.clone()),
                },
            };
            let caller = world.caller(vec![grant]).await;
            let part = if own { &world.own } else { &world.other };
            for deed in DEEDS {
                let privilege: Privilege = deed.privilege.parse().unwrap();
                let everywhere = role == Role::OrganizationOwner;
                let within = everywhere || (own && deed.level != Level::Organization);
                let allowed = within && role.privileges().unwrap().contains(&privilege);
                let outcome = world.attempt(deed.name, &caller, part).await;
                let refused = outcome == Some(ErrorCode::PermissionDenied);
                assert_eq!(
                    !refused, allowed,
                    "{} by {role}, own project: {own}: {outcome:?}",
                    deed.name
                );
                denied += usize::from(refused);
                let_through += usize::from(!refused);
            }
        }
    }
    assert!(denied > 100 && let_through > 60, "{denied} {let_through}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_without_a_grant_does_anything() {
    let world = World::new().await;
    let caller = world.caller(Vec::new()).await;
    let audit_before = world.engine.catalog().audit_tail(1000).await.unwrap().len();
    for deed in DEEDS {
        let outcome = world.attempt(deed.name, &caller, &world.own).await;
        assert_eq!(outcome, Some(ErrorCode::PermissionDenied), "{}", deed.name);
    }
    // Each attempt is in the audit.
    let audit = world.engine.catalog().audit_tail(1000).await.unwrap();
    let refusals = audit
        .iter()
        .filter(|line| line.outcome == "permission_denied" && line.actor == "somebody");
    // Trying something out changes nothing, and is not in it.
    let trials = DEEDS.iter().filter(|deed| deed.name.starts_with("check_"));
    let changes = DEEDS.len() - trials.count();
    assert_eq!(refusals.count(), changes);
    let key_to_remove = 1;
    assert_eq!(audit.len(), audit_before + changes + key_to_remove);
}

/// A custom role with one privilege lets just that through.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_made_here_may_what_it_names_and_no_more() {
    let world = World::new().await;
    let wanted: BTreeSet<Privilege> = BTreeSet::from(["backup:verify".parse().unwrap()]);
    world
        .engine
        .create_role(&world.operator, "検証係", "", wanted)
        .await
        .unwrap();
    let grant = Grant {
        role: Role::Custom("検証係".to_owned()),
        scope: Some(world.own.scope.clone()),
    };
    let caller = world.caller(vec![grant]).await;
    for deed in DEEDS {
        for (own, part) in [(true, &world.own), (false, &world.other)] {
            let outcome = world.attempt(deed.name, &caller, part).await;
            let allowed = deed.privilege == "backup:verify" && own;
            let refused = outcome == Some(ErrorCode::PermissionDenied);
            assert_eq!(!refused, allowed, "{}: {outcome:?}", deed.name);
        }
    }
}

fn right(scope: Option<Scope>, privileges: &[&str]) -> Right {
    Right {
        scope,
        privileges: privileges
            .iter()
            .map(|text| text.parse().unwrap())
            .collect(),
    }
}

fn scope(project: &str, clusters: &[&str]) -> Scope {
    Scope {
        project_id: ProjectId::new(project),
        cluster_ids: clusters.iter().map(|id| (*id).to_owned().into()).collect(),
    }
}

fn caller(rights: Vec<Right>) -> Caller {
    let actor = hozon_model::Actor {
        name: "somebody".to_owned(),
        origin: "test".to_owned(),
    };
    Caller::new(actor, rights)
}

#[test]
fn what_a_caller_sees() {
    let everywhere = caller(vec![right(None, &["backup:view"])]);
    assert_eq!(everywhere.visible(Resource::Backup), None);
    assert_eq!(everywhere.visible(Resource::Job), Some(vec![]));
    let part = scope("proj-1", &["in01-a"]);
    let some = caller(vec![
        right(Some(part.clone()), &["backup:view", "project:view"]),
        right(Some(scope("proj-2", &[])), &["project:view"]),
    ]);
    assert_eq!(some.visible(Resource::Backup), Some(vec![part]));
    assert_eq!(some.projects().unwrap().len(), 2);
    let owner = caller(vec![Right {
        scope: None,
        privileges: Role::OrganizationOwner.privileges().unwrap(),
    }]);
    assert_eq!(owner.projects(), None);
}

#[test]
fn nobody_hands_on_what_they_do_not_have() {
    let admin = caller(vec![right(
        Some(scope("proj-1", &[])),
        &["backup:view", "key:create"],
    )]);
    let clusters = caller(vec![right(
        Some(scope("proj-1", &["a", "b"])),
        &["backup:view"],
    )]);
    for (by, handed, fine) in [
        (
            &admin,
            right(Some(scope("proj-1", &[])), &["backup:view"]),
            true,
        ),
        (
            &admin,
            right(Some(scope("proj-1", &["a"])), &["backup:view"]),
            true,
        ),
        (
            &admin,
            right(Some(scope("proj-2", &[])), &["backup:view"]),
            false,
        ),
        (&admin, right(None, &["backup:view"]), false),
        (
            &admin,
            right(Some(scope("proj-1", &[])), &["backup:delete"]),
            false,
        ),
        (
            &clusters,
            right(Some(scope("proj-1", &["a"])), &["backup:view"]),
            true,
        ),
        (
            &clusters,
            right(Some(scope("proj-1", &["a", "c"])), &["backup:view"]),
            false,
        ),
        (
            &clusters,
            right(Some(scope("proj-1", &[])), &["backup:view"]),
            false,
        ),
    ] {
        assert_eq!(
            by.check_handing_on(std::slice::from_ref(&handed)).is_ok(),
            fine,
            "{handed:?}"
        );
    }
}

/// A way in is every right of whoever it lets in.
#[tokio::test]
async fn who_manages_users_opens_the_door_to_nobody_who_may_more() {
    let world = World::new().await;
    let engine = &world.engine;
    let users: BTreeSet<Privilege> = ["user:view", "user:create", "user:edit"]
        .into_iter()
        .map(|name| name.parse().unwrap())
        .collect();
    engine
        .create_role(&world.operator, "受付", "", users)
        .await
        .unwrap();
    let grant = Grant {
        role: Role::Custom("受付".to_owned()),
        scope: None,
    };
    let clerk = world.caller(vec![grant.clone()]).await;
    let colleague = hozon_model::NewUser {
        name: "colleague".to_owned(),
        grants: vec![grant],
        password: None,
    };
    engine.create_user(&clerk, colleague).await.unwrap();
    for (user, refused) in [
        ("colleague", None),
        ("victim", Some(ErrorCode::PermissionDenied)),
    ] {
        let link = engine.one_time_link(&clerk, user).await.map(drop);
        let password = engine.set_password(&clerk, user, "twelve chars").await;
        for outcome in [link, password] {
            assert_eq!(outcome.err().map(|error| error.code()), refused, "{user}");
        }
    }
}

#[test]
fn a_missing_right_is_named() {
    let nobody = caller(vec![]);
    let place = Place::Cluster(ProjectId::new("proj-1"), "in01-a".to_owned().into());
    let privilege = Privilege::new(Resource::Backup, Action::Restore);
    let report = nobody.check(privilege, &place).unwrap_err().into_report();
    assert_eq!(report.code, ErrorCode::PermissionDenied);
    assert_eq!(report.subject, "backup:restore");
    assert!(report.detail.contains("in01-a") && report.detail.contains("somebody"));
    assert!(!report.hint.is_empty());
}

/// Rights in one's own project open neither the backups nor the clusters of another.
#[tokio::test]
async fn a_restore_asks_at_both_ends() {
    let world = World::new().await;
    let engine = &world.engine;
    let own = |role: Role| {
        world.caller(vec![Grant {
            role,
            scope: Some(world.own.scope.clone()),
        }])
    };
    let admin = own(Role::ProjectAdmin).await;
    for (backup, cluster, allowed) in [
        (&world.own.backup, &world.own.cluster, true),
        (&world.own.backup, &world.other.cluster, false),
        (&world.other.backup, &world.own.cluster, false),
    ] {
        let wish = hozon_model::RestoreOptions {
            cluster_id: Some(cluster.clone()),
            ..hozon_model::RestoreOptions::whole(backup.clone())
        };
        let refused = engine.restore_backup(&admin, wish).await.unwrap_err();
        let denied = refused.code() == ErrorCode::PermissionDenied;
        assert_eq!(denied, !allowed, "{backup} into {cluster}: {refused}");
    }
    let foreign = hozon_model::ExportOptions {
        backup_id: world.own.backup.clone(),
        integration_id: world.other.integration.clone(),
        directory: String::new(),
        format: hozon_model::ExportFormat::MilvusBackup,
        bandwidth_limit: None,
    };
    let refused = engine.export_backup(&admin, foreign).await.unwrap_err();
    assert_eq!(refused.report().subject, "integration");
}

/// The server's own files are not a project's.
#[tokio::test]
async fn only_owners_name_directories_of_the_server() {
    let world = World::new().await;
    let engine = &world.engine;
    let grant = |role, scope| vec![Grant { role, scope }];
    let admin = grant(Role::ProjectAdmin, Some(world.own.scope.clone()));
    let (admin, owner) = (
        world.caller(admin).await,
        world.caller(vec![Grant::owner()]).await,
    );
    for url in ["file:///etc", "FILE:///etc", " file:///etc"] {
        let integration = hozon_model::NewIntegration {
            name: "etc".to_owned(),
            project: Some("own".to_owned()),
            storage_url: url.to_owned(),
            ..hozon_model::NewIntegration::default()
        };
        let cluster = hozon_model::NewCluster {
            name: "etc".to_owned(),
            address: "http://127.0.0.1:1".to_owned(),
            project: Some("own".to_owned()),
            storage_url: url.to_owned(),
            ..hozon_model::NewCluster::default()
        };
        let edit = hozon_model::ClusterEdit {
            storage_url: Some(url.to_owned()),
            ..hozon_model::ClusterEdit::default()
        };
        let refused = [
            engine.add_integration(&admin, integration).await.map(drop),
            engine.add_cluster(&admin, cluster.clone()).await.map(drop),
            engine
                .edit_cluster(&admin, "cluster-own", edit)
                .await
                .map(drop),
        ];
        for outcome in refused {
            let report = outcome.unwrap_err().into_report();
            assert_eq!(report.code, ErrorCode::PermissionDenied, "{url}");
            assert_eq!(report.subject, "organization:edit");
        }
        let tried = engine.add_cluster(&owner, cluster).await.unwrap_err();
        assert_ne!(tried.code(), ErrorCode::PermissionDenied);
    }
}

/// A role for one cluster lets its project be seen, and no other.
#[tokio::test]
async fn projects_are_seen_by_those_who_have_a_part_of_them() {
    let world = World::new().await;
    let part = Scope {
        cluster_ids: vec![world.own.cluster.clone()],
        ..world.own.scope.clone()
    };
    let grant = Grant {
        role: Role::ReadOnly,
        scope: Some(part),
    };
    let seen = world.engine.seen_by(world.caller(vec![grant]).await);
    let names: Vec<_> = seen
        .projects()
        .await
        .unwrap()
        .into_iter()
        .map(|project| project.name)
        .collect();
    assert_eq!(names, ["own"]);
    assert_eq!(seen.project("own").await.unwrap().name, "own");
    let refused = seen.project("other").await.unwrap_err();
    assert_eq!(refused.report().subject, "project:view");
    let gone = seen.project("nowhere").await.unwrap_err();
    assert_eq!(gone.code(), ErrorCode::ProjectNotFound);
    let owner = world.caller(vec![Grant::owner()]).await;
    let all = world.engine.seen_by(owner).projects().await.unwrap();
    assert_eq!(all.len(), 3);
}
