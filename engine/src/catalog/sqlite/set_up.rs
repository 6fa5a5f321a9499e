//! The first user, and the token by which somebody makes them.

use hozon_model::User;
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::{SqliteCatalog, row};
use crate::Result;

impl SqliteCatalog {
    pub(super) async fn select_any_user(&self) -> Result<bool> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users)")
            .fetch_one(&self.readers)
            .await?)
    }

    pub(super) async fn insert_first_user(
        &self,
        user: &User,
        password_hash: Option<&str>,
    ) -> Result<bool> {
        let mut transaction = self.begin().await?;
        let added = insert_first(&mut transaction, user, password_hash).await?;
        transaction.commit().await?;
        Ok(added)
    }

    pub(super) async fn replace_set_up_token(&self, hash: &str, at: Timestamp) -> Result<bool> {
        let mut transaction = self.begin().await?;
        forget_token(&mut transaction).await?;
        let kept = sqlx::query(
            "INSERT INTO set_up (hash, made_at)
             SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM users)",
        )
        .bind(hash)
        .bind(at.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(kept.rows_affected() == 1)
    }

    pub(super) async fn select_set_up_token(&self, hash: &str) -> Result<bool> {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM set_up WHERE hash = ?)
                AND NOT EXISTS (SELECT 1 FROM users)",
        )
        .bind(hash)
        .fetch_one(&self.readers)
        .await?)
    }

    pub(super) async fn insert_first_user_by_token(
        &self,
        hash: &str,
        user: &User,
        password_hash: &str,
    ) -> Result<bool> {
        let mut transaction = self.begin().await?;
        let taken = sqlx::query("DELETE FROM set_up WHERE hash = ?")
            .bind(hash)
            .execute(&mut *transaction)
            .await?;
        if taken.rows_affected() == 0 {
            return Ok(false);
        }
        let added = insert_first(&mut transaction, user, Some(password_hash)).await?;
        transaction.commit().await?;
        Ok(added)
    }
}

/// Adds a user unless there is any. Returns whether it did.
async fn insert_first(
    connection: &mut SqliteConnection,
    user: &User,
    password_hash: Option<&str>,
) -> Result<bool> {
    let added = sqlx::query(
        "INSERT INTO users (name, grants, created_at, password_hash)
         SELECT ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM users)",
    )
    .bind(&user.name)
    .bind(row::to_json(&user.grants)?)
    .bind(user.created_at.as_microsecond())
    .bind(password_hash)
    .execute(&mut *connection)
    .await?;
    forget_token(connection).await?;
    Ok(added.rows_affected() == 1)
}

/// Forgets the token: there is a user now.
pub(super) async fn forget_token(connection: &mut SqliteConnection) -> Result<()> {
    sqlx::query("DELETE FROM set_up")
        .execute(connection)
        .await?;
    Ok(())
}
