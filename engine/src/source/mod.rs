//! What is backed up. One source so far: a Milvus reached over gRPC, with its files on a store.

pub mod binlog;
pub mod milvus;

use std::{collections::BTreeMap, fmt, time::Duration};

use async_trait::async_trait;
use hozon_model::{CollectionName, LoadState};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::Result;

/// The cut-off of what has none: the latest moment that Milvus's timestamps can name, physical milliseconds.
pub const NO_CUTOFF_MS: u64 = u64::MAX >> 18;

/// A field, readable. The exact schema is [`CollectionDescription::schema`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldDescription {
    /// Milvus's number for it; names the directory of its binlogs.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Milvus's name of the type: `Int64`, `VarChar`, `FloatVector` …
    pub data_type: String,
    /// Whether it is the primary key.
    #[serde(default)]
    pub primary_key: bool,
    /// Whether it decides the partition.
    #[serde(default)]
    pub partition_key: bool,
    /// `dim`, `max_length` …
    #[serde(default)]
    pub params: BTreeMap<String, String>,
}

/// A partition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionDescription {
    /// Names the directory of its segments.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexDescription {
    /// The index's name.
    pub name: String,
    /// The field it is on.
    pub field: String,
    /// `index_type`, `metric_type`, `params` … as Milvus gave them.
    pub params: BTreeMap<String, String>,
}

/// Everything needed to make a collection again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionDescription {
    /// Its database and name.
    #[serde(flatten)]
    pub name: CollectionName,
    /// Names the directory of its files.
    pub id: i64,
    /// The protobuf message `milvus.proto.schema.CollectionSchema`, base64: exact, and what a restore uses.
    pub schema: String,
    /// The same, readable.
    pub fields: Vec<FieldDescription>,
    /// Shards.
    pub shards: i32,
    /// Milvus's number: 0 strong, 1 session, 2 bounded, 3 eventually.
    pub consistency_level: i32,
    /// Whether a partition key spreads rows over numbered partitions that Milvus makes by itself.
    pub has_partition_key: bool,
    /// Whether rows may hold fields beyond the schema; Milvus keeps them in `$meta`, a field with binlogs of its own
    /// that the schema does not list.
    pub has_dynamic_fields: bool,
    /// Its partitions.
    pub partitions: Vec<PartitionDescription>,
    /// Its indexes.
    pub indexes: Vec<IndexDescription>,
    /// Its aliases.
    pub aliases: Vec<String>,
    /// Collection properties such as a time to live.
    pub properties: BTreeMap<String, String>,
    /// Whether it was loaded.
    pub load_state: LoadState,
    /// Replicas it was loaded with; 0 when it was not.
    pub replicas: i32,
}

/// A flushed segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Names the directory of its files.
    pub id: i64,
    /// The partition it is in.
    pub partition_id: i64,
    /// Rows in its binlogs, those deleted by delta logs included.
    pub rows: u64,
}

/// Files to import into one partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFiles {
    /// Into which collection.
    pub target: CollectionName,
    /// Into which partition.
    pub partition: String,
    /// The directory that holds `<segment>/<field>/<log>`, as [`Store::full_path`](crate::store::Store::full_path) gives it.
    pub insert_path: String,
    /// The directory that holds `<segment>/<log>` of delta logs; none if there are none.
    pub delta_path: Option<String>,
    /// Rows and deletes later than this are left out; physical milliseconds since 1970.
    pub end_ts_ms: u64,
}

/// How far an import is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// Not done; per cent.
    Running(u8),
    /// Done, with so many rows after deletes. Zero rows where some were expected is a failure: the caller compares.
    Completed(u64),
    /// Failed, with Milvus's reason.
    Failed(String),
}

/// What the engine needs of a Milvus. Every call ends within a deadline and reports
/// [`ClusterUnreachable`](crate::ErrorCode::ClusterUnreachable) or
/// [`ClusterCredentialsRefused`](crate::ErrorCode::ClusterCredentialsRefused) apart from other failures.
#[async_trait]
pub trait Milvus: fmt::Debug + Send + Sync {
    /// The server's version text, `v2.3.5`.
    async fn version(&self) -> Result<String>;
    /// The databases.
    async fn databases(&self) -> Result<Vec<String>>;
    /// The collections of a database.
    async fn collections(&self, database: &str) -> Result<Vec<String>>;
    /// Whether there is a collection of that name.
    async fn has_collection(&self, name: &CollectionName) -> Result<bool>;
    /// Schema, partitions, indexes, aliases and load state.
    async fn describe(&self, name: &CollectionName) -> Result<CollectionDescription>;
    /// Makes Milvus write everything inserted so far, waits until it has, and returns the moment (physical
    /// milliseconds since 1970) up to which everything is in flushed segments. Ends early when canceled.
    async fn flush(
        &self,
        name: &CollectionName,
        deadline: Duration,
        cancel: &CancellationToken,
    ) -> Result<u64>;
    /// The live flushed segments, never those that compaction replaced.
    async fn segments(&self, name: &CollectionName) -> Result<Vec<Segment>>;
    /// Makes a database; no error if it is there.
    async fn create_database(&self, database: &str) -> Result<()>;
    /// Makes an empty collection as described, under another name, with its partitions, without indexes and aliases.
    async fn create_collection(
        &self,
        target: &CollectionName,
        description: &CollectionDescription,
    ) -> Result<()>;
    /// Starts an import and returns the task's number.
    async fn import(&self, files: &ImportFiles) -> Result<i64>;
    /// How far an import is.
    async fn import_state(&self, task: i64) -> Result<ImportState>;
    /// Starts building an index.
    async fn create_index(&self, target: &CollectionName, index: &IndexDescription) -> Result<()>;
    /// Rows indexed and rows to index.
    async fn index_progress(&self, target: &CollectionName, index: &str) -> Result<(u64, u64)>;
    /// Starts loading.
    async fn load(&self, target: &CollectionName, replicas: i32) -> Result<()>;
    /// Per cent loaded.
    async fn load_progress(&self, target: &CollectionName) -> Result<u8>;
    /// Releases a collection from memory.
    async fn release(&self, target: &CollectionName) -> Result<()>;
    /// `count(*)` with strong consistency; the collection must be loaded.
    async fn count_rows(&self, target: &CollectionName) -> Result<u64>;
    /// Gives a collection another name, in its database.
    async fn rename_collection(&self, from: &CollectionName, to: &str) -> Result<()>;
    /// Makes an alias.
    async fn create_alias(&self, target: &CollectionName, alias: &str) -> Result<()>;
    /// Makes an alias of another collection stand for this one.
    async fn alter_alias(&self, target: &CollectionName, alias: &str) -> Result<()>;
    /// Drops a collection; no error if it is not there.
    async fn drop_collection(&self, name: &CollectionName) -> Result<()>;
}
