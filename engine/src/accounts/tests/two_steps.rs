//! The second step of signing in: when it is asked for, what it takes, and who switches it off.

use hozon_model::{Actor, Grant, NewUser, Role};
use totp_rs::Builder;

use super::{PASSWORD, audit, code, engine, operator};
use crate::{
    Engine, ErrorCode,
    access::{Caller, Right},
    accounts::{Entry, Secret, TotpSetup, actor},
};

fn admin() -> Actor {
    actor("admin", "console")
}

/// What the app shows, or will show after some steps of 30 s.
fn shown(setup: &TotpSetup, steps: u64) -> String {
    let secret = totp_rs::Secret::try_from_base32(&setup.secret).unwrap();
    let now = jiff::Timestamp::now().as_second().unsigned_abs();
    let app = Builder::new().with_secret(secret).build().unwrap();
    app.generate(now + 30 * steps).to_string()
}

async fn first_step(engine: &Engine, name: &str) -> Secret {
    let entry = engine.sign_in(name, PASSWORD, "console").await.unwrap();
    entry.code_needed()
}

/// Switches it on with the code of now; the next one is for signing in.
async fn switch_on(engine: &Engine, who: &Actor) -> (TotpSetup, Vec<String>) {
    engine.begin_totp(who).await.unwrap();
    let setup = engine.awaited_totp(who).await.unwrap().unwrap();
    let here = Secret::new("here");
    let recovery = engine
        .confirm_totp(who, &here, PASSWORD, &shown(&setup, 0))
        .await
        .unwrap();
    (setup, recovery)
}

async fn alice(engine: &Engine) -> Actor {
    let new = NewUser {
        name: "alice".to_owned(),
        grants: vec![Grant {
            role: Role::ReadOnly,
            scope: None,
        }],
        password: Some(PASSWORD.to_owned()),
    };
    engine.create_user(&operator(), new).await.unwrap();
    actor("alice", "console")
}

#[tokio::test]
async fn it_is_on_once_a_code_was_typed() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(Some(PASSWORD)).await.unwrap();
    let entry = engine.sign_in("admin", PASSWORD, "console").await.unwrap();
    let (_, here) = entry.signed_in();
    let entry = engine.sign_in("admin", PASSWORD, "console").await.unwrap();
    let (_, elsewhere) = entry.signed_in();

    assert!(engine.awaited_totp(&admin()).await.unwrap().is_none());
    let early = engine
        .confirm_totp(&admin(), &here, PASSWORD, "123456")
        .await;
    assert_eq!(code(early), ErrorCode::CodeRefused);
    engine.begin_totp(&admin()).await.unwrap();
    let first = engine.awaited_totp(&admin()).await.unwrap().unwrap();
    engine.begin_totp(&admin()).await.unwrap();
    let setup = engine.awaited_totp(&admin()).await.unwrap().unwrap();
    assert_ne!(first.secret, setup.secret);
    assert_eq!(format!("{setup:?}"), "TotpSetup(…)");
    let entry = engine.sign_in("admin", PASSWORD, "console").await.unwrap();
    assert!(matches!(entry, Entry::Session(..)), "nothing is asked yet");

    for (present, typed, expected) in [
        ("not it", shown(&setup, 0), ErrorCode::SignInRefused),
        (PASSWORD, shown(&first, 0), ErrorCode::CodeRefused),
        (PASSWORD, String::new(), ErrorCode::CodeRefused),
    ] {
        let refused = engine.confirm_totp(&admin(), &here, present, &typed).await;
        assert_eq!(code(refused), expected);
    }
    assert!(!engine.user("admin").await.unwrap().has_totp);
    let recovery = engine
        .confirm_totp(&admin(), &here, PASSWORD, &shown(&setup, 0))
        .await
        .unwrap();
    assert_eq!(recovery.len(), 10);
    assert!(engine.user("admin").await.unwrap().has_totp);
    assert!(engine.users().await.unwrap()[0].has_totp);
    assert!(engine.awaited_totp(&admin()).await.unwrap().is_none());
    assert_eq!(engine.own_recovery_codes(&admin()).await.unwrap(), 10);
    assert!(engine.session(&here).await.unwrap().is_some());
    assert!(engine.session(&elsewhere).await.unwrap().is_none());
    let again = engine.begin_totp(&admin()).await;
    assert_eq!(code(again), ErrorCode::InvalidInput);
}

