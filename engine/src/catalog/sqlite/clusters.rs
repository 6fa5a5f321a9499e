//! Registered clusters.

use hozon_model::{Cluster, ClusterId, ProjectId, StorageLocation};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{SqliteCatalog, copy_expiry, policies, projects, row, sealed};
use crate::{Error, ErrorCode, Result, catalog::word};

impl SqliteCatalog {
    pub(super) async fn insert_cluster(&self, cluster: &Cluster, sealed: &[u8]) -> Result<()> {
        let mut transaction = self.begin().await?;
        projects::refuse_gone(&mut transaction, &cluster.project_id).await?;
        sealed::refuse_retired_key(&mut transaction, sealed).await?;
        sqlx::query(
            "INSERT INTO clusters (id, name, address, username, storage_url, storage_endpoint, storage_region,
                                   created_at, milvus_version, sealed, project_id, cloud_region, deployment_option)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(cluster.id.as_str())
        .bind(&cluster.name)
        .bind(&cluster.address)
        .bind(&cluster.username)
        .bind(&cluster.storage.url)
        .bind(&cluster.storage.endpoint)
        .bind(&cluster.storage.region)
        .bind(cluster.created_at.as_microsecond())
        .bind(&cluster.milvus_version)
        .bind(sealed)
        .bind(cluster.project_id.as_str())
        .bind(&cluster.cloud_region)
        .bind(word(&cluster.deployment_option))
        .execute(&mut *transaction)
        .await
        .map_err(|error| name_taken(error, &cluster.name))?;
        Ok(transaction.commit().await?)
    }

    /// The identifier, the project and the day it was registered never change.
    pub(super) async fn update_cluster(
        &self,
        cluster: &Cluster,
        sealed: &[u8],
        while_busy: bool,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        sealed::refuse_retired_key(&mut transaction, sealed).await?;
        if !while_busy {
            refuse_busy(&mut transaction, &cluster.id).await?;
        }
        let changed = sqlx::query(
            "UPDATE clusters SET name = ?2, address = ?3, username = ?4, storage_url = ?5, storage_endpoint = ?6,
                                 storage_region = ?7, milvus_version = ?8, sealed = ?9, cloud_region = ?10,
                                 deployment_option = ?11
             WHERE id = ?1",
        )
        .bind(cluster.id.as_str())
        .bind(&cluster.name)
        .bind(&cluster.address)
        .bind(&cluster.username)
        .bind(&cluster.storage.url)
        .bind(&cluster.storage.endpoint)
        .bind(&cluster.storage.region)
        .bind(&cluster.milvus_version)
        .bind(sealed)
        .bind(&cluster.cloud_region)
        .bind(word(&cluster.deployment_option))
        .execute(&mut *transaction)
        .await
        .map_err(|error| name_taken(error, &cluster.name))?;
        if changed.rows_affected() == 0 {
            return Err(Error::new(ErrorCode::ClusterNotFound, cluster.id.as_str()));
        }
        Ok(transaction.commit().await?)
    }

    pub(super) async fn select_clusters(&self) -> Result<Vec<Cluster>> {
        sqlx::query("SELECT * FROM clusters ORDER BY name, id")
            .fetch_all(&self.readers)
            .await?
            .iter()
            .map(cluster)
            .collect()
    }

    pub(super) async fn select_cluster(
        &self,
        id_or_name: &str,
    ) -> Result<Option<(Cluster, Vec<u8>)>> {
        sqlx::query(
            "SELECT * FROM clusters WHERE id = ?1 OR name = ?1 ORDER BY id = ?1 DESC LIMIT 1",
        )
        .bind(id_or_name)
        .fetch_optional(&self.readers)
        .await?
        .map(|row| Ok((cluster(&row)?, row.try_get("sealed")?)))
        .transpose()
    }

    pub(super) async fn update_milvus_version(&self, id: &ClusterId, version: &str) -> Result<()> {
        sqlx::query("UPDATE clusters SET milvus_version = ?2 WHERE id = ?1 AND milvus_version IS DISTINCT FROM ?2")
            .bind(id.as_str())
            .bind(version)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    pub(super) async fn delete_cluster(&self, id: &ClusterId) -> Result<()> {
        let mut transaction = self.begin().await?;
        refuse_busy(&mut transaction, id).await?;
        // With the cluster goes its policy, and without one its automatic backups and their copies stay.
        policies::set_expiry(&mut transaction, id, None).await?;
        copy_expiry::set(&mut transaction, id, None).await?;
        let gone = sqlx::query("DELETE FROM clusters WHERE id = ?")
            .bind(id.as_str())
            .execute(&mut *transaction)
            .await?;
        if gone.rows_affected() == 0 {
            return Err(Error::new(ErrorCode::ClusterNotFound, id.as_str()));
        }
        Ok(transaction.commit().await?)
    }
}

async fn refuse_busy(connection: &mut SqliteConnection, id: &ClusterId) -> Result<()> {
    let busy: Option<String> = sqlx::query_scalar(
        "SELECT id FROM jobs
         WHERE cluster_id = ? AND state IN ('PENDING', 'IN_PROGRESS', 'CANCELING') LIMIT 1",
    )
    .bind(id.as_str())
    .fetch_optional(connection)
    .await?;
    busy.map_or(Ok(()), |job| {
        Err(Error::new(ErrorCode::ClusterBusy, id.as_str())
            .because(format!("job `{job}` has not ended"))
            .hint("wait until it ends, or cancel it"))
    })
}

fn name_taken(error: sqlx::Error, name: &str) -> Error {
    row::unless_taken(error, || {
        Error::new(ErrorCode::ClusterNameTaken, name)
            .because("a cluster of this name is registered")
            .hint("choose another name")
    })
}

fn cluster(row: &SqliteRow) -> Result<Cluster> {
    Ok(Cluster {
        id: ClusterId::new(row.try_get::<String, _>("id")?),
        name: row.try_get("name")?,
        project_id: ProjectId::new(row.try_get::<String, _>("project_id")?),
        deployment_option: row::word(row, "deployment_option")?,
        cloud_region: row.try_get("cloud_region")?,
        address: row.try_get("address")?,
        username: row.try_get("username")?,
        storage: StorageLocation {
            url: row.try_get("storage_url")?,
            endpoint: row.try_get("storage_endpoint")?,
            region: row.try_get("storage_region")?,
        },
        created_at: row::time(row, "created_at")?,
        milvus_version: row.try_get("milvus_version")?,
    })
}
