//! Reading an archive: its documents, checked, and its files, found.

use std::collections::HashMap;

use futures::TryStreamExt;
use hozon_model::CollectionName;
use serde::de::DeserializeOwned;

use super::{
    check::{self, Checked, CheckedSegment, damaged},
    document::{Backup, Collection, Level, Partition, Segment},
    layout::{self, Log},
    note::Note,
};
use crate::{
    Error, ErrorCode, Result,
    source::{CollectionDescription, NO_CUTOFF_MS},
    store::Store,
};

/// A document is read whole into memory, so one that grew beyond sense is not read.
const LARGEST_DOCUMENT: u64 = 1 << 30;

/// A whole archive. Its files are there at the sizes it names; their bytes have not been looked at.
#[derive(Clone, Debug)]
pub struct Archive {
    /// As it calls itself.
    pub name: String,
    /// The Milvus it was taken from.
    pub milvus_version: String,
    /// Our own note, where we wrote the archive.
    pub note: Option<Note>,
    /// Its collections.
    pub collections: Vec<ArchivedCollection>,
    /// Files that lie in it and that no document names.
    pub unnamed_files: u64,
}

/// A collection of an archive.
#[derive(Clone, Debug)]
pub struct ArchivedCollection {
    /// How to make it again.
    pub description: CollectionDescription,
    /// The moment it shows, physical milliseconds; [`NO_CUTOFF_MS`] where the archive does not say.
    pub cutoff_ms: u64,
    /// Its segments, by number.
    pub segments: Vec<ArchivedSegment>,
}

/// A segment of an archive.
#[derive(Clone, Debug)]
pub struct ArchivedSegment {
    /// Milvus's number for it.
    pub id: i64,
    /// The partition it is in.
    pub partition_id: i64,
    /// Rows in its binlogs, as the archive says.
    pub rows: u64,
    /// Its files.
    pub files: Vec<ArchivedFile>,
}

/// A file of an archive.
#[derive(Clone, Debug)]
pub struct ArchivedFile {
    /// Where it lies, below the archive's directory.
    pub path: String,
    /// What it is.
    pub log: Log,
    /// In bytes.
    pub size: u64,
    /// BLAKE3 of its bytes, where our own note names it.
    pub blake3: Option<String>,
}

/// Reads the archive in a store's root.
///
/// # Errors
/// `ArchiveNotFound` if none is there, or only what an unfinished one left; `ArchiveDamaged` if it contradicts itself;
/// `FileMissing` and `FileDamaged` for files that are not there or have other sizes; `CollectionUnsupported`.
pub async fn read(store: &dyn Store) -> Result<Archive> {
    let Some(marker) = document::<Backup>(store, layout::BACKUP_META).await? else {
        return Err(not_found(store, layout::BACKUP_META));
    };
    let backup = match document(store, layout::FULL_META).await? {
        Some(full) => full,
        None => levels(store, marker).await?,
    };
    if !backup.format.is_empty() {
        return Err(Error::new(ErrorCode::CollectionUnsupported, backup.name)
            .because(format!(
                "the archive is in the format `{}`",
                backup.format.escape_default()
            ))
            .hint("only archives of binlogs can be adopted"));
    }
    let note = match store.size(layout::NOTE).await? {
        Some(_) => Some(Note::from_bytes(&bytes(store, layout::NOTE).await?)?),
        None => None,
    };
    let mut found: HashMap<String, u64> = store
        .list(layout::BINLOGS)
        .map_ok(|object| (object.path, object.size))
        .try_collect()
        .await?;
    let mut collections = Vec::new();
    for checked in check::collections(&backup.collection_backups)? {
        collections.push(locate(checked, &mut found)?);
    }
    if let Some(note) = &note {
        apply(note, &mut collections)?;
    }
    Ok(Archive {
        name: backup.name,
        milvus_version: backup.milvus_version,
        note,
        collections,
        unnamed_files: found.len() as u64,
    })
}

/// Where each file lies. What was found is taken out of `found`.
fn locate(checked: Checked, found: &mut HashMap<String, u64>) -> Result<ArchivedCollection> {
    let segments = checked
        .segments
        .into_iter()
        .map(|segment| locate_segment(&segment, found))
        .collect::<Result<_>>()?;
    Ok(ArchivedCollection {
        description: checked.description,
        cutoff_ms: NO_CUTOFF_MS,
        segments,
    })
}

