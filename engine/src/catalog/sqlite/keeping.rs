//! Which backups of a cluster are there, what keeps them, and the guard before one expires.

use hozon_model::{BackupId, BackupSummary, ClusterId, JobSummary};
use sqlx::{Row, SqliteConnection};

use super::{SqliteCatalog, backups, enqueue};
use crate::{Error, ErrorCode, Result, catalog::NewJob};

/// Whether somebody is about to delete the backup of the row `backups`.
macro_rules! being_deleted {
    () => {
        "EXISTS (SELECT 1 FROM jobs WHERE jobs.backup_id = backups.id AND kind = 'DELETE'
                 AND (jobs.state IN ('PENDING', 'IN_PROGRESS', 'CANCELING')
                      OR (jobs.state IN ('FAILED', 'CANCELED') AND NOT settled)))"
    };
}

impl SqliteCatalog {
    pub(super) async fn select_cluster_backups(
        &self,
        id: &ClusterId,
    ) -> Result<Vec<BackupSummary>> {
        sqlx::query(concat!(
            "SELECT * FROM backups WHERE cluster_id = ? AND state IN ('AVAILABLE', 'DAMAGED') AND NOT ",
            being_deleted!(),
            " ORDER BY created_at DESC, id DESC"
        ))
        .bind(id.as_str())
        .fetch_all(&self.readers)
        .await?
        .iter()
        .map(backups::summary)
        .collect()
    }

    pub(super) async fn update_backup_name(&self, id: &BackupId, name: &str) -> Result<()> {
        let changed = sqlx::query(
            "UPDATE backups SET name = ?, name_folded = ?, renamed = TRUE
             WHERE id = ? AND state IN ('AVAILABLE', 'DAMAGED')",
        )
        .bind(name)
        .bind(super::row::folded(name))
        .bind(id.as_str())
        .execute(&self.writer)
        .await
        .map_err(|error| backups::name_taken(error, name))?;
        if changed.rows_affected() == 0 {
            return Err(not_there(id));
        }
        Ok(())
    }

    pub(super) async fn update_pinned(&self, id: &BackupId, pinned: bool) -> Result<()> {
        let mut transaction = self.begin().await?;
        let going: Option<bool> = sqlx::query_scalar(concat!(
            "SELECT ",
            being_deleted!(),
            " FROM backups WHERE id = ? AND state IN ('AVAILABLE', 'DAMAGED')"
        ))
        .bind(id.as_str())
        .fetch_optional(&mut *transaction)
        .await?;
        match going {
            None => return Err(not_there(id)),
            Some(true) => {
                return Err(Error::new(ErrorCode::BackupInUse, id.as_str())
                    .because("it is being deleted")
                    .hint("cancel that job first, while it waits"));
            }
            Some(false) => {}
        }
        sqlx::query("UPDATE backups SET pinned = ? WHERE id = ?")
            .bind(pinned)
            .bind(id.as_str())
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn insert_expiry(&self, job: &NewJob) -> Result<JobSummary> {
        let mut transaction = self.begin().await?;
        refuse_expiry(&mut transaction, &job.backup_id).await?;
        let summary = enqueue::put(&mut transaction, job, None).await?;
        transaction.commit().await?;
        Ok(summary)
    }
}

/// Another good automatic backup must stay: a newer one, or any if this one is damaged.
pub(super) async fn refuse_expiry(connection: &mut SqliteConnection, id: &BackupId) -> Result<()> {
    let line = sqlx::query(concat!(
        "SELECT name, method = 'AUTO' AS automatic, pinned,
                EXISTS (SELECT 1 FROM backups JOIN backups AS old ON old.id = ?1
                        WHERE backups.id <> old.id AND backups.cluster_id = old.cluster_id
                        AND backups.method = 'AUTO' AND backups.state = 'AVAILABLE'
                        AND (old.state <> 'AVAILABLE'
                             OR (backups.created_at, backups.id) > (old.created_at, old.id))
                        AND NOT ",
        being_deleted!(),
        ") AS another_stays
         FROM backups WHERE id = ?1"
    ))
    .bind(id.as_str())
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::new(ErrorCode::BackupNotFound, id.as_str()))?;
    let why = if !line.try_get::<bool, _>("automatic")? {
        "it is a manual backup, which only a person deletes"
    } else if line.try_get("pinned")? {
        "it is pinned"
    } else if !line.try_get::<bool, _>("another_stays")? {
        "it is the last good automatic backup of its cluster"
    } else {
        return Ok(());
    };
    Err(
        Error::new(ErrorCode::BackupInUse, line.try_get::<String, _>("name")?)
            .because(format!("{why}: it does not expire")),
    )
}

fn not_there(id: &BackupId) -> Error {
    Error::new(ErrorCode::BackupNotAvailable, id.as_str())
        .because("it is neither available nor damaged")
}
