//! A catalog of an earlier Hozon, with things in it, is taken over whole.

use std::path::Path;

use hozon_engine::{
    catalog::sqlite::open,
    model::{AuditQuery, BackupQuery, DeploymentOption, Grant, JobId, ProjectId},
};
use sqlx::{
    Connection, SqlSafeStr, SqliteConnection,
    migrate::{Migration, MigrationType, Migrator},
    sqlite::SqliteConnectOptions,
};

/// What there was before there were projects.
async fn earlier(file: &Path) -> SqliteConnection {
    let steps = [
        (
            1,
            "foundation",
            include_str!("../../migrations/sqlite/0001_foundation.sql"),
        ),
        (
            2,
            "policies",
            include_str!("../../migrations/sqlite/0002_policies.sql"),
        ),
        (
            3,
            "integrations",
            include_str!("../../migrations/sqlite/0003_integrations.sql"),
        ),
        (
            4,
            "copies",
            include_str!("../../migrations/sqlite/0004_copies.sql"),
        ),
    ];
    let steps = steps.into_iter().map(|(version, name, text)| {
        let kind = MigrationType::Simple;
        Migration::new(version, name.into(), kind, text.into_sql_str(), false)
    });
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    Migrator::with_migrations(steps.collect())
        .run(&mut connection)
        .await
        .unwrap();
    connection
}

#[tokio::test]
async fn everything_finds_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("catalog.db");
    let mut connection = earlier(&file).await;
    sqlx::raw_sql(
        r#"INSERT INTO clusters VALUES ('in01-a', '本番', 'http://h:1', NULL, 's3://m', NULL, NULL, 1, 'v2.3.5', x'01');
        INSERT INTO backups (id, name, name_folded, cluster_id, cluster_name, state, scope, method, created_at)
            VALUES ('b1', 'Nightly', 'nightly', 'in01-a', '本番', 'AVAILABLE', 'CLUSTER', 'MANUAL', 1);
        INSERT INTO jobs (id, kind, state, manual, options, backup_id, created_by, created_at, progress)
            VALUES ('job-1', 'VERIFY', 'FAILED', FALSE, '{}', 'b1', 'admin', 1,
                    '{"phase":"waiting","bytes_done":0,"bytes_total":0,"files_done":0,"files_total":0,"rows_done":0,"rows_total":0,"bytes_per_second":0,"seconds_left":null}');
        INSERT INTO integrations VALUES ('integ-a', 'exports', '', 'local', '{"url":"file:///x"}', NULL, 1, x'01');
        INSERT INTO users VALUES ('admin', 'organization_owner', 1, 'hash');
        INSERT INTO tickets VALUES ('t', FALSE, 'admin', 1, 9000000000000000, 'console');
        INSERT INTO audit (at, actor, origin, action, target, outcome)
            VALUES (1, 'admin', 'cli', 'cluster.add', '本番', 'ok'), (2, 'admin', 'cli', 'backup.create', 'b', 'ok');"#,
    )
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();

    let catalog = open(&file).await.unwrap();
    let default = ProjectId::default();
    let (cluster, _) = catalog.cluster("本番").await.unwrap().unwrap();
    assert_eq!(cluster.project_id, default);
    assert_eq!(cluster.deployment_option, DeploymentOption::Dedicated);
    let backups = catalog.backups(&BackupQuery::default()).await.unwrap();
    assert_eq!(backups.items[0].project_id, default);
    let (integration, _) = catalog.integration("exports").await.unwrap().unwrap();
    assert_eq!(integration.project_id, default);
    let job = catalog.job_summary(&JobId::new("job-1")).await.unwrap();
    let job = job.unwrap();
    assert_eq!((job.project_id, job.retry_of), (default, None));
    let (admin, hash) = catalog.user("admin").await.unwrap().unwrap();
    assert_eq!(admin.grants, [Grant::owner()]);
    assert_eq!(hash.as_deref(), Some("hash"));
    let now = jiff::Timestamp::UNIX_EPOCH;
    assert_eq!(catalog.sessions(now).await.unwrap().len(), 1);

    let lines = catalog.audit_lines(&AuditQuery::default()).await.unwrap();
    let head = catalog.audit_head().await.unwrap();
    assert_eq!((lines.total, head.lines), (2, 2));
    assert_eq!(lines.items[0].hash, head.hash);
    assert_eq!(lines.items[1].hash.len(), 64);
    drop(catalog);
    let again = open(&file).await.unwrap();
    assert_eq!(again.audit_head().await.unwrap(), head, "it is bound once");
}
