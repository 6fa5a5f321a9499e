//! Looking at jobs, and their logs.

use hozon_model::{
    BackupId, ClusterId, Job, JobId, JobLogLine, JobQuery, JobSummary, Page, ProjectId,
};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, sqlite::SqliteRow};

use super::{SqliteCatalog, row, scope};
use crate::{Result, catalog::word};

/// What [`summary`] reads.
macro_rules! select_job {
    ($rest:literal) => {
        concat!(
            "SELECT jobs.*, backups.name AS backup_name, backups.project_id FROM jobs JOIN backups ON backups.id = jobs.backup_id ",
            $rest
        )
    };
}
pub(super) use select_job;

impl SqliteCatalog {
    pub(super) async fn select_jobs(&self, query: &JobQuery) -> Result<Page<JobSummary>> {
        let (page, page_size, skip) = row::window(query.page, query.page_size);
        let mut counting = QueryBuilder::new("SELECT count(*) FROM jobs WHERE TRUE");
        filter(&mut counting, query);
        let total: i64 = counting
            .build_query_scalar()
            .fetch_one(&self.readers)
            .await?;
        let mut listing = QueryBuilder::new(select_job!("WHERE TRUE"));
        filter(&mut listing, query);
        listing.push(" ORDER BY jobs.created_at DESC, jobs.seq DESC LIMIT ");
        listing.push_bind(row::number(page_size));
        listing.push(" OFFSET ").push_bind(skip);
        let items = listing
            .build()
            .fetch_all(&self.readers)
            .await?
            .iter()
            .map(summary)
            .collect::<Result<_>>()?;
        Ok(Page {
            items,
            total: total as u64,
            page,
            page_size,
        })
    }

    pub(super) async fn select_job(&self, id: &JobId) -> Result<Option<Job>> {
        let mut snapshot = self.readers.begin().await?;
        let Some(summary) = find(&mut snapshot, id).await? else {
            return Ok(None);
        };
        let log = sqlx::query("SELECT at, level, text FROM job_log WHERE job_id = ? ORDER BY id")
            .bind(id.as_str())
            .fetch_all(&mut *snapshot)
            .await?
            .iter()
            .map(|line| {
                Ok(JobLogLine {
                    at: row::time(line, "at")?,
                    level: row::word(line, "level")?,
                    text: line.try_get("text")?,
                })
            })
            .collect::<Result<_>>()?;
        Ok(Some(Job { summary, log }))
    }

    pub(super) async fn select_job_summary(&self, id: &JobId) -> Result<Option<JobSummary>> {
        find(&mut *self.readers.acquire().await?, id).await
    }

    pub(super) async fn select_job_options(&self, id: &JobId) -> Result<Option<serde_json::Value>> {
        sqlx::query("SELECT options FROM jobs WHERE id = ?")
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await?
            .map(|line| row::json(&line, "options"))
            .transpose()
    }

    pub(super) async fn insert_log(&self, id: &JobId, line: &JobLogLine) -> Result<()> {
        insert_log(&mut *self.writer.acquire().await?, id.as_str(), line).await
    }
}

/// A job as a connection sees it, also inside a transaction.
pub(super) async fn find(
    connection: &mut SqliteConnection,
    id: &JobId,
) -> Result<Option<JobSummary>> {
    sqlx::query(select_job!("WHERE jobs.id = ?"))
        .bind(id.as_str())
        .fetch_optional(connection)
        .await?
        .map(|line| summary(&line))
        .transpose()
}

/// Adds a line to a job's log, also inside a transaction.
pub(super) async fn insert_log(
    connection: &mut SqliteConnection,
    id: &str,
    line: &JobLogLine,
) -> Result<()> {
    sqlx::query("INSERT INTO job_log (job_id, at, level, text) VALUES (?, ?, ?, ?)")
        .bind(id)
        .bind(line.at.as_microsecond())
        .bind(word(&line.level))
        .bind(&line.text)
        .execute(connection)
        .await?;
    Ok(())
}

fn filter(sql: &mut QueryBuilder<Sqlite>, query: &JobQuery) {
    if let Some(kind) = query.kind {
        sql.push(" AND jobs.kind = ").push_bind(word(&kind));
    }
    if let Some(state) = query.state {
        sql.push(" AND jobs.state = ").push_bind(word(&state));
    }
    if let Some(cluster) = &query.cluster_id {
        sql.push(" AND jobs.cluster_id = ")
            .push_bind(cluster.as_str().to_owned());
    }
    if let Some(backup) = &query.backup_id {
        sql.push(" AND jobs.backup_id = ")
            .push_bind(backup.as_str().to_owned());
    }
    if query.project_id.is_some() || query.within.is_some() {
        sql.push(" AND jobs.backup_id IN (SELECT id FROM backups WHERE TRUE");
        scope::narrow(sql, query.project_id.as_ref(), query.within.as_deref());
        sql.push(")");
    }
}

/// A row of [`select_job`].
pub(super) fn summary(line: &SqliteRow) -> Result<JobSummary> {
    Ok(JobSummary {
        id: JobId::new(line.try_get::<String, _>("id")?),
        retry_of: line
            .try_get::<Option<String>, _>("retry_of")?
            .map(JobId::new),
        kind: row::word(line, "kind")?,
        state: row::word(line, "state")?,
        backup_id: Some(BackupId::new(line.try_get::<String, _>("backup_id")?)),
        project_id: ProjectId::new(line.try_get::<String, _>("project_id")?),
        backup_name: Some(line.try_get("backup_name")?),
        cluster_id: line
            .try_get::<Option<String>, _>("cluster_id")?
            .map(ClusterId::new),
        cluster_name: line.try_get("cluster_name")?,
        created_at: row::time(line, "created_at")?,
        started_at: row::time_opt(line, "started_at")?,
        finished_at: row::time_opt(line, "finished_at")?,
        created_by: line.try_get("created_by")?,
        progress: row::json(line, "progress")?,
        reason: row::json_opt(line, "reason")?,
        attempts: row::count(line, "attempts")? as u32,
    })
}
