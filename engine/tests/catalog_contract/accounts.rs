//! Users, tickets and the audit.

use hozon_engine::{
    ErrorCode,
    catalog::{AuditEntry, Catalog, SecondStep, Ticket},
    model::{Grant, User},
};
use jiff::{SignedDuration, Timestamp};

use crate::samples::at;

crate::contract!(
    makes_one_first_user,
    sets_up_once_by_the_newest_token,
    lets_tickets_in_while_they_last,
    takes_a_link_once,
    ends_other_sessions,
    keeps_a_second_step_and_takes_each_code_once,
    lets_a_few_tries_through,
    binds_an_identity_once,
    keeps_the_audit_in_order,
);

fn user(name: &str) -> User {
    User {
        name: name.to_owned(),
        grants: vec![Grant::owner()],
        created_at: at(0),
        has_password: false,
        has_totp: false,
        has_identity: false,
    }
}

fn ticket(hash: &str, is_link: bool) -> Ticket {
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    Ticket {
        hash: hash.to_owned(),
        is_link,
        user: "admin".to_owned(),
        created_at: now,
        expires_at: now + SignedDuration::from_hours(1),
        origin: "console 127.0.0.1".to_owned(),
    }
}

async fn makes_one_first_user(catalog: &dyn Catalog) {
    assert!(catalog.add_first_user(&user("admin"), None).await.unwrap());
    assert!(
        !catalog
            .add_first_user(&user("other"), Some("hash"))
            .await
            .unwrap()
    );
    assert!(catalog.user("other").await.unwrap().is_none());
    let (found, hash) = catalog.user("admin").await.unwrap().unwrap();
    assert_eq!((found, hash), (user("admin"), None));

    catalog
        .set_password_hash("admin", "argon2 hash")
        .await
        .unwrap();
    let (found, hash) = catalog.user("admin").await.unwrap().unwrap();
    assert!(found.has_password);
    assert_eq!(hash.as_deref(), Some("argon2 hash"));
}

async fn sets_up_once_by_the_newest_token(catalog: &dyn Catalog) {
    assert!(!catalog.has_users().await.unwrap());
    assert!(!catalog.knows_set_up_token("t1").await.unwrap());
    for (hash, second) in [("t1", 1), ("t2", 2)] {
        assert!(catalog.keep_set_up_token(hash, at(second)).await.unwrap());
        assert!(catalog.knows_set_up_token(hash).await.unwrap());
    }
    let old = catalog.set_up("t1", &user("old"), "hash").await;
    assert!(!old.unwrap() && !catalog.has_users().await.unwrap());
    let (one, other) = (user("one"), user("other"));
    let (one, other) = tokio::join!(
        catalog.set_up("t2", &one, "hash"),
        catalog.set_up("t2", &other, "hash"),
    );
    assert!(one.unwrap() ^ other.unwrap());
    let users = catalog.users().await.unwrap();
    assert_eq!(users.len(), 1);
    assert!(users[0].has_password && catalog.has_users().await.unwrap());
    assert!(!catalog.knows_set_up_token("t2").await.unwrap());
    assert!(!catalog.keep_set_up_token("t3", at(3)).await.unwrap());
    assert!(!catalog.knows_set_up_token("t3").await.unwrap());
}

async fn lets_tickets_in_while_they_last(catalog: &dyn Catalog) {
    catalog.add_first_user(&user("admin"), None).await.unwrap();
    let session = ticket("s1", false);
    catalog.add_ticket(&session).await.unwrap();
    let before_end = session.expires_at - SignedDuration::from_secs(1);
    assert_eq!(
        catalog.ticket("s1", before_end).await.unwrap(),
        Some(session.clone())
    );
    assert_eq!(
        catalog.ticket("s1", session.expires_at).await.unwrap(),
        None
    );
    assert_eq!(catalog.ticket("s2", before_end).await.unwrap(), None);

    let later = session.expires_at + SignedDuration::from_hours(2);
    catalog.extend_ticket("s1", later).await.unwrap();
    let extended = catalog
        .ticket("s1", session.expires_at)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(extended.expires_at, later);
}

async fn takes_a_link_once(catalog: &dyn Catalog) {
    catalog.add_first_user(&user("admin"), None).await.unwrap();
    catalog.add_ticket(&ticket("link", true)).await.unwrap();
    let (one, other) = tokio::join!(catalog.take_ticket("link"), catalog.take_ticket("link"));
    assert!(one.unwrap() ^ other.unwrap());
    assert!(!catalog.take_ticket("link").await.unwrap());
}

async fn ends_other_sessions(catalog: &dyn Catalog) {
    catalog.add_first_user(&user("admin"), None).await.unwrap();
    for hash in ["s1", "s2", "s3"] {
        catalog.add_ticket(&ticket(hash, false)).await.unwrap();
    }
    catalog.add_ticket(&ticket("link", true)).await.unwrap();
    catalog.end_sessions("admin", Some("s2")).await.unwrap();
    let now = Timestamp::now();
    assert!(catalog.ticket("s1", now).await.unwrap().is_none());
    assert!(catalog.ticket("s2", now).await.unwrap().is_some());
    assert!(catalog.ticket("link", now).await.unwrap().is_some());
    catalog.end_sessions("admin", None).await.unwrap();
    assert!(catalog.ticket("s2", now).await.unwrap().is_none());
}

