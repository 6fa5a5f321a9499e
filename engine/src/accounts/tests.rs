mod provided;
mod set_up;
mod two_steps;

use hozon_model::Actor;
use jiff::{SignedDuration, Timestamp};

use super::{LINK_LASTS, SESSION_IDLE, SESSION_LONGEST, Secret};
use crate::{Engine, EngineConfig, Error, ErrorCode, Result, catalog::Ticket};

const PASSWORD: &str = "正しい馬と電池とホチキス";

async fn engine() -> (tempfile::TempDir, Engine) {
    let directory = tempfile::tempdir().unwrap();
    let engine = Engine::open(EngineConfig::local(directory.path()))
        .await
        .unwrap();
    (directory, engine)
}

fn operator() -> Actor {
    super::actor("cli:root", "cli")
}

fn code<T: std::fmt::Debug>(outcome: Result<T>) -> ErrorCode {
    outcome.map_err(|error: Error| error.code()).unwrap_err()
}

/// The audit as `actor action target outcome`, oldest first.
async fn audit(engine: &Engine) -> Vec<String> {
    let mut lines = engine.catalog().audit_tail(100).await.unwrap();
    lines.reverse();
    lines
        .iter()
        .map(|line| {
            format!(
                "{} {} {} {}",
                line.actor, line.action, line.target, line.outcome
            )
        })
        .collect()
}

#[tokio::test]
async fn the_administrator_is_made_once() {
    let (_directory, engine) = engine().await;
    let short = engine.ensure_administrator(Some("elevenchars")).await;
    assert_eq!(code(short), ErrorCode::InvalidInput);
    assert!(engine.ensure_administrator(None).await.unwrap());
    assert!(!engine.ensure_administrator(Some(PASSWORD)).await.unwrap());
    let refused = engine.sign_in("admin", PASSWORD, "console").await;
    assert_eq!(code(refused), ErrorCode::SignInRefused);
    assert_eq!(
        audit(&engine).await,
        [
            "hozon user.add admin ok",
            "admin session.begin admin sign_in_refused"
        ]
    );
}

#[tokio::test]
async fn passwords_sign_in_and_sessions_end() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(Some(PASSWORD)).await.unwrap();
    let (user, session) = engine
        .sign_in("admin", PASSWORD, "console")
        .await
        .unwrap()
        .signed_in();
    assert!(user.has_password);
    assert!(session.reveal().len() >= 32);
    assert_eq!(engine.session(&session).await.unwrap(), Some(user));
    let other = Secret::new("x".repeat(40));
    assert_eq!(engine.session(&other).await.unwrap(), None);

    for (name, password) in [
        ("admin", "not the password"),
        ("nobody", PASSWORD),
        ("admin", ""),
        ("", ""),
        ("admin", &"x".repeat(5000)),
    ] {
        let refused = engine.sign_in(name, password, "console").await;
        let report = refused.unwrap_err().into_report();
        assert_eq!(report.code, ErrorCode::SignInRefused);
        assert_eq!((&*report.subject, &*report.detail), ("", ""));
    }
    engine.sign_out(&session).await.unwrap();
    engine.sign_out(&session).await.unwrap();
    assert_eq!(engine.session(&session).await.unwrap(), None);
    assert_eq!(
        audit(&engine).await,
        [
            "hozon user.add admin ok",
            "admin session.begin admin ok",
            "admin session.begin admin sign_in_refused",
            "(unknown) session.begin (unknown) sign_in_refused",
            "admin session.begin admin sign_in_refused",
            "(unknown) session.begin (unknown) sign_in_refused",
            "admin session.begin admin sign_in_refused",
            "admin session.end admin ok",
        ]
    );
}

#[tokio::test]
async fn an_unknown_name_takes_as_long_as_a_wrong_password() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(Some(PASSWORD)).await.unwrap();
    let mut fastest = [std::time::Duration::MAX; 2];
    for round in 0..10 {
        for (slot, name) in ["admin", "nobody"].into_iter().enumerate() {
            let start = std::time::Instant::now();
            let refused = engine.sign_in(name, "not the password", "console").await;
            assert_eq!(code(refused), ErrorCode::SignInRefused);
            if round > 0 {
                fastest[slot] = fastest[slot].min(start.elapsed());
            }
        }
    }
    let [known, unknown] = fastest.map(|time| time.as_secs_f64());
    assert!((0.25..4.0).contains(&(known / unknown)), "{fastest:?}");
}

