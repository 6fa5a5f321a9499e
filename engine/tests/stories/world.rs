//! The real servers, and an engine of its own for each test.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use hozon_engine::{
    Engine, EngineConfig, Error, RepositoryConfig, Result,
    model::{
        Actor, BackupOptions, Cluster, CollectionName, CredentialParts, Integration, JobState,
        JobSummary, NewCluster, NewIntegration, RestoreOptions, StorageCredentials,
        StorageLocation,
    },
    source::{
        Milvus,
        milvus::{MilvusAddress, connect},
    },
    store::{Store, Stores},
};
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// A Milvus that `tools/milvus` started, with sample data in it.
pub(crate) struct Server {
    file: String,
    facts: Value,
}

impl Server {
    /// The one whose files lie in a directory.
    pub(crate) fn local() -> Self {
        Self::named_by("HOZON_TEST_MILVUS_LOCAL")
    }

    /// The one whose files lie on an S3 server.
    pub(crate) fn s3() -> Self {
        Self::named_by("HOZON_TEST_MILVUS_S3")
    }

    fn named_by(variable: &str) -> Self {
        let file = std::env::var(variable)
            .unwrap_or_else(|_| panic!("{variable} is not set: run `make test`"));
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        Self {
            facts: serde_json::from_str(&text).unwrap(),
            file,
        }
    }

    /// The file that describes it.
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    fn text(&self, pointer: &str) -> Option<String> {
        self.facts
            .pointer(pointer)
            .and_then(Value::as_str)
            .map(str::to_owned)
    }

    fn secret(&self, pointer: &str) -> Option<String> {
        self.text(pointer)
            .map(|file| fs::read_to_string(file).unwrap().trim().to_owned())
    }

    /// What opens this server's storage.
    fn credentials(&self) -> StorageCredentials {
        let parts = CredentialParts {
            access_key: self.text("/storage/access_key"),
            secret_key: self.secret("/storage/secret_key_file"),
            ..CredentialParts::default()
        };
        let url = self.text("/storage/url").unwrap();
        parts.into_credentials(&url).unwrap()
    }

    /// The access key of its S3 storage, and its secret.
    pub(crate) fn keys(&self) -> (String, String) {
        let secret = self.secret("/storage/secret_key_file");
        (self.text("/storage/access_key").unwrap(), secret.unwrap())
    }

    /// What registers this server.
    pub(crate) fn registration(&self, name: &str) -> NewCluster {
        NewCluster {
            name: name.to_owned(),
            address: self.text("/address").unwrap(),
            username: self.text("/username"),
            password: self.secret("/password_file"),
            storage_url: self.text("/storage/url").unwrap(),
            storage_endpoint: self.text("/storage/endpoint"),
            storage_region: self.text("/storage/region"),
            storage_credentials: self.credentials(),
            ..NewCluster::default()
        }
    }

    /// A repository of its own in the server's backup bucket.
    pub(crate) fn repository(&self) -> RepositoryConfig {
        let unique = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap()
            .as_nanos();
        RepositoryConfig {
            location: StorageLocation {
                url: format!(
                    "s3://{}/stories-{unique}",
                    self.text("/storage/backup_bucket").unwrap()
                ),
                endpoint: self.text("/storage/endpoint"),
                region: self.text("/storage/region"),
            },
            credentials: self.credentials(),
        }
    }

    /// A place of its own in the server's backup bucket, for exports.
    pub(crate) fn integration(&self) -> NewIntegration {
        let RepositoryConfig {
            location,
            credentials,
        } = self.repository();
        NewIntegration {
            storage_url: location.url,
            endpoint: location.endpoint,
            region: location.region,
            credentials,
            ..NewIntegration::default()
        }
    }

    /// The same with another secret key.
    pub(crate) fn integration_with_key(&self, secret_key: &str) -> NewIntegration {
        let credentials = StorageCredentials::S3Keys {
            access_key: self.text("/storage/access_key").unwrap(),
            secret_key: secret_key.to_owned(),
            session_token: None,
        };
        NewIntegration {
            credentials,
            ..self.integration()
        }
    }

    /// A place in the server's backup bucket, past the engine.
    pub(crate) fn store_at(&self, url: &str) -> Arc<dyn Store> {
        let location = StorageLocation {
            url: url.to_owned(),
            ..self.repository().location
        };
        Stores::default()
            .open(&location, &self.credentials())
            .unwrap()
    }

    /// A connection past the engine, to look and to tidy up.
    pub(crate) async fn connect(&self) -> Arc<dyn Milvus> {
        let new = self.registration("direct");
        let user = new
            .username
            .map(|user| (user, new.password.unwrap_or_default()));
        connect(&MilvusAddress {
            url: new.address,
            user,
            token: None,
            ca_certificate: None,
        })
        .await
        .unwrap()
    }
}

/// An engine with a data directory of its own.
pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) actor: Actor,
    pub(crate) directory: TempDir,
}

