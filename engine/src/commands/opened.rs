//! A cluster with its connections: what every verb but deletion starts with.

use std::sync::Arc;

use hozon_model::{Cluster, ClusterId, NewCluster, StorageCredentials};
use serde::{Deserialize, Serialize};

use crate::{
    Error, ErrorCode, Result,
    core::Core,
    source::{
        Milvus,
        milvus::{MilvusAddress, connect},
    },
    store::{Bandwidth, Store, limited},
};

/// What a cluster's row keeps sealed.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct ClusterSecrets {
    pub(crate) password: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) ca_certificate: Option<String>,
    #[serde(default)]
    storage: Option<StorageCredentials>,
    /// Where the keys were kept before there were other services than S3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    storage_access_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    storage_secret_key: Option<String>,
}

impl From<&NewCluster> for ClusterSecrets {
    fn from(new: &NewCluster) -> Self {
        Self {
            password: new.password.clone(),
            token: new.token.clone(),
            ca_certificate: new.ca_certificate.clone(),
            storage: Some(new.storage_credentials.clone()),
            storage_access_key: None,
            storage_secret_key: None,
        }
    }
}

impl ClusterSecrets {
    /// What opens the cluster's storage.
    pub(crate) fn storage(&self) -> StorageCredentials {
        match (
            &self.storage,
            &self.storage_access_key,
            &self.storage_secret_key,
        ) {
            (Some(storage), ..) => storage.clone(),
            (None, Some(access_key), Some(secret_key)) => StorageCredentials::S3Keys {
                access_key: access_key.clone(),
                secret_key: secret_key.clone(),
                session_token: None,
            },
            _ => StorageCredentials::Machine,
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

impl OpenCluster {
    /// The same cluster, its storage reached with more limits on what passes.
    pub(crate) fn limited(&self, limit: &Bandwidth) -> Self {
        Self {
            store: limited(&self.store, limit),
            ..self.clone()
        }
    }
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

/// What opens the cluster counts, not how it was written down.
impl PartialEq for ClusterSecrets {
    fn eq(&self, other: &Self) -> bool {
        (&self.password, &self.token, &self.ca_certificate)
            == (&other.password, &other.token, &other.ca_certificate)
            && self.storage() == other.storage()
    }
}

impl Core {
    /// Seals what a cluster is reached by.
    pub(crate) async fn seal_cluster(
        &self,
        id: &ClusterId,
        secrets: &ClusterSecrets,
    ) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(secrets)
            .map_err(|error| Error::new(ErrorCode::Internal, id.as_str()).caused_by(error))?;
        self.seal(id.as_str(), &plain).await
    }

    /// A registered cluster with its secrets.
    pub(crate) async fn cluster_with_secrets(
        &self,
        id_or_name: &str,
    ) -> Result<(Cluster, ClusterSecrets)> {
        let (cluster, sealed) = self.catalog().cluster(id_or_name).await?.ok_or_else(|| {
            Error::new(ErrorCode::ClusterNotFound, id_or_name)
                .hint("run `hozon cluster list` to see the registered clusters")
        })?;
        let plain = self.unseal(cluster.id.as_str(), &sealed).await?;
        let secrets = serde_json::from_slice(&plain).map_err(|error| {
            Error::new(ErrorCode::CatalogFailed, cluster.name.as_str()).caused_by(error)
        })?;
        Ok((cluster, secrets))
    }

    /// Connects to a registered cluster and opens its store.
    pub(crate) async fn open_cluster(&self, id_or_name: &str) -> Result<OpenCluster> {
        let (cluster, secrets) = self.cluster_with_secrets(id_or_name).await?;
        let milvus = connect(&milvus_address(&cluster, &secrets)).await?;
        let store = self.stores().open(&cluster.storage, &secrets.storage())?;
        Ok(OpenCluster {
            cluster,
            milvus,
            store,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sealed_before_other_services_were_known_still_open_the_storage() {
        let sealed = r#"{"password":"p","token":null,"ca_certificate":null,
                         "storage_access_key":"key","storage_secret_key":"secret"}"#;
        let secrets: ClusterSecrets = serde_json::from_str(sealed).unwrap();
        let expected = StorageCredentials::S3Keys {
            access_key: "key".into(),
            secret_key: "secret".into(),
            session_token: None,
        };
        assert_eq!(secrets.storage(), expected);
        let again = serde_json::to_string(&ClusterSecrets {
            storage: Some(StorageCredentials::AzureKey { key: "k".into() }),
            ..ClusterSecrets::default()
        });
        let secrets: ClusterSecrets = serde_json::from_str(&again.unwrap()).unwrap();
        assert_eq!(format!("{:?}", secrets.storage()), "AzureKey(…)");
    }
}
