//! `hozon cluster edit`: what is not given stays, secrets too.

use std::path::PathBuf;

use clap::Args;
use hozon_engine::{Engine, store::credentials};
use hozon_model::{ClusterEdit, CredentialParts, DeploymentOption};

use super::exit::Failure;
use crate::config::{read_secret, secret};

#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// Name or identifier of the cluster
    pub(super) cluster: String,
    /// Another name
    #[arg(long)]
    name: Option<String>,
    /// Where Milvus answers, `http://host:19530` or `https://host:19530`
    #[arg(long, value_name = "URL")]
    address: Option<String>,
    /// What kind of service it is: `Dedicated`, `Serverless` or `Free`
    #[arg(long, value_name = "KIND")]
    deployment: Option<DeploymentOption>,
    /// Where it runs, like `aws-us-west-2`; empty for nothing
    #[arg(long, value_name = "REGION")]
    cloud_region: Option<String>,
    /// Milvus user, in place of a token; empty for none
    #[arg(long, value_name = "USER", conflicts_with = "token_file")]
    username: Option<String>,
    /// File that holds the user's password; or `HOZON_CLUSTER_PASSWORD`
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// File that holds a token, in place of user and password
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// PEM file of the authority that signed the server's certificate
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Milvus's root path: `file:///absolute/path`, `s3://bucket/path`, `az://account/container/path` or `gs://bucket/path`
    #[arg(long, value_name = "URL")]
    storage: Option<String>,
    /// Address of the storage service, `http://host:port`; empty for the cloud's own
    #[arg(long, value_name = "URL")]
    storage_endpoint: Option<String>,
    /// Region of the bucket; empty for none
    #[arg(long, value_name = "REGION")]
    storage_region: Option<String>,
    /// Access key of an S3 storage
    #[arg(long, value_name = "KEY")]
    storage_access_key: Option<String>,
    /// File that holds the secret of the storage; or `HOZON_CLUSTER_STORAGE_SECRET_KEY`
    #[arg(long, value_name = "FILE")]
    storage_secret_key_file: Option<PathBuf>,
    /// Directory (tenant) of an application registered with Microsoft Entra
    #[arg(long, value_name = "ID", requires = "storage_client_id")]
    storage_tenant_id: Option<String>,
    /// An application (client) registered with Microsoft Entra
    #[arg(long, value_name = "ID", requires = "storage_tenant_id")]
    storage_client_id: Option<String>,
}

impl Edit {
    /// Looks the storage's URL up where only its credentials are given: what they are depends on the service.
    pub(super) async fn into_edit(self, engine: &Engine) -> Result<ClusterEdit, Failure> {
        let parts = CredentialParts {
            access_key: self.storage_access_key,
            secret_key: secret(
                self.storage_secret_key_file,
                "HOZON_CLUSTER_STORAGE_SECRET_KEY",
            )?,
            tenant_id: self.storage_tenant_id,
            client_id: self.storage_client_id,
            ..CredentialParts::default()
        };
        let some_given =
            parts.access_key.is_some() || parts.secret_key.is_some() || parts.client_id.is_some();
        let storage_credentials = if some_given {
            let url = match &self.storage {
                Some(url) => url.clone(),
                None => engine.cluster(&self.cluster).await?.storage.url,
            };
            Some(credentials(&url, parts)?)
        } else {
            None
        };
        Ok(ClusterEdit {
            name: self.name,
            address: self.address,
            deployment_option: self.deployment,
            cloud_region: self.cloud_region,
            username: self.username,
            password: secret(self.password_file, "HOZON_CLUSTER_PASSWORD")?,
            token: self.token_file.as_deref().map(read_secret).transpose()?,
            ca_certificate: self.ca_file.as_deref().map(read_secret).transpose()?,
            storage_url: self.storage,
            storage_endpoint: self.storage_endpoint,
            storage_region: self.storage_region,
            storage_credentials,
        })
    }
}