fn locate_segment(
    segment: &CheckedSegment,
    found: &mut HashMap<String, u64>,
) -> Result<ArchivedSegment> {
    let groups = [(segment.group > 0).then_some(segment.group), None];
    let mut files = Vec::with_capacity(segment.logs.len());
    for (log, size) in &segment.logs {
        let (path, lies) = groups
            .iter()
            .map(|group| log.archive_path(*group))
            .find_map(|path| found.remove_entry(&path))
            .ok_or_else(|| {
                Error::new(ErrorCode::FileMissing, log.archive_path(groups[0]))
                    .because("the archive names it and does not hold it")
                    .hint("copy the archive again from where it is whole")
            })?;
        if lies != *size {
            return Err(Error::new(ErrorCode::FileDamaged, path)
                .because(format!("{lies} bytes in place of {size}"))
                .hint("copy the archive again from where it is whole"));
        }
        files.push(ArchivedFile {
            path,
            log: *log,
            size: *size,
            blake3: None,
        });
    }
    Ok(ArchivedSegment {
        id: segment.id,
        partition_id: segment.partition,
        rows: segment.rows,
        files,
    })
}

/// Adds what our own note knows. It must be about the same files and collections.
fn apply(note: &Note, collections: &mut [ArchivedCollection]) -> Result<()> {
    let differs = |what: &str| {
        damaged(
            layout::NOTE,
            format!("it does not agree with the other documents about {what}"),
        )
    };
    let mut digests: HashMap<&str, (u64, &str)> = note
        .files
        .iter()
        .map(|file| (&*file.path, (file.size, &*file.blake3)))
        .collect();
    let mut noted: HashMap<&CollectionName, _> = note
        .collections
        .iter()
        .map(|collection| (&collection.name, collection))
        .collect();
    for collection in collections {
        let name = &collection.description.name;
        let facts = noted
            .remove(name)
            .ok_or_else(|| differs(&format!("`{name}`")))?;
        collection.cutoff_ms = facts.cutoff_ms.min(NO_CUTOFF_MS);
        collection.description.replicas = facts.replicas;
        let files = collection
            .segments
            .iter_mut()
            .flat_map(|segment| &mut segment.files);
        for file in files {
            let path = file.log.source_path();
            match digests.remove(&*path) {
                Some((size, blake3)) if size == file.size => file.blake3 = Some(blake3.to_owned()),
                _ => return Err(differs(&format!("`{path}`"))),
            }
        }
    }
    match (digests.keys().next(), noted.keys().next()) {
        (Some(path), _) => Err(differs(&format!("`{}`", path.escape_default()))),
        (None, Some(name)) => Err(differs(&format!("`{}`", name.to_string().escape_default()))),
        (None, None) => Ok(()),
    }
}

/// An archive whose `full_meta.json` is missing, from the documents of each level.
async fn levels(store: &dyn Store, mut backup: Backup) -> Result<Backup> {
    let collections: Option<Level<Collection>> = document(store, layout::COLLECTION_META).await?;
    let partitions: Option<Level<Partition>> = document(store, layout::PARTITION_META).await?;
    let segments: Option<Level<Segment>> = document(store, layout::SEGMENT_META).await?;
    let (Some(mut collections), Some(partitions), Some(segments)) =
        (collections, partitions, segments)
    else {
        return Err(not_found(store, layout::FULL_META));
    };
    let mut by_partition: HashMap<(i64, i64), Vec<Segment>> = HashMap::new();
    for segment in segments.infos {
        let place = (segment.collection_id, segment.partition_id);
        by_partition.entry(place).or_default().push(segment);
    }
    // Newer archives name the partitions here too, without their segments.
    for collection in &mut collections.infos {
        collection.partition_backups.clear();
    }
    for mut partition in partitions.infos {
        let place = (partition.collection_id, partition.partition_id);
        partition.segment_backups = by_partition.remove(&place).unwrap_or_default();
        let collection = collections
            .infos
            .iter_mut()
            .find(|collection| collection.collection_id == partition.collection_id)
            .ok_or_else(|| {
                damaged(
                    layout::PARTITION_META,
                    "it has a partition of no collection",
                )
            })?;
        collection.partition_backups.push(partition);
    }
    if !by_partition.is_empty() {
        return Err(damaged(
            layout::SEGMENT_META,
            "it has a segment of no partition",
        ));
    }
    backup.collection_backups = collections.infos;
    Ok(backup)
}

pub(super) async fn document<T: DeserializeOwned>(
    store: &dyn Store,
    path: &str,
) -> Result<Option<T>> {
    match bytes(store, path).await {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| damaged(path, error.to_string())),
        Err(error) if error.code() == ErrorCode::FileMissing => Ok(None),
        Err(error) => Err(error),
    }
}

async fn bytes(store: &dyn Store, path: &str) -> Result<bytes::Bytes> {
    match store.size(path).await? {
        Some(size) if size > LARGEST_DOCUMENT => Err(damaged(
            path,
            format!("it has {size} bytes, more than a document has"),
        )),
        _ => store.get(path).await,
    }
}

fn not_found(store: &dyn Store, missing: &str) -> Error {
    Error::new(ErrorCode::ArchiveNotFound, store.location().url.as_str())
        .because(format!("`{missing}` is not there"))
        .hint("name the directory that holds `meta` and `binlogs`; one without `backup_meta.json` was never finished")
}
