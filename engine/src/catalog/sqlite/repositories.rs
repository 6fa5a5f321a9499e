//! Repositories of copies.

use hozon_model::{CopyRepository, StorageLocation};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{SqliteCatalog, row, sealed};
use crate::{Error, ErrorCode, Result};

impl SqliteCatalog {
    pub(super) async fn insert_repository(
        &self,
        repository: &CopyRepository,
        sealed: &[u8],
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        sealed::refuse_retired_key(&mut transaction, sealed).await?;
        sqlx::query(
            "INSERT INTO repositories (name, storage_url, storage_endpoint, storage_region, repository_id, created_at,
                                       sealed)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&repository.name)
        .bind(&repository.storage.url)
        .bind(&repository.storage.endpoint)
        .bind(&repository.storage.region)
        .bind(&repository.repository_id)
        .bind(repository.created_at.as_microsecond())
        .bind(sealed)
        .execute(&mut *transaction)
        .await
        .map_err(|error| {
            row::unless_taken(error, || {
                Error::new(ErrorCode::RepositoryNameTaken, &repository.name)
                    .because("a repository of this name, or this repository under another name, is registered")
                    .hint("run `hozon repository list` to see the repositories")
            })
        })?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn select_repositories(&self) -> Result<Vec<CopyRepository>> {
        sqlx::query("SELECT * FROM repositories ORDER BY name")
            .fetch_all(&self.readers)
            .await?
            .iter()
            .map(repository)
            .collect()
    }

    pub(super) async fn select_repository(
        &self,
        name: &str,
    ) -> Result<Option<(CopyRepository, Vec<u8>)>> {
        sqlx::query("SELECT * FROM repositories WHERE name = ?")
            .bind(name)
            .fetch_optional(&self.readers)
            .await?
            .map(|row| Ok((repository(&row)?, row.try_get("sealed")?)))
            .transpose()
    }

    pub(super) async fn delete_repository(&self, name: &str) -> Result<()> {
        let mut transaction = self.begin().await?;
        let busy: Option<String> = sqlx::query_scalar(
            "SELECT id FROM jobs WHERE (json_extract(options, '$.repository') = ?1
                 OR EXISTS (SELECT 1 FROM json_each(options, '$.copies') WHERE value = ?1))
             AND (state IN ('PENDING', 'IN_PROGRESS', 'CANCELING')
                  OR (state IN ('FAILED', 'CANCELED') AND NOT settled)) LIMIT 1",
        )
        .bind(name)
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(job) = busy {
            return Err(Error::new(ErrorCode::RepositoryInUse, name)
                .because(format!("job `{job}` has not ended"))
                .hint("wait until it ends, or cancel it"));
        }
        let used: Option<String> = sqlx::query_scalar(
            "SELECT clusters.name FROM policies JOIN clusters ON clusters.id = policies.cluster_id
             WHERE EXISTS (SELECT 1 FROM json_each(policies.options, '$.copies')
                           WHERE json_extract(value, '$.repository') = ?)
             ORDER BY clusters.name LIMIT 1",
        )
        .bind(name)
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(cluster) = used {
            return Err(Error::new(ErrorCode::RepositoryInUse, name)
                .because(format!("the policy of cluster `{cluster}` copies to it"))
                .hint("take it out of that policy first"));
        }
        sqlx::query("DELETE FROM backup_copies WHERE repository = ?")
            .bind(name)
            .execute(&mut *transaction)
            .await?;
        let gone = sqlx::query("DELETE FROM repositories WHERE name = ?")
            .bind(name)
            .execute(&mut *transaction)
            .await?;
        if gone.rows_affected() == 0 {
            return Err(Error::new(ErrorCode::RepositoryNotFound, name));
        }
        Ok(transaction.commit().await?)
    }
}

/// Refuses a repository that is not there.
pub(super) async fn registered(connection: &mut SqliteConnection, name: &str) -> Result<()> {
    let there: Option<i64> = sqlx::query_scalar("SELECT 1 FROM repositories WHERE name = ?")
        .bind(name)
        .fetch_optional(connection)
        .await?;
    match there {
        Some(_) => Ok(()),
        None => Err(Error::new(ErrorCode::RepositoryNotFound, name)
            .hint("run `hozon repository list` to see the repositories")),
    }
}

fn repository(row: &SqliteRow) -> Result<CopyRepository> {
    Ok(CopyRepository {
        name: row.try_get("name")?,
        storage: StorageLocation {
            url: row.try_get("storage_url")?,
            endpoint: row.try_get("storage_endpoint")?,
            region: row.try_get("storage_region")?,
        },
        repository_id: row.try_get("repository_id")?,
        created_at: row::time(row, "created_at")?,
    })
}
