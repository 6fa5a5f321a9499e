//! Putting a job into the queue: everything that forbids it is looked for in the same transaction.

use hozon_model::{BackupMethod, ClusterId, JobKind, JobProgress, JobSummary};
use sqlx::{Row, SqliteConnection};

use super::{SqliteCatalog, backups, clusters, copies, integrations, jobs, row};
use crate::{
    Error, ErrorCode, Result,
    catalog::{NewBackup, NewJob, word},
};

impl SqliteCatalog {
    pub(super) async fn insert_job(
        &self,
        job: &NewJob,
        backup: Option<&NewBackup>,
    ) -> Result<JobSummary> {
        let mut transaction = self.begin().await?;
        let summary = put(&mut transaction, job, backup).await?;
        transaction.commit().await?;
        Ok(summary)
    }
}

/// Adds a job, and the backup it makes, inside a transaction of the caller's.
pub(super) async fn put(
    connection: &mut SqliteConnection,
    job: &NewJob,
    backup: Option<&NewBackup>,
) -> Result<JobSummary> {
    let cluster_name = match &job.cluster_id {
        Some(id) => Some(registered_cluster(connection, id.as_str()).await?),
        None => None,
    };
    let manual = backup.filter(|backup| backup.method == BackupMethod::Manual);
    if let Some(backup) = manual {
        refuse_busy(connection, &backup.cluster_id).await?;
    }
    if let Some(backup) = backup {
        backups::insert_new(connection, backup, job).await?;
    } else {
        refuse_gone_backup(connection, job).await?;
    }
    refuse_use_beside_deletion(connection, job).await?;
    integrations::refuse_gone_integration(connection, job).await?;
    integrations::refuse_same_export(connection, job).await?;
    clusters::refuse_taken_new_name(connection, job).await?;
    copies::insert_new(connection, job).await?;
    sqlx::query(
        "INSERT INTO jobs (id, kind, state, manual, options, backup_id, cluster_id, cluster_name, created_by,
                           created_at, progress, retry_of)
         VALUES (?, ?, 'PENDING', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(job.id.as_str())
    .bind(word(&job.kind))
    .bind(manual.is_some())
    .bind(row::to_json(&job.options)?)
    .bind(job.backup_id.as_str())
    .bind(job.cluster_id.as_ref().map(|id| id.as_str().to_owned()))
    .bind(cluster_name)
    .bind(&job.created_by)
    .bind(job.created_at.as_microsecond())
    .bind(row::to_json(&JobProgress::default())?)
    .bind(job.retry_of.as_ref().map(|id| id.as_str().to_owned()))
    .execute(&mut *connection)
    .await?;
    jobs::find(connection, &job.id)
        .await?
        .ok_or_else(|| Error::new(ErrorCode::JobNotFound, job.id.as_str()))
}

/// The cluster's name; it may have been removed since somebody looked.
pub(super) async fn registered_cluster(
    connection: &mut SqliteConnection,
    id: &str,
) -> Result<String> {
    sqlx::query_scalar("SELECT name FROM clusters WHERE id = ?")
        .bind(id)
        .fetch_optional(connection)
        .await?
        .ok_or_else(|| Error::new(ErrorCode::ClusterNotFound, id))
}

/// A backup job of a cluster that has not ended.
pub(super) struct Unfinished {
    id: String,
    state: String,
    manual: bool,
}

/// Of two, the manual one. With `automatic`, manual ones are not looked at.
pub(super) async fn unfinished_backup(
    connection: &mut SqliteConnection,
    cluster: Option<&ClusterId>,
    automatic: bool,
) -> Result<Option<Unfinished>> {
    let line = sqlx::query(
        "SELECT id, state, manual FROM jobs WHERE cluster_id = ? AND kind = 'BACKUP' AND NOT (manual AND ?)
         AND state IN ('PENDING', 'IN_PROGRESS', 'CANCELING') ORDER BY manual DESC, seq LIMIT 1",
    )
    .bind(cluster.map(|id| id.as_str().to_owned()))
    .bind(automatic)
    .fetch_optional(connection)
    .await?;
    line.map(|line| {
        Ok(Unfinished {
            id: line.try_get("id")?,
            state: line.try_get("state")?,
            manual: line.try_get("manual")?,
        })
    })
    .transpose()
}

/// Refuses a manual backup of a cluster of which another one has not ended.
pub(super) async fn refuse_busy(
    connection: &mut SqliteConnection,
    cluster: &ClusterId,
) -> Result<()> {
    match unfinished_backup(connection, Some(cluster), false).await? {
        None => Ok(()),
        Some(other) => {
            let name = registered_cluster(connection, cluster.as_str()).await?;
            Err(busy(&name, &other))
        }
    }
}

pub(super) fn busy(cluster_name: &str, other: &Unfinished) -> Error {
    let Unfinished { id, state, manual } = other;
    let kind = if *manual { "a manual" } else { "an automatic" };
    Error::new(ErrorCode::BackupBusy, cluster_name)
        .because(format!("job `{id}`, {kind} backup, is {state}"))
        .hint(format!(
            "wait for it (`hozon job wait {id}`) or cancel it (`hozon job cancel {id}`)"
        ))
}

async fn refuse_gone_backup(connection: &mut SqliteConnection, job: &NewJob) -> Result<()> {
    let line = sqlx::query("SELECT name, state FROM backups WHERE id = ?")
        .bind(job.backup_id.as_str())
        .fetch_optional(connection)
        .await?
        .ok_or_else(|| Error::new(ErrorCode::BackupNotFound, job.backup_id.as_str()))?;
    let (name, state): (String, String) = (line.try_get("name")?, line.try_get("state")?);
    // What concerns a copy needs no original.
    let of_a_copy = matches!(job.kind, JobKind::Delete | JobKind::Restore)
        && job.options["repository"].is_string();
    let gone = match job.kind {
        _ if of_a_copy => false,
        JobKind::Delete => state == "DELETED",
        JobKind::Export => state != "AVAILABLE",
        JobKind::Backup | JobKind::Restore | JobKind::Verify | JobKind::Adopt | JobKind::Copy => {
            matches!(&*state, "DELETED" | "DELETING")
        }
    };
    if gone {
        return Err(Error::new(ErrorCode::BackupNotAvailable, name)
            .because(format!("the backup is {state}")));
    }
    Ok(())
}

/// A deletion is alone with its backup, also with what an earlier job left to be put right.
async fn refuse_use_beside_deletion(connection: &mut SqliteConnection, job: &NewJob) -> Result<()> {
    let other = sqlx::query(
        "SELECT jobs.id, jobs.kind, jobs.state, backups.name FROM jobs JOIN backups ON backups.id = jobs.backup_id
         WHERE backup_id = ?1 AND (kind = 'DELETE' OR ?2 = 'DELETE')
         AND (jobs.state IN ('PENDING', 'IN_PROGRESS', 'CANCELING')
              OR (jobs.state IN ('FAILED', 'CANCELED') AND NOT settled))
         LIMIT 1",
    )
    .bind(job.backup_id.as_str())
    .bind(word(&job.kind))
    .fetch_optional(connection)
    .await?;
    let Some(other) = other else {
        return Ok(());
    };
    let (id, kind): (String, String) = (other.try_get("id")?, other.try_get("kind")?);
    let state: String = other.try_get("state")?;
    Err(
        Error::new(ErrorCode::BackupInUse, other.try_get::<String, _>("name")?)
            .because(format!("job `{id}` ({kind}) is {state}"))
            .hint("try again when that job has ended"),
    )
}
