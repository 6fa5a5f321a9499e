//! The first start: a token that makes the first owner, once, and is worth nothing to anybody afterwards.

use std::{fs, path::Path};

use hozon_model::{Grant, NewUser, Role};

use super::{PASSWORD, audit, code, engine, operator};
use crate::{Engine, ErrorCode, accounts::Secret};

async fn token(engine: &Engine) -> Secret {
    engine.begin_set_up().await.unwrap().expect("nobody yet")
}

/// Every byte that the engine keeps.
fn kept(directory: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        bytes.extend(if path.is_dir() {
            kept(&path)
        } else {
            fs::read(&path).unwrap()
        });
    }
    bytes
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn a_token_makes_one_owner_and_signs_them_in() {
    let (_directory, engine) = engine().await;
    assert!(!engine.is_set_up().await.unwrap());
    let token = token(&engine).await;
    for _ in 0..2 {
        assert!(
            engine.may_set_up(&token).await.unwrap(),
            "looking is no use"
        );
    }
    for (name, password, subject) in [
        ("", PASSWORD, "name"),
        ("two words", PASSWORD, "name"),
        ("花子", "elevenchars", "password"),
    ] {
        let refused = engine.set_up(&token, name, password, "console").await;
        let report = refused.unwrap_err().into_report();
        assert_eq!(report.code, ErrorCode::InvalidInput);
        assert_eq!(report.subject, subject);
    }
    let (user, session) = engine
        .set_up(&token, " 花子 ", PASSWORD, "console")
        .await
        .unwrap();
    assert_eq!(user.name, "花子");
    assert_eq!(user.grants, [Grant::owner()]);
    assert!(user.has_password);
    assert_eq!(engine.session(&session).await.unwrap(), Some(user));
    assert_ne!(session.reveal(), token.reveal());
    engine.sign_in("花子", PASSWORD, "console").await.unwrap();

    assert!(engine.is_set_up().await.unwrap());
    assert!(engine.begin_set_up().await.unwrap().is_none());
    assert!(!engine.may_set_up(&token).await.unwrap());
    let again = engine.set_up(&token, "mallory", PASSWORD, "console").await;
    assert_eq!(code(again), ErrorCode::LinkExpired);
    assert!(engine.user("mallory").await.is_err());
    assert!(!engine.ensure_administrator(Some(PASSWORD)).await.unwrap());
    assert_eq!(
        audit(&engine).await,
        [
            "hozon setup.link (first owner) ok",
            "(unknown) setup.finish (unknown) invalid_input",
            "(unknown) setup.finish (unknown) invalid_input",
            "(unknown) setup.finish (unknown) invalid_input",
            "花子 setup.finish 花子 ok",
            "花子 user.add 花子 ok",
            "花子 session.begin 花子 ok",
            "花子 session.begin 花子 ok",
            "(unknown) setup.finish (unknown) link_expired",
        ]
    );
}

#[tokio::test]
async fn of_two_at_once_one_is_the_owner() {
    let (_directory, engine) = engine().await;
    let token = token(&engine).await;
    let (one, other) = tokio::join!(
        engine.set_up(&token, "one", PASSWORD, "a"),
        engine.set_up(&token, "other", PASSWORD, "b"),
    );
    assert!(one.is_ok() ^ other.is_ok());
    assert_eq!(engine.users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_newest_start_s_token_counts_alone() {
    let (_directory, engine) = engine().await;
    let (old, new) = (token(&engine).await, token(&engine).await);
    assert!(!engine.may_set_up(&old).await.unwrap());
    for wrong in [old, Secret::new(""), Secret::new("x".repeat(40))] {
        let refused = engine.set_up(&wrong, "admin", PASSWORD, "console").await;
        assert_eq!(code(refused), ErrorCode::LinkExpired);
    }
    assert!(!engine.is_set_up().await.unwrap());
    engine
        .set_up(&new, "admin", PASSWORD, "console")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_token_is_no_session_and_no_link() {
    let (_directory, engine) = engine().await;
    let token = token(&engine).await;
    assert_eq!(engine.session(&token).await.unwrap(), None);
    assert_eq!(code(engine.peek_link(&token).await), ErrorCode::LinkExpired);
    engine.ensure_administrator(None).await.unwrap();
    let link = engine.one_time_link(&operator(), "admin").await.unwrap();
    assert!(!engine.may_set_up(&link).await.unwrap());
}

/// However the first user comes, the token ends, also for a time after them.
#[tokio::test]
async fn it_ends_with_the_first_user() {
    for by_command in [true, false] {
        let (_directory, engine) = engine().await;
        let token = token(&engine).await;
        if by_command {
            engine.ensure_administrator(None).await.unwrap();
        } else {
            let new = NewUser {
                name: "alice".to_owned(),
                grants: vec![Grant {
                    role: Role::ReadOnly,
                    scope: None,
                }],
                password: None,
            };
            engine.create_user(&operator(), new).await.unwrap();
        }
        assert!(!engine.may_set_up(&token).await.unwrap());
        let late = engine.set_up(&token, "mallory", PASSWORD, "console").await;
        assert_eq!(code(late), ErrorCode::LinkExpired);
        if !by_command {
            engine.remove_user(&operator(), "alice").await.unwrap();
            assert!(!engine.may_set_up(&token).await.unwrap());
        }
    }
}

#[tokio::test]
async fn only_its_hash_is_kept() {
    let (directory, engine) = engine().await;
    let token = token(&engine).await;
    let bytes = kept(directory.path());
    assert!(holds(&bytes, &token.hash()) && !holds(&bytes, token.reveal()));
    assert!(!format!("{token:?}").contains(token.reveal()));
    assert_eq!(token.reveal().len(), 40, "5 bits each");
}

#[tokio::test]
async fn a_way_in_is_made_for_the_first_owner() {
    let (_directory, engine) = engine().await;
    assert_eq!(engine.first_owner().await.unwrap(), "admin");
    let token = token(&engine).await;
    engine
        .set_up(&token, "花子", PASSWORD, "console")
        .await
        .unwrap();
    let add = async |name: &str, role: Role| {
        let new = NewUser {
            name: name.to_owned(),
            grants: vec![Grant { role, scope: None }],
            password: None,
        };
        engine.create_user(&operator(), new).await.unwrap();
    };
    add("aki", Role::OrganizationOwner).await;
    add("admin", Role::ReadOnly).await;
    assert_eq!(engine.first_owner().await.unwrap(), "花子");
    let owner = vec![Grant::owner()];
    engine
        .set_user_grants(&operator(), "admin", owner)
        .await
        .unwrap();
    assert_eq!(engine.first_owner().await.unwrap(), "admin");
}
