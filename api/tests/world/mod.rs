//! An engine with workers, and a client of its APIs.
#![allow(dead_code)] // every test binary takes its own part of it

#[path = "../../../engine/tests/repository_world/mod.rs"]
mod repository_world;
pub(crate) mod routes;
#[path = "../../../engine/tests/milvus_answers/script.rs"]
mod script;
#[path = "../../../engine/tests/support/mod.rs"]
pub(crate) mod support;

use std::collections::BTreeSet;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use hozon_engine::{
    Engine, EngineConfig,
    model::{Actor, Cluster, Grant, NewApiKey, NewCluster, StorageCredentials, StorageLocation},
    repository::{LeaseKind, Repository, manifest::Manifest},
    store::Stores,
};
use http_body_util::BodyExt;
use milvus::proto::milvus::{ListDatabasesResponse, ShowCollectionsResponse};
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::{CancellationToken, DropGuard};
use tower::ServiceExt;

use self::repository_world::{LEASE, begin, cluster, content, document, file_path};
use self::support::Server;

/// The cluster that backups in the repository name; it is not registered.
pub(crate) const CLUSTER: &str = "in01-0123456789abcde";

/// Where an API begins, and how a router of it is made.
pub(crate) type Api = (&'static str, fn(&Engine) -> Router);

pub(crate) struct World {
    pub(crate) engine: Engine,
    api: Api,
    router: Router,
    headers: Vec<(&'static str, String)>,
    /// Stops the workers with the world.
    workers: DropGuard,
    directory: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl World {
    /// Nothing in it.
    pub(crate) async fn new(api: Api) -> Self {
        Self::open(tempfile::tempdir().unwrap(), api, |_| {}).await
    }

    /// With backups in its repository that no Milvus was needed for: `nightly_1`, `nightly_2`, …
    pub(crate) async fn holding(api: Api, backups: &[&str]) -> Self {
        Self::configured(api, backups, |_| {}).await
    }

    /// The same, with an engine that is told more.
    pub(crate) async fn configured(
        api: Api,
        backups: &[&str],
        set: impl FnOnce(&mut EngineConfig),
    ) -> Self {
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
        Self::open(directory, api, set).await
    }

    async fn open(directory: TempDir, api: Api, set: impl FnOnce(&mut EngineConfig)) -> Self {
        let mut config = EngineConfig::local(directory.path().join("data"));
        set(&mut config);
        let engine = Engine::open(config).await.unwrap();
        let stop = CancellationToken::new();
        let (working, until) = (engine.clone(), stop.clone());
        tokio::spawn(async move { working.run_workers(until).await });
        Self {
            router: api.1(&engine),
            api,
            engine,
            headers: Vec::new(),
            workers: stop.drop_guard(),
            directory,
        }
    }

    /// Another process's view of the same place.
    pub(crate) async fn again(&self) -> Self {
        let directory = self.directory.path().join("data");
        let engine = Engine::open(EngineConfig::local(directory)).await.unwrap();
        Self {
            router: self.api.1(&engine),
            api: self.api,
            engine,
            headers: self.headers.clone(),
            workers: CancellationToken::new().drop_guard(),
            directory: tempfile::tempdir().unwrap(),
        }
    }

    /// Sends none of the headers that were named before.
    pub(crate) fn without_headers(mut self) -> Self {
        self.headers.clear();
        self
    }

    /// Sends a header with every request from now on.
    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Sends a new API key of these grants with every request from now on.
    pub(crate) async fn with_key(self, name: &str, grants: Vec<Grant>) -> Self {
        let actor = Actor {
            name: "test".into(),
            origin: "test".into(),
        };
        let new = NewApiKey {
            name: name.into(),
            grants,
            expires_at: None,
        };
        let made = self.engine.create_key(&actor, new).await.unwrap();
        self.with_header("authorization", format!("Bearer {}", made.secret))
    }

    /// Registers a real Milvus.
    pub(crate) async fn register(&self, server: &Server, name: &str) -> Cluster {
        let actor = Actor {
            name: "test".into(),
            origin: "test".into(),
        };
        let new = NewCluster {
            name: name.into(),
            address: server.address.clone(),
            username: Some(server.username.clone()),
            password: Some(server.password()),
            storage_url: server.storage.url.clone(),
            ..NewCluster::default()
        };
        self.engine.add_cluster(&actor, new).await.unwrap()
    }

    /// Registers a Milvus with nothing in it: a small server in its place.
    pub(crate) async fn register_empty(&self, name: &str) -> Cluster {
        let databases = ListDatabasesResponse {
            db_names: vec!["default".to_owned()],
            ..Default::default()
        };
        let nothing = ShowCollectionsResponse::default();
        let answers = vec![
            ("ListDatabases", script::say(&databases)),
            ("ShowCollections", script::say(&nothing)),
        ];
        let files = self.directory.path().join(name);
        std::fs::create_dir(&files).unwrap();
        let actor = Actor {
            name: "test".into(),
            origin: "test".into(),
        };
        let new = NewCluster {
            name: name.into(),
            address: format!("http://{}", script::serve(answers, None)),
            storage_url: format!("file://{}", files.display()),
            ..NewCluster::default()
        };
        self.engine.add_cluster(&actor, new).await.unwrap()
    }

    pub(crate) fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        Reply {
            status: response.status(),
            headers: response.headers().clone(),
            text: {
                let bytes = response.into_body().collect().await.unwrap().to_bytes();
                String::from_utf8(bytes.to_vec()).unwrap()
            },
        }
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: String) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.api.0))
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
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
