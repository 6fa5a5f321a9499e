//! Copies of backups in other repositories: a cache of what those hold, with those that are being made or failed.

use hozon_model::{BackupCopy, BackupId, ErrorReport, JobId, JobKind};
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{SqliteCatalog, repositories, row};
use crate::{
    Error, ErrorCode, Result, catalog::NewJob, policy::retention::MICROSECONDS_A_DAY,
    repository::manifest::Manifest,
};

macro_rules! copies {
    ($which:literal) => {
        concat!(
            "SELECT backup_copies.*, backups.name AS backup_name FROM backup_copies
             JOIN backups ON backups.id = backup_copies.backup_id ",
            $which
        )
    };
}

impl SqliteCatalog {
    pub(super) async fn select_copies_in(&self, repository: &str) -> Result<Vec<BackupCopy>> {
        sqlx::query(copies!(
            "WHERE repository = ? ORDER BY backups.created_at DESC, backup_id"
        ))
        .bind(repository)
        .fetch_all(&self.readers)
        .await?
        .iter()
        .map(copy)
        .collect()
    }

    pub(super) async fn select_copy_of_job(&self, id: &JobId) -> Result<Option<BackupCopy>> {
        sqlx::query(copies!("WHERE backup_copies.job_id = ?"))
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await?
            .as_ref()
            .map(copy)
            .transpose()
    }

    /// A manifest lies in the repository: the copy is available, whoever made it.
    pub(super) async fn upsert_copy(&self, repository: &str, manifest: &Manifest) -> Result<()> {
        let totals = manifest.totals();
        let now = Timestamp::now().as_microsecond();
        sqlx::query(
            "INSERT INTO backup_copies (backup_id, repository, state, created_at, finished_at, bytes, new_bytes)
             VALUES (?1, ?2, 'AVAILABLE', ?3, ?3, ?4, ?5)
             ON CONFLICT (backup_id, repository) DO UPDATE SET
                 state = 'AVAILABLE', reason = NULL, finished_at = coalesce(finished_at, excluded.finished_at),
                 bytes = excluded.bytes, new_bytes = excluded.new_bytes",
        )
        .bind(manifest.begin.id.as_str())
        .bind(repository)
        .bind(now)
        .bind(row::number(totals.bytes))
        .bind(row::number(totals.new_bytes))
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    pub(super) async fn update_copy_failed(
        &self,
        id: &BackupId,
        repository: &str,
        reason: Option<&ErrorReport>,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE backup_copies SET state = 'FAILED', reason = ? WHERE backup_id = ? AND repository = ?",
        )
        .bind(reason.map(row::to_json).transpose()?)
        .bind(id.as_str())
        .bind(repository)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    pub(super) async fn delete_copy(&self, id: &BackupId, repository: &str) -> Result<()> {
        sqlx::query("DELETE FROM backup_copies WHERE backup_id = ? AND repository = ?")
            .bind(id.as_str())
            .bind(repository)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

/// The copies of one backup, by the repositories' names.
pub(super) async fn of_backup(
    connection: &mut SqliteConnection,
    id: &BackupId,
) -> Result<Vec<BackupCopy>> {
    sqlx::query(copies!("WHERE backup_id = ? ORDER BY repository"))
        .bind(id.as_str())
        .fetch_all(connection)
        .await?
        .iter()
        .map(copy)
        .collect()
}

/// The line of a copy whose job is being put into the queue. An earlier one that is there, or failed, gets its job.
pub(super) async fn insert_new(connection: &mut SqliteConnection, job: &NewJob) -> Result<()> {
    if job.kind != JobKind::Copy {
        return Ok(());
    }
    let repository = job.options["repository"].as_str().unwrap_or_default();
    repositories::registered(connection, repository).await?;
    let days = job.options["keep_days"].as_i64();
    let written = sqlx::query(
        "INSERT INTO backup_copies (backup_id, repository, state, job_id, created_at, automatic, expires_at)
         VALUES (?1, ?2, 'COPYING', ?3, ?4, ?5, (SELECT created_at FROM backups WHERE id = ?1) + ?6)
         ON CONFLICT (backup_id, repository) DO UPDATE SET
             state = 'COPYING', job_id = excluded.job_id, created_at = excluded.created_at, finished_at = NULL,
             reason = NULL, automatic = excluded.automatic, expires_at = excluded.expires_at
         WHERE state <> 'COPYING'",
    )
    .bind(job.backup_id.as_str())
    .bind(repository)
    .bind(job.id.as_str())
    .bind(job.created_at.as_microsecond())
    .bind(days.is_some())
    .bind(days.map(|days| days.saturating_mul(MICROSECONDS_A_DAY)))
    .execute(&mut *connection)
    .await?;
    if written.rows_affected() > 0 {
        return Ok(());
    }
    Err(Error::new(ErrorCode::BackupInUse, job.backup_id.as_str())
        .because(format!("another job copies it into `{repository}`"))
        .hint("wait for that job"))
}

fn copy(line: &SqliteRow) -> Result<BackupCopy> {
    Ok(BackupCopy {
        backup_id: BackupId::new(line.try_get::<String, _>("backup_id")?),
        backup_name: line.try_get("backup_name")?,
        repository: line.try_get("repository")?,
        state: row::word(line, "state")?,
        job_id: line.try_get::<Option<String>, _>("job_id")?.map(JobId::new),
        created_at: row::time(line, "created_at")?,
        finished_at: row::time_opt(line, "finished_at")?,
        bytes: row::count(line, "bytes")?,
        new_bytes: row::count(line, "new_bytes")?,
        reason: row::json_opt(line, "reason")?,
        automatic: line.try_get("automatic")?,
        expires_at: row::time_opt(line, "expires_at")?,
    })
}