#[tokio::test]
async fn a_link_signs_in_once_and_may_set_the_password() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(None).await.unwrap();
    let unknown = engine.one_time_link(&operator(), "nobody").await;
    assert_eq!(code(unknown), ErrorCode::InvalidInput);
    let link = engine.one_time_link(&operator(), "admin").await.unwrap();
    for _ in 0..2 {
        assert_eq!(engine.peek_link(&link).await.unwrap().name, "admin");
    }
    assert_eq!(engine.session(&link).await.unwrap(), None);

    let short = engine.sign_in_by_link(&link, Some("短い"), "console").await;
    let report = short.unwrap_err().into_report();
    assert_eq!(report.code, ErrorCode::InvalidInput);
    assert_eq!(report.subject, "password");
    let (user, session) = engine
        .sign_in_by_link(&link, Some(PASSWORD), "console")
        .await
        .unwrap();
    assert!(user.has_password);
    assert_eq!(engine.session(&session).await.unwrap(), Some(user));
    assert_eq!(code(engine.peek_link(&link).await), ErrorCode::LinkExpired);
    let again = engine.sign_in_by_link(&link, None, "console").await;
    assert_eq!(code(again), ErrorCode::LinkExpired);
    assert_eq!(
        code(engine.peek_link(&session).await),
        ErrorCode::LinkExpired
    );
    engine.sign_in("admin", PASSWORD, "console").await.unwrap();
    assert_eq!(
        audit(&engine).await,
        [
            "hozon user.add admin ok",
            "cli:root link.make nobody invalid_input",
            "cli:root link.make admin ok",
            "admin link.use admin invalid_input",
            "admin link.use admin ok",
            "admin password.set admin ok",
            "(unknown) link.use (unknown) link_expired",
            "admin session.begin admin ok",
        ]
    );
}

#[tokio::test]
async fn of_two_users_of_a_link_one_comes_in() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(None).await.unwrap();
    let link = engine.one_time_link(&operator(), "admin").await.unwrap();
    let (one, other) = tokio::join!(
        engine.sign_in_by_link(&link, None, "a"),
        engine.sign_in_by_link(&link, None, "b"),
    );
    assert!(one.is_ok() ^ other.is_ok());
}

#[tokio::test]
async fn a_new_password_ends_sessions() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(Some(PASSWORD)).await.unwrap();
    let (_, session) = engine
        .sign_in("admin", PASSWORD, "console")
        .await
        .unwrap()
        .signed_in();
    let short = engine
        .set_password(&operator(), "admin", "elevenchars")
        .await;
    assert_eq!(code(short), ErrorCode::InvalidInput);
    assert!(engine.session(&session).await.unwrap().is_some());
    engine
        .set_password(&operator(), "admin", "twelve chars")
        .await
        .unwrap();
    assert!(engine.session(&session).await.unwrap().is_none());
    let old = engine.sign_in("admin", PASSWORD, "console").await;
    assert_eq!(code(old), ErrorCode::SignInRefused);
    engine
        .sign_in("admin", "twelve chars", "console")
        .await
        .unwrap();
}

#[tokio::test]
async fn who_knows_the_present_password_changes_it() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(Some(PASSWORD)).await.unwrap();
    let admin = super::actor("admin", "console");
    let (_, here) = engine
        .sign_in("admin", PASSWORD, "console")
        .await
        .unwrap()
        .signed_in();
    let (_, elsewhere) = engine
        .sign_in("admin", PASSWORD, "console")
        .await
        .unwrap()
        .signed_in();
    for (present, new, expected) in [
        ("not the password", "twelve chars", ErrorCode::SignInRefused),
        ("", "twelve chars", ErrorCode::SignInRefused),
        (PASSWORD, "elevenchars", ErrorCode::InvalidInput),
    ] {
        let refused = engine
            .change_own_password(&admin, &here, present, new)
            .await;
        assert_eq!(code(refused), expected, "{present} {new}");
    }
    assert!(engine.session(&elsewhere).await.unwrap().is_some());
    engine
        .change_own_password(&admin, &here, PASSWORD, "twelve chars")
        .await
        .unwrap();
    assert!(engine.session(&here).await.unwrap().is_some());
    assert!(engine.session(&elsewhere).await.unwrap().is_none());
    let old = engine.sign_in("admin", PASSWORD, "console").await;
    assert_eq!(code(old), ErrorCode::SignInRefused);
    engine
        .sign_in("admin", "twelve chars", "console")
        .await
        .unwrap();
    assert_eq!(
        audit(&engine).await,
        [
            "hozon user.add admin ok",
            "admin session.begin admin ok",
            "admin session.begin admin ok",
            "admin password.set admin sign_in_refused",
            "admin password.set admin sign_in_refused",
            "admin password.set admin invalid_input",
            "admin password.set admin ok",
            "admin session.begin admin sign_in_refused",
            "admin session.begin admin ok",
        ]
    );
}

