//! What tests against real servers share: where the servers are, and a plain client that writes rows.
#![allow(dead_code)] // every test binary takes its own part of it

pub(crate) mod backup;
pub(crate) mod rows;

use std::{path::PathBuf, sync::Arc};

use hozon_engine::{
    model::{CollectionName, CredentialParts, StorageLocation},
    source::{
        Milvus,
        milvus::{MilvusAddress, connect},
    },
    store::{Store, Stores},
};
use serde::Deserialize;

/// A server as `tools/milvus start NAME` describes it in `.hozon/NAME/milvus.json`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Server {
    pub(crate) address: String,
    pub(crate) username: String,
    pub(crate) password_file: PathBuf,
    pub(crate) storage: Storage,
    pub(crate) data_dir: PathBuf,
}

/// Where a server keeps its segments.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Storage {
    pub(crate) kind: String,
    /// `file:///…` or `s3://bucket/root`.
    pub(crate) url: String,
    pub(crate) endpoint: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) bucket: Option<String>,
    pub(crate) root: Option<String>,
    pub(crate) access_key: Option<String>,
    pub(crate) secret_key_file: Option<PathBuf>,
    pub(crate) backup_bucket: Option<String>,
    pub(crate) backup_url: Option<String>,
}

impl Server {
    /// The server with segments on the local disk.
    pub(crate) fn local() -> Self {
        Self::from_variable("HOZON_TEST_MILVUS_LOCAL")
    }

    /// The server with segments on S3.
    pub(crate) fn s3() -> Self {
        Self::from_variable("HOZON_TEST_MILVUS_S3")
    }

    fn from_variable(name: &str) -> Self {
        let path =
            std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `make test`"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn password(&self) -> String {
        std::fs::read_to_string(&self.password_file)
            .expect("the password file")
            .trim()
            .to_owned()
    }

    pub(crate) fn milvus_address(&self) -> MilvusAddress {
        MilvusAddress {
            url: self.address.clone(),
            user: Some((self.username.clone(), self.password())),
            token: None,
            ca_certificate: None,
        }
    }

    pub(crate) async fn connect(&self) -> Arc<dyn Milvus> {
        connect(&self.milvus_address()).await.expect("a connection")
    }

    /// The store that holds the server's own segments.
    pub(crate) fn store(&self) -> Arc<dyn Store> {
        let location = StorageLocation {
            url: self.storage.url.clone(),
            endpoint: self.storage.endpoint.clone(),
            region: self.storage.region.clone(),
        };
        let secret = self
            .storage
            .secret_key_file
            .as_ref()
            .map(|path| std::fs::read_to_string(path).expect("the secret key's file"));
        let parts = CredentialParts {
            access_key: self.storage.access_key.clone(),
            secret_key: secret.map(|secret| secret.trim().to_owned()),
            ..CredentialParts::default()
        };
        let credentials = parts.into_credentials(&location.url).expect("keys");
        Stores::default()
            .open(&location, &credentials)
            .expect("a store")
    }
}

/// A name no other test uses.
pub(crate) fn unique(name: &str) -> CollectionName {
    CollectionName {
        database: "default".to_owned(),
        name: format!("{name}_{}", suffix()),
    }
}

/// Letters that make a name unique.
pub(crate) fn suffix() -> String {
    let mut bytes = [0_u8; 4];
    getrandom::fill(&mut bytes).expect("random bytes");
    format!("{:08x}", u32::from_le_bytes(bytes))
}

/// Runs a test body and drops the collections that begin with one of the names afterwards, whether it passed or not.
pub(crate) async fn dropping<F: Future<Output = ()>>(
    milvus: &Arc<dyn Milvus>,
    names: &[&CollectionName],
    body: F,
) {
    use futures::FutureExt as _;
    let outcome = std::panic::AssertUnwindSafe(body).catch_unwind().await;
    for name in names {
        if let Err(error) = milvus.drop_collection(name).await {
            eprintln!("{name} stays behind: {error}");
        }
    }
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}
