//! A real Milvus over gRPC, by the message types that its official client generates.
//!
//! Only the generated types are used, not that client: a backup needs the calls behind its convenience
//! (`AllocTimestamp`, the flush timestamp, segment states), deadlines of its own on each of them, and errors that
//! say what to do. Every file here is one group of calls; `call` sends them all, `status` turns refusals into errors.

mod call;
mod connect;
mod create;
mod describe;
mod flush;
mod import;
mod indexes;
mod load;
mod names;
pub(crate) mod schema;
mod segments;
mod status;

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use hozon_model::CollectionName;
use milvus::proto::milvus::milvus_service_client::MilvusServiceClient;
use tokio_util::sync::CancellationToken;
use tonic::{metadata::AsciiMetadataValue, transport::Channel};

use super::{CollectionDescription, ImportFiles, ImportState, IndexDescription, Milvus, Segment};
use crate::Result;

/// How to reach a Milvus. `Debug` leaves the secrets out.
#[derive(Clone)]
pub struct MilvusAddress {
    /// `http://host:19530` or `https://…`.
    pub url: String,
    /// A user, with its password.
    pub user: Option<(String, String)>,
    /// A token, in place of user and password.
    pub token: Option<String>,
    /// PEM of a private certificate authority.
    pub ca_certificate: Option<String>,
}

impl fmt::Debug for MilvusAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MilvusAddress")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// Connects, and makes sure that a Milvus answers and takes the credentials.
///
/// # Errors
/// `InvalidInput` for an address or a certificate that cannot be understood, `ClusterUnreachable` if nothing answers
/// within ten seconds or its certificate is not trusted, `ClusterCredentialsRefused`, `MilvusUnsupported` if what
/// answers is no Milvus.
pub async fn connect(address: &MilvusAddress) -> Result<Arc<dyn Milvus>> {
    let client = connect::open(address).await?;
    client.version().await?;
    Ok(Arc::new(client))
}

/// A connected Milvus. The channel connects again by itself when the connection breaks.
#[derive(Clone)]
struct Client {
    service: MilvusServiceClient<Channel>,
    /// What was connected to, for messages.
    address: String,
    /// The `authorization` header, marked as sensitive.
    authorization: Option<AsciiMetadataValue>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Milvus for Client {
    async fn version(&self) -> Result<String> {
        names::version(self).await
    }

    async fn databases(&self) -> Result<Vec<String>> {
        names::databases(self).await
    }

    async fn collections(&self, database: &str) -> Result<Vec<String>> {
        names::collections(self, database).await
    }

    async fn has_collection(&self, name: &CollectionName) -> Result<bool> {
        names::has_collection(self, name).await
    }

    async fn describe(&self, name: &CollectionName) -> Result<CollectionDescription> {
        describe::describe(self, name).await
    }

    async fn flush(
        &self,
        name: &CollectionName,
        deadline: Duration,
        cancel: &CancellationToken,
    ) -> Result<u64> {
        flush::flush(self, name, deadline, cancel).await
    }

    async fn segments(&self, name: &CollectionName) -> Result<Vec<Segment>> {
        segments::segments(self, name).await
    }

    async fn create_database(&self, database: &str) -> Result<()> {
        names::create_database(self, database).await
    }

    async fn create_collection(
        &self,
        target: &CollectionName,
        description: &CollectionDescription,
    ) -> Result<()> {
        create::create_collection(self, target, description).await
    }

    async fn import(&self, files: &ImportFiles) -> Result<i64> {
        import::import(self, files).await
    }

    async fn import_state(&self, task: i64) -> Result<ImportState> {
        import::import_state(self, task).await
    }

    async fn create_index(&self, target: &CollectionName, index: &IndexDescription) -> Result<()> {
        indexes::create_index(self, target, index).await
    }

    async fn index_progress(&self, target: &CollectionName, index: &str) -> Result<(u64, u64)> {
        indexes::index_progress(self, target, index).await
    }

    async fn load(&self, target: &CollectionName, replicas: i32) -> Result<()> {
        load::load(self, target, replicas).await
    }

    async fn load_progress(&self, target: &CollectionName) -> Result<u8> {
        load::load_progress(self, target).await
    }

    async fn release(&self, target: &CollectionName) -> Result<()> {
        load::release(self, target).await
    }

    async fn count_rows(&self, target: &CollectionName) -> Result<u64> {
        load::count_rows(self, target).await
    }

    async fn rename_collection(&self, from: &CollectionName, to: &str) -> Result<()> {
        create::rename_collection(self, from, to).await
    }

    async fn create_alias(&self, target: &CollectionName, alias: &str) -> Result<()> {
        create::create_alias(self, target, alias).await
    }

    async fn alter_alias(&self, target: &CollectionName, alias: &str) -> Result<()> {
        create::alter_alias(self, target, alias).await
    }

    async fn drop_collection(&self, name: &CollectionName) -> Result<()> {
        create::drop_collection(self, name).await
    }
}
