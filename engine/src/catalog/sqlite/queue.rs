//! Who holds which job, and how it ends.

use std::time::Duration;

use hozon_model::{
    ErrorCode, ErrorReport, JobId, JobKind, JobLogLine, JobProgress, JobState, JobSummary, LogLevel,
};
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};

use super::{
    SqliteCatalog,
    jobs::{self, select_job},
    row,
};
use crate::{
    Error, Result,
    catalog::{ClaimedJob, Pulse, word},
};

impl SqliteCatalog {
    /// Claims the oldest job that waits and may run, or the one named.
    pub(super) async fn take(
        &self,
        id: Option<&JobId>,
        owner: &str,
        lease: Duration,
    ) -> Result<Option<ClaimedJob>> {
        // Most of the time nothing waits: workers that ask every second need not take the write lock for that.
        let waiting: Option<i64> =
            sqlx::query_scalar("SELECT 1 FROM jobs WHERE state = 'PENDING' LIMIT 1")
                .fetch_optional(&self.readers)
                .await?;
        if waiting.is_none() {
            return Ok(None);
        }
        let mut transaction = self.begin().await?;
        let claimed = sqlx::query(
            "UPDATE jobs SET state = 'IN_PROGRESS', owner = ?1, lease_until = ?2, started_at = coalesce(started_at, ?3),
                             fence = fence + 1, attempts = attempts + 1
             WHERE seq = (
                 SELECT seq FROM jobs AS waiting
                 WHERE state = 'PENDING' AND (?4 IS NULL OR id = ?4)
                 AND NOT EXISTS (
                     SELECT 1 FROM jobs AS running
                     WHERE running.state IN ('IN_PROGRESS', 'CANCELING')
                     AND ((waiting.kind IN ('BACKUP', 'ADOPT') AND running.kind = 'DELETE')
                          OR (waiting.kind = 'DELETE' AND running.kind IN ('BACKUP', 'ADOPT'))
                          OR (waiting.kind = 'ADOPT' AND running.kind = 'ADOPT')))
                 ORDER BY seq LIMIT 1)
             RETURNING id, options, checkpoint, fence",
        )
        .bind(owner)
        .bind(row::after(lease))
        .bind(row::now())
        .bind(id.map(|id| id.as_str().to_owned()))
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(line) = claimed else {
            return Ok(None);
        };
        let id = JobId::new(line.try_get::<String, _>("id")?);
        let claimed = ClaimedJob {
            summary: held(&mut transaction, &id).await?,
            options: row::json(&line, "options")?,
            checkpoint: row::json_opt(&line, "checkpoint")?,
            fence: line.try_get("fence")?,
        };
        transaction.commit().await?;
        Ok(Some(claimed))
    }

    pub(super) async fn extend_lease(
        &self,
        id: &JobId,
        fence: i64,
        lease: Duration,
        progress: &JobProgress,
    ) -> Result<Pulse> {
        let state: Option<String> = sqlx::query_scalar(
            "UPDATE jobs SET lease_until = ?, progress = ?
             WHERE id = ? AND fence = ? AND state IN ('IN_PROGRESS', 'CANCELING') RETURNING state",
        )
        .bind(row::after(lease))
        .bind(row::to_json(progress)?)
        .bind(id.as_str())
        .bind(fence)
        .fetch_optional(&self.writer)
        .await?;
        Ok(match state.as_deref() {
            None => Pulse::Lost,
            Some("CANCELING") => Pulse::CancelAsked,
            Some(_) => Pulse::Held,
        })
    }

    pub(super) async fn update_checkpoint(
        &self,
        id: &JobId,
        fence: i64,
        checkpoint: &serde_json::Value,
    ) -> Result<()> {
        let kept = sqlx::query(
            "UPDATE jobs SET checkpoint = ?
             WHERE id = ? AND fence = ? AND state IN ('IN_PROGRESS', 'CANCELING')",
        )
        .bind(row::to_json(checkpoint)?)
        .bind(id.as_str())
        .bind(fence)
        .execute(&self.writer)
        .await?;
        if kept.rows_affected() == 0 {
            return Err(lost(id));
        }
        Ok(())
    }

