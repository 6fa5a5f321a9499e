//! Users, sessions and one-time links.

use hozon_model::User;
use jiff::Timestamp;
use sqlx::Row;

use super::{SqliteCatalog, row};
use crate::{
    Result,
    catalog::{Ticket, word},
};

impl SqliteCatalog {
    pub(super) async fn insert_first_user(
        &self,
        user: &User,
        password_hash: Option<&str>,
    ) -> Result<bool> {
        let mut transaction = self.begin().await?;
        let added = sqlx::query(
            "INSERT INTO users (name, role, created_at, password_hash)
             SELECT ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM users)",
        )
        .bind(&user.name)
        .bind(word(&user.role))
        .bind(user.created_at.as_microsecond())
        .bind(password_hash)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(added.rows_affected() == 1)
    }

    pub(super) async fn select_user(&self, name: &str) -> Result<Option<(User, Option<String>)>> {
        sqlx::query("SELECT * FROM users WHERE name = ?")
            .bind(name)
            .fetch_optional(&self.readers)
            .await?
            .map(|line| {
                let hash: Option<String> = line.try_get("password_hash")?;
                let user = User {
                    name: line.try_get("name")?,
                    role: row::word(&line, "role")?,
                    created_at: row::time(&line, "created_at")?,
                    has_password: hash.is_some(),
                };
                Ok((user, hash))
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
            .map(|line| {
                Ok(Ticket {
                    hash: line.try_get("hash")?,
                    is_link: line.try_get("is_link")?,
                    user: line.try_get("user_name")?,
                    created_at: row::time(&line, "created_at")?,
                    expires_at: row::time(&line, "expires_at")?,
                    origin: line.try_get("origin")?,
                })
            })
            .transpose()
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
        sqlx::query(
            "DELETE FROM tickets WHERE user_name = ? AND NOT is_link AND hash IS DISTINCT FROM ?",
        )
        .bind(user)
        .bind(except)
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
