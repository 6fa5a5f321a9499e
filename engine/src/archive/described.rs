//! A backup in the words of milvus-backup, without its segments: what that tool's server answers.

use std::collections::BTreeSet;

use serde_json::Value;

use super::write::collection;
use crate::{
    Error, ErrorCode, Result,
    repository::manifest::{CollectionDocument, Manifest},
};

/// What a backup holds.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribedBackup {
    /// Each collection as in `full_meta.json`, but without partitions and segments.
    pub collections: Vec<Value>,
    /// Their databases, in order.
    pub databases: Vec<String>,
    /// Bytes of the documents that describe them.
    pub meta_bytes: u64,
}

/// Describes a backup.
///
/// # Errors
/// `RepositoryDamaged` if its own documents cannot be understood.
pub fn described(manifest: &Manifest, documents: &[CollectionDocument]) -> Result<DescribedBackup> {
    let collections = documents
        .iter()
        .map(|document| {
            let mut described = collection(manifest, document)?;
            described.partition_backups.clear();
            serde_json::to_value(&described).map_err(|error| {
                Error::new(ErrorCode::Internal, described.collection_name.as_str()).caused_by(error)
            })
        })
        .collect::<Result<_>>()?;
    let databases: BTreeSet<String> = documents
        .iter()
        .map(|document| document.description.name.database.clone())
        .collect();
    Ok(DescribedBackup {
        collections,
        databases: databases.into_iter().collect(),
        meta_bytes: manifest
            .collections
            .iter()
            .map(|entry| entry.document_size)
            .sum(),
    })
}
