use hozon_model::{
    Actor, AuditQuery, BackupId, BackupMethod, BackupScope, Cluster, ClusterId, CopyOptions,
    DeleteOptions, DeploymentOption, ExportFormat, ExportOptions, NewCopyRepository,
    NewIntegration, ProjectId, ProofLevel, StorageLocation, VerifyOptions,
};
use jiff::Timestamp;
use tempfile::TempDir;

use super::*;
use crate::{
    EngineConfig,
    commands::ClusterSecrets,
    repository::manifest::{Begin, FORMAT, Manifest},
};

fn operator() -> Actor {
    Actor {
        name: "cli:root".to_owned(),
        origin: "cli".to_owned(),
    }
}

fn place(directory: &TempDir, name: &str) -> StorageLocation {
    let path = directory.path().join(name);
    std::fs::create_dir_all(&path).unwrap();
    StorageLocation {
        url: format!("file://{}", path.display()),
        ..StorageLocation::default()
    }
}

/// An engine with a cluster that does not answer and a backup of it.
async fn engine() -> (TempDir, Engine, BackupId) {
    let directory = tempfile::tempdir().unwrap();
    let engine = Engine::open(EngineConfig::local(directory.path()))
        .await
        .unwrap();
    let cluster = Cluster {
        id: ClusterId::new("in01-a"),
        name: "main".to_owned(),
        project_id: ProjectId::default(),
        deployment_option: DeploymentOption::Dedicated,
        cloud_region: None,
        address: "http://127.0.0.1:1".to_owned(),
        username: None,
        storage: place(&directory, "milvus"),
        created_at: Timestamp::now(),
        milvus_version: None,
    };
    let sealed = engine
        .core()
        .seal_cluster(&cluster.id, &ClusterSecrets::default())
        .await
        .unwrap();
    engine
        .catalog()
        .add_cluster(&cluster, &sealed)
        .await
        .unwrap();
    let backup = BackupId::new("backup0_1");
    let manifest = Manifest {
        begin: Begin {
            format: FORMAT,
            id: backup.clone(),
            name: "nightly".to_owned(),
            cluster_id: cluster.id.clone(),
            cluster_name: cluster.name,
            scope: BackupScope::Cluster,
            created_by: "admin".to_owned(),
            method: BackupMethod::Manual,
            created_at: Timestamp::now(),
            adopted: None,
        },
        finished_at: Timestamp::now(),
        milvus_version: "v2.3.5".to_owned(),
        collections: Vec::new(),
    };
    engine.catalog().record_manifest(&manifest).await.unwrap();
    (directory, engine, backup)
}

async fn canceled(engine: &Engine, job: Result<JobSummary>) -> JobId {
    let id = job.unwrap().id;
    engine.cancel_job(&operator(), &id).await.unwrap();
    id
}

#[tokio::test]
async fn what_was_canceled_is_done_again_with_the_same_options() {
    let (directory, engine, backup_id) = engine().await;
    let actor = operator();
    let integration = NewIntegration {
        name: "exports".to_owned(),
        storage_url: place(&directory, "exports").url,
        ..NewIntegration::default()
    };
    let integration = engine.add_integration(&actor, integration).await.unwrap();
    let verify = VerifyOptions {
        backup_id: backup_id.clone(),
        level: ProofLevel::Read,
    };
    let verify = canceled(&engine, engine.verify_backup(&actor, verify).await).await;
    let repository = NewCopyRepository {
        name: "far".to_owned(),
        storage: place(&directory, "copies"),
        ..NewCopyRepository::default()
    };
    engine.add_repository(&actor, repository).await.unwrap();
    let copy = CopyOptions {
        backup_id: backup_id.clone(),
        repository: "far".to_owned(),
        bandwidth_limit: None,
    };
    let copy = canceled(&engine, engine.copy_backup(&actor, copy).await).await;
    let export = ExportOptions {
        backup_id,
        integration_id: integration.id,
        directory: "weekly".to_owned(),
        format: ExportFormat::MilvusBackup,
        bandwidth_limit: None,
    };
    let export = canceled(&engine, engine.export_backup(&actor, export).await).await;
    for id in [verify, copy, export] {
        let again = engine.retry_job(&actor, &id).await.unwrap();
        assert_ne!(again.id, id);
        assert_eq!(again.retry_of, Some(id.clone()));
        assert_eq!(again.state, JobState::Pending);
        let before = engine.job(&id).await.unwrap().summary;
        assert_eq!(before.kind, again.kind);
        assert_eq!(before.retry_of, None);
        let catalog = engine.catalog();
        assert_eq!(
            catalog.job_options(&id).await.unwrap(),
            catalog.job_options(&again.id).await.unwrap()
        );
        let line = engine.audit_lines(&actor, &AuditQuery::default()).await;
        let line = line.unwrap().items.remove(0);
        assert_eq!((&*line.action, &*line.target), ("job.retry", id.as_str()));
    }
}

#[tokio::test]
async fn what_is_not_done_again() {
    let (_directory, engine, backup_id) = engine().await;
    let actor = operator();
    let verify = VerifyOptions {
        backup_id: backup_id.clone(),
        level: ProofLevel::List,
    };
    let waiting = engine.verify_backup(&actor, verify).await.unwrap();
    let refused = engine.retry_job(&actor, &waiting.id).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::JobNotRetryable);
    engine.cancel_job(&actor, &waiting.id).await.unwrap();

    let delete = DeleteOptions {
        backup_id,
        repository: None,
    };
    let delete = canceled(&engine, engine.delete_backup(&actor, delete).await).await;
    let refused = engine.retry_job(&actor, &delete).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::JobNotRetryable);
    let unknown = engine.retry_job(&actor, &JobId::new("job-none")).await;
    assert_eq!(unknown.unwrap_err().code(), ErrorCode::JobNotFound);
}

/// The cluster is asked again before anything is put into the queue.
#[tokio::test]
async fn a_backup_is_tried_as_it_was_the_first_time() {
    let (_directory, engine, _) = engine().await;
    let actor = operator();
    let backup = crate::catalog::NewBackup {
        id: BackupId::new("backup0_2"),
        name: "before the upgrade".to_owned(),
        cluster_id: ClusterId::new("in01-a"),
        cluster_name: "main".to_owned(),
        scope: BackupScope::Cluster,
        method: BackupMethod::Manual,
    };
    let options = hozon_model::BackupOptions {
        cluster_id: backup.cluster_id.clone(),
        name: Some(backup.name.clone()),
        database: None,
        collections: Vec::new(),
        copies: Vec::new(),
        bandwidth_limit: None,
    };
    let cluster = Some(backup.cluster_id.clone());
    let job =
        crate::backups::new_job(&actor, JobKind::Backup, &options, &backup.id, cluster).unwrap();
    let job = canceled(&engine, engine.queue().enqueue(&job, Some(&backup)).await).await;
    let refused = engine.retry_job(&actor, &job).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ClusterUnreachable);
}
