//! The audit: lines are added, never changed.

use sqlx::Row;

use super::{SqliteCatalog, row};
use crate::{Result, catalog::AuditEntry};

impl SqliteCatalog {
    pub(super) async fn insert_audit(&self, entry: &AuditEntry) -> Result<()> {
        sqlx::query(
            "INSERT INTO audit (at, actor, origin, action, target, outcome) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(entry.at.as_microsecond())
        .bind(&entry.actor)
        .bind(&entry.origin)
        .bind(&entry.action)
        .bind(&entry.target)
        .bind(&entry.outcome)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    pub(super) async fn select_audit(&self, limit: u64) -> Result<Vec<AuditEntry>> {
        sqlx::query("SELECT * FROM audit ORDER BY id DESC LIMIT ?")
            .bind(row::number(limit))
            .fetch_all(&self.readers)
            .await?
            .iter()
            .map(|line| {
                Ok(AuditEntry {
                    at: row::time(line, "at")?,
                    actor: line.try_get("actor")?,
                    origin: line.try_get("origin")?,
                    action: line.try_get("action")?,
                    target: line.try_get("target")?,
                    outcome: line.try_get("outcome")?,
                })
            })
            .collect()
    }
}
