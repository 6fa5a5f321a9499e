//! The second step of signing in: sealed secrets, recovery codes, and who is between the two steps.

use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};

use super::{SqliteCatalog, row, sealed};
use crate::{
    Result,
    catalog::{KeptTotp, SecondStep},
};

impl SqliteCatalog {
    /// What waited for its first code gives way; what is on stays.
    pub(super) async fn insert_totp(
        &self,
        user: &str,
        secret: &[u8],
        begun_at: Timestamp,
    ) -> Result<bool> {
        let mut transaction = self.begin().await?;
        sealed::refuse_retired_key(&mut transaction, secret).await?;
        let begun = sqlx::query(
            "INSERT INTO totp (user_name, sealed, begun_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (user_name) DO UPDATE SET sealed = ?2, begun_at = ?3 WHERE NOT confirmed",
        )
        .bind(user)
        .bind(secret)
        .bind(begun_at.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(begun.rows_affected() == 1)
    }

    pub(super) async fn select_totp(&self, user: &str) -> Result<Option<KeptTotp>> {
        sqlx::query("SELECT sealed, begun_at, confirmed FROM totp WHERE user_name = ?")
            .bind(user)
            .fetch_optional(&self.readers)
            .await?
            .map(|line| {
                Ok(KeptTotp {
                    sealed: line.try_get("sealed")?,
                    begun_at: row::time(&line, "begun_at")?,
                    confirmed: line.try_get("confirmed")?,
                })
            })
            .transpose()
    }

    pub(super) async fn update_totp_confirmed(
        &self,
        user: &str,
        begun_at: Timestamp,
        step: u64,
        recovery: &[String],
    ) -> Result<bool> {
        let mut transaction = self.begin().await?;
        let confirmed = sqlx::query(
            "UPDATE totp SET confirmed = TRUE, last_step = ?
             WHERE user_name = ? AND begun_at = ? AND NOT confirmed",
        )
        .bind(row::number(step))
        .bind(user)
        .bind(begun_at.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        if confirmed.rows_affected() == 0 {
            return Ok(false);
        }
        for hash in recovery {
            sqlx::query("INSERT INTO recovery_codes (user_name, hash) VALUES (?, ?)")
                .bind(user)
                .bind(hash)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    pub(super) async fn update_totp_step(&self, user: &str, step: u64) -> Result<bool> {
        let taken = sqlx::query(
            "UPDATE totp SET last_step = ?1 WHERE user_name = ?2 AND confirmed AND last_step < ?1",
        )
        .bind(row::number(step))
        .bind(user)
        .execute(&self.writer)
        .await?;
        Ok(taken.rows_affected() == 1)
    }

    pub(super) async fn delete_recovery_code(&self, user: &str, hash: &str) -> Result<bool> {
        let gone = sqlx::query("DELETE FROM recovery_codes WHERE user_name = ? AND hash = ?")
            .bind(user)
            .bind(hash)
            .execute(&self.writer)
            .await?;
        Ok(gone.rows_affected() == 1)
    }

    pub(super) async fn count_recovery_codes(&self, user: &str) -> Result<u64> {
        let line = sqlx::query("SELECT count(*) AS codes FROM recovery_codes WHERE user_name = ?")
            .bind(user)
            .fetch_one(&self.readers)
            .await?;
        row::count(&line, "codes")
    }

    pub(super) async fn delete_totp(&self, user: &str) -> Result<bool> {
        let mut transaction = self.begin().await?;
        let was_on = forget(&mut transaction, user).await?;
        transaction.commit().await?;
        Ok(was_on)
    }

    /// Those that ran out are swept out on the way in.
    pub(super) async fn insert_second_step(&self, step: &SecondStep) -> Result<()> {
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM second_steps WHERE expires_at <= ?")
            .bind(row::now())
            .execute(&mut *transaction)
            .await?;
        sqlx::query("INSERT INTO second_steps (hash, user_name, expires_at) VALUES (?, ?, ?)")
            .bind(&step.hash)
            .bind(&step.user)
            .bind(step.expires_at.as_microsecond())
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn select_second_step(
        &self,
        hash: &str,
        now: Timestamp,
        most: u64,
    ) -> Result<Option<String>> {
        Ok(sqlx::query_scalar(
            "SELECT user_name FROM second_steps WHERE hash = ? AND expires_at > ? AND tries < ?",
        )
        .bind(hash)
        .bind(now.as_microsecond())
        .bind(row::number(most))
        .fetch_optional(&self.readers)
        .await?)
    }

    pub(super) async fn update_second_step_tries(
        &self,
        hash: &str,
        now: Timestamp,
        most: u64,
    ) -> Result<Option<String>> {
        Ok(sqlx::query_scalar(
            "UPDATE second_steps SET tries = tries + 1
             WHERE hash = ? AND expires_at > ? AND tries < ? RETURNING user_name",
        )
        .bind(hash)
        .bind(now.as_microsecond())
        .bind(row::number(most))
        .fetch_optional(&self.writer)
        .await?)
    }

    pub(super) async fn delete_second_step(&self, hash: &str) -> Result<bool> {
        let gone = sqlx::query("DELETE FROM second_steps WHERE hash = ?")
            .bind(hash)
            .execute(&self.writer)
            .await?;
        Ok(gone.rows_affected() == 1)
    }
}

/// Forgets all of it for a user. Returns whether a second step was asked for.
pub(super) async fn forget(connection: &mut SqliteConnection, user: &str) -> Result<bool> {
    for statement in [
        "DELETE FROM second_steps WHERE user_name = ?",
        "DELETE FROM recovery_codes WHERE user_name = ?",
    ] {
        sqlx::query(statement)
            .bind(user)
            .execute(&mut *connection)
            .await?;
    }
    let was_on: Option<bool> =
        sqlx::query_scalar("DELETE FROM totp WHERE user_name = ? RETURNING confirmed")
            .bind(user)
            .fetch_optional(&mut *connection)
            .await?;
    Ok(was_on.unwrap_or(false))
}
