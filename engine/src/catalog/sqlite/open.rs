//! Opening the catalog's file: never one of a newer Hozon or of another program, never two at once that upgrade it.

use std::{
    fs, io,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
    sync::LazyLock,
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection, SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{SqliteCatalog, audit};
use crate::{Error, ErrorCode, Result};

/// How long one process waits for another that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(15);
/// Connections for reading; writing has one of its own.
const READERS: u32 = 4;

static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let steps = [
        (
            1,
            "foundation",
            include_str!("../../../migrations/sqlite/0001_foundation.sql"),
        ),
        (
            2,
            "policies",
            include_str!("../../../migrations/sqlite/0002_policies.sql"),
        ),
        (
            3,
            "integrations",
            include_str!("../../../migrations/sqlite/0003_integrations.sql"),
        ),
        (
            4,
            "copies",
            include_str!("../../../migrations/sqlite/0004_copies.sql"),
        ),
        (
            5,
            "projects",
            include_str!("../../../migrations/sqlite/0005_projects.sql"),
        ),
        (
            6,
            "retired keys",
            include_str!("../../../migrations/sqlite/0006_retired_keys.sql"),
        ),
        (
            7,
            "access",
            include_str!("../../../migrations/sqlite/0007_access.sql"),
        ),
        (
            8,
            "audit chain",
            include_str!("../../../migrations/sqlite/0008_audit.sql"),
        ),
        (
            9,
            "policy copies",
            include_str!("../../../migrations/sqlite/0009_policy_copies.sql"),
        ),
        (
            10,
            "two steps",
            include_str!("../../../migrations/sqlite/0010_two_steps.sql"),
        ),
        (
            11,
            "identities",
            include_str!("../../../migrations/sqlite/0011_identities.sql"),
        ),
        (
            12,
            "set-up",
            include_str!("../../../migrations/sqlite/0012_set_up.sql"),
        ),
    ];
    let steps = steps.into_iter().map(|(version, name, text)| {
        let kind = MigrationType::Simple;
        Migration::new(version, name.into(), kind, text.into_sql_str(), false)
    });
    Migrator::with_migrations(steps.collect())
});

/// Opens the catalog in a file, or makes it, readable by its owner only.
///
/// # Errors
/// `CatalogFailed` for a file that is no catalog, that a newer Hozon wrote, or that cannot be opened: it stays as it is.
pub(super) async fn open(path: &Path) -> Result<SqliteCatalog> {
    let failed = |error: io::Error| cannot_open(path).caused_by(error);
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(failed)?;
    }
    let lock = lock_for_opening(path).await.map_err(failed)?;
    if fs::metadata(path).is_ok_and(|file| file.len() > 0) {
        refuse_foreign(path).await?;
    } else {
        fs::OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
    }
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(failed)?;

    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging();
    let writer = pool(1)
        .connect_with(options.clone())
        .await
        .map_err(|error| cannot_open(path).caused_by(error))?;
    MIGRATIONS
        .run(&writer)
        .await
        .map_err(|error| cannot_open(path).caused_by(error))?;
    audit::chain_old_lines(&writer).await?;
    drop(lock);
    let readers = pool(READERS).connect_lazy_with(options.pragma("query_only", "ON"));
    Ok(SqliteCatalog { writer, readers })
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
}

fn cannot_open(path: &Path) -> Error {
    Error::new(ErrorCode::CatalogFailed, path.display().to_string())
}

/// Two processes that start together must not both make the tables. The lock ends with the file's handle.
async fn lock_for_opening(path: &Path) -> io::Result<fs::File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    tokio::task::spawn_blocking(move || {
        let file = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(name)?;
        file.lock()?;
        Ok(file)
    })
    .await?
}

/// Looks at the file without changing it.
async fn refuse_foreign(path: &Path) -> Result<()> {
    let unreadable = |error: sqlx::Error| {
        cannot_open(path).caused_by(error).hint(
            "this is not a Hozon catalog, or it is damaged: name another data directory, or put a copy back",
        )
    };
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging()
        .connect()
        .await
        .map_err(unreadable)?;
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'")
            .fetch_all(&mut connection)
            .await
            .map_err(unreadable)?;
    let known = tables.iter().any(|table| table == "_sqlx_migrations");
    let version: Option<i64> = if known {
        sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
            .fetch_one(&mut connection)
            .await
            .map_err(unreadable)?
    } else {
        None
    };
    connection.close().await.map_err(unreadable)?;
    if !known && !tables.is_empty() {
        return Err(cannot_open(path)
            .because("the database belongs to another program")
            .hint("name another data directory"));
    }
    let newest = MIGRATIONS.iter().map(|step| step.version).max();
    if version > newest {
        return Err(cannot_open(path)
            .because(format!(
                "a newer Hozon wrote this catalog (its version {}, this program knows {})",
                version.unwrap_or_default(),
                newest.unwrap_or_default(),
            ))
            .hint("start that newer Hozon, or name another data directory"));
    }
    Ok(())
}
