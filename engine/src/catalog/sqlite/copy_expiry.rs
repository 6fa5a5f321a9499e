//! Copies that policies made: which are there, when they expire, and the guard before one does.

use hozon_model::{BackupId, ClusterId, JobSummary, Policy, PolicyState};
use sqlx::{Row, SqliteConnection};

use super::{SqliteCatalog, enqueue, row};
use crate::{
    Error, ErrorCode, Result,
    catalog::{AutomaticCopy, NewJob},
    policy::retention::MICROSECONDS_A_DAY,
};

/// Whether somebody is about to delete the copy of the row `backup_copies`.
macro_rules! being_deleted {
    () => {
        "EXISTS (SELECT 1 FROM jobs WHERE jobs.backup_id = backup_copies.backup_id AND kind = 'DELETE'
                 AND json_extract(jobs.options, '$.repository') = backup_copies.repository
                 AND (jobs.state IN ('PENDING', 'IN_PROGRESS', 'CANCELING')
                      OR (jobs.state IN ('FAILED', 'CANCELED') AND NOT settled)))"
    };
}

impl SqliteCatalog {
    pub(super) async fn select_automatic_copies(
        &self,
        cluster: &ClusterId,
        repository: &str,
    ) -> Result<Vec<AutomaticCopy>> {
        sqlx::query(concat!(
            "SELECT backup_copies.backup_id, backups.created_at, backups.pinned
             FROM backup_copies JOIN backups ON backups.id = backup_copies.backup_id
             WHERE backups.cluster_id = ? AND repository = ? AND automatic
             AND backup_copies.state = 'AVAILABLE' AND NOT ",
            being_deleted!()
        ))
        .bind(cluster.as_str())
        .bind(repository)
        .fetch_all(&self.readers)
        .await?
        .iter()
        .map(|line| {
            Ok(AutomaticCopy {
                backup_id: BackupId::new(line.try_get::<String, _>("backup_id")?),
                created_at: row::time(line, "created_at")?,
                pinned: line.try_get("pinned")?,
            })
        })
        .collect()
    }

    pub(super) async fn insert_copy_expiry(
        &self,
        job: &NewJob,
        repository: &str,
    ) -> Result<JobSummary> {
        let mut transaction = self.begin().await?;
        refuse(&mut transaction, &job.backup_id, repository).await?;
        let summary = enqueue::put(&mut transaction, job, None).await?;
        transaction.commit().await?;
        Ok(summary)
    }
}

/// Another good automatic copy in the same repository must stay, and be newer.
pub(super) async fn refuse(
    connection: &mut SqliteConnection,
    id: &BackupId,
    repository: &str,
) -> Result<()> {
    let line = sqlx::query(concat!(
        "SELECT old.name, mine.automatic, old.pinned,
                EXISTS (SELECT 1 FROM backup_copies JOIN backups ON backups.id = backup_copies.backup_id
                        WHERE backup_copies.repository = ?2 AND automatic
                        AND backup_copies.state = 'AVAILABLE' AND backups.cluster_id = old.cluster_id
                        AND (backups.created_at, backups.id) > (old.created_at, old.id)
                        AND NOT ",
        being_deleted!(),
        ") AS another_stays
         FROM backup_copies AS mine JOIN backups AS old ON old.id = mine.backup_id
         WHERE mine.backup_id = ?1 AND mine.repository = ?2"
    ))
    .bind(id.as_str())
    .bind(repository)
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| {
        Error::new(ErrorCode::BackupNotAvailable, id.as_str())
            .because(format!("repository `{repository}` holds no copy of it"))
    })?;
    let why = if !line.try_get::<bool, _>("automatic")? {
        "a person asked for the copy, and only a person deletes it"
    } else if line.try_get("pinned")? {
        "the backup is pinned"
    } else if !line.try_get::<bool, _>("another_stays")? {
        "it is the last good automatic copy of its cluster there"
    } else {
        return Ok(());
    };
    Err(
        Error::new(ErrorCode::BackupInUse, line.try_get::<String, _>("name")?)
            .because(format!("{why}: it does not expire")),
    )
}

/// Says anew when a cluster's automatic copies expire: never without a policy at work that names their repository.
pub(super) async fn set(
    connection: &mut SqliteConnection,
    cluster: &ClusterId,
    policy: Option<&Policy>,
) -> Result<()> {
    sqlx::query(
        "UPDATE backup_copies SET expires_at = NULL
         WHERE automatic AND backup_id IN (SELECT id FROM backups WHERE cluster_id = ?)",
    )
    .bind(cluster.as_str())
    .execute(&mut *connection)
    .await?;
    let at_work = policy.filter(|policy| policy.state == PolicyState::Enabled);
    for copy in at_work.iter().flat_map(|policy| &policy.options.copies) {
        sqlx::query(
            "UPDATE backup_copies
             SET expires_at = (SELECT created_at FROM backups WHERE id = backup_id) + ?1
             WHERE automatic AND repository = ?2
             AND backup_id IN (SELECT id FROM backups WHERE cluster_id = ?3)",
        )
        .bind(i64::from(copy.days) * MICROSECONDS_A_DAY)
        .bind(&copy.repository)
        .bind(cluster.as_str())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
