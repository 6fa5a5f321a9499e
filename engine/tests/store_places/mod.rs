//! Places for tests of stores: fresh directories, and fresh prefixes in the buckets of real servers.
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
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use futures::TryStreamExt;
use hozon_engine::store::{Store, StoreSettings, Stores};
use hozon_model::{CredentialParts, StorageCredentials, StorageLocation};
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

/// Stores that do not wait long for a service in trouble.
pub(crate) fn stores() -> Stores {
    Stores::new(StoreSettings {
        patience: Duration::from_secs(2),
        ..StoreSettings::default()
    })
}

pub(crate) fn directory_store(path: &Path) -> Arc<dyn Store> {
    let location = location(format!("file://{}", path.display()), None);
    stores()
        .open(&location, &StorageCredentials::Machine)
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

/// A fresh prefix on SeaweedFS.
pub(crate) fn s3() -> Place {
    Server::s3().fresh()
}

/// A fresh prefix on another server that speaks S3.
pub(crate) fn second_s3() -> Place {
    Server::second_s3().fresh()
}

/// A fresh prefix in a container of Azurite.
pub(crate) fn azure() -> Place {
    Server::azure().fresh()
}

/// A fresh prefix in a bucket of fake-gcs-server.
pub(crate) fn google() -> Place {
    Server::google().fresh()
}

/// A real server, as the scripts under `tools/` describe it.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) endpoint: String,
    pub(crate) region: Option<String>,
    /// Up to the bucket: `s3://bucket`, `az://account/container`, `gs://bucket`.
    pub(crate) bucket_url: String,
    /// Another bucket of the same server.
    pub(crate) other_url: String,
    pub(crate) credentials: StorageCredentials,
    /// What must never be repeated.
    pub(crate) secret: String,
    /// A role that lends its keys to whoever has these credentials.
    pub(crate) role_arn: Option<String>,
}

impl Server {
    pub(crate) fn s3() -> Self {
        Self::described_in(&["HOZON_TEST_S3", "HOZON_TEST_MILVUS_S3"])
    }

    pub(crate) fn second_s3() -> Self {
        Self::described_in(&["HOZON_TEST_S3_SECOND"])
    }

    pub(crate) fn azure() -> Self {
        Self::described_in(&["HOZON_TEST_AZURE"])
    }

    pub(crate) fn google() -> Self {
        Self::described_in(&["HOZON_TEST_GOOGLE"])
    }

    /// Read from the file that one of these variables names.
    fn described_in(variables: &[&str]) -> Self {
        let file = variables
            .iter()
            .find_map(std::env::var_os)
            .unwrap_or_else(|| panic!("{variables:?}: no server to test with: run `make test`"));
        let text = std::fs::read_to_string(&file).unwrap();
        let all: Value = serde_json::from_str(&text).unwrap();
        let storage = all.get("storage").unwrap_or(&all);
        let text = |key: &str| storage[key].as_str().map(str::to_owned);
        let secret_key = text("secret_key_file")
            .map(|file| std::fs::read_to_string(file).unwrap().trim().to_owned());
        let s3 = |bucket: String| format!("s3://{bucket}");
        let bucket_url = text("bucket_url")
            .or_else(|| text("backup_bucket").map(s3))
            .unwrap();
        let other_url = text("other_bucket_url")
            .or_else(|| text("milvus_bucket").or_else(|| text("bucket")).map(s3))
            .unwrap();
        let secret = secret_key.clone().unwrap_or_else(|| "no secret".to_owned());
        let parts = CredentialParts {
            access_key: text("access_key"),
            secret_key,
            ..CredentialParts::default()
        };
        Self {
            endpoint: text("endpoint").unwrap(),
            region: text("region"),
            credentials: parts.into_credentials(&bucket_url).unwrap(),
            bucket_url,
            other_url,
            secret,
            role_arn: text("role_arn"),
        }
    }

    pub(crate) fn fresh(&self) -> Place {
        Place {
            store: self.open(&format!("{}/{}", self.bucket_url, fresh_name())),
            _directory: None,
        }
    }

    /// A fresh prefix in the other bucket.
    pub(crate) fn fresh_elsewhere(&self) -> Place {
        Place {
            store: self.open(&format!("{}/{}", self.other_url, fresh_name())),
            _directory: None,
        }
    }

    pub(crate) fn open(&self, url: &str) -> Arc<dyn Store> {
        self.open_with(url, &self.credentials)
    }

    pub(crate) fn open_with(&self, url: &str, credentials: &StorageCredentials) -> Arc<dyn Store> {
        let mut location = location(url, Some(&self.endpoint));
        location.region.clone_from(&self.region);
        stores().open(&location, credentials).unwrap()
    }

    /// The same server, reached by another address.
    pub(crate) fn at(&self, endpoint: &str) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            ..self.clone()
        }
    }
}

/// Keys of S3.
pub(crate) fn keys(access_key: &str, secret_key: &str) -> StorageCredentials {
    StorageCredentials::S3Keys {
        access_key: access_key.to_owned(),
        secret_key: secret_key.to_owned(),
        session_token: None,
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
