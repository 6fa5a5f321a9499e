//! Everything that is sealed, and the keys that seal nothing any more.

use sqlx::{Row, SqliteConnection};

use super::{SqliteCatalog, row};
use crate::{
    Error, ErrorCode, Result,
    catalog::Reseal,
    secrets::{self, KeyId},
};

/// Where sealed secrets lie: the table, and the column that tells what each is of.
const SEALED: [(&str, &str); 4] = [
    ("clusters", "id"),
    ("integrations", "id"),
    ("repositories", "name"),
    ("totp", "user_name"),
];

impl SqliteCatalog {
    pub(super) async fn update_sealed(&self, old: KeyId, reseal: Reseal<'_>) -> Result<u64> {
        let mut transaction = self.begin().await?;
        let mut resealed = 0;
        for (table, column) in SEALED {
            let lines = sqlx::query(sqlx::AssertSqlSafe(format!(
                "SELECT {column} AS owner, sealed FROM {table}"
            )))
            .fetch_all(&mut *transaction)
            .await?;
            let update = format!("UPDATE {table} SET sealed = ? WHERE {column} = ?");
            for line in lines {
                let (owner, sealed): (String, Vec<u8>) =
                    (line.try_get("owner")?, line.try_get("sealed")?);
                let purpose = match table {
                    "repositories" => secrets::purpose_of_repository(&owner),
                    "totp" => secrets::purpose_of_totp(&owner),
                    _ => owner.clone(),
                };
                sqlx::query(sqlx::AssertSqlSafe(update.clone()))
                    .bind(reseal(&purpose, &sealed)?)
                    .bind(owner)
                    .execute(&mut *transaction)
                    .await?;
                resealed += 1;
            }
        }
        sqlx::query("INSERT INTO retired_keys (key_id, retired_at) VALUES (?, ?)")
            .bind(old.to_vec())
            .bind(row::now())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(resealed)
    }

    pub(super) async fn select_retired(&self, key: KeyId) -> Result<bool> {
        Ok(retired(&mut *self.readers.acquire().await?, &key).await?)
    }
}

/// A process that knows nothing of a rotation elsewhere must not seal with the key of before.
pub(super) async fn refuse_retired_key(
    connection: &mut SqliteConnection,
    sealed: &[u8],
) -> Result<()> {
    let Some(key) = secrets::key_of(sealed) else {
        return Ok(());
    };
    if retired(connection, &key).await? {
        return Err(Error::new(ErrorCode::SecretKeyWrong, "secret key")
            .because("the key was replaced meanwhile")
            .hint("try again; if it stays, start with the new key"));
    }
    Ok(())
}

async fn retired(connection: &mut SqliteConnection, key: &KeyId) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM retired_keys WHERE key_id = ?")
        .bind(key.to_vec())
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}
