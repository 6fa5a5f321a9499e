//! A cluster with its connections: what every verb but deletion starts with.

use std::sync::Arc;

use hozon_model::{Cluster, NewCluster};
use serde::{Deserialize, Serialize};

use crate::{
    Error, ErrorCode, Result,
    core::Core,
    source::{
        Milvus,
        milvus::{MilvusAddress, connect},
    },
    store::{self, Store},
};

/// What a cluster's row keeps sealed.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct ClusterSecrets {
    pub(crate) password: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) ca_certificate: Option<String>,
    pub(crate) storage_access_key: Option<String>,
    pub(crate) storage_secret_key: Option<String>,
}

impl From<&NewCluster> for ClusterSecrets {
    fn from(new: &NewCluster) -> Self {
        Self {
            password: new.password.clone(),
            token: new.token.clone(),
            ca_certificate: new.ca_certificate.clone(),
            storage_access_key: new.storage_access_key.clone(),
            storage_secret_key: new.storage_secret_key.clone(),
        }
    }
}

/// A cluster that answers, and the store its files lie on.
#[derive(Clone, Debug)]
pub(crate) struct OpenCluster {
    pub(crate) cluster: Cluster,
    pub(crate) milvus: Arc<dyn Milvus>,
    pub(crate) store: Arc<dyn Store>,
}

/// How Milvus is reached, from what is stored of a cluster.
pub(crate) fn milvus_address(cluster: &Cluster, secrets: &ClusterSecrets) -> MilvusAddress {
    MilvusAddress {
        url: cluster.address.clone(),
        user: cluster
            .username
            .clone()
            .map(|user| (user, secrets.password.clone().unwrap_or_default())),
        token: secrets.token.clone(),
        ca_certificate: secrets.ca_certificate.clone(),
    }
}

/// The store of a cluster's files.
pub(crate) fn cluster_store(cluster: &Cluster, secrets: &ClusterSecrets) -> Result<Arc<dyn Store>> {
    store::open(
        &cluster.storage,
        secrets.storage_access_key.as_deref(),
        secrets.storage_secret_key.as_deref(),
    )
}

impl Core {
    /// A registered cluster with its secrets.
    pub(crate) async fn cluster_with_secrets(
        &self,
        id_or_name: &str,
    ) -> Result<(Cluster, ClusterSecrets)> {
        let (cluster, sealed) = self.catalog().cluster(id_or_name).await?.ok_or_else(|| {
            Error::new(ErrorCode::ClusterNotFound, id_or_name)
                .hint("run `hozon cluster list` to see the registered clusters")
        })?;
        let plain = self.secrets().unseal(cluster.id.as_str(), &sealed)?;
        let secrets = serde_json::from_slice(&plain).map_err(|error| {
            Error::new(ErrorCode::CatalogFailed, cluster.name.as_str()).caused_by(error)
        })?;
        Ok((cluster, secrets))
    }

    /// Connects to a registered cluster and opens its store.
    pub(crate) async fn open_cluster(&self, id_or_name: &str) -> Result<OpenCluster> {
        let (cluster, secrets) = self.cluster_with_secrets(id_or_name).await?;
        let milvus = connect(&milvus_address(&cluster, &secrets)).await?;
        let store = cluster_store(&cluster, &secrets)?;
        Ok(OpenCluster {
            cluster,
            milvus,
            store,
        })
    }
}
