//! Policies and their runs. A run that was due is made by whoever moves its policy's `counted_from` over it.

use hozon_model::{
    BackupId, ClusterId, JobId, Policy, PolicyOptions, PolicyRun, PolicyState, RunCause,
};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{SqliteCatalog, backups, copy_expiry, enqueue, repositories, row};
use crate::{
    Error, ErrorCode, Result,
    catalog::{NewBackup, NewJob, NewRun, RunOutcome, word},
    policy::retention::MICROSECONDS_A_DAY,
};

impl SqliteCatalog {
    pub(super) async fn upsert_policy(&self, policy: &Policy) -> Result<()> {
        let mut transaction = self.begin().await?;
        enqueue::registered_cluster(&mut transaction, policy.cluster_id.as_str()).await?;
        for copy in &policy.options.copies {
            repositories::registered(&mut transaction, &copy.repository).await?;
        }
        sqlx::query(
            "INSERT INTO policies (cluster_id, state, options, counted_from, changed_at, changed_by)
             VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (cluster_id) DO UPDATE SET
                 state = excluded.state, options = excluded.options, counted_from = excluded.counted_from,
                 changed_at = excluded.changed_at, changed_by = excluded.changed_by",
        )
        .bind(policy.cluster_id.as_str())
        .bind(word(&policy.state))
        .bind(row::to_json(&policy.options)?)
        .bind(policy.counted_from.as_microsecond())
        .bind(policy.changed_at.as_microsecond())
        .bind(&policy.changed_by)
        .execute(&mut *transaction)
        .await?;
        set_expiry(&mut transaction, &policy.cluster_id, lifetime(policy)).await?;
        copy_expiry::set(&mut transaction, &policy.cluster_id, Some(policy)).await?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn select_policies(&self) -> Result<Vec<Policy>> {
        sqlx::query(
            "SELECT policies.*, name FROM policies JOIN clusters ON id = cluster_id ORDER BY name",
        )
        .fetch_all(&self.readers)
        .await?
        .iter()
        .map(policy)
        .collect()
    }

    pub(super) async fn select_policy(&self, cluster: &ClusterId) -> Result<Option<Policy>> {
        let mut connection = self.readers.acquire().await?;
        find(&mut connection, cluster).await
    }

    pub(super) async fn delete_policy(&self, cluster: &ClusterId) -> Result<()> {
        let mut transaction = self.begin().await?;
        let gone = sqlx::query("DELETE FROM policies WHERE cluster_id = ?")
            .bind(cluster.as_str())
            .execute(&mut *transaction)
            .await?;
        if gone.rows_affected() == 0 {
            return Err(Error::new(ErrorCode::PolicyNotFound, cluster.as_str()));
        }
        sqlx::query("DELETE FROM policy_runs WHERE cluster_id = ?")
            .bind(cluster.as_str())
            .execute(&mut *transaction)
            .await?;
        set_expiry(&mut transaction, cluster, None).await?;
        copy_expiry::set(&mut transaction, cluster, None).await?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn insert_run(
        &self,
        run: &NewRun,
        job: &NewJob,
        backup: &NewBackup,
    ) -> Result<RunOutcome> {
        let mut transaction = self.begin().await?;
        let Some(policy) = find(&mut transaction, &run.cluster_id).await? else {
            return Ok(RunOutcome::NotDue);
        };
        let by_itself = matches!(run.cause, RunCause::Scheduled | RunCause::Missed);
        if by_itself {
            let due = policy.state == PolicyState::Enabled
                && policy.changed_at.as_microsecond() == run.policy_of.as_microsecond()
                && policy.counted_from < run.due_at;
            if !due {
                return Ok(RunOutcome::NotDue);
            }
            sqlx::query("UPDATE policies SET counted_from = ? WHERE cluster_id = ?")
                .bind(run.due_at.as_microsecond())
                .bind(run.cluster_id.as_str())
                .execute(&mut *transaction)
                .await?;
        }
        if run.cause == RunCause::First && has_run(&mut transaction, &run.cluster_id).await? {
            return Ok(RunOutcome::NotDue);
        }
        let other =
            enqueue::unfinished_backup(&mut transaction, Some(&run.cluster_id), true).await?;
        if let Some(other) = &other
            && run.cause == RunCause::Asked
        {
            return Err(enqueue::busy(&policy.cluster_name, other));
        }
        let mut made = None;
        if other.is_none() {
            let name = backups::free_name(&mut transaction, &backup.id, &backup.name).await?;
            let backup = NewBackup {
                name,
                ..backup.clone()
            };
            made = Some(enqueue::put(&mut transaction, job, Some(&backup)).await?);
            if let Some(lifetime) = lifetime(&policy) {
                sqlx::query("UPDATE backups SET expires_at = created_at + ? WHERE id = ?")
                    .bind(lifetime)
                    .bind(backup.id.as_str())
                    .execute(&mut *transaction)
                    .await?;
            }
        }
        let added = sqlx::query(
            "INSERT INTO policy_runs (cluster_id, due_at, made_at, cause, job_id) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (cluster_id, due_at) DO NOTHING",
        )
        .bind(run.cluster_id.as_str())
        .bind(run.due_at.as_microsecond())
        .bind(run.made_at.as_microsecond())
        .bind(word(&run.cause))
        .bind(made.as_ref().map(|job| job.id.as_str().to_owned()))
        .execute(&mut *transaction)
        .await?;
        if added.rows_affected() == 0 {
            return Ok(RunOutcome::NotDue);
        }
        transaction.commit().await?;
        Ok(made.map_or(RunOutcome::LeftOut, |job| RunOutcome::Made(Box::new(job))))
    }

    pub(super) async fn select_runs(
        &self,
        cluster: &ClusterId,
        limit: u64,
    ) -> Result<Vec<PolicyRun>> {
        sqlx::query(
            "SELECT policy_runs.*, jobs.state AS job_state, jobs.backup_id, backups.name AS backup_name
             FROM policy_runs
             LEFT JOIN jobs ON jobs.id = policy_runs.job_id LEFT JOIN backups ON backups.id = jobs.backup_id
             WHERE policy_runs.cluster_id = ? ORDER BY policy_runs.id DESC LIMIT ?",
        )
        .bind(cluster.as_str())
        .bind(row::number(limit))
        .fetch_all(&self.readers)
        .await?
        .iter()
        .map(run)
        .collect()
    }
}

async fn has_run(connection: &mut SqliteConnection, cluster: &ClusterId) -> Result<bool> {
    let any: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM policy_runs WHERE cluster_id = ? LIMIT 1")
            .bind(cluster.as_str())
            .fetch_optional(connection)
            .await?;
    Ok(any.is_some())
}

async fn find(connection: &mut SqliteConnection, cluster: &ClusterId) -> Result<Option<Policy>> {
    sqlx::query(
        "SELECT policies.*, name FROM policies JOIN clusters ON id = cluster_id WHERE cluster_id = ?",
    )
    .bind(cluster.as_str())
    .fetch_optional(connection)
    .await?
    .map(|line| policy(&line))
    .transpose()
}

/// For how long a policy keeps what it makes, in microseconds; none while it is not at work.
fn lifetime(policy: &Policy) -> Option<i64> {
    (policy.state == PolicyState::Enabled)
        .then(|| i64::from(policy.options.retention.days) * MICROSECONDS_A_DAY)
}

/// Says when a cluster's automatic backups expire.
pub(super) async fn set_expiry(
    connection: &mut SqliteConnection,
    cluster: &ClusterId,
    lifetime: Option<i64>,
) -> Result<()> {
    sqlx::query(
        "UPDATE backups SET expires_at = created_at + ?
         WHERE cluster_id = ? AND method = 'AUTO' AND state <> 'DELETED'",
    )
    .bind(lifetime)
    .bind(cluster.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

fn policy(line: &SqliteRow) -> Result<Policy> {
    Ok(Policy {
        cluster_id: ClusterId::new(line.try_get::<String, _>("cluster_id")?),
        cluster_name: line.try_get("name")?,
        state: row::word(line, "state")?,
        options: row::json::<PolicyOptions>(line, "options")?,
        counted_from: row::time(line, "counted_from")?,
        changed_at: row::time(line, "changed_at")?,
        changed_by: line.try_get("changed_by")?,
    })
}

fn run(line: &SqliteRow) -> Result<PolicyRun> {
    Ok(PolicyRun {
        cluster_id: ClusterId::new(line.try_get::<String, _>("cluster_id")?),
        due_at: row::time(line, "due_at")?,
        made_at: row::time(line, "made_at")?,
        cause: row::word(line, "cause")?,
        job_id: line.try_get::<Option<String>, _>("job_id")?.map(JobId::new),
        job_state: row::word_opt(line, "job_state")?,
        backup_id: line
            .try_get::<Option<String>, _>("backup_id")?
            .map(BackupId::new),
        backup_name: line.try_get("backup_name")?,
    })
}
