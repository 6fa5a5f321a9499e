//! Users, sessions and one-time links.

use hozon_model::User;
use jiff::Timestamp;
use sqlx::{Row, sqlite::SqliteRow};

use super::{SqliteCatalog, access, row};
use crate::{
    Result,
    catalog::{SignInFailures, Ticket},
};

impl SqliteCatalog {
    pub(super) async fn select_user(&self, name: &str) -> Result<Option<(User, Option<String>)>> {
        sqlx::query(concat!(access::users!(), " WHERE name = ?"))
            .bind(name)
            .fetch_optional(&self.readers)
            .await?
            .map(|line| {
                let hash: Option<String> = line.try_get("password_hash")?;
                Ok((access::user(&line)?, hash))
            })
            .transpose()
    }

    pub(super) async fn update_password_hash(&self, name: &str, hash: &str) -> Result<()> {
        sqlx::query("UPDATE users SET password_hash = ? WHERE name = ?")
            .bind(hash)
            .bind(name)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Tickets that ran out are swept out on the way in.
    pub(super) async fn insert_ticket(&self, ticket: &Ticket) -> Result<()> {
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM tickets WHERE expires_at <= ?")
            .bind(row::now())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO tickets (hash, is_link, user_name, created_at, expires_at, origin)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(&ticket.hash)
        .bind(ticket.is_link)
        .bind(&ticket.user)
        .bind(ticket.created_at.as_microsecond())
        .bind(ticket.expires_at.as_microsecond())
        .bind(&ticket.origin)
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn select_ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>> {
        sqlx::query("SELECT * FROM tickets WHERE hash = ? AND expires_at > ?")
            .bind(hash)
            .bind(now.as_microsecond())
            .fetch_optional(&self.readers)
            .await?
            .map(|line| ticket(&line))
            .transpose()
    }

    pub(super) async fn select_sessions(&self, now: Timestamp) -> Result<Vec<Ticket>> {
        sqlx::query(
            "SELECT * FROM tickets WHERE NOT is_link AND expires_at > ? ORDER BY created_at DESC, hash",
        )
        .bind(now.as_microsecond())
        .fetch_all(&self.readers)
        .await?
        .iter()
        .map(ticket)
        .collect()
    }

    pub(super) async fn select_sign_in_failures(
        &self,
        name_hash: &str,
    ) -> Result<Option<SignInFailures>> {
        sqlx::query("SELECT failures, last_at FROM sign_in_failures WHERE name_hash = ?")
            .bind(name_hash)
            .fetch_optional(&self.readers)
            .await?
            .map(|line| {
                Ok(SignInFailures {
                    count: row::count(&line, "failures")?,
                    last_at: row::time(&line, "last_at")?,
                })
            })
            .transpose()
    }

    /// What was forgotten is swept out on the way in, so that whoever tries many names does not fill the disk.
    pub(super) async fn count_sign_in_failure(
        &self,
        name_hash: &str,
        at: Timestamp,
        forget_before: Timestamp,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM sign_in_failures WHERE last_at < ?")
            .bind(forget_before.as_microsecond())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO sign_in_failures (name_hash, failures, last_at) VALUES (?1, 1, ?2)
             ON CONFLICT (name_hash) DO UPDATE SET failures = failures + 1, last_at = ?2",
        )
        .bind(name_hash)
        .bind(at.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn delete_sign_in_failures(&self, name_hash: &str) -> Result<()> {
        sqlx::query("DELETE FROM sign_in_failures WHERE name_hash = ?")
            .bind(name_hash)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    pub(super) async fn update_ticket_end(&self, hash: &str, until: Timestamp) -> Result<()> {
        sqlx::query("UPDATE tickets SET expires_at = ? WHERE hash = ?")
            .bind(until.as_microsecond())
            .bind(hash)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    pub(super) async fn delete_ticket(&self, hash: &str) -> Result<bool> {
        let gone = sqlx::query("DELETE FROM tickets WHERE hash = ?")
            .bind(hash)
            .execute(&self.writer)
            .await?;
        Ok(gone.rows_affected() == 1)
    }

    pub(super) async fn delete_sessions(&self, user: &str, except: Option<&str>) -> Result<()> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "DELETE FROM tickets WHERE user_name = ? AND NOT is_link AND hash IS DISTINCT FROM ?",
        )
        .bind(user)
        .bind(except)
        .execute(&mut *transaction)
        .await?;
        sqlx::query("DELETE FROM second_steps WHERE user_name = ?")
            .bind(user)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }
}

fn ticket(line: &SqliteRow) -> Result<Ticket> {
    Ok(Ticket {
        hash: line.try_get("hash")?,
        is_link: line.try_get("is_link")?,
        user: line.try_get("user_name")?,
        created_at: row::time(line, "created_at")?,
        expires_at: row::time(line, "expires_at")?,
        origin: line.try_get("origin")?,
    })
}