#[tokio::test]
async fn a_code_follows_the_password_and_counts_once() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(Some(PASSWORD)).await.unwrap();
    let (setup, recovery) = switch_on(&engine, &admin()).await;
    let step = first_step(&engine, "admin").await;
    assert!(engine.session(&step).await.unwrap().is_none());
    assert!(engine.awaits_code(&step).await.unwrap());
    let wrong = engine.sign_in_by_code(&step, "000000", "console").await;
    assert_eq!(code(wrong), ErrorCode::CodeRefused);

    let next = shown(&setup, 1);
    let (user, session) = engine
        .sign_in_by_code(&step, &next, "console")
        .await
        .unwrap();
    assert!(user.has_totp);
    assert!(engine.session(&session).await.unwrap().is_some());
    assert!(!engine.awaits_code(&step).await.unwrap());
    let over = engine.sign_in_by_code(&step, &recovery[0], "console").await;
    assert_eq!(code(over), ErrorCode::CodeRefused);

    let step = first_step(&engine, "admin").await;
    for used in [next, shown(&setup, 0)] {
        let refused = engine.sign_in_by_code(&step, &used, "console").await;
        assert_eq!(code(refused), ErrorCode::CodeRefused, "{used}");
    }
    let typed = recovery[0].to_uppercase().replace('-', " ");
    engine
        .sign_in_by_code(&step, &typed, "console")
        .await
        .unwrap();
    assert_eq!(engine.own_recovery_codes(&admin()).await.unwrap(), 9);
    let step = first_step(&engine, "admin").await;
    let used = engine.sign_in_by_code(&step, &recovery[0], "console").await;
    assert_eq!(code(used), ErrorCode::CodeRefused);
    let unknown = Secret::random().unwrap();
    let stranger = engine.sign_in_by_code(&unknown, &recovery[1], "console");
    assert_eq!(code(stranger.await), ErrorCode::CodeRefused);
    assert_eq!(
        audit(&engine).await,
        [
            "hozon user.add admin ok",
            "admin totp.on admin ok",
            "admin session.begin admin code_refused",
            "admin session.begin admin ok",
            "admin session.begin admin code_refused",
            "admin session.begin admin code_refused",
            "admin session.begin admin ok",
            "admin session.begin admin code_refused",
        ]
    );
}

/// Whoever knows the password has no more tries than whoever does not, however often they begin again.
#[tokio::test]
async fn guessing_codes_locks_the_name() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(Some(PASSWORD)).await.unwrap();
    let (_, recovery) = switch_on(&engine, &admin()).await;
    for _ in 0..2 {
        let step = first_step(&engine, "admin").await;
        for _ in 0..5 {
            let wrong = engine.sign_in_by_code(&step, "000000", "console").await;
            assert_eq!(code(wrong), ErrorCode::CodeRefused);
        }
        assert!(!engine.awaits_code(&step).await.unwrap());
        let late = engine.sign_in_by_code(&step, &recovery[0], "console").await;
        assert_eq!(code(late), ErrorCode::CodeRefused, "after five tries");
    }
    let locked = engine.sign_in("admin", PASSWORD, "console").await;
    assert_eq!(code(locked), ErrorCode::SignInLocked);
    let locked = engine.end_own_totp(&admin(), PASSWORD, &recovery[0]).await;
    assert_eq!(code(locked), ErrorCode::SignInLocked);
    let link = engine.one_time_link(&operator(), "admin").await.unwrap();
    engine
        .sign_in_by_link(&link, None, "console")
        .await
        .unwrap();
}

#[tokio::test]
async fn of_many_tries_at_once_five_are_looked_at() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(Some(PASSWORD)).await.unwrap();
    switch_on(&engine, &admin()).await;
    let step = first_step(&engine, "admin").await;
    let tries = (0..20).map(|_| engine.sign_in_by_code(&step, "000000", "console"));
    futures::future::join_all(tries).await;
    let lines = audit(&engine).await;
    let looked_at = lines.iter().filter(|line| line.ends_with("code_refused"));
    let locked = lines.iter().filter(|line| line.ends_with("sign_in_locked"));
    assert_eq!(looked_at.count() + locked.count(), 5);
}

