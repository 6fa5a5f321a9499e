//! Whom identity providers vouch for.

use jiff::Timestamp;

use super::{SqliteCatalog, row};
use crate::{Error, ErrorCode, Result};

impl SqliteCatalog {
    pub(super) async fn select_identity(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<String>> {
        Ok(
            sqlx::query_scalar("SELECT user_name FROM identities WHERE issuer = ? AND subject = ?")
                .bind(issuer)
                .bind(subject)
                .fetch_optional(&self.readers)
                .await?,
        )
    }

    pub(super) async fn insert_identity(
        &self,
        issuer: &str,
        subject: &str,
        user: &str,
        at: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO identities (issuer, subject, user_name, bound_at) VALUES (?, ?, ?, ?)",
        )
        .bind(issuer)
        .bind(subject)
        .bind(user)
        .bind(at.as_microsecond())
        .execute(&self.writer)
        .await
        .map_err(|error| {
            row::unless_taken(error, || {
                Error::new(ErrorCode::IdentityRefused, user)
                    .because("somebody else of this provider signs in under this name")
            })
        })?;
        Ok(())
    }
}
