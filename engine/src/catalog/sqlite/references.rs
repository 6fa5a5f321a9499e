//! Jobs by what their clients call them, and what attempts left.

use std::collections::HashMap;

use hozon_model::{BackupId, JobId, JobKind};
use sqlx::Row;

use super::{SqliteCatalog, row};
use crate::{Result, catalog::word};

impl SqliteCatalog {
    pub(super) async fn select_checkpoint(&self, id: &JobId) -> Result<Option<serde_json::Value>> {
        let line = sqlx::query("SELECT checkpoint FROM jobs WHERE id = ?")
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await?;
        match line {
            Some(line) => row::json_opt(&line, "checkpoint"),
            None => Ok(None),
        }
    }

    pub(super) async fn set_reference(&self, id: &JobId, reference: &str) -> Result<()> {
        sqlx::query("UPDATE jobs SET options = json_set(options, '$.reference', ?) WHERE id = ?")
            .bind(reference)
            .bind(id.as_str())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    pub(super) async fn select_referred_job(
        &self,
        kind: JobKind,
        reference: &str,
    ) -> Result<Option<JobId>> {
        let found: Option<String> = sqlx::query_scalar(
            "SELECT id FROM jobs WHERE kind = ? AND json_extract(options, '$.reference') = ?
             ORDER BY created_at DESC, seq DESC LIMIT 1",
        )
        .bind(word(&kind))
        .bind(reference)
        .fetch_optional(&self.readers)
        .await?;
        Ok(found.map(JobId::new))
    }

    pub(super) async fn select_references(
        &self,
        kind: JobKind,
    ) -> Result<HashMap<BackupId, String>> {
        sqlx::query(
            "SELECT backup_id, json_extract(options, '$.reference') AS reference FROM jobs
             WHERE kind = ? AND json_extract(options, '$.reference') IS NOT NULL
             ORDER BY created_at, seq",
        )
        .bind(word(&kind))
        .fetch_all(&self.readers)
        .await?
        .iter()
        .map(|line| {
            Ok((
                BackupId::new(line.try_get::<String, _>("backup_id")?),
                line.try_get("reference")?,
            ))
        })
        .collect()
    }
}