#[tokio::test]
async fn a_new_password_ends_what_the_old_one_began() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(Some(PASSWORD)).await.unwrap();
    let (setup, _) = switch_on(&engine, &admin()).await;
    let step = first_step(&engine, "admin").await;
    engine
        .set_password(&operator(), "admin", "another password")
        .await
        .unwrap();
    let refused = engine
        .sign_in_by_code(&step, &shown(&setup, 1), "console")
        .await;
    assert_eq!(code(refused), ErrorCode::CodeRefused);
    assert!(engine.user("admin").await.unwrap().has_totp);
}

#[tokio::test]
async fn ones_own_is_switched_off_with_password_and_code() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(Some(PASSWORD)).await.unwrap();
    let (setup, recovery) = switch_on(&engine, &admin()).await;
    for (present, typed, expected) in [
        ("not it", shown(&setup, 1), ErrorCode::SignInRefused),
        (PASSWORD, "000000".to_owned(), ErrorCode::CodeRefused),
    ] {
        let refused = engine.end_own_totp(&admin(), present, &typed).await;
        assert_eq!(code(refused), expected);
    }
    engine
        .end_own_totp(&admin(), PASSWORD, &recovery[3])
        .await
        .unwrap();
    let entry = engine.sign_in("admin", PASSWORD, "console").await.unwrap();
    assert!(!entry.signed_in().0.has_totp);
    assert_eq!(engine.own_recovery_codes(&admin()).await.unwrap(), 0);
    let (other, _) = switch_on(&engine, &admin()).await;
    assert_ne!(other.secret, setup.secret);
}

#[tokio::test]
async fn who_may_sign_in_as_somebody_may_switch_theirs_off() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(Some(PASSWORD)).await.unwrap();
    let alice = alice(&engine).await;
    switch_on(&engine, &alice).await;
    switch_on(&engine, &admin()).await;
    let rights = |role: Role| {
        vec![Right {
            scope: None,
            privileges: role.privileges().unwrap(),
        }]
    };
    let reader = Caller::new(alice.clone(), rights(Role::ReadOnly));
    for name in ["admin", "alice"] {
        let refused = engine.remove_totp(&reader, name).await;
        assert_eq!(code(refused), ErrorCode::PermissionDenied, "{name}");
    }
    let owner = Caller::new(admin(), rights(Role::OrganizationOwner));
    for name in ["admin", "nobody"] {
        let refused = engine.remove_totp(&owner, name).await;
        assert_eq!(code(refused), ErrorCode::InvalidInput, "{name}");
    }
    engine.remove_totp(&owner, "alice").await.unwrap();
    let entry = engine.sign_in("alice", PASSWORD, "console").await.unwrap();
    entry.signed_in();
    let off = engine.remove_totp(&owner, "alice").await;
    assert_eq!(code(off), ErrorCode::InvalidInput);
    engine.remove_totp(&operator(), "admin").await.unwrap();
    let lines = audit(&engine).await;
    for line in [
        "alice totp.off admin permission_denied",
        "admin totp.off admin invalid_input",
        "admin totp.off alice ok",
        "cli:root totp.off admin ok",
    ] {
        assert!(lines.iter().any(|found| found == line), "{line}: {lines:?}");
    }
}

#[tokio::test]
async fn an_account_without_a_password_has_no_second_step() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(None).await.unwrap();
    let refused = engine.begin_totp(&admin()).await;
    assert_eq!(code(refused), ErrorCode::InvalidInput);
}

#[tokio::test]
async fn it_outlives_another_secret_key_and_goes_with_its_user() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(Some(PASSWORD)).await.unwrap();
    let alice = alice(&engine).await;
    let (setup, _) = switch_on(&engine, &alice).await;
    let (kept, user) = (engine.catalog().totp("alice").await.unwrap(), "alice");
    let sealed = kept.unwrap().sealed;
    let secret = totp_rs::Secret::try_from_base32(&setup.secret).unwrap();
    assert!(!sealed.windows(20).any(|part| part == secret.as_bytes()));
    let rotated = engine.rotate_secret_key(&operator(), None).await.unwrap();
    assert_eq!(rotated.secrets, 1);
    let step = first_step(&engine, user).await;
    engine
        .sign_in_by_code(&step, &shown(&setup, 1), "console")
        .await
        .unwrap();
    first_step(&engine, user).await;
    engine.remove_user(&operator(), user).await.unwrap();
    assert!(engine.catalog().totp(user).await.unwrap().is_none());
}
