//! Two projects with the same things in each, none of which answers.

use std::path::Path;

use hozon_model::{
    Actor, BackupId, BackupMethod, BackupScope, Cluster, ClusterId, DeploymentOption, Grant,
    IntegrationId, JobId, JobKind, JobSummary, NewApiKey, NewIntegration, NewProject, NewUser,
    PolicyOptions, ProjectPlan, Retention, Role, Schedule, Scope, StorageLocation, User,
    VerifyOptions,
};
use jiff::Timestamp;
use tempfile::TempDir;

use crate::{
    Engine, EngineConfig, Error, ErrorCode, Result,
    access::Caller,
    commands::ClusterSecrets,
    repository::manifest::{Begin, FORMAT, Manifest},
};

/// The things of one project.
pub(super) struct Part {
    pub(super) project: String,
    pub(super) scope: Scope,
    pub(super) cluster: ClusterId,
    pub(super) backup: BackupId,
    pub(super) integration: IntegrationId,
    /// An export that waits.
    pub(super) waiting: JobId,
    /// A verification that was canceled.
    pub(super) canceled: JobId,
}

pub(super) struct World {
    pub(super) directory: TempDir,
    pub(super) engine: Engine,
    pub(super) operator: Actor,
    pub(super) own: Part,
    pub(super) other: Part,
}

impl World {
    pub(super) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let engine = Engine::open(EngineConfig::local(directory.path()))
            .await
            .unwrap();
        let operator = Actor {
            name: "cli:root".to_owned(),
            origin: "cli".to_owned(),
        };
        for name in ["keeper", "victim"] {
            let new = NewUser {
                name: name.to_owned(),
                grants: vec![Grant::owner()],
                password: None,
            };
            engine.create_user(&operator, new).await.unwrap();
        }
        let own = part(&engine, &operator, directory.path(), "own").await;
        let other = part(&engine, &operator, directory.path(), "other").await;
        Self {
            directory,
            engine,
            operator,
            own,
            other,
        }
    }

    /// Somebody with these grants.
    pub(super) async fn caller(&self, grants: Vec<Grant>) -> Caller {
        let user = User {
            name: "somebody".to_owned(),
            grants,
            created_at: Timestamp::now(),
            has_password: false,
            has_totp: false,
            has_identity: false,
        };
        self.engine.caller_of(&user, "test").await.unwrap()
    }
}

/// Why it was refused.
pub(super) fn code<T>(outcome: Result<T>) -> ErrorCode {
    outcome.map_err(|error: Error| error.code()).err().unwrap()
}

pub(super) fn new_key(name: &str, role: Role, scope: Option<Scope>) -> NewApiKey {
    NewApiKey {
        name: name.to_owned(),
        grants: vec![Grant { role, scope }],
        expires_at: None,
    }
}

pub(super) fn policy() -> PolicyOptions {
    PolicyOptions {
        schedule: Schedule::Cron {
            expression: "@yearly".to_owned(),
        },
        time_zone: "UTC".to_owned(),
        retention: Retention::default(),
        copies: Vec::new(),
    }
}

async fn part(engine: &Engine, operator: &Actor, directory: &Path, name: &str) -> Part {
    let project = NewProject {
        name: name.to_owned(),
        plan: ProjectPlan::Standard,
    };
    let project = engine.create_project(operator, project).await.unwrap();
    let cluster = Cluster {
        id: ClusterId::new(format!("in01-{name}")),
        name: format!("cluster-{name}"),
        project_id: project.id.clone(),
        deployment_option: DeploymentOption::Dedicated,
        cloud_region: None,
        address: "http://127.0.0.1:1".to_owned(),
        username: None,
        storage: StorageLocation {
            url: "file:///nowhere".to_owned(),
            endpoint: None,
            region: None,
        },
        created_at: Timestamp::now(),
        milvus_version: None,
    };
    let secrets = ClusterSecrets::default();
    let sealed = engine.core().seal_cluster(&cluster.id, &secrets).await;
    let catalog = engine.catalog();
    catalog
        .add_cluster(&cluster, &sealed.unwrap())
        .await
        .unwrap();
    let backup = BackupId::new(format!("backup0_{name}"));
    let manifest = Manifest {
        begin: Begin {
            format: FORMAT,
            id: backup.clone(),
            name: format!("backup-{name}"),
            cluster_id: cluster.id.clone(),
            cluster_name: cluster.name.clone(),
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
    catalog.record_manifest(&manifest).await.unwrap();
    let exports = directory.join(format!("exports-{name}"));
    std::fs::create_dir(&exports).unwrap();
    let integration = NewIntegration {
        name: format!("integration-{name}"),
        project: Some(name.to_owned()),
        storage_url: format!("file://{}", exports.display()),
        ..NewIntegration::default()
    };
    let integration = engine.add_integration(operator, integration).await.unwrap();
    engine
        .set_policy(operator, &cluster.name, policy())
        .await
        .unwrap();
    let canceled = verification(engine, operator, &backup).await;
    engine.cancel_job(operator, &canceled.id).await.unwrap();
    let waiting = verification(engine, operator, &backup).await;
    assert_eq!(waiting.kind, JobKind::Verify);
    Part {
        project: project.name,
        scope: Scope {
            project_id: project.id,
            cluster_ids: Vec::new(),
        },
        cluster: cluster.id,
        backup,
        integration: integration.id,
        waiting: waiting.id,
        canceled: canceled.id,
    }
}

async fn verification(engine: &Engine, operator: &Actor, backup: &BackupId) -> JobSummary {
    let options = VerifyOptions {
        backup_id: backup.clone(),
        level: hozon_model::ProofLevel::List,
    };
    engine.verify_backup(operator, options).await.unwrap()
}
