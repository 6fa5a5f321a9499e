//! A registered Milvus cluster, and what a check of it found.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ClusterId, DeploymentOption, ProjectId, StorageCredentials, StorageLocation};

/// A Milvus that Hozon can back up and restore into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cluster {
    /// Identifies the cluster for ever; names paths in the repository.
    pub id: ClusterId,
    /// Unique, chosen by the operator.
    pub name: String,
    /// The project it belongs to.
    #[serde(default)]
    pub project_id: ProjectId,
    /// What kind of service it is.
    #[serde(default)]
    pub deployment_option: DeploymentOption,
    /// Where it runs, as people name it: `aws-us-west-2`. Free text.
    #[serde(default)]
    pub cloud_region: Option<String>,
    /// `http://host:19530`, or `https://…` with TLS.
    pub address: String,
    /// The user Hozon signs in as; none for a cluster without authentication or with a token.
    pub username: Option<String>,
    /// Where the cluster keeps its binlogs.
    pub storage: StorageLocation,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Milvus's version when it was last reached.
    pub milvus_version: Option<String>,
}

/// What is needed to register a cluster. `Debug` leaves the secrets out.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct NewCluster {
    /// See [`Cluster::name`].
    pub name: String,
    /// See [`Cluster::address`].
    pub address: String,
    /// The project, by identifier or name; none means the one that is always there.
    #[serde(default)]
    pub project: Option<String>,
    /// See [`Cluster::deployment_option`].
    #[serde(default)]
    pub deployment_option: DeploymentOption,
    /// See [`Cluster::cloud_region`].
    #[serde(default)]
    pub cloud_region: Option<String>,
    /// A Milvus user.
    #[serde(default)]
    pub username: Option<String>,
    /// The user's password.
    #[serde(default)]
    pub password: Option<String>,
    /// A token, in place of user and password.
    #[serde(default)]
    pub token: Option<String>,
    /// PEM text of the authority that signed the server's certificate, where it is a private one.
    #[serde(default)]
    pub ca_certificate: Option<String>,
    /// Milvus's root path: see [`StorageLocation::url`].
    pub storage_url: String,
    /// See [`StorageLocation::endpoint`].
    #[serde(default)]
    pub storage_endpoint: Option<String>,
    /// See [`StorageLocation::region`].
    #[serde(default)]
    pub storage_region: Option<String>,
    /// What opens the storage.
    #[serde(default)]
    pub storage_credentials: StorageCredentials,
}

impl fmt::Debug for NewCluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewCluster")
            .field("name", &self.name)
            .field("address", &self.address)
            .field("username", &self.username)
            .field("storage_url", &self.storage_url)
            .field("storage_endpoint", &self.storage_endpoint)
            .field("storage_credentials", &self.storage_credentials)
            .finish_non_exhaustive()
    }
}

/// What is to change about a cluster; what is none stays, secrets too. `Debug` leaves the secrets out.
///
/// Empty text takes away what may be missing: a user (with its password), a token, a certificate, an endpoint, a region.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ClusterEdit {
    /// See [`Cluster::name`].
    pub name: Option<String>,
    /// See [`Cluster::address`].
    pub address: Option<String>,
    /// See [`Cluster::deployment_option`].
    pub deployment_option: Option<DeploymentOption>,
    /// See [`Cluster::cloud_region`].
    pub cloud_region: Option<String>,
    /// A Milvus user, in place of a token.
    pub username: Option<String>,
    /// The user's password.
    pub password: Option<String>,
    /// A token, in place of user and password.
    pub token: Option<String>,
    /// See [`NewCluster::ca_certificate`].
    pub ca_certificate: Option<String>,
    /// See [`NewCluster::storage_url`].
    pub storage_url: Option<String>,
    /// See [`StorageLocation::endpoint`].
    pub storage_endpoint: Option<String>,
    /// See [`StorageLocation::region`].
    pub storage_region: Option<String>,
    /// What opens the storage. None keeps what opened it.
    pub storage_credentials: Option<StorageCredentials>,
}

impl fmt::Debug for ClusterEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClusterEdit")
            .field("name", &self.name)
            .field("address", &self.address)
            .field("username", &self.username)
            .field("storage_url", &self.storage_url)
            .field("storage_credentials", &self.storage_credentials)
            .finish_non_exhaustive()
    }
}

/// What was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckSubject {
    /// Milvus answers on its address.
    Connection,
    /// The credentials are accepted.
    Credentials,
    /// Milvus's version, and whether it is one that Hozon was tried on.
    Version,
    /// The storage can be listed and read.
    StorageRead,
    /// Files can be put where Milvus imports from, and removed again.
    StorageWrite,
    /// The storage is really this cluster's: a known segment's files are found there.
    StorageMatch,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// Works.
    Passed,
    /// Works, with a reserve that `detail` tells.
    Warning,
    /// Does not work.
    Failed,
    /// Not looked at, because something before it failed.
    Skipped,
}

/// One line of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckItem {
    /// What was looked at.
    pub subject: CheckSubject,
    /// What came of it.
    pub outcome: CheckOutcome,
    /// What was seen: a version, a path, or the error.
    pub detail: String,
    /// What to do about it, where something is to be done.
    pub hint: Option<String>,
}

/// What works between Hozon and a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterCheck {
    /// One line for each subject, in the order they were tried.
    pub items: Vec<CheckItem>,
}

impl ClusterCheck {
    /// Whether backups and restores can be expected to work.
    pub fn passed(&self) -> bool {
        self.items
            .iter()
            .all(|item| item.outcome != CheckOutcome::Failed)
    }
}
