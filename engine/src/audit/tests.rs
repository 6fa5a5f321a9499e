use futures::StreamExt;
use hozon_model::{
    Actor, AuditQuery, Grant, NewApiKey, NewProject, NewUser, ProjectEdit, ProjectPlan, Role,
};
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use super::*;
use crate::{EngineConfig, ErrorCode};

async fn engine() -> (TempDir, Engine) {
    let directory = tempfile::tempdir().unwrap();
    let engine = open(&directory).await;
    (directory, engine)
}

async fn open(directory: &TempDir) -> Engine {
    Engine::open(EngineConfig::local(directory.path()))
        .await
        .unwrap()
}

fn operator() -> Actor {
    Actor {
        name: "cli:root".to_owned(),
        origin: "cli".to_owned(),
    }
}

/// Writes `count` lines.
async fn write(engine: &Engine, count: usize) {
    for index in 0..count {
        let target = format!("目標 {index}");
        let outcome = if index % 3 == 0 {
            Err(crate::Error::new(ErrorCode::BackupBusy, "x"))
        } else {
            Ok(())
        };
        engine
            .audit(&operator(), "backup.create", &target, &outcome)
            .await
            .unwrap();
    }
}

/// Somebody with the file in their hands, who knows about the triggers.
async fn tamper(directory: &TempDir, sql: &str) {
    let file = directory.path().join("catalog.db");
    let mut connection = SqliteConnection::connect(&format!("sqlite://{}", file.display()))
        .await
        .unwrap();
    let sql = format!(
        "DROP TRIGGER IF EXISTS audit_is_not_changed; DROP TRIGGER IF EXISTS audit_is_not_removed; {sql}"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_whole_audit_is_proven_and_an_earlier_head_is_found_in_it() {
    let (_directory, engine) = engine().await;
    let empty = engine.verify_audit(&operator(), None).await.unwrap();
    assert_eq!((empty.lines, &*empty.head), (0, ""));
    write(&engine, 5).await;
    let five = engine.verify_audit(&operator(), None).await.unwrap();
    assert_eq!(five.lines, 5);
    write(&engine, 1200).await;
    let all = engine
        .verify_audit(&operator(), Some(&five.head))
        .await
        .unwrap();
    assert_eq!(all.lines, 1205);
    assert_ne!(all.head, five.head);
    let strange = engine.verify_audit(&operator(), Some("abc")).await;
    assert_eq!(strange.unwrap_err().code(), ErrorCode::AuditBroken);
}

#[tokio::test]
async fn what_was_removed_or_changed_shows() {
    for (sql, line) in [
        ("DELETE FROM audit WHERE id = 1", 1),
        ("DELETE FROM audit WHERE id = 4", 4),
        ("DELETE FROM audit WHERE id >= 6", 6),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET actor = 'nobody' WHERE id = 3", 3),
        ("UPDATE audit SET outcome = 'ok' WHERE id = 4", 4),
        ("UPDATE audit SET at = at + 1 WHERE id = 5", 5),
        ("UPDATE audit SET after = '{}' WHERE id = 2", 2),
        ("UPDATE audit SET hash = 'x' WHERE id = 7", 7),
        ("UPDATE audit SET id = 99 WHERE id = 7", 7),
        (
            "UPDATE audit SET target = (SELECT target FROM audit WHERE id = 1) WHERE id = 2",
            2,
        ),
        ("UPDATE audit_head SET lines = 6", 6),
        ("UPDATE audit_head SET lines = 8", 8),
    ] {
        let (directory, engine) = engine().await;
        write(&engine, 7).await;
        tamper(&directory, sql).await;
        let report = engine
            .verify_audit(&operator(), None)
            .await
            .unwrap_err()
            .into_report();
        assert_eq!(report.code, ErrorCode::AuditBroken, "{sql}");
        assert_eq!(report.subject, format!("line {line}"), "{sql}: {report}");
        // Lines that are written afterwards do not heal it, unless no line was touched.
        drop(engine);
        let engine = open(&directory).await;
        write(&engine, 2).await;
        let still = engine.verify_audit(&operator(), None).await;
        let nothing_lost = sql == "UPDATE audit_head SET lines = 6";
        assert_eq!(still.is_ok(), nothing_lost, "{sql}");
    }
}

/// Whoever shortens the chain and the note of its length alike is found by a hash that was kept elsewhere.
#[tokio::test]
async fn a_forged_end_is_found_by_a_head_that_was_kept_elsewhere() {
    let (directory, engine) = engine().await;
    write(&engine, 7).await;
    let kept = engine.verify_audit(&operator(), None).await.unwrap().head;
    tamper(
        &directory,
        "DELETE FROM audit WHERE id > 5;
         UPDATE audit_head SET lines = 5, hash = (SELECT hash FROM audit WHERE id = 5)",
    )
    .await;
    engine.verify_audit(&operator(), None).await.unwrap();
    let found = engine.verify_audit(&operator(), Some(&kept)).await;
    assert_eq!(found.unwrap_err().code(), ErrorCode::AuditBroken);
}

#[tokio::test]
async fn the_catalog_itself_refuses_to_change_a_line() {
    let (directory, engine) = engine().await;
    write(&engine, 2).await;
    let file = directory.path().join("catalog.db");
    let mut connection = SqliteConnection::connect(&format!("sqlite://{}", file.display()))
        .await
        .unwrap();
    for sql in [
        "UPDATE audit SET actor = 'x' WHERE id = 1",
        "DELETE FROM audit WHERE id = 2",
    ] {
        let refused = sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(&mut connection)
            .await;
        assert!(refused.unwrap_err().to_string().contains("are not"));
    }
    engine.verify_audit(&operator(), None).await.unwrap();
}

/// As a catalog is that an earlier Hozon wrote.
#[tokio::test]
async fn lines_of_before_the_chain_are_bound_when_the_catalog_is_opened() {
    let (directory, engine) = engine().await;
    write(&engine, 3).await;
    drop(engine);
    tamper(
        &directory,
        "UPDATE audit SET hash = NULL; UPDATE audit_head SET lines = 0, hash = ''",
    )
    .await;
    let engine = open(&directory).await;
    write(&engine, 1).await;
    let proof = engine.verify_audit(&operator(), None).await.unwrap();
    assert_eq!(proof.lines, 4);
}

#[tokio::test]
async fn the_audit_says_what_was_and_what_is_and_no_secret() {
    let (_directory, engine) = engine().await;
    let actor = operator();
    let project = NewProject {
        name: "search".to_owned(),
        plan: ProjectPlan::Standard,
    };
    engine.create_project(&actor, project).await.unwrap();
    let edit = ProjectEdit {
        name: Some("検索".to_owned()),
        plan: None,
    };
    engine.edit_project(&actor, "search", edit).await.unwrap();
    engine.remove_project(&actor, "検索").await.unwrap();
    let user = NewUser {
        name: "alice".to_owned(),
        grants: vec![Grant::owner()],
        password: Some("a long enough secret".to_owned()),
    };
    engine.create_user(&actor, user).await.unwrap();
    let key = NewApiKey {
        name: "k".to_owned(),
        grants: vec![Grant {
            role: Role::ReadOnly,
            scope: None,
        }],
        expires_at: None,
    };
    let made = engine.create_key(&actor, key).await.unwrap();

    let lines = engine
        .audit_lines(&actor, &AuditQuery::default())
        .await
        .unwrap();
    assert_eq!(lines.total, 5);
    let [key, user, removed, edited, created] = &lines.items[..] else {
        panic!("five lines");
    };
    let name = |value: &Option<Value>| value.as_ref().map(|value| value["name"].clone());
    assert_eq!(
        (name(&created.before), name(&created.after)),
        (None, Some("search".into()))
    );
    assert_eq!(name(&edited.before), Some("search".into()));
    assert_eq!(name(&edited.after), Some("検索".into()));
    assert_eq!(
        (name(&removed.before), name(&removed.after)),
        (Some("検索".into()), None)
    );
    assert_eq!(
        user.after.as_ref().unwrap()["grants"][0]["role"],
        "organization_owner"
    );
    assert_eq!(name(&key.after), Some("k".into()));
    let all = serde_json::to_string(&lines).unwrap();
    assert!(!all.contains("long enough") && !all.contains(&made.secret));
    engine.verify_audit(&actor, None).await.unwrap();
}

#[tokio::test]
async fn lines_are_found_by_what_they_say() {
    let (_directory, engine) = engine().await;
    write(&engine, 9).await;
    // An action that only begins like another, as a later Hozon might have.
    let odd = AuditEntry {
        at: Timestamp::now(),
        actor: "alice".to_owned(),
        origin: "console 10.0.0.1".to_owned(),
        action: "backups.odd".to_owned(),
        target: "x".to_owned(),
        outcome: "ok".to_owned(),
        before: None,
        after: None,
    };
    engine.catalog().audit(&odd).await.unwrap();
    let later = Timestamp::now() + jiff::SignedDuration::from_secs(1);
    let text = |text: &str| Some(text.to_owned());
    let any = AuditQuery::default;
    for (query, total) in [
        (any(), 10),
        (
            AuditQuery {
                actor: text("alice"),
                ..any()
            },
            1,
        ),
        (
            AuditQuery {
                action: text("backup"),
                ..any()
            },
            9,
        ),
        (
            AuditQuery {
                action: text("backup.create"),
                ..any()
            },
            9,
        ),
        (
            AuditQuery {
                action: text("backup.delete"),
                ..any()
            },
            0,
        ),
        (
            AuditQuery {
                outcome: text("ok"),
                ..any()
            },
            7,
        ),
        (
            AuditQuery {
                outcome: text("backup_busy"),
                ..any()
            },
            3,
        ),
        (
            AuditQuery {
                outcome: text("failed"),
                ..any()
            },
            3,
        ),
        (
            AuditQuery {
                target: text("目標 4"),
                ..any()
            },
            1,
        ),
        (
            AuditQuery {
                since: Some(later),
                ..any()
            },
            0,
        ),
        (
            AuditQuery {
                until: Some(later),
                ..any()
            },
            10,
        ),
    ] {
        let page = engine.audit_lines(&operator(), &query).await.unwrap();
        assert_eq!(page.total, total, "{query:?}");
        assert_eq!(page.items.len() as u64, total);
    }
}

#[tokio::test]
async fn a_line_is_found_by_its_number_with_what_it_was_bound_to() {
    let (directory, engine) = engine().await;
    write(&engine, 3).await;
    let line = async |number| engine.audit_line(&operator(), number).await.unwrap();
    let (first, second) = (line(1).await.unwrap(), line(2).await.unwrap());
    assert_eq!((first.line.id, first.hash_before), (1, None));
    assert_eq!(
        (&*second.line.target, second.hash_before),
        ("目標 1", Some(first.line.hash))
    );
    for number in [0, 4, u64::MAX] {
        assert_eq!(line(number).await, None, "{number}");
    }
    let nobody = crate::access::Caller::new(operator(), Vec::new());
    let refused = engine.audit_line(&nobody, 1).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::PermissionDenied);

    tamper(&directory, "DELETE FROM audit WHERE id = 2").await;
    assert_eq!(line(2).await, None);
    assert_eq!(line(3).await.unwrap().hash_before, None);
}

#[tokio::test]
async fn an_export_holds_every_line_once_oldest_first() {
    let (_directory, engine) = engine().await;
    write(&engine, 1001).await;
    let export = async |format| {
        let pieces = engine
            .export_audit(&operator(), AuditQuery::default(), format)
            .await
            .unwrap();
        let pieces: Vec<_> = pieces.map(Result::unwrap).collect().await;
        pieces.concat()
    };
    // The export itself is a line, too.
    let json = export(AuditFormat::JsonLines).await;
    let lines: Vec<hozon_model::AuditLine> = json
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let numbers: Vec<_> = lines.iter().map(|line| line.id).collect();
    assert_eq!(numbers, (1..=1002).collect::<Vec<_>>());
    assert_eq!(lines[1001].action, "audit.export");
    // Whoever has the export can look through the chain without us.
    let mut before = String::new();
    for line in &lines {
        assert_eq!(line.hash, chain::hash(&before, line));
        before.clone_from(&line.hash);
    }
    let csv = export(AuditFormat::Csv).await;
    assert_eq!(csv.lines().count(), 1 + 1003);
    assert!(csv.starts_with("id,at,actor,"));

    let nobody = crate::access::Caller::new(operator(), Vec::new());
    let refused = engine
        .export_audit(&nobody, AuditQuery::default(), AuditFormat::Csv)
        .await;
    assert_eq!(refused.err().unwrap().code(), ErrorCode::PermissionDenied);
    let refused = engine.verify_audit(&nobody, None).await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::PermissionDenied);
}
