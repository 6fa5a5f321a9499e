//! The audit: lines are added, never changed, each bound to the one before it.

use hozon_model::{AuditLine, AuditQuery, Page};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, SqlitePool, sqlite::SqliteRow};

use super::{SqliteCatalog, row};
use crate::{
    Result,
    audit::chain,
    catalog::{AuditEntry, AuditHead},
};

/// What a query calls every outcome but `ok`. No error has this code.
const FAILED: &str = "failed";

impl SqliteCatalog {
    pub(super) async fn insert_audit(&self, entry: &AuditEntry) -> Result<()> {
        let mut transaction = self.begin().await?;
        insert(&mut transaction, entry).await?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn select_audit(&self, query: &AuditQuery) -> Result<Page<AuditLine>> {
        let (page, page_size, skip) = row::window(query.page, query.page_size);
        let mut counting = QueryBuilder::new("SELECT count(*) FROM audit WHERE TRUE");
        filter(&mut counting, query);
        let total: i64 = counting
            .build_query_scalar()
            .fetch_one(&self.readers)
            .await?;
        let mut listing = QueryBuilder::new("SELECT * FROM audit WHERE TRUE");
        filter(&mut listing, query);
        listing.push(" ORDER BY id DESC LIMIT ");
        listing.push_bind(row::number(page_size));
        listing.push(" OFFSET ").push_bind(skip);
        Ok(Page {
            items: lines(&listing.build().fetch_all(&self.readers).await?)?,
            total: total as u64,
            page,
            page_size,
        })
    }

    pub(super) async fn select_audit_after(
        &self,
        query: &AuditQuery,
        after: u64,
        limit: u64,
    ) -> Result<Vec<AuditLine>> {
        let mut listing = QueryBuilder::new("SELECT * FROM audit WHERE id > ");
        listing.push_bind(row::number(after));
        filter(&mut listing, query);
        listing.push(" ORDER BY id LIMIT ");
        listing.push_bind(row::number(limit));
        lines(&listing.build().fetch_all(&self.readers).await?)
    }

    pub(super) async fn select_audit_head(&self) -> Result<AuditHead> {
        head(&mut *self.readers.acquire().await?).await
    }
}

/// Adds a line, inside a transaction of the caller's.
pub(super) async fn insert(connection: &mut SqliteConnection, entry: &AuditEntry) -> Result<()> {
    let head = head(connection).await?;
    // Of an audit that somebody wrote into, too: work goes on, and the gap shows.
    let last: i64 = sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM audit")
        .fetch_one(&mut *connection)
        .await?;
    let mut line = AuditLine {
        id: head.lines.max(last as u64) + 1,
        at: entry.at,
        actor: entry.actor.clone(),
        origin: entry.origin.clone(),
        action: entry.action.clone(),
        target: entry.target.clone(),
        outcome: entry.outcome.clone(),
        before: entry.before.clone(),
        after: entry.after.clone(),
        hash: String::new(),
    };
    line.hash = chain::hash(&head.hash, &line);
    sqlx::query(
        "INSERT INTO audit (id, at, actor, origin, action, target, outcome, before, after, hash)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(row::number(line.id))
    .bind(line.at.as_microsecond())
    .bind(&line.actor)
    .bind(&line.origin)
    .bind(&line.action)
    .bind(&line.target)
    .bind(&line.outcome)
    .bind(line.before.as_ref().map(ToString::to_string))
    .bind(line.after.as_ref().map(ToString::to_string))
    .bind(&line.hash)
    .execute(&mut *connection)
    .await?;
    set_head(connection, line.id, &line.hash).await?;
    Ok(())
}

/// Binds the lines that were written before there was a chain.
pub(super) async fn chain_old_lines(writer: &SqlitePool) -> Result<()> {
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
    let mut head = head(&mut transaction).await?;
    if head.lines > 0 {
        return Ok(());
    }
    let old = sqlx::query("SELECT *, coalesce(hash, '') AS hash FROM audit ORDER BY id")
        .fetch_all(&mut *transaction)
        .await?;
    for row in &old {
        let line = line(row)?;
        head.hash = chain::hash(&head.hash, &line);
        head.lines = line.id;
        sqlx::query("UPDATE audit SET hash = ? WHERE id = ?")
            .bind(&head.hash)
            .bind(row::number(line.id))
            .execute(&mut *transaction)
            .await?;
    }
    set_head(&mut transaction, head.lines, &head.hash).await?;
    Ok(transaction.commit().await?)
}

async fn head(connection: &mut SqliteConnection) -> Result<AuditHead> {
    let line = sqlx::query("SELECT lines, hash FROM audit_head")
        .fetch_one(connection)
        .await?;
    Ok(AuditHead {
        lines: row::count(&line, "lines")?,
        hash: line.try_get("hash")?,
    })
}

async fn set_head(connection: &mut SqliteConnection, lines: u64, hash: &str) -> Result<()> {
    sqlx::query("UPDATE audit_head SET lines = ?, hash = ?")
        .bind(row::number(lines))
        .bind(hash)
        .execute(connection)
        .await?;
    Ok(())
}

fn filter(sql: &mut QueryBuilder<Sqlite>, query: &AuditQuery) {
    for (column, wanted) in [
        (" AND actor = ", &query.actor),
        (" AND target = ", &query.target),
    ] {
        if let Some(wanted) = wanted {
            sql.push(column).push_bind(wanted.clone());
        }
    }
    match query.outcome.as_deref() {
        None => {}
        Some(FAILED) => {
            sql.push(" AND outcome <> 'ok'");
        }
        Some(outcome) => {
            sql.push(" AND outcome = ").push_bind(outcome.to_owned());
        }
    }
    if let Some(action) = &query.action {
        if action.contains('.') {
            sql.push(" AND action = ").push_bind(action.clone());
        } else {
            let kind = format!("{action}.");
            let length = row::number(kind.chars().count() as u64);
            sql.push(" AND substr(action, 1, ").push_bind(length);
            sql.push(") = ").push_bind(kind);
        }
    }
    if let Some(since) = query.since {
        sql.push(" AND at >= ").push_bind(since.as_microsecond());
    }
    if let Some(until) = query.until {
        sql.push(" AND at < ").push_bind(until.as_microsecond());
    }
}

fn lines(rows: &[SqliteRow]) -> Result<Vec<AuditLine>> {
    rows.iter().map(line).collect()
}

fn line(row: &SqliteRow) -> Result<AuditLine> {
    Ok(AuditLine {
        id: row::count(row, "id")?,
        at: row::time(row, "at")?,
        actor: row.try_get("actor")?,
        origin: row.try_get("origin")?,
        action: row.try_get("action")?,
        target: row.try_get("target")?,
        outcome: row.try_get("outcome")?,
        before: row::json_opt(row, "before")?,
        after: row::json_opt(row, "after")?,
        hash: row.try_get("hash")?,
    })
}
