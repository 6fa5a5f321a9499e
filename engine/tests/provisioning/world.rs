//! An engine with a hook, a backup of an empty cluster in its repository, and clusters to answer with.

use std::{fs, path::Path, time::Duration};

use hozon_engine::{
    Engine, EngineConfig, RestoreIntoNew, Result, WantedCluster,
    model::{
        Actor, AuditQuery, BackupId, JobSummary, NewCluster, ProjectId, RestoreOptions,
        StorageCredentials, StorageLocation,
    },
    provisioning::Provisioning,
    repository::{LeaseKind, Repository, manifest::Manifest},
    store::Stores,
};
use milvus::proto::milvus::{
    GetPersistentSegmentInfoResponse, GetVersionResponse, ListDatabasesResponse,
    ShowCollectionsResponse,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::{
    repository_world::{LEASE, begin},
    script::{say, serve},
};

const BACKUP: &str = "backup0_1";
pub(crate) const PASSWORD: &str = "hush-hush-hush";

pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) actor: Actor,
    pub(crate) directory: TempDir,
}

impl World {
    pub(crate) async fn with(hook: Provisioning) -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("files")).unwrap();
        back_up_nothing(directory.path()).await;
        Self {
            engine: open(directory.path(), hook).await,
            actor: Actor {
                name: "cli:root".to_owned(),
                origin: "cli".to_owned(),
            },
            directory,
        }
    }

    /// Asks for a restore into a cluster that is not there.
    pub(crate) async fn ask(&self, name: &str, same_version: bool) -> Result<RestoreIntoNew> {
        let wanted = WantedCluster {
            name: name.to_owned(),
            project_id: ProjectId::default(),
            region: "here".to_owned(),
            cu_size: 4,
            same_version,
        };
        let options = RestoreOptions::whole(BackupId::new(BACKUP));
        self.engine
            .restore_into_new_cluster(&self.actor, options, wanted)
            .await
    }

    pub(crate) async fn run(&self, job: &JobSummary) -> JobSummary {
        let never = CancellationToken::new();
        self.engine.run_job(&job.id, never).await.unwrap()
    }

    /// Asks, and runs the job to its end.
    pub(crate) async fn restored(&self, name: &str, same_version: bool) -> JobSummary {
        let restore = self.ask(name, same_version).await.unwrap();
        self.run(&restore.job).await
    }

    /// The cluster that was asked for, as a hook tells it, at an address.
    pub(crate) fn made_at(&self, address: &str) -> Value {
        json!({
            "address": address, "username": "root", "password": PASSWORD,
            "storageUrl": format!("file://{}", self.directory.path().join("files").display()),
        })
    }

    /// The same as somebody registers it.
    pub(crate) fn registration(&self, name: &str) -> NewCluster {
        NewCluster {
            name: name.to_owned(),
            address: empty_milvus(),
            storage_url: format!("file://{}", self.directory.path().join("files").display()),
            ..NewCluster::default()
        }
    }

    /// Another process in the same place.
    pub(crate) async fn again(&self, hook: Provisioning) -> Engine {
        open(self.directory.path(), hook).await
    }

    pub(crate) async fn log_of(&self, job: &JobSummary) -> String {
        let job = self.engine.job(&job.id).await.unwrap();
        let lines: Vec<String> = job.log.into_iter().map(|line| line.text).collect();
        lines.join("\n")
    }

    /// What came of every cluster that was asked for, newest first.
    pub(crate) async fn provisioned(&self) -> Vec<String> {
        let query = AuditQuery {
            page_size: 100,
            ..AuditQuery::default()
        };
        let lines = self.engine.audit_lines(&self.actor, &query).await.unwrap();
        lines
            .items
            .into_iter()
            .filter(|line| line.action == "cluster.provision")
            .map(|line| line.outcome)
            .collect()
    }

    /// Whether a word stands somewhere in the data directory, not counting repositories.
    pub(crate) fn is_written(&self, word: &str) -> bool {
        let data = self.directory.path().join("data");
        fs::read_dir(data).unwrap().any(|entry| {
            let path = entry.unwrap().path();
            path.is_file() && {
                let bytes = fs::read(path).unwrap();
                bytes
                    .windows(word.len())
                    .any(|part| part == word.as_bytes())
            }
        })
    }
}

async fn open(directory: &Path, hook: Provisioning) -> Engine {
    let config = EngineConfig {
        provisioning: Some(hook),
        lease: Duration::from_secs(1),
        ..EngineConfig::local(directory.join("data"))
    };
    Engine::open(config).await.unwrap()
}

async fn back_up_nothing(directory: &Path) {
    let location = StorageLocation {
        url: format!("file://{}", directory.join("data/repository").display()),
        ..StorageLocation::default()
    };
    let store = Stores::default()
        .open(&location, &StorageCredentials::Machine)
        .unwrap();
    let repository = Repository::open(store).await.unwrap();
    let lease = repository
        .lease(LeaseKind::Shared, BACKUP, LEASE)
        .await
        .unwrap();
    let begin = begin(BACKUP);
    repository.begin(&begin).await.unwrap();
    let manifest = Manifest {
        finished_at: begin.created_at,
        begin,
        milvus_version: "v2.3.5".to_owned(),
        collections: Vec::new(),
    };
    repository
        .commit_under_lease(&manifest, &lease)
        .await
        .unwrap();
    repository.release(&lease).await.unwrap();
}

/// The address of a Milvus with nothing in it.
pub(crate) fn empty_milvus() -> String {
    milvus_with(&[], "v2.3.5")
}

/// The address of a Milvus of a version, with collections that have no rows.
pub(crate) fn milvus_with(collections: &[&str], version: &str) -> String {
    let names = collections.iter().map(|name| (*name).to_owned());
    let databases = ListDatabasesResponse {
        db_names: vec!["default".to_owned()],
        ..Default::default()
    };
    let collections = ShowCollectionsResponse {
        collection_names: names.collect(),
        ..Default::default()
    };
    let version = GetVersionResponse {
        version: version.to_owned(),
        ..Default::default()
    };
    let script = vec![
        ("GetVersion", say(&version)),
        ("ListDatabases", say(&databases)),
        ("ShowCollections", say(&collections)),
        (
            "GetPersistentSegmentInfo",
            say(&GetPersistentSegmentInfoResponse::default()),
        ),
    ];
    format!("http://{}", serve(script, None))
}