    pub(super) async fn end_held(
        &self,
        id: &JobId,
        fence: i64,
        state: JobState,
        reason: Option<&ErrorReport>,
        progress: &JobProgress,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        refuse_lost(&mut transaction, id, fence).await?;
        sqlx::query("UPDATE jobs SET progress = ? WHERE id = ?")
            .bind(row::to_json(progress)?)
            .bind(id.as_str())
            .execute(&mut *transaction)
            .await?;
        end(&mut transaction, id, state, reason).await?;
        Ok(transaction.commit().await?)
    }

    /// One that was asked to stop ends here: putting it back would forget the wish.
    pub(super) async fn release(&self, id: &JobId, fence: i64) -> Result<()> {
        let mut transaction = self.begin().await?;
        if refuse_lost(&mut transaction, id, fence).await? == JobState::Canceling {
            end(&mut transaction, id, JobState::Canceled, None).await?;
        } else {
            sqlx::query(
                "UPDATE jobs SET state = 'PENDING', owner = NULL, lease_until = NULL, attempts = attempts - 1
                 WHERE id = ?",
            )
            .bind(id.as_str())
            .execute(&mut *transaction)
            .await?;
        }
        Ok(transaction.commit().await?)
    }

    pub(super) async fn take_back_expired(&self, max_attempts: u32) -> Result<Vec<JobSummary>> {
        const EXPIRED: &str = "SELECT id, state, owner, attempts FROM jobs
             WHERE state IN ('IN_PROGRESS', 'CANCELING') AND lease_until < ? ORDER BY seq";
        let none_expired = sqlx::query(EXPIRED)
            .bind(row::now())
            .fetch_optional(&self.readers)
            .await?
            .is_none();
        if none_expired {
            return Ok(Vec::new());
        }
        let mut ended = Vec::new();
        let mut transaction = self.begin().await?;
        let expired = sqlx::query(EXPIRED)
            .bind(row::now())
            .fetch_all(&mut *transaction)
            .await?;
        for line in expired {
            let id = JobId::new(line.try_get::<String, _>("id")?);
            let attempts = row::count(&line, "attempts")?;
            let owner: Option<String> = line.try_get("owner")?;
            let silent = format!(
                "worker `{}` gave no sign of life any more (attempt {attempts} of {max_attempts})",
                owner.unwrap_or_default()
            );
            note(&mut transaction, &id, LogLevel::Warning, silent).await?;
            if row::word::<JobState>(&line, "state")? == JobState::Canceling {
                end(&mut transaction, &id, JobState::Canceled, None).await?;
            } else if attempts >= u64::from(max_attempts) {
                let reason = exhausted(&id, attempts);
                end(&mut transaction, &id, JobState::Failed, Some(&reason)).await?;
            } else {
                sqlx::query(
                    "UPDATE jobs SET state = 'PENDING', owner = NULL, lease_until = NULL WHERE id = ?",
                )
                .bind(id.as_str())
                .execute(&mut *transaction)
                .await?;
                continue;
            }
            ended.push(held(&mut transaction, &id).await?);
        }
        transaction.commit().await?;
        Ok(ended)
    }

    pub(super) async fn ask_to_stop(&self, id: &JobId) -> Result<JobSummary> {
        let mut transaction = self.begin().await?;
        let job = held(&mut transaction, id).await?;
        match job.state {
            JobState::Pending => end(&mut transaction, id, JobState::Canceled, None).await?,
            JobState::Canceling => {}
            JobState::InProgress if job.kind == JobKind::Delete => {
                return Err(Error::new(ErrorCode::JobNotCancelable, id.as_str())
                    .because("files are being removed, which cannot be undone")
                    .hint("wait until it ends"));
            }
            JobState::InProgress => {
                sqlx::query("UPDATE jobs SET state = 'CANCELING' WHERE id = ?")
                    .bind(id.as_str())
                    .execute(&mut *transaction)
                    .await?;
            }
            JobState::Successful | JobState::Failed | JobState::Canceled => {
                return Err(Error::new(ErrorCode::JobNotCancelable, id.as_str())
                    .because(format!("the job has ended, it is {}", word(&job.state))));
            }
        }
        let job = held(&mut transaction, id).await?;
        transaction.commit().await?;
        Ok(job)
    }

