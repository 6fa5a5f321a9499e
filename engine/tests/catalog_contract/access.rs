//! Users, roles and keys: names are unique, what somebody has stays, and somebody always owns the organization.

use hozon_engine::{
    ErrorCode,
    catalog::{Catalog, SignInFailures},
    model::{ApiKey, CustomRole, Grant, KeyId, Privilege, ProjectId, Role, Scope, User},
};
use jiff::{SignedDuration, Timestamp};

use crate::samples::{at, code, with_cluster};

crate::contract!(
    keeps_users_and_their_grants,
    keeps_the_last_owner,
    keeps_roles_that_somebody_has,
    keeps_keys_by_their_hash,
    counts_failures_and_forgets_them,
    replaces_a_key_for_all_or_nothing,
);

fn user(name: &str, grants: Vec<Grant>) -> User {
    User {
        name: name.to_owned(),
        grants,
        created_at: at(0),
        has_password: false,
        has_totp: false,
        has_identity: false,
    }
}

fn role(name: &str, privileges: &[&str]) -> CustomRole {
    CustomRole {
        name: name.to_owned(),
        description: String::new(),
        privileges: privileges
            .iter()
            .map(|text| text.parse::<Privilege>().unwrap())
            .collect(),
        created_at: at(0),
    }
}

fn granted(role: &str) -> Vec<Grant> {
    vec![Grant {
        role: Role::from(role.to_owned()),
        scope: Some(Scope {
            project_id: ProjectId::default(),
            cluster_ids: vec!["in01-a".to_owned().into()],
        }),
    }]
}

fn key(id: &str, name: &str, grants: Vec<Grant>) -> ApiKey {
    ApiKey {
        id: KeyId::new(id),
        name: name.to_owned(),
        grants,
        created_by: "admin".to_owned(),
        created_at: at(0),
        expires_at: Some(at(100)),
        last_used_at: None,
    }
}

async fn keeps_users_and_their_grants(catalog: &dyn Catalog) {
    let alice = user("alice", granted("read_write"));
    catalog.add_user(&alice, Some("hash")).await.unwrap();
    catalog
        .add_user(&user("爱丽丝", vec![]), None)
        .await
        .unwrap();
    let taken = catalog.add_user(&user("alice", vec![]), None).await;
    assert_eq!(code(taken), ErrorCode::UserNameTaken);
    let (found, hash) = catalog.user("alice").await.unwrap().unwrap();
    assert_eq!(hash.as_deref(), Some("hash"));
    assert_eq!(found.grants, alice.grants);
    assert!(found.has_password);
    let names: Vec<_> = catalog.users().await.unwrap();
    assert_eq!(names.len(), 2);

    let unknown = catalog.set_grants("alice", &granted("none")).await;
    assert_eq!(code(unknown), ErrorCode::RoleNotFound);
    catalog
        .set_grants("alice", &granted("read_only"))
        .await
        .unwrap();
    let (found, _) = catalog.user("alice").await.unwrap().unwrap();
    assert_eq!(found.grants, granted("read_only"));
    let gone = catalog.set_grants("bob", &[]).await;
    assert_eq!(code(gone), ErrorCode::UserNotFound);
    catalog.remove_user("alice").await.unwrap();
    let gone = catalog.remove_user("alice").await;
    assert_eq!(code(gone), ErrorCode::UserNotFound);
}

async fn keeps_the_last_owner(catalog: &dyn Catalog) {
    for name in ["one", "two"] {
        let owner = user(name, vec![Grant::owner()]);
        catalog.add_user(&owner, None).await.unwrap();
    }
    // Of two owners that give up together one stays.
    let (one, two) = tokio::join!(catalog.set_grants("one", &[]), catalog.remove_user("two"));
    assert!(one.is_ok() ^ two.is_ok());
    let refused = one.and(two).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::LastOwner);
    let owners = catalog.users().await.unwrap();
    let owners = owners
        .iter()
        .filter(|user| user.grants.contains(&Grant::owner()));
    assert_eq!(owners.count(), 1);
}