#[tokio::test]
async fn an_account_without_a_password_has_no_present_one() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(None).await.unwrap();
    let admin = super::actor("admin", "console");
    let here = Secret::random().unwrap();
    let refused = engine
        .change_own_password(&admin, &here, "", "twelve chars")
        .await;
    assert_eq!(code(refused), ErrorCode::SignInRefused);
    let (user, _) = engine.catalog().user("admin").await.unwrap().unwrap();
    assert!(!user.has_password);
}

/// A browser that somebody left signed in is no way to guess a password unhindered.
#[tokio::test]
async fn guessing_the_present_password_locks_the_name() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(Some(PASSWORD)).await.unwrap();
    let admin = super::actor("admin", "console");
    let (_, here) = engine
        .sign_in("admin", PASSWORD, "console")
        .await
        .unwrap()
        .signed_in();
    for _ in 0..10 {
        let wrong = engine
            .change_own_password(&admin, &here, "wrong", "twelve chars")
            .await;
        assert_eq!(code(wrong), ErrorCode::SignInRefused);
    }
    let locked = engine
        .change_own_password(&admin, &here, PASSWORD, "twelve chars")
        .await;
    assert_eq!(code(locked), ErrorCode::SignInLocked);
    let locked = engine.sign_in("admin", PASSWORD, "console").await;
    assert_eq!(code(locked), ErrorCode::SignInLocked);
    assert!(engine.session(&here).await.unwrap().is_some());
}

/// Puts a ticket into the catalog as it would be after a while.
async fn aged(engine: &Engine, is_link: bool, age: SignedDuration, left: SignedDuration) -> Secret {
    let secret = Secret::random().unwrap();
    let now = Timestamp::now();
    let ticket = Ticket {
        hash: secret.hash(),
        is_link,
        user: "admin".to_owned(),
        created_at: now - age,
        expires_at: now + left,
        origin: "console".to_owned(),
    };
    engine.catalog().add_ticket(&ticket).await.unwrap();
    secret
}

async fn left(engine: &Engine, secret: &Secret) -> SignedDuration {
    let now = Timestamp::now();
    let ticket = engine.catalog().ticket(&secret.hash(), now).await.unwrap();
    ticket.unwrap().expires_at.duration_since(now)
}

#[tokio::test]
async fn sessions_slide_but_not_for_ever() {
    let (_directory, engine) = engine().await;
    engine.ensure_administrator(None).await.unwrap();
    let minute = SignedDuration::from_mins(1);
    let hour = SignedDuration::from_hours(1);

    let used = aged(&engine, false, hour * 11, hour).await;
    assert!(engine.session(&used).await.unwrap().is_some());
    assert!(left(&engine, &used).await > SESSION_IDLE - minute);

    let old = aged(&engine, false, SESSION_LONGEST - hour, minute).await;
    assert!(engine.session(&old).await.unwrap().is_some());
    let rest = left(&engine, &old).await;
    assert!(rest > hour - minute && rest <= hour, "{rest:?}");

    let over = aged(&engine, false, hour * 13, -minute).await;
    assert!(engine.session(&over).await.unwrap().is_none());
    let late = aged(&engine, true, LINK_LASTS + minute, -minute).await;
    let refused = engine.sign_in_by_link(&late, None, "console").await;
    assert_eq!(code(refused), ErrorCode::LinkExpired);
}
