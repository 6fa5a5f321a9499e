//! Signing in by an identity provider: who is let in, as whom, and with what.

use hozon_model::{Grant, NewUser, Role};

use super::{PASSWORD, audit, code, engine, operator};
use crate::{Engine, ErrorCode, accounts::ProvidedIdentity};

fn somebody(subject: &str, name: &str) -> ProvidedIdentity {
    ProvidedIdentity {
        issuer: "https://login.example.org".to_owned(),
        subject: subject.to_owned(),
        name: name.to_owned(),
        grants: None,
    }
}

fn everywhere(role: Role) -> Grant {
    Grant { role, scope: None }
}

async fn add(engine: &Engine, name: &str, password: Option<&str>) {
    let new = NewUser {
        name: name.to_owned(),
        grants: vec![everywhere(Role::ReadOnly)],
        password: password.map(str::to_owned),
    };
    engine.create_user(&operator(), new).await.unwrap();
}

#[tokio::test]
async fn who_was_added_is_bound_to_their_subject_once() {
    let (_directory, engine) = engine().await;
    add(&engine, "alice", None).await;
    let alice = somebody("1", "alice");
    let (user, session) = engine
        .sign_in_by_provider(&alice, false, "console")
        .await
        .unwrap();
    assert!(user.has_identity && !user.has_password);
    assert_eq!(user.grants, [everywhere(Role::ReadOnly)]);
    assert_eq!(engine.session(&session).await.unwrap(), Some(user));

    // Another name there is the same person; the same name of another is not.
    let renamed = somebody("1", "alice2");
    let (user, _) = engine
        .sign_in_by_provider(&renamed, false, "console")
        .await
        .unwrap();
    assert_eq!(user.name, "alice");
    let other = somebody("2", "alice");
    for let_in_unknown in [false, true] {
        let refused = engine
            .sign_in_by_provider(&other, let_in_unknown, "console")
            .await;
        assert_eq!(code(refused), ErrorCode::IdentityRefused);
    }
    assert_eq!(
        audit(&engine).await,
        [
            "cli:root user.add alice ok",
            "(identity provider) user.bind alice ok",
            "alice session.begin alice ok",
            "alice session.begin alice ok",
            "(identity provider) user.bind alice identity_refused",
            "(unknown) session.begin (unknown) identity_refused",
            "(identity provider) user.bind alice identity_refused",
            "(unknown) session.begin (unknown) identity_refused",
        ]
    );
    engine.remove_user(&operator(), "alice").await.unwrap();
    let gone = engine.sign_in_by_provider(&alice, false, "console").await;
    assert_eq!(code(gone), ErrorCode::IdentityRefused);
}

/// A provider that lets people choose their names must not let them choose whose account they get.
#[tokio::test]
async fn nobody_takes_an_account_over_by_its_name() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(None).await.unwrap();
    add(&engine, "alice", Some(PASSWORD)).await;
    for name in ["admin", "alice", "nobody", "", "two words", "\u{1}"] {
        let refused = engine
            .sign_in_by_provider(&somebody("1", name), false, "console")
            .await;
        assert_eq!(code(refused), ErrorCode::IdentityRefused, "{name}");
    }
    for name in ["admin", "alice"] {
        let refused = engine
            .sign_in_by_provider(&somebody("1", name), true, "console")
            .await;
        assert_eq!(code(refused), ErrorCode::IdentityRefused, "{name}");
        assert!(!engine.user(name).await.unwrap().has_identity);
    }
    let (user, _) = engine
        .sign_in_by_provider(&somebody("1", "nobody"), true, "console")
        .await
        .unwrap();
    assert_eq!((user.name.as_str(), user.grants.len()), ("nobody", 0));
}

#[tokio::test]
async fn the_provider_s_word_decides_alone_what_somebody_may() {
    let (_directory, engine) = engine().await;
    let with = |grants: Vec<Grant>| ProvidedIdentity {
        grants: Some(grants),
        ..somebody("1", "alice")
    };
    let owner = with(vec![Grant::owner()]);
    engine
        .sign_in_by_provider(&owner, true, "console")
        .await
        .unwrap();
    // Nobody else owns the organization yet.
    let reader = with(vec![everywhere(Role::ReadOnly)]);
    let (user, _) = engine
        .sign_in_by_provider(&reader, true, "console")
        .await
        .unwrap();
    assert_eq!(user.grants, [Grant::owner()]);
    let new = NewUser {
        name: "second".to_owned(),
        grants: vec![Grant::owner()],
        password: None,
    };
    engine.create_user(&operator(), new).await.unwrap();
    for grants in [vec![everywhere(Role::ReadOnly)], Vec::new()] {
        let (user, _) = engine
            .sign_in_by_provider(&with(grants.clone()), true, "console")
            .await
            .unwrap();
        assert_eq!(user.grants, grants);
    }
    let strange = with(vec![everywhere(Role::Custom("nowhere".to_owned()))]);
    let refused = engine.sign_in_by_provider(&strange, true, "console").await;
    assert_eq!(code(refused), ErrorCode::RoleNotFound);
}

#[tokio::test]
async fn a_stranger_is_not_the_first_user_here() {
    let (_directory, engine) = engine().await;
    let token = engine.begin_set_up().await.unwrap().unwrap();
    let reader = ProvidedIdentity {
        grants: Some(vec![everywhere(Role::ReadOnly)]),
        ..somebody("1", "alice")
    };
    for identity in [somebody("1", "alice"), reader] {
        let refused = engine.sign_in_by_provider(&identity, true, "console").await;
        assert_eq!(code(refused), ErrorCode::IdentityRefused);
        assert!(!engine.is_set_up().await.unwrap());
    }
    assert!(engine.may_set_up(&token).await.unwrap());
    let owner = ProvidedIdentity {
        grants: Some(vec![Grant::owner()]),
        ..somebody("1", "alice")
    };
    engine
        .sign_in_by_provider(&owner, true, "console")
        .await
        .unwrap();
    assert!(!engine.may_set_up(&token).await.unwrap());
}
