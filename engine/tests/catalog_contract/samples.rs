//! Things to put into a catalog.

use std::time::Duration;

use hozon_engine::{
    Error, ErrorCode, Result,
    catalog::{Catalog, ClaimedJob, NewBackup, NewJob},
    model::{
        BackupId, BackupMethod, BackupScope, Cluster, ClusterId, CollectionInBackup,
        DeploymentOption, JobId, JobKind, LoadState, ProjectId, StorageLocation,
    },
    repository::manifest::{Begin, CollectionEntry, Manifest},
};
use jiff::Timestamp;

/// Long enough never to run out by itself.
pub(crate) const LEASE: Duration = Duration::from_mins(1);

/// A time as every database can keep it.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

pub(crate) fn cluster(name: &str) -> Cluster {
    Cluster {
        id: ClusterId::new(format!("in01-{name}")),
        name: name.to_owned(),
        project_id: ProjectId::default(),
        deployment_option: DeploymentOption::Dedicated,
        cloud_region: None,
        address: "http://127.0.0.1:19530".to_owned(),
        username: Some("root".to_owned()),
        storage: StorageLocation {
            url: "s3://milvus/files".to_owned(),
            endpoint: Some("http://127.0.0.1:9000".to_owned()),
            region: None,
        },
        created_at: at(0),
        milvus_version: None,
    }
}

pub(crate) async fn with_cluster(catalog: &dyn Catalog, name: &str) -> Cluster {
    let cluster = cluster(name);
    catalog.add_cluster(&cluster, b"sealed").await.unwrap();
    cluster
}

pub(crate) fn job(id: &str, kind: JobKind, backup: &str, cluster: Option<&Cluster>) -> NewJob {
    NewJob {
        id: JobId::new(id),
        retry_of: None,
        kind,
        options: serde_json::json!({ "for": id }),
        backup_id: BackupId::new(backup),
        cluster_id: cluster.map(|cluster| cluster.id.clone()),
        created_by: "admin".to_owned(),
        created_at: at(1),
    }
}

pub(crate) fn new_backup(id: &str, name: &str, cluster: &Cluster) -> NewBackup {
    NewBackup {
        id: BackupId::new(id),
        name: name.to_owned(),
        cluster_id: cluster.id.clone(),
        cluster_name: cluster.name.clone(),
        scope: BackupScope::Cluster,
        method: BackupMethod::Manual,
    }
}

pub(crate) fn automatic(id: &str, name: &str, cluster: &Cluster) -> NewBackup {
    NewBackup {
        method: BackupMethod::Auto,
        ..new_backup(id, name, cluster)
    }
}

/// Puts a job that makes `backup` into the queue; both bear its identifier.
pub(crate) async fn enqueue_backup(
    catalog: &dyn Catalog,
    backup: &NewBackup,
    cluster: &Cluster,
) -> Result<JobId> {
    let job = job(
        &format!("job-{}", backup.id),
        JobKind::Backup,
        backup.id.as_str(),
        Some(cluster),
    );
    Ok(catalog.enqueue(&job, Some(backup)).await?.id)
}

/// A job about a backup that is there already.
pub(crate) async fn enqueue(
    catalog: &dyn Catalog,
    id: &str,
    kind: JobKind,
    backup: &str,
) -> Result<JobId> {
    Ok(catalog
        .enqueue(&job(id, kind, backup, None), None)
        .await?
        .id)
}

pub(crate) async fn claim(catalog: &dyn Catalog) -> Option<ClaimedJob> {
    catalog.claim("tester", LEASE).await.unwrap()
}

/// The time a lease of no length needs to have run out.
pub(crate) async fn let_lease_run_out() {
    tokio::time::sleep(Duration::from_millis(5)).await;
}

pub(crate) fn collection(name: &str, rows: u64) -> CollectionInBackup {
    CollectionInBackup {
        database: "default".to_owned(),
        name: name.to_owned(),
        rows,
        bytes: rows * 10,
        files: 4,
        partitions: 1,
        fields: vec!["id: Int64 (primary key)".to_owned()],
        indexes: vec!["vector: HNSW".to_owned()],
        aliases: Vec::new(),
        load_state: LoadState::Loaded,
    }
}

pub(crate) fn manifest(id: &str, name: &str, cluster: &Cluster, rows: u64) -> Manifest {
    let begin = Begin {
        format: 1,
        id: BackupId::new(id),
        name: name.to_owned(),
        cluster_id: cluster.id.clone(),
        cluster_name: cluster.name.clone(),
        scope: BackupScope::Cluster,
        created_by: "admin".to_owned(),
        method: BackupMethod::Manual,
        created_at: at(rows as i64),
        adopted: None,
    };
    Manifest {
        begin,
        finished_at: at(rows as i64 + 5),
        milvus_version: "v2.3.5".to_owned(),
        collections: vec![CollectionEntry {
            document: format!("backups/{id}/collections/0.json.zst"),
            document_size: 100,
            document_blake3: "0".repeat(64),
            new_bytes: rows,
            summary: collection("文章", rows),
        }],
    }
}

/// The code of the error that must have come.
pub(crate) fn code<T: std::fmt::Debug>(outcome: Result<T>) -> ErrorCode {
    outcome.map_err(|error: Error| error.code()).unwrap_err()
}
