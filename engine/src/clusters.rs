//! Registering clusters, and looking whether they work.

use hozon_model::{Actor, Cluster, ClusterCheck, ClusterId, CollectionName, NewCluster};

use crate::{Engine, Result};

impl Engine {
    /// Tries everything that backups and restores of a cluster need, without registering it.
    pub async fn check_new_cluster(&self, new: &NewCluster) -> Result<ClusterCheck> {
        todo!("{new:?}")
    }

    /// Registers a cluster after checking that it answers, takes the credentials and owns the storage.
    pub async fn add_cluster(&self, actor: &Actor, new: NewCluster) -> Result<Cluster> {
        todo!("{actor:?} {new:?}")
    }

    /// Every registered cluster, by name.
    pub async fn clusters(&self) -> Result<Vec<Cluster>> {
        todo!()
    }

    /// One cluster, by identifier or name.
    pub async fn cluster(&self, id_or_name: &str) -> Result<Cluster> {
        todo!("{id_or_name}")
    }

    /// Tries everything that backups and restores of a cluster need.
    pub async fn check_cluster(&self, id: &ClusterId) -> Result<ClusterCheck> {
        todo!("{id}")
    }

    /// Forgets a cluster and its secrets. Its backups stay. Refused while a job of it runs.
    pub async fn remove_cluster(&self, actor: &Actor, id: &ClusterId) -> Result<()> {
        todo!("{actor:?} {id}")
    }

    /// The collections a cluster has now, by database and name.
    pub async fn cluster_collections(&self, id: &ClusterId) -> Result<Vec<CollectionName>> {
        todo!("{id}")
    }
}
