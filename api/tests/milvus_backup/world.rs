//! An engine with workers, and a client of its API.

use std::collections::BTreeSet;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use hozon_api::v1::{self, Options};
use hozon_engine::{
    Engine, EngineConfig,
    model::{StorageCredentials, StorageLocation},
    repository::{LeaseKind, Repository, manifest::Manifest},
    store::Stores,
};
use http_body_util::BodyExt;
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::{CancellationToken, DropGuard};
use tower::ServiceExt;

use crate::repository_world::{LEASE, begin, cluster, content, document, file_path};

pub(crate) struct World {
    pub(crate) engine: Engine,
    router: Router,
    /// Stops the workers with the world.
    #[allow(dead_code)]
    workers: DropGuard,
    directory: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) kind: String,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl World {
    /// Nothing in it.
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self::open(directory, options).await
    }

    /// With backups in its repository that no Milvus was needed for.
    pub(crate) async fn holding(backups: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let location = StorageLocation {
            url: format!(
                "file://{}",
                directory.path().join("data/repository").display()
            ),
            endpoint: None,
            region: None,
        };
        let store = Stores::default()
            .open(&location, &StorageCredentials::Machine)
            .unwrap();
        let repository = Repository::open(store).await.unwrap();
        for (number, id) in backups.iter().enumerate() {
            back_up(&repository, id, number as u32 + 1).await;
        }
        Self::open(directory, Options::default()).await
    }

    async fn open(directory: TempDir, options: Options) -> Self {
        let engine = Engine::open(EngineConfig::local(directory.path().join("data")))
            .await
            .unwrap();
        let stop = CancellationToken::new();
        let (working, until) = (engine.clone(), stop.clone());
        tokio::spawn(async move { working.run_workers(until).await });
        Self {
            router: v1::router(&engine, options),
            engine,
            workers: stop.drop_guard(),
            directory,
        }
    }

    /// Another process's view of the same place.
    pub(crate) async fn again(&self) -> Self {
        let directory = self.directory.path().join("data");
        let engine = Engine::open(EngineConfig::local(directory)).await.unwrap();
        Self {
            router: v1::router(&engine, Options::default()),
            engine,
            workers: CancellationToken::new().drop_guard(),
            directory: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let kind = response.headers().get(header::CONTENT_TYPE);
        Reply {
            status: response.status(),
            kind: kind
                .map(|kind| kind.to_str().unwrap().to_owned())
                .unwrap_or_default(),
            text: {
                let bytes = response.into_body().collect().await.unwrap().to_bytes();
                String::from_utf8(bytes.to_vec()).unwrap()
            },
        }
    }

    async fn ask(&self, method: Method, path: &str, body: String) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("request_id", "r-1")
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.ask(Method::GET, path, String::new()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.ask(Method::DELETE, path, String::new()).await
    }

    pub(crate) async fn post(&self, path: &str, body: impl ToString) -> Reply {
        self.ask(Method::POST, path, body.to_string()).await
    }
}

/// A backup of one collection with one file.
async fn back_up(repository: &Repository, id: &str, number: u32) {
    let lease = repository
        .lease(LeaseKind::Shared, id, LEASE)
        .await
        .unwrap();
    let mut begin = begin(id);
    begin.name = format!("nightly_{number}");
    repository.begin(&begin).await.unwrap();
    let path = Repository::data_path(&cluster(), &file_path(number));
    repository
        .store()
        .put(&path, content(number))
        .await
        .unwrap();
    let document = document(&BTreeSet::from([number]));
    let entry = repository
        .write_collection(&begin.id, 0, &document, 7)
        .await
        .unwrap();
    let manifest = Manifest {
        finished_at: begin.created_at,
        begin,
        milvus_version: "v2.3.5".to_owned(),
        collections: vec![entry],
    };
    repository
        .commit_under_lease(&manifest, &lease)
        .await
        .unwrap();
    repository.release(&lease).await.unwrap();
}
