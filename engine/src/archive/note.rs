//! What the layout has no place for: whose backup it is, the moments it shows, and the BLAKE3 of every file.

use hozon_model::CollectionName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::layout;
use crate::{
    Error, ErrorCode, Result,
    repository::{
        document::{seal, unseal},
        manifest::{Begin, CollectionDocument, FORMAT, FileEntry, Manifest},
    },
};

/// `meta/hozon.json`, sealed like a repository's documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The version of the repository's format.
    pub format: u32,
    /// What was known when the backup began.
    pub backup: Begin,
    /// When it was made.
    pub finished_at: Timestamp,
    /// The moment that each collection shows.
    pub collections: Vec<NotedCollection>,
    /// Every file, by its path on Milvus's storage.
    pub files: Vec<FileEntry>,
}

/// What else is known of a collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotedCollection {
    /// Its database and name.
    #[serde(flatten)]
    pub name: CollectionName,
    /// See [`CollectionDocument::cutoff_ms`].
    pub cutoff_ms: u64,
    /// Replicas it was loaded with; 0 when it was not.
    pub replicas: i32,
}

impl Note {
    pub(super) fn of(manifest: &Manifest, documents: &[CollectionDocument]) -> Self {
        let collections = documents.iter().map(|document| NotedCollection {
            name: document.description.name.clone(),
            cutoff_ms: document.cutoff_ms,
            replicas: document.description.replicas,
        });
        let files = documents
            .iter()
            .flat_map(|document| &document.segments)
            .flat_map(|segment| &segment.files);
        Self {
            format: FORMAT,
            backup: manifest.begin.clone(),
            finished_at: manifest.finished_at,
            collections: collections.collect(),
            files: files.cloned().collect(),
        }
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>> {
        seal(self)
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self> {
        unseal(layout::NOTE, bytes).map_err(|error| match error.code() {
            ErrorCode::RepositoryNewer => error,
            _ => Error::new(ErrorCode::ArchiveDamaged, layout::NOTE)
                .because(error.report().detail.clone()),
        })
    }
}
