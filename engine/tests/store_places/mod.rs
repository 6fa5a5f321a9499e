//! Places for tests of stores: fresh directories, and a fresh prefix in the bucket of a real S3 server.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "every test binary uses its own part; a failure here is a failed test"
)]

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use futures::TryStreamExt;
use hozon_engine::store::{self, Store};
use hozon_model::StorageLocation;
use serde_json::Value;

/// A store and what must live as long as it.
pub(crate) struct Place {
    pub(crate) store: Arc<dyn Store>,
    _directory: Option<tempfile::TempDir>,
}

pub(crate) fn location(url: impl Into<String>, endpoint: Option<&str>) -> StorageLocation {
    StorageLocation {
        url: url.into(),
        endpoint: endpoint.map(str::to_owned),
        region: None,
    }
}

pub(crate) fn directory_store(path: &Path) -> Arc<dyn Store> {
    store::open(
        &location(format!("file://{}", path.display()), None),
        None,
        None,
    )
    .unwrap()
}

/// A directory with a name that is neither ASCII nor free of spaces.
pub(crate) async fn local() -> Place {
    let directory = tempfile::tempdir().unwrap();
    let store = directory_store(&directory.path().join("バックアップ 备份"));
    store.prepare().await.unwrap();
    Place {
        store,
        _directory: Some(directory),
    }
}

pub(crate) fn s3() -> Place {
    let server = S3Server::from_environment();
    let url = format!("s3://{}/{}", server.bucket, fresh_name());
    Place {
        store: server.open(&url),
        _directory: None,
    }
}

/// A real S3 server, as the scripts under `tools/` describe it.
pub(crate) struct S3Server {
    pub(crate) endpoint: String,
    pub(crate) region: Option<String>,
    pub(crate) bucket: String,
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
}

impl S3Server {
    /// Read from the file that `HOZON_TEST_S3` or `HOZON_TEST_MILVUS_S3` names.
    pub(crate) fn from_environment() -> Self {
        let file = ["HOZON_TEST_S3", "HOZON_TEST_MILVUS_S3"]
            .iter()
            .find_map(std::env::var_os)
            .expect("no S3 server to test with: run `make test`");
        let text = std::fs::read_to_string(&file).unwrap();
        let all: Value = serde_json::from_str(&text).unwrap();
        let storage = all.get("storage").unwrap_or(&all);
        let text = |key: &str| storage[key].as_str().map(str::to_owned);
        let secret_key = match text("secret_key_file") {
            Some(file) => std::fs::read_to_string(file).unwrap().trim().to_owned(),
            None => text("secret_key").unwrap(),
        };
        Self {
            endpoint: text("endpoint").unwrap(),
            region: text("region"),
            bucket: text("backup_bucket").or_else(|| text("bucket")).unwrap(),
            access_key: text("access_key").unwrap(),
            secret_key,
        }
    }

    pub(crate) fn open(&self, url: &str) -> Arc<dyn Store> {
        self.open_with(url, &self.access_key, &self.secret_key)
    }

    pub(crate) fn open_with(
        &self,
        url: &str,
        access_key: &str,
        secret_key: &str,
    ) -> Arc<dyn Store> {
        let mut location = location(url, Some(&self.endpoint));
        location.region.clone_from(&self.region);
        store::open(&location, Some(access_key), Some(secret_key)).unwrap()
    }
}

/// A name that no other test uses.
pub(crate) fn fresh_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let nanos = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_nanos();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("試験-{nanos:x}-{}-{count}", std::process::id())
}

/// Bytes that repeat only after a long way, so that misplaced pieces show.
pub(crate) fn bytes(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// Every path under a prefix, sorted.
pub(crate) async fn paths(store: &dyn Store, prefix: &str) -> Vec<String> {
    let objects: Vec<_> = store.list(prefix).try_collect().await.unwrap();
    let mut paths: Vec<_> = objects.into_iter().map(|object| object.path).collect();
    paths.sort();
    paths
}

/// Removes everything, so that servers do not fill up.
pub(crate) async fn clear(store: &dyn Store) {
    for path in paths(store, "").await {
        store.delete(&path).await.unwrap();
    }
}
