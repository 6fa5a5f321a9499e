//! Integrations, and which jobs use them.

use hozon_model::{Integration, IntegrationId, ProjectId};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{SqliteCatalog, projects, row, sealed};
use crate::{
    Error, ErrorCode, Result,
    catalog::{NewJob, word},
};

impl SqliteCatalog {
    pub(super) async fn insert_integration(
        &self,
        integration: &Integration,
        sealed: &[u8],
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        projects::refuse_gone(&mut transaction, &integration.project_id).await?;
        sealed::refuse_retired_key(&mut transaction, sealed).await?;
        sqlx::query(
            "INSERT INTO integrations (id, name, description, provider, storage, identity, created_at, sealed,
                                       project_id)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(integration.id.as_str())
        .bind(&integration.name)
        .bind(&integration.description)
        .bind(word(&integration.provider))
        .bind(row::to_json(&integration.storage)?)
        .bind(&integration.identity)
        .bind(integration.created_at.as_microsecond())
        .bind(sealed)
        .bind(integration.project_id.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(|error| {
            row::unless_taken(error, || {
                Error::new(ErrorCode::IntegrationNameTaken, &integration.name)
                    .because("an integration of this name is there")
                    .hint("choose another name")
            })
        })?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn select_integrations(&self) -> Result<Vec<Integration>> {
        sqlx::query("SELECT * FROM integrations ORDER BY name, id")
            .fetch_all(&self.readers)
            .await?
            .iter()
            .map(integration)
            .collect()
    }

    pub(super) async fn select_integration(
        &self,
        id_or_name: &str,
    ) -> Result<Option<(Integration, Vec<u8>)>> {
        sqlx::query(
            "SELECT * FROM integrations WHERE id = ?1 OR name = ?1 ORDER BY id = ?1 DESC LIMIT 1",
        )
        .bind(id_or_name)
        .fetch_optional(&self.readers)
        .await?
        .map(|row| Ok((integration(&row)?, row.try_get("sealed")?)))
        .transpose()
    }

    pub(super) async fn delete_integration(&self, id: &IntegrationId) -> Result<()> {
        let mut transaction = self.begin().await?;
        let user = sqlx::query(
            "SELECT id, kind FROM jobs WHERE json_extract(options, '$.integration_id') = ?
             AND state IN ('PENDING', 'IN_PROGRESS', 'CANCELING') ORDER BY seq LIMIT 1",
        )
        .bind(id.as_str())
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(user) = user {
            let (job, kind): (String, String) = (user.try_get("id")?, user.try_get("kind")?);
            return Err(Error::new(ErrorCode::IntegrationInUse, id.as_str())
                .because(format!("job `{job}` ({kind}) has not ended"))
                .hint("wait until it ends, or cancel it"));
        }
        let gone = sqlx::query("DELETE FROM integrations WHERE id = ?")
            .bind(id.as_str())
            .execute(&mut *transaction)
            .await?;
        if gone.rows_affected() == 0 {
            return Err(Error::new(ErrorCode::IntegrationNotFound, id.as_str()));
        }
        Ok(transaction.commit().await?)
    }
}

/// The integration that a job names; it may have been removed since somebody looked.
pub(super) async fn refuse_gone_integration(
    connection: &mut SqliteConnection,
    job: &NewJob,
) -> Result<()> {
    let Some(id) = job.options["integration_id"].as_str() else {
        return Ok(());
    };
    let there: Option<i64> = sqlx::query_scalar("SELECT 1 FROM integrations WHERE id = ?")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    there
        .map(|_| ())
        .ok_or_else(|| Error::new(ErrorCode::IntegrationNotFound, id))
}

/// Two exports of the same to the same place would only disturb each other.
pub(super) async fn refuse_same_export(
    connection: &mut SqliteConnection,
    job: &NewJob,
) -> Result<()> {
    let other = sqlx::query(
        "SELECT jobs.id, jobs.state, backups.name FROM jobs JOIN backups ON backups.id = jobs.backup_id
         WHERE backup_id = ?1 AND kind = 'EXPORT' AND ?2 = 'EXPORT' AND options = ?3
         AND jobs.state IN ('PENDING', 'IN_PROGRESS', 'CANCELING') LIMIT 1",
    )
    .bind(job.backup_id.as_str())
    .bind(word(&job.kind))
    .bind(row::to_json(&job.options)?)
    .fetch_optional(connection)
    .await?;
    let Some(other) = other else {
        return Ok(());
    };
    let (id, state): (String, String) = (other.try_get("id")?, other.try_get("state")?);
    Err(
        Error::new(ErrorCode::BackupInUse, other.try_get::<String, _>("name")?)
            .because(format!(
                "job `{id}` is {state} and exports it to the same place"
            ))
            .hint(format!(
                "wait for it (`hozon job wait {id}`), or cancel it (`hozon job cancel {id}`)"
            )),
    )
}

fn integration(row: &SqliteRow) -> Result<Integration> {
    Ok(Integration {
        id: IntegrationId::new(row.try_get::<String, _>("id")?),
        name: row.try_get("name")?,
        project_id: ProjectId::new(row.try_get::<String, _>("project_id")?),
        description: row.try_get("description")?,
        provider: row::word(row, "provider")?,
        storage: row::json(row, "storage")?,
        identity: row.try_get("identity")?,
        created_at: row::time(row, "created_at")?,
    })
}