async fn keeps_a_second_step_and_takes_each_code_once(catalog: &dyn Catalog) {
    catalog.add_first_user(&user("admin"), None).await.unwrap();
    let codes = ["one".to_owned(), "two".to_owned()];
    assert!(
        !catalog
            .confirm_totp("admin", at(1), 7, &codes)
            .await
            .unwrap()
    );
    assert!(catalog.begin_totp("admin", b"first", at(1)).await.unwrap());
    assert!(catalog.begin_totp("admin", b"second", at(2)).await.unwrap());
    assert!(
        !catalog.take_totp_step("admin", 7).await.unwrap(),
        "it waits"
    );
    assert!(
        !catalog
            .confirm_totp("admin", at(1), 7, &codes)
            .await
            .unwrap()
    );
    assert!(
        catalog
            .confirm_totp("admin", at(2), 7, &codes)
            .await
            .unwrap()
    );
    assert!(
        !catalog
            .confirm_totp("admin", at(2), 8, &codes)
            .await
            .unwrap()
    );
    assert!(!catalog.begin_totp("admin", b"third", at(3)).await.unwrap());
    let kept = catalog.totp("admin").await.unwrap().unwrap();
    assert_eq!((kept.sealed, kept.begun_at), (b"second".to_vec(), at(2)));
    assert!(kept.confirmed);
    let (found, _) = catalog.user("admin").await.unwrap().unwrap();
    assert!(found.has_totp && catalog.users().await.unwrap()[0].has_totp);

    for (step, taken) in [(7, false), (6, false), (9, true), (9, false), (8, false)] {
        assert_eq!(catalog.take_totp_step("admin", step).await.unwrap(), taken);
    }
    assert!(!catalog.take_recovery_code("other", "one").await.unwrap());
    assert!(catalog.take_recovery_code("admin", "one").await.unwrap());
    assert!(!catalog.take_recovery_code("admin", "one").await.unwrap());
    assert_eq!(catalog.recovery_codes("admin").await.unwrap(), 1);
    assert!(catalog.remove_totp("admin").await.unwrap());
    assert!(!catalog.remove_totp("admin").await.unwrap());
    assert_eq!(catalog.recovery_codes("admin").await.unwrap(), 0);
    let (found, _) = catalog.user("admin").await.unwrap().unwrap();
    assert_eq!(found, user("admin"));
}

async fn lets_a_few_tries_through(catalog: &dyn Catalog) {
    catalog.add_first_user(&user("admin"), None).await.unwrap();
    let now = Timestamp::now();
    let step = |hash: &str| SecondStep {
        hash: hash.to_owned(),
        user: "admin".to_owned(),
        expires_at: now + SignedDuration::from_mins(5),
    };
    for hash in ["a", "b"] {
        catalog.add_second_step(&step(hash)).await.unwrap();
    }
    for _ in 0..2 {
        let found = catalog.try_second_step("a", now, 2).await.unwrap();
        assert_eq!(found.as_deref(), Some("admin"));
    }
    assert_eq!(catalog.try_second_step("a", now, 2).await.unwrap(), None);
    assert_eq!(catalog.second_step("a", now, 2).await.unwrap(), None);
    let found = catalog.second_step("b", now, 2).await.unwrap();
    assert_eq!(found.as_deref(), Some("admin"));
    let late = step("b").expires_at;
    assert_eq!(catalog.try_second_step("b", late, 2).await.unwrap(), None);
    assert_eq!(catalog.try_second_step("c", now, 2).await.unwrap(), None);
    assert!(catalog.take_second_step("b").await.unwrap());
    assert!(!catalog.take_second_step("b").await.unwrap());
    catalog.add_second_step(&step("d")).await.unwrap();
    catalog.end_sessions("admin", None).await.unwrap();
    assert_eq!(catalog.second_step("d", now, 2).await.unwrap(), None);
}

async fn binds_an_identity_once(catalog: &dyn Catalog) {
    for name in ["one", "two"] {
        catalog.add_user(&user(name), None).await.unwrap();
    }
    assert_eq!(catalog.identity("a", "1").await.unwrap(), None);
    catalog.bind_identity("a", "1", "one", at(1)).await.unwrap();
    for (issuer, subject, name) in [("a", "1", "two"), ("a", "2", "one")] {
        let bound = catalog.bind_identity(issuer, subject, name, at(2)).await;
        assert_eq!(bound.unwrap_err().code(), ErrorCode::IdentityRefused);
    }
    catalog.bind_identity("b", "1", "two", at(3)).await.unwrap();
    let found = catalog.identity("a", "1").await.unwrap();
    assert_eq!(found.as_deref(), Some("one"));
    let (one, _) = catalog.user("one").await.unwrap().unwrap();
    assert!(one.has_identity);
    catalog.remove_user("two").await.unwrap();
    assert_eq!(catalog.identity("b", "1").await.unwrap(), None);
}

async fn keeps_the_audit_in_order(catalog: &dyn Catalog) {
    let line = |target: &str| AuditEntry {
        at: at(3),
        actor: "管理员".to_owned(),
        origin: "cli".to_owned(),
        action: "cluster.add".to_owned(),
        target: target.to_owned(),
        outcome: "ok".to_owned(),
        before: None,
        after: None,
    };
    for target in ["one", "two", "three"] {
        catalog.audit(&line(target)).await.unwrap();
    }
    assert_eq!(
        catalog.audit_tail(2).await.unwrap(),
        [line("three"), line("two")]
    );
}