async fn keeps_roles_that_somebody_has(catalog: &dyn Catalog) {
    let mut sweeper = role("掃除", &["backup:view", "backup:delete"]);
    catalog.add_role(&sweeper).await.unwrap();
    let taken = catalog.add_role(&sweeper).await;
    assert_eq!(code(taken), ErrorCode::RoleNameTaken);
    catalog
        .add_user(&user("alice", granted("掃除")), None)
        .await
        .unwrap();
    assert_eq!(
        code(catalog.remove_role("掃除").await),
        ErrorCode::RoleInUse
    );
    catalog.remove_user("alice").await.unwrap();
    catalog
        .add_key(&key("key-1", "k", granted("掃除")), "hash")
        .await
        .unwrap();
    assert_eq!(
        code(catalog.remove_role("掃除").await),
        ErrorCode::RoleInUse
    );
    catalog.remove_key(&KeyId::new("key-1")).await.unwrap();

    "removes".clone_into(&mut sweeper.description);
    sweeper.privileges.clear();
    catalog.edit_role(&sweeper).await.unwrap();
    assert_eq!(catalog.roles().await.unwrap(), [sweeper.clone()]);
    catalog.remove_role("掃除").await.unwrap();
    for gone in [
        catalog.remove_role("掃除").await,
        catalog.edit_role(&sweeper).await,
    ] {
        assert_eq!(code(gone), ErrorCode::RoleNotFound);
    }
}

async fn keeps_keys_by_their_hash(catalog: &dyn Catalog) {
    let one = key("key-1", "夜間", granted("read_only"));
    catalog.add_key(&one, "hash 1").await.unwrap();
    for again in [
        catalog
            .add_key(&key("key-2", "夜間", vec![]), "hash 2")
            .await,
        catalog
            .add_key(&key("key-3", "other", granted("none")), "hash 3")
            .await,
    ] {
        assert!(again.is_err());
    }
    assert_eq!(
        catalog.key_by_hash("hash 1").await.unwrap(),
        Some(one.clone())
    );
    assert_eq!(catalog.key_by_hash("hash 2").await.unwrap(), None);
    catalog.key_used(&one.id, at(50)).await.unwrap();
    let used = ApiKey {
        last_used_at: Some(at(50)),
        ..one
    };
    assert_eq!(catalog.keys().await.unwrap(), std::slice::from_ref(&used));
    catalog.remove_key(&used.id).await.unwrap();
    assert_eq!(catalog.key_by_hash("hash 1").await.unwrap(), None);
    let gone = catalog.remove_key(&used.id).await;
    assert_eq!(code(gone), ErrorCode::KeyNotFound);
}

async fn counts_failures_and_forgets_them(catalog: &dyn Catalog) {
    let never = Timestamp::UNIX_EPOCH;
    for (name, second) in [("one", 1), ("one", 2), ("two", 3)] {
        catalog
            .add_sign_in_failure(name, at(second), never)
            .await
            .unwrap();
    }
    let of = async |name| catalog.sign_in_failures(name).await.unwrap();
    let two_in_a_row = SignInFailures {
        count: 2,
        last_at: at(2),
    };
    assert_eq!(of("one").await, Some(two_in_a_row));
    catalog.forget_sign_in_failures("one").await.unwrap();
    assert_eq!(of("one").await, None);
    let later = at(3) + SignedDuration::from_secs(1);
    catalog
        .add_sign_in_failure("three", at(10), later)
        .await
        .unwrap();
    assert_eq!(of("two").await, None, "it was swept out");
    assert!(of("three").await.is_some());
}

async fn replaces_a_key_for_all_or_nothing(catalog: &dyn Catalog) {
    let (one, two) = (
        with_cluster(catalog, "one").await,
        with_cluster(catalog, "two").await,
    );
    let old = *b"old!";
    let fails = |purpose: &str, _: &[u8]| {
        if purpose == "in01-two" {
            return Err(hozon_engine::Error::new(ErrorCode::SecretKeyWrong, purpose));
        }
        Ok(b"\x01new!x".to_vec())
    };
    let refused = catalog.replace_key(old, &fails).await;
    assert_eq!(code(refused), ErrorCode::SecretKeyWrong);
    assert!(!catalog.key_retired(old).await.unwrap());
    for cluster in [&one, &two] {
        let (_, sealed) = catalog.cluster(cluster.id.as_str()).await.unwrap().unwrap();
        assert_eq!(sealed, b"sealed");
    }
    let works = |purpose: &str, sealed: &[u8]| {
        assert_eq!(sealed, b"sealed");
        Ok(format!("\u{1}new!{purpose}").into_bytes())
    };
    assert_eq!(catalog.replace_key(old, &works).await.unwrap(), 2);
    assert!(catalog.key_retired(old).await.unwrap());
    let (_, sealed) = catalog.cluster("two").await.unwrap().unwrap();
    assert_eq!(sealed, b"\x01new!in01-two");
    let late = catalog.edit_cluster(&one, b"\x01old!x", true).await;
    assert_eq!(code(late), ErrorCode::SecretKeyWrong);
}
