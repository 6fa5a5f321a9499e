//! What an export writes: documents, and which file goes where.

use std::collections::BTreeSet;

use bytes::Bytes;
use serde::Serialize;

use super::{
    document::{
        Backup, Collection, Database, FieldLogs, Index, Level, Log as LogEntry, Pair, Partition,
        Segment,
    },
    layout::{self, Log},
    note::Note,
    schema,
};
use crate::{
    Error, ErrorCode, Result,
    repository::manifest::{CollectionDocument, FileEntry, Manifest, SegmentEntry},
    source::{NO_CUTOFF_MS, milvus::schema as message},
};
use hozon_model::LoadState;

/// What older readers take for success; newer ones do not look.
const SUCCESS: i32 = 2;
/// Bits of a hybrid timestamp below its milliseconds.
const LOGICAL_BITS: u32 = 18;

/// The documents of an archive in the order of their writing: the last one makes it whole.
pub type Documents = Vec<(&'static str, Bytes)>;

/// A file of a backup, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveFile {
    /// As the backup names it.
    pub entry: FileEntry,
    /// Where it lies below the archive's directory.
    pub path: String,
}

/// Where the files of a backup go.
///
/// # Errors
/// `RepositoryDamaged` if the backup names one that is no log of Milvus.
pub fn files(documents: &[CollectionDocument]) -> Result<Vec<ArchiveFile>> {
    let entries = documents
        .iter()
        .flat_map(|document| &document.segments)
        .flat_map(|segment| &segment.files);
    entries
        .map(|entry| {
            let log = log_of(entry)?;
            Ok(ArchiveFile {
                entry: entry.clone(),
                path: log.archive_path(Some(log.segment)),
            })
        })
        .collect()
}

/// The documents of an archive called `name`. The same for the same backup, whenever it is exported.
///
/// # Errors
/// `RepositoryDamaged` if the backup's own documents cannot be understood.
pub fn documents(
    name: &str,
    manifest: &Manifest,
    documents: &[CollectionDocument],
) -> Result<Documents> {
    let collections = documents
        .iter()
        .map(|document| collection(manifest, document))
        .collect::<Result<Vec<_>>>()?;
    let databases: BTreeSet<&str> = documents
        .iter()
        .map(|document| &*document.description.name.database)
        .collect();
    let root = Backup {
        id: manifest.begin.id.to_string(),
        state_code: SUCCESS,
        name: name.to_owned(),
        size: collections.iter().map(|collection| collection.size).sum(),
        milvus_version: manifest.milvus_version.clone(),
        ..Backup::default()
    };
    let full = Backup {
        database_backups: databases
            .into_iter()
            .map(|name| Database {
                db_name: name.to_owned(),
            })
            .collect(),
        collection_backups: collections.clone(),
        ..root.clone()
    };
    let (collections, partitions, segments) = levels(collections);
    Ok(vec![
        (layout::COLLECTION_META, json(&collections)?),
        (layout::PARTITION_META, json(&partitions)?),
        (layout::SEGMENT_META, json(&segments)?),
        (
            layout::NOTE,
            Note::of(manifest, documents).to_bytes()?.into(),
        ),
        (layout::FULL_META, json(&full)?),
        (layout::BACKUP_META, json(&root)?),
    ])
}

/// Each level apart. Collections keep their partitions, which lose their segments, as milvus-backup has it.
fn levels(
    mut collections: Vec<Collection>,
) -> (Level<Collection>, Level<Partition>, Level<Segment>) {
    let (mut partitions, mut segments) = (Vec::new(), Vec::new());
    for collection in &mut collections {
        for partition in &mut collection.partition_backups {
            segments.append(&mut partition.segment_backups);
            partitions.push(partition.clone());
        }
    }
    (
        Level { infos: collections },
        Level { infos: partitions },
        Level { infos: segments },
    )
}

