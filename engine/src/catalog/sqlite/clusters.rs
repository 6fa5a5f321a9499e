//! Registered clusters.

use hozon_model::{Cluster, ClusterId, JobId, ProjectId, StorageLocation};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{SqliteCatalog, audit, copy_expiry, policies, projects, queue, row, sealed};
use crate::{
    Error, ErrorCode, Result,
    catalog::{AuditEntry, NewJob, word},
};

impl SqliteCatalog {
    pub(super) async fn insert_cluster(&self, cluster: &Cluster, sealed: &[u8]) -> Result<()> {
        let mut transaction = self.begin().await?;
        insert(&mut transaction, cluster, sealed).await?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn insert_cluster_of_job(
        &self,
        id: &JobId,
        fence: i64,
        cluster: &Cluster,
        sealed: &[u8],
        entry: &AuditEntry,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        queue::refuse_lost(&mut transaction, id, fence).await?;
        insert(&mut transaction, cluster, sealed).await?;
        sqlx::query("UPDATE jobs SET cluster_id = ?2, cluster_name = ?3 WHERE id = ?1")
            .bind(id.as_str())
            .bind(cluster.id.as_str())
            .bind(&cluster.name)
            .execute(&mut *transaction)
            .await?;
        audit::insert(&mut transaction, entry).await?;
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

async fn insert(connection: &mut SqliteConnection, cluster: &Cluster, sealed: &[u8]) -> Result<()> {
    projects::refuse_gone(connection, &cluster.project_id).await?;
    sealed::refuse_retired_key(connection, sealed).await?;
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
    .execute(connection)
    .await
    .map_err(|error| name_taken(error, &cluster.name))?;
    Ok(())
}

/// Refuses a job that is to have a cluster made of a name that one bears, or that another job has one made of: whoever
/// makes clusters would make one too many.
pub(super) async fn refuse_taken_new_name(
    connection: &mut SqliteConnection,
    job: &NewJob,
) -> Result<()> {
    let Some(name) = job.options["new_cluster"]["name"].as_str() else {
        return Ok(());
    };
    let taken = |why: String| {
        Error::new(ErrorCode::ClusterNameTaken, name)
            .because(why)
            .hint("choose another name")
    };
    let there: Option<String> = sqlx::query_scalar("SELECT id FROM clusters WHERE name = ?")
        .bind(name)
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(id) = there {
        return Err(taken(format!("cluster `{id}` bears it")));
    }
    let other: Option<String> = sqlx::query_scalar(
        "SELECT id FROM jobs WHERE kind = 'RESTORE' AND state IN ('PENDING', 'IN_PROGRESS', 'CANCELING')
         AND json_extract(options, '$.new_cluster.name') = ? LIMIT 1",
    )
    .bind(name)
    .fetch_optional(connection)
    .await?;
    other.map_or(Ok(()), |job| {
        Err(taken(format!(
            "job `{job}` has a cluster of this name made"
        )))
    })
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