    pub(super) async fn take_unsettled(&self, hold: Duration) -> Result<Option<JobSummary>> {
        const UNSETTLED: &str = select_job!(
            "WHERE NOT jobs.settled AND jobs.state IN ('FAILED', 'CANCELED')
             AND (jobs.settling_until IS NULL OR jobs.settling_until < ?) ORDER BY jobs.seq LIMIT 1"
        );
        let none = sqlx::query(UNSETTLED)
            .bind(row::now())
            .fetch_optional(&self.readers)
            .await?
            .is_none();
        if none {
            return Ok(None);
        }
        let mut transaction = self.begin().await?;
        let found = sqlx::query(UNSETTLED)
            .bind(row::now())
            .fetch_optional(&mut *transaction)
            .await?;
        let Some(line) = found else {
            return Ok(None);
        };
        let job = jobs::summary(&line)?;
        sqlx::query("UPDATE jobs SET settling_until = ? WHERE id = ?")
            .bind(row::after(hold))
            .bind(job.id.as_str())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Some(job))
    }

    pub(super) async fn extend_settling(&self, id: &JobId, hold: Duration) -> Result<()> {
        sqlx::query("UPDATE jobs SET settling_until = ? WHERE id = ? AND NOT settled")
            .bind(row::after(hold))
            .bind(id.as_str())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    pub(super) async fn mark_settled(&self, id: &JobId) -> Result<()> {
        sqlx::query("UPDATE jobs SET settled = TRUE, settling_until = NULL WHERE id = ?")
            .bind(id.as_str())
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

/// Ends a job, and with one that did not succeed the backup it was making: nobody may take it for one under way.
async fn end(
    connection: &mut SqliteConnection,
    id: &JobId,
    state: JobState,
    reason: Option<&ErrorReport>,
) -> Result<()> {
    sqlx::query(
        "UPDATE jobs SET state = ?, reason = ?, finished_at = ?, owner = NULL, lease_until = NULL, settled = ?
         WHERE id = ?",
    )
    .bind(word(&state))
    .bind(reason.map(row::to_json).transpose()?)
    .bind(row::now())
    .bind(state == JobState::Successful)
    .bind(id.as_str())
    .execute(&mut *connection)
    .await?;
    if state == JobState::Successful {
        return Ok(());
    }
    let why = reason.cloned().unwrap_or_else(|| ErrorReport {
        code: ErrorCode::Canceled,
        subject: id.to_string(),
        detail: String::new(),
        hint: String::new(),
    });
    sqlx::query(
        "UPDATE backups SET state = 'FAILED', reason = ?1
         WHERE state = 'CREATING' AND id = (SELECT backup_id FROM jobs WHERE id = ?2 AND kind = 'BACKUP')",
    )
    .bind(row::to_json(&why)?)
    .bind(id.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// The state of a job that is held with this fence.
pub(super) async fn refuse_lost(
    connection: &mut SqliteConnection,
    id: &JobId,
    fence: i64,
) -> Result<JobState> {
    let line = sqlx::query(
        "SELECT state FROM jobs WHERE id = ? AND fence = ? AND state IN ('IN_PROGRESS', 'CANCELING')",
    )
    .bind(id.as_str())
    .bind(fence)
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| lost(id))?;
    row::word(&line, "state")
}

async fn held(connection: &mut SqliteConnection, id: &JobId) -> Result<JobSummary> {
    jobs::find(connection, id)
        .await?
        .ok_or_else(|| Error::new(ErrorCode::JobNotFound, id.as_str()))
}

async fn note(
    connection: &mut SqliteConnection,
    id: &JobId,
    level: LogLevel,
    text: String,
) -> Result<()> {
    let at = Timestamp::now();
    jobs::insert_log(connection, id.as_str(), &JobLogLine { at, level, text }).await
}

fn lost(id: &JobId) -> Error {
    Error::new(ErrorCode::LeaseLost, id.as_str())
        .because("another worker has the job now, or it ended")
}

fn exhausted(id: &JobId, attempts: u64) -> ErrorReport {
    ErrorReport {
        code: ErrorCode::JobInterrupted,
        subject: id.to_string(),
        detail: format!("the program that worked on it ended {attempts} times before it was done"),
        hint: "find out why the program ends (its log, memory, disk), then start the job anew"
            .into(),
    }
}
