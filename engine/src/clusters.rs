//! Registering clusters, and looking whether they work.

use hozon_model::{
    Actor, Cluster, ClusterCheck, ClusterId, CollectionName, NewCluster, StorageLocation,
};
use jiff::Timestamp;
use url::Url;

use crate::{
    Engine, Error, ErrorCode, Result,
    cluster_check::Check,
    commands::{ClusterSecrets, all_of},
    id,
};

impl Engine {
    /// Tries everything that backups and restores of a cluster need, without registering it.
    pub async fn check_new_cluster(&self, new: &NewCluster) -> Result<ClusterCheck> {
        let cluster = described(new)?;
        Ok(
            Check::run(self.core().stores(), &cluster, &ClusterSecrets::from(new))
                .await
                .result(),
        )
    }

    /// Registers a cluster after checking that it answers, takes the credentials and owns the storage.
    pub async fn add_cluster(&self, actor: &Actor, new: NewCluster) -> Result<Cluster> {
        let added = self.try_add_cluster(&new).await;
        self.audit(actor, "cluster.add", &new.name, &added).await?;
        added
    }

    async fn try_add_cluster(&self, new: &NewCluster) -> Result<Cluster> {
        let mut cluster = described(new)?;
        if self.catalog().cluster(&cluster.name).await?.is_some() {
            return Err(
                Error::new(ErrorCode::ClusterNameTaken, cluster.name.as_str())
                    .hint("choose another name"),
            );
        }
        let secrets = ClusterSecrets::from(new);
        let check = Check::run(self.core().stores(), &cluster, &secrets).await;
        cluster.milvus_version.clone_from(&check.version);
        check.into_error().map_or(Ok(()), Err)?;
        let plain = serde_json::to_vec(&secrets).map_err(|error| {
            Error::new(ErrorCode::Internal, cluster.name.as_str()).caused_by(error)
        })?;
        let sealed = self.core().secrets().seal(cluster.id.as_str(), &plain)?;
        self.catalog().add_cluster(&cluster, &sealed).await?;
        Ok(cluster)
    }

    /// Every registered cluster, by name.
    pub async fn clusters(&self) -> Result<Vec<Cluster>> {
        self.catalog().clusters().await
    }

    /// One cluster, by identifier or name.
    pub async fn cluster(&self, id_or_name: &str) -> Result<Cluster> {
        Ok(self.core().cluster_with_secrets(id_or_name).await?.0)
    }

    /// Tries everything that backups and restores of a cluster need.
    pub async fn check_cluster(&self, id: &ClusterId) -> Result<ClusterCheck> {
        let (cluster, secrets) = self.core().cluster_with_secrets(id.as_str()).await?;
        let check = Check::run(self.core().stores(), &cluster, &secrets).await;
        if let Some(version) = &check.version {
            self.catalog().set_milvus_version(id, version).await?;
        }
        Ok(check.result())
    }

    /// Forgets a cluster and its secrets. Its backups stay. Refused while a job of it runs.
    pub async fn remove_cluster(&self, actor: &Actor, id: &ClusterId) -> Result<()> {
        self.queue().reclaim().await?;
        let removed = match self.catalog().cluster(id.as_str()).await? {
            Some((cluster, _)) => self.catalog().remove_cluster(&cluster.id).await,
            None => Err(Error::new(ErrorCode::ClusterNotFound, id.as_str())),
        };
        self.audit(actor, "cluster.remove", id.as_str(), &removed)
            .await?;
        removed
    }

    /// The collections a cluster has now, by database and name.
    pub async fn cluster_collections(&self, id: &ClusterId) -> Result<Vec<CollectionName>> {
        let open = self.core().open_cluster(id.as_str()).await?;
        let databases = open.milvus.databases().await?;
        all_of(&*open.milvus, databases).await
    }
}

/// A cluster from what was typed, with everything checked that needs no connection.
fn described(new: &NewCluster) -> Result<Cluster> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 64 || name.chars().any(char::is_control) {
        return Err(invalid(
            "name",
            "a cluster's name has 1 to 64 characters, none of them a control character",
        ));
    }
    let url = Url::parse(&new.address).map_err(|error| {
        invalid("address", &error.to_string()).hint("write it as `http://host:19530`")
    })?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(invalid("address", "neither `http://` nor `https://`")
            .hint("write it as `http://host:19530`"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("address", "it holds a user or password")
            .hint("give user and password on their own"));
    }
    if new.token.is_some() && new.username.is_some() {
        return Err(invalid("token", "a user and a token were both given").hint("give one of them"));
    }
    let storage = StorageLocation {
        url: new.storage_url.trim_end_matches('/').to_owned(),
        endpoint: new.storage_endpoint.clone().filter(|text| !text.is_empty()),
        region: new.storage_region.clone().filter(|text| !text.is_empty()),
    };
    Ok(Cluster {
        id: id::cluster()?,
        name: name.to_owned(),
        address: new.address.trim_end_matches('/').to_owned(),
        username: new.username.clone().filter(|text| !text.is_empty()),
        storage,
        created_at: Timestamp::now(),
        milvus_version: None,
    })
}

fn invalid(field: &str, why: &str) -> Error {
    Error::new(ErrorCode::InvalidInput, field).because(why)
}