impl World {
    /// With a repository in its own directory.
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let config = EngineConfig::local(directory.path().join("data"));
        Self::open(directory, config).await.unwrap()
    }

    /// With a repository elsewhere.
    pub(crate) async fn with_repository(repository: RepositoryConfig) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let config = EngineConfig {
            repository,
            ..EngineConfig::local(directory.path().join("data"))
        };
        Self::open(directory, config).await.unwrap()
    }

    /// As configured.
    pub(crate) async fn open(directory: TempDir, config: EngineConfig) -> Result<Self> {
        let engine = Engine::open(config).await?;
        Ok(Self {
            engine,
            actor: Actor {
                name: "story".into(),
                origin: "test".into(),
            },
            directory,
        })
    }

    pub(crate) fn repository_directory(&self) -> std::path::PathBuf {
        self.directory.path().join("data/repository")
    }

    pub(crate) async fn add(&self, server: &Server) -> Cluster {
        self.engine
            .add_cluster(&self.actor, server.registration("milvus"))
            .await
            .unwrap()
    }

    /// Runs a job to its end.
    pub(crate) async fn run(&self, job: &JobSummary) -> JobSummary {
        self.engine
            .run_job(&job.id, CancellationToken::new())
            .await
            .unwrap()
    }

    /// Runs a job that must succeed.
    pub(crate) async fn succeed(&self, job: Result<JobSummary>) -> JobSummary {
        let ended = self.run(&job.unwrap()).await;
        if ended.state != JobState::Successful {
            let log = self.engine.job(&ended.id).await.unwrap().log;
            panic!(
                "{:?} {:?}: {:?}\n{log:#?}",
                ended.kind, ended.state, ended.reason
            );
        }
        ended
    }

    /// Runs a job that must fail, and says why it did.
    pub(crate) async fn fail(&self, job: Result<JobSummary>) -> Error {
        let ended = self.run(&job.unwrap()).await;
        assert_eq!(ended.state, JobState::Failed, "{ended:#?}");
        Error::from(ended.reason.expect("a failed job has a reason"))
    }

    /// A backup of chosen collections.
    pub(crate) async fn back_up(
        &self,
        cluster: &Cluster,
        name: &str,
        collections: &[&str],
    ) -> JobSummary {
        self.succeed(
            self.engine
                .create_backup(&self.actor, backup(cluster, name, collections))
                .await,
        )
        .await
    }
}

/// A directory, past the engine.
pub(crate) fn directory_store(directory: &Path) -> Arc<dyn Store> {
    let location = StorageLocation {
        url: format!("file://{}", directory.display()),
        endpoint: None,
        region: None,
    };
    Stores::default()
        .open(&location, &StorageCredentials::Machine)
        .unwrap()
}

/// An integration with an empty directory.
pub(crate) async fn directory_integration(world: &World) -> (Integration, PathBuf) {
    let directory = world.directory.path().join("exports");
    fs::create_dir(&directory).unwrap();
    let new = NewIntegration {
        name: "exports".into(),
        storage_url: format!("file://{}", directory.display()),
        ..NewIntegration::default()
    };
    let made = world.engine.add_integration(&world.actor, new).await;
    (made.unwrap(), directory)
}

pub(crate) fn backup(cluster: &Cluster, name: &str, collections: &[&str]) -> BackupOptions {
    BackupOptions {
        cluster_id: cluster.id.clone(),
        name: Some(name.to_owned()),
        database: None,
        collections: names(collections),
        copies: Vec::new(),
        bandwidth_limit: None,
    }
}

pub(crate) fn restore(job: &JobSummary, suffix: &str) -> RestoreOptions {
    RestoreOptions {
        suffix: suffix.to_owned(),
        ..RestoreOptions::whole(job.backup_id.clone().unwrap())
    }
}

pub(crate) fn names(collections: &[&str]) -> Vec<CollectionName> {
    collections
        .iter()
        .map(|name| name.parse().unwrap())
        .collect()
}

/// Every file under a directory with its bytes.
pub(crate) fn snapshot(directory: &Path) -> HashMap<std::path::PathBuf, Vec<u8>> {
    let mut found = HashMap::new();
    let mut left = vec![directory.to_owned()];
    while let Some(directory) = left.pop() {
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            if entry.file_type().unwrap().is_dir() {
                left.push(entry.path());
            } else {
                found.insert(entry.path(), fs::read(entry.path()).unwrap());
            }
        }
    }
    found
}

/// A suffix that no other run uses.
pub(crate) fn suffix() -> String {
    let unique = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_nanos();
    format!("_story{}", unique % 1_000_000_000_000)
}

/// Drops restored collections.
pub(crate) async fn drop_all(milvus: &dyn Milvus, targets: &[CollectionName]) {
    for target in targets {
        milvus.drop_collection(target).await.unwrap();
    }
}
