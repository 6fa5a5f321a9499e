//! What only SQLite's file can do wrong: its rights, its version, and another process beside us.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use hozon_engine::{
    Engine, EngineConfig, ErrorCode,
    catalog::{Catalog, sqlite::open},
    model::{Actor, BackupQuery, BackupSort, JobKind, JobQuery, JobState},
};
use sqlx::{Connection, SqliteConnection};

use crate::samples::{LEASE, cluster, code, enqueue, enqueue_backup, manifest, new_backup};

const ROUNDS: usize = 200;
const RACE_FILE: &str = "HOZON_TEST_RACE_FILE";

async fn connect(file: &Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", file.display()))
        .await
        .unwrap()
}

#[tokio::test]
async fn file_is_the_owners_alone_and_survives_closing() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("deep/catalog.db");
    let catalog = open(&file).await.unwrap();
    catalog.add_cluster(&cluster("main"), b"x").await.unwrap();
    for entry in fs::read_dir(file.parent().unwrap()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    drop(catalog);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let catalog = open(&file).await.unwrap();
    assert_eq!(catalog.clusters().await.unwrap().len(), 1);
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn refuses_a_newer_catalog_and_leaves_it() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("catalog.db");
    drop(open(&file).await.unwrap());
    let mut connection = connect(&file).await;
    sqlx::raw_sql(
        "INSERT INTO _sqlx_migrations SELECT 9999, 'later', installed_on, success, checksum, execution_time
         FROM _sqlx_migrations LIMIT 1; PRAGMA wal_checkpoint(TRUNCATE);",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    let before = fs::read(&file).unwrap();
    let report = open(&file).await.unwrap_err().into_report();
    assert_eq!(report.code, ErrorCode::CatalogFailed);
    assert!(report.detail.contains("newer Hozon"), "{report:?}");
    assert!(report.hint.contains("newer Hozon"), "{report:?}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[tokio::test]
async fn refuses_files_of_others() {
    let directory = tempfile::tempdir().unwrap();
    let text = directory.path().join("text.db");
    fs::write(&text, "Dear diary, ".repeat(100)).unwrap();
    assert_eq!(code(open(&text).await), ErrorCode::CatalogFailed);
    assert!(fs::read_to_string(&text).unwrap().starts_with("Dear"));

    let foreign = directory.path().join("foreign.db");
    fs::write(&foreign, "").unwrap();
    let mut connection = connect(&foreign).await;
    sqlx::raw_sql("CREATE TABLE birds (name TEXT)")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    let before = fs::read(&foreign).unwrap();
    let report = open(&foreign).await.unwrap_err().into_report();
    assert!(report.detail.contains("another program"), "{report:?}");
    assert_eq!(fs::read(&foreign).unwrap(), before);
}

/// The child is this same test: the environment tells it which part to play.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_never_win_the_same_race() {
    if let Some(file) = std::env::var_os(RACE_FILE) {
        race(Path::new(&file), "child").await;
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("catalog.db");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sqlite::two_processes_never_win_the_same_race"])
        .env(RACE_FILE, &file)
        .spawn()
        .unwrap();
    race(&file, "parent").await;
    assert!(child.wait().unwrap().success());

    let catalog = open(&file).await.unwrap();
    let mut connection = connect(&file).await;
    let jobs = catalog.jobs(&JobQuery::default()).await.unwrap().total;
    assert_eq!(jobs, ROUNDS as u64);
    let taken_twice: i64 =
        sqlx::query_scalar("SELECT count(*) FROM jobs WHERE attempts <> 1 OR fence <> 1")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert_eq!(taken_twice, 0);
    let by_both: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM audit WHERE action = 'won' GROUP BY target HAVING count(*) <> 1",
    )
    .fetch_optional(&mut connection)
    .await
    .unwrap()
    .unwrap_or_default();
    assert_eq!(by_both, 0);
    let won: i64 = sqlx::query_scalar("SELECT count(*) FROM audit WHERE action = 'won'")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(won, ROUNDS as i64 * 2);

    // Lines that two processes wrote make one chain.
    let engine = Engine::open(EngineConfig::local(directory.path()))
        .await
        .unwrap();
    let auditor = Actor {
        name: "auditor".to_owned(),
        origin: "test".to_owned(),
    };
    let proof = engine.verify_audit(&auditor, None).await.unwrap();
    assert_eq!(proof.lines, won as u64);
}

/// Both processes try to put each backup into the queue and to claim its job; who does so writes it down.
async fn race(file: &Path, who: &str) {
    let catalog = open(file).await.unwrap();
    let main = cluster("main");
    match catalog.add_cluster(&main, b"x").await {
        Ok(()) => {}
        Err(error) => assert_eq!(error.code(), ErrorCode::ClusterNameTaken),
    }
    for round in 0..ROUNDS {
        let name = format!("round {round}");
        let backup = new_backup(&format!("b{round}"), &name, &main);
        match enqueue_backup(&*catalog, &backup, &main).await {
            Ok(_) => note(&*catalog, who, &format!("enqueue {round}")).await,
            Err(error) => assert!(
                matches!(
                    error.code(),
                    ErrorCode::BackupBusy | ErrorCode::BackupNameTaken | ErrorCode::CatalogFailed
                ),
                "{error}"
            ),
        }
        let id = format!("job-b{round}").into();
        if let Some(claimed) = catalog.claim_job(&id, who, LEASE).await.unwrap() {
            note(&*catalog, who, &format!("claim {round}")).await;
            catalog
                .finish(
                    &id,
                    claimed.fence,
                    JobState::Successful,
                    None,
                    &claimed.summary.progress,
                )
                .await
                .unwrap();
        }
        while !is_over(&*catalog, &id).await {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }
}

async fn is_over(catalog: &dyn Catalog, id: &hozon_engine::model::JobId) -> bool {
    let job = catalog.job_summary(id).await.unwrap();
    job.is_some_and(|job| job.state.is_final())
}

async fn note(catalog: &dyn Catalog, who: &str, what: &str) {
    let entry = hozon_engine::catalog::AuditEntry {
        at: jiff::Timestamp::now(),
        actor: who.to_owned(),
        origin: "test".to_owned(),
        action: "won".to_owned(),
        target: what.to_owned(),
        outcome: "ok".to_owned(),
        before: None,
        after: None,
    };
    catalog.audit(&entry).await.unwrap();
}

#[tokio::test]
async fn lists_a_hundred_thousand_backups_quickly() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("catalog.db");
    let catalog = open(&file).await.unwrap();
    let main = cluster("main");
    catalog
        .record_manifest(&manifest("b0", "template", &main, 1))
        .await
        .unwrap();
    let mut connection = connect(&file).await;
    sqlx::raw_sql(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
         INSERT INTO backups (id, name, name_folded, cluster_id, cluster_name, state, scope, method, created_at,
                              finished_at, bytes, new_bytes, row_count, file_count, milvus_version, collection_count)
         SELECT 'backup0_' || i, 'Nightly ' || i, 'nightly ' || i, cluster_id, cluster_name, state, scope, method,
                created_at + (i * 7919) % 100003, finished_at, (i * 104729) % 1000003, new_bytes, i, 5,
                milvus_version, 1
         FROM backups, n WHERE id = 'b0'",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    enqueue(&*catalog, "j1", JobKind::Verify, "backup0_77777")
        .await
        .unwrap();

    let mut slowest = std::time::Duration::ZERO;
    for sort in [
        BackupSort::Created,
        BackupSort::Name,
        BackupSort::Size,
        BackupSort::Rows,
    ] {
        for (search, page, total) in [
            (None, 1, 100_001),
            (None, 4000, 100_001),
            (Some("7777"), 1, 19),
            (Some("nothing"), 1, 0),
        ] {
            let query = BackupQuery {
                search: search.map(str::to_owned),
                sort,
                page,
                ..BackupQuery::default()
            };
            let start = std::time::Instant::now();
            let found = catalog.backups(&query).await.unwrap();
            slowest = slowest.max(start.elapsed());
            println!("{sort:?} {search:?} page {page}: {:?}", start.elapsed());
            assert_eq!(found.total, total);
        }
    }
    assert!(slowest.as_millis() < 1000, "{slowest:?}");
}