pub(super) fn collection(manifest: &Manifest, document: &CollectionDocument) -> Result<Collection> {
    let description = &document.description;
    let damaged = |why: String| {
        Error::new(ErrorCode::RepositoryDamaged, description.name.to_string()).because(why)
    };
    let message = message::decode(&description.schema).map_err(damaged)?;
    let mut schema = schema::to_json(&message);
    description.name.name.clone_into(&mut schema.name);
    let properties: Vec<Pair> = description
        .properties
        .iter()
        .map(|(key, value)| Pair {
            key: key.clone(),
            value: value.clone(),
        })
        .collect();
    // A restore by milvus-backup looks for properties in the schema only.
    if schema.properties.is_empty() {
        schema.properties.clone_from(&properties);
    }
    let load_state = match description.load_state {
        LoadState::Loaded => "Loaded",
        LoadState::NotLoaded => "NotLoad",
    };
    let partitions = description
        .partitions
        .iter()
        .map(|partition| {
            let segments = document
                .segments
                .iter()
                .filter(|segment| segment.partition_id == partition.id)
                .map(|segment| self::segment(description.id, segment))
                .collect::<Result<Vec<_>>>()?;
            Ok(Partition {
                partition_id: partition.id,
                partition_name: partition.name.clone(),
                collection_id: description.id,
                size: segments.iter().map(|segment| segment.size).sum(),
                segment_backups: segments,
                load_state: load_state.to_owned(),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let known = partitions
        .iter()
        .map(|partition| partition.segment_backups.len())
        .sum::<usize>();
    if known != document.segments.len() {
        return Err(damaged("it has a segment of an unknown partition".into()));
    }
    let cutoff_ms = if document.cutoff_ms < NO_CUTOFF_MS {
        document.cutoff_ms
    } else {
        0
    };
    Ok(Collection {
        id: manifest.begin.id.to_string(),
        collection_id: description.id,
        db_name: description.name.database.clone(),
        collection_name: description.name.name.clone(),
        schema: Some(schema),
        shards_num: description.shards,
        consistency_level: description.consistency_level,
        size: partitions.iter().map(|partition| partition.size).sum(),
        partition_backups: partitions,
        backup_timestamp: cutoff_ms << LOGICAL_BITS,
        has_index: !description.indexes.is_empty(),
        index_infos: description
            .indexes
            .iter()
            .map(|index| Index {
                field_name: index.field.clone(),
                index_name: index.name.clone(),
                index_type: index.params.get("index_type").cloned().unwrap_or_default(),
                params: index.params.clone(),
            })
            .collect(),
        load_state: load_state.to_owned(),
        backup_physical_timestamp: cutoff_ms / 1000,
        properties,
        aliases: description.aliases.clone(),
        ..Collection::default()
    })
}

fn segment(collection: i64, entry: &SegmentEntry) -> Result<Segment> {
    let mut segment = Segment {
        segment_id: entry.id,
        collection_id: collection,
        partition_id: entry.partition_id,
        num_of_rows: entry.rows as i64,
        size: entry.files.iter().map(|file| file.size as i64).sum(),
        group_id: entry.id,
        ..Segment::default()
    };
    for file in &entry.files {
        let log = log_of(file)?;
        if (log.collection, log.partition, log.segment)
            != (collection, entry.partition_id, entry.id)
        {
            return Err(Error::new(ErrorCode::RepositoryDamaged, file.path.as_str())
                .because("the backup names it for another segment"));
        }
        let (fields, id) = match log.field {
            Some(field) => (&mut segment.binlogs, field),
            None => (&mut segment.deltalogs, 0),
        };
        let at = fields
            .iter()
            .position(|field| field.field_id == id)
            .unwrap_or_else(|| {
                fields.push(FieldLogs {
                    field_id: id,
                    binlogs: Vec::new(),
                });
                fields.len() - 1
            });
        fields[at].binlogs.push(LogEntry {
            log_path: file.path.clone(),
            log_size: file.size as i64,
            log_id: log.log,
        });
    }
    segment.binlogs.sort_by_key(|field| field.field_id);
    Ok(segment)
}

fn log_of(entry: &FileEntry) -> Result<Log> {
    Log::of_source(&entry.path).ok_or_else(|| {
        Error::new(ErrorCode::RepositoryDamaged, entry.path.as_str())
            .because("the backup names it, and it is no log of Milvus")
    })
}

fn json<T: Serialize>(document: &T) -> Result<Bytes> {
    serde_json::to_vec(document)
        .map(Into::into)
        .map_err(|error| Error::new(ErrorCode::Internal, "archive").caused_by(error))
}
