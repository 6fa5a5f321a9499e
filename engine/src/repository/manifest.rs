//! The documents of a repository, as they are written.

use hozon_model::{BackupId, BackupMethod, BackupScope, ClusterId, CollectionInBackup};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::LeaseKind;
use crate::source::CollectionDescription;

/// The version of the format that this program writes, and the newest it reads.
pub const FORMAT: u32 = 1;

/// `hozon.json`: makes a directory or bucket a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoryHeader {
    /// See [`FORMAT`].
    pub format: u32,
    /// Random; tells repositories apart wherever they are moved.
    pub id: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// `backups/<id>/begin.json`: written before anything else of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begin {
    /// See [`FORMAT`].
    pub format: u32,
    /// The backup.
    pub id: BackupId,
    /// Its name.
    pub name: String,
    /// The cluster it is taken from.
    pub cluster_id: ClusterId,
    /// That cluster's name.
    pub cluster_name: String,
    /// What was asked for.
    pub scope: BackupScope,
    /// Who asked.
    pub created_by: String,
    /// By policy or by hand.
    pub method: BackupMethod,
    /// When.
    pub created_at: Timestamp,
    /// Where it comes from, if it was not taken from a cluster but adopted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopted: Option<Adopted>,
}

impl Begin {
    /// The cluster that it counts as a backup of. Its files may lie apart from those of that cluster.
    pub fn counted_cluster(&self) -> &ClusterId {
        self.adopted
            .as_ref()
            .and_then(|adopted| adopted.cluster_id.as_ref())
            .unwrap_or(&self.cluster_id)
    }
}

/// What an adopted backup was before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adopted {
    /// The registered cluster that it counts as a backup of. Files of others never lie among that cluster's own: what a
    /// stranger says of a file must not stand for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster_id: Option<ClusterId>,
    /// The repository that it was taken from; none for an archive in another layout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository_id: Option<String>,
    /// Its identifier there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup_id: Option<BackupId>,
}

/// A file, stored once under its Milvus identity at `data/<cluster-id>/<path>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// `insert_log/<collection>/<partition>/<segment>/<field>/<log>` or `delta_log/<collection>/<partition>/<segment>/<log>`.
    pub path: String,
    /// In bytes.
    pub size: u64,
    /// BLAKE3 of its bytes, 64 hexadecimal digits.
    pub blake3: String,
}

/// A segment with its files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentEntry {
    /// Milvus's number for it.
    pub id: i64,
    /// The partition it is in.
    pub partition_id: i64,
    /// Rows in its binlogs.
    pub rows: u64,
    /// Rows alive at the collection's cut-off: what an import yields.
    pub live_rows: u64,
    /// Its files.
    pub files: Vec<FileEntry>,
}

/// `backups/<id>/collections/<n>-<hash>.json.zst`: one collection, with every file it needs. The first 16 digits of its
/// own BLAKE3 are in its name, so that an attempt that was left behind cannot overwrite what a later one committed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionDocument {
    /// See [`FORMAT`].
    pub format: u32,
    /// How to make it again.
    pub description: CollectionDescription,
    /// The moment it shows: rows and deletes later than this (physical milliseconds since 1970) are not part of it.
    pub cutoff_ms: u64,
    /// Its flushed segments.
    pub segments: Vec<SegmentEntry>,
}

/// A collection as the manifest names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionEntry {
    /// The document's path in the repository.
    pub document: String,
    /// The document's size, compressed as it lies there.
    pub document_size: u64,
    /// BLAKE3 of the document as it lies there.
    pub document_blake3: String,
    /// Bytes that this backup added to the repository for it.
    pub new_bytes: u64,
    /// What people want to know of it.
    #[serde(flatten)]
    pub summary: CollectionInBackup,
}

/// `backups/<id>/manifest.json`: written last, only if absent. With it the backup exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// What was known at the beginning.
    #[serde(flatten)]
    pub begin: Begin,
    /// When everything was durable.
    pub finished_at: Timestamp,
    /// The Milvus it was taken from.
    pub milvus_version: String,
    /// Its collections.
    pub collections: Vec<CollectionEntry>,
}

impl Manifest {
    /// Live rows, bytes, files and new bytes of all collections.
    pub fn totals(&self) -> Totals {
        self.collections
            .iter()
            .fold(Totals::default(), |sum, entry| Totals {
                rows: sum.rows + entry.summary.rows,
                bytes: sum.bytes + entry.summary.bytes,
                files: sum.files + entry.summary.files,
                new_bytes: sum.new_bytes + entry.new_bytes,
            })
    }
}

/// `trash/<id>.json`: a backup that is being deleted, and how to find the files that only it named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashNote {
    /// See [`FORMAT`].
    pub format: u32,
    /// The backup.
    pub id: BackupId,
    /// The cluster it was taken from.
    pub cluster_id: ClusterId,
    /// When it was retired.
    pub retired_at: Timestamp,
    /// Its collection documents, which stay until its files are gone. None for an attempt that got no manifest, and for
    /// a manifest that could not be read: then every file of the cluster that no manifest names is to go.
    pub documents: Option<Vec<NotedDocument>>,
}

/// A collection document, as a note names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotedDocument {
    /// See [`CollectionEntry::document`].
    pub document: String,
    /// See [`CollectionEntry::document_size`].
    pub document_size: u64,
    /// See [`CollectionEntry::document_blake3`].
    pub document_blake3: String,
}

impl From<&CollectionEntry> for NotedDocument {
    fn from(entry: &CollectionEntry) -> Self {
        Self {
            document: entry.document.clone(),
            document_size: entry.document_size,
            document_blake3: entry.document_blake3.clone(),
        }
    }
}

/// `leases/<kind>-<random>.json`: who is at work in the repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseDocument {
    /// See [`FORMAT`].
    pub format: u32,
    /// What it excludes.
    pub kind: LeaseKind,
    /// Who holds it, for people.
    pub holder: String,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// When it ends unless renewed, by the holder's clock.
    pub expires_at: Timestamp,
}

/// Sums over collections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Live rows.
    pub rows: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// Files.
    pub files: u64,
    /// Bytes added to the repository.
    pub new_bytes: u64,
}
