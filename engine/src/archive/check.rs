//! What an archive says of a collection, before any of it is believed. Anybody may have written it.

use std::collections::{BTreeMap, HashSet};

use hozon_model::{CollectionName, LoadState};

use super::{
    document::{Collection, FieldLogs, Index, Partition, Segment},
    layout::Log,
    schema,
};
use crate::{
    Error, ErrorCode, Result,
    source::{
        CollectionDescription, IndexDescription, PartitionDescription, milvus::schema as message,
    },
};

/// Milvus allows names up to 255 bytes.
const LONGEST_NAME: usize = 255;
/// The fields that Milvus writes beside those of the schema: row numbers and timestamps.
const SYSTEM_FIELDS: [i64; 2] = [0, 1];

/// A collection that can be made again, with the logs that it is said to consist of.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) description: CollectionDescription,
    pub(super) segments: Vec<CheckedSegment>,
}

/// A segment and its logs with their sizes.
#[derive(Debug)]
pub(super) struct CheckedSegment {
    pub(super) id: i64,
    pub(super) partition: i64,
    pub(super) group: i64,
    pub(super) rows: u64,
    pub(super) logs: Vec<(Log, u64)>,
}

/// An archive that does not hold together.
pub(super) fn damaged(subject: impl Into<String>, why: impl Into<String>) -> Error {
    Error::new(ErrorCode::ArchiveDamaged, subject).because(why)
}

/// Every collection of an archive, each once.
pub(super) fn collections(found: &[Collection]) -> Result<Vec<Checked>> {
    let (mut names, mut ids) = (HashSet::new(), HashSet::new());
    let mut checked = Vec::with_capacity(found.len());
    for one in found {
        let one = collection(one)?;
        let name = one.description.name.clone();
        if !names.insert(name.clone()) || !ids.insert(one.description.id) {
            return Err(damaged(name.to_string(), "it is named twice"));
        }
        checked.push(one);
    }
    Ok(checked)
}

fn collection(found: &Collection) -> Result<Checked> {
    let name = CollectionName {
        database: if found.db_name.is_empty() {
            "default".to_owned()
        } else {
            found.db_name.clone()
        },
        name: found.collection_name.clone(),
    };
    let subject = name.to_string();
    for part in [&name.database, &name.name] {
        if part.is_empty() || part.len() > LONGEST_NAME || part.chars().any(char::is_control) {
            return Err(damaged(
                subject.escape_default().to_string(),
                "Milvus has no such names",
            ));
        }
    }
    let unsupported = |why: String| {
        Error::new(ErrorCode::CollectionUnsupported, subject.clone())
            .because(why)
            .hint("adopt it with a Hozon and a Milvus that know this")
    };
    if found.snapshot_backup.is_some() {
        return Err(unsupported("it is in Milvus's snapshot format".into()));
    }
    if !found.l0_segments.is_empty() {
        return Err(unsupported(
            "it has deletes in L0 segments, which Milvus 2.3 cannot import".into(),
        ));
    }
    if found.collection_id <= 0 {
        return Err(damaged(subject, "it has no number"));
    }
    let schema = found
        .schema
        .as_ref()
        .ok_or_else(|| damaged(subject.clone(), "it has no schema"))?;
    let mut message = schema::from_json(schema).map_err(unsupported)?;
    message.name.clone_from(&name.name);
    if let Some(obstacle) = message::obstacle(&message) {
        return Err(unsupported(obstacle));
    }
    let fields = message::fields(&message);
    let numbers: HashSet<i64> = fields.iter().map(|field| field.id).collect();
    if fields.iter().filter(|field| field.primary_key).count() != 1
        || numbers.len() != fields.len()
        || numbers.iter().any(|number| *number < 100)
    {
        return Err(damaged(
            subject,
            "its schema has not one primary key, or its fields have not each a number of their own",
        ));
    }
    let partitions = partitions(&subject, found)?;
    let mut properties = message::map(&message.properties);
    properties.extend(
        found
            .properties
            .iter()
            .map(|pair| (pair.key.clone(), pair.value.clone())),
    );
    let load_state = match &*found.load_state {
        "Loaded" | "Loading" => LoadState::Loaded,
        _ => LoadState::NotLoaded,
    };
    let description = CollectionDescription {
        id: found.collection_id,
        schema: message::encode(&message),
        shards: found.shards_num.max(1),
        consistency_level: found.consistency_level,
        has_partition_key: fields.iter().any(|field| field.partition_key),
        has_dynamic_fields: schema.enable_dynamic_field,
        fields,
        partitions,
        indexes: found.index_infos.iter().map(index).collect(),
        aliases: found.aliases.clone(),
        properties,
        load_state,
        replicas: i32::from(load_state == LoadState::Loaded),
        name,
    };
    let segments = segments(&description, &found.partition_backups)?;
    Ok(Checked {
        description,
        segments,
    })
}

fn partitions(subject: &str, found: &Collection) -> Result<Vec<PartitionDescription>> {
    let (mut ids, mut names) = (HashSet::new(), HashSet::new());
    let mut partitions = Vec::with_capacity(found.partition_backups.len());
    for one in &found.partition_backups {
        let name = &one.partition_name;
        let named =
            !name.is_empty() && name.len() <= LONGEST_NAME && !name.chars().any(char::is_control);
        let of_it = one.collection_id == 0 || one.collection_id == found.collection_id;
        let fresh = ids.insert(one.partition_id) && names.insert(name);
        if !(named && of_it && fresh && one.partition_id > 0) {
            return Err(damaged(
                subject,
                format!(
                    "partition {} has no proper name or number of its own",
                    one.partition_id
                ),
            ));
        }
        partitions.push(PartitionDescription {
            id: one.partition_id,
            name: name.clone(),
        });
    }
    partitions.sort_by_key(|partition| partition.id);
    Ok(partitions)
}

fn index(found: &Index) -> IndexDescription {
    let mut params = found.params.clone();
    if !found.index_type.is_empty() {
        params
            .entry("index_type".to_owned())
            .or_insert_with(|| found.index_type.clone());
    }
    IndexDescription {
        name: found.index_name.clone(),
        field: found.field_name.clone(),
        params,
    }
}

fn segments(
    description: &CollectionDescription,
    partitions: &[Partition],
) -> Result<Vec<CheckedSegment>> {
    let (mut ids, mut checked) = (HashSet::new(), Vec::new());
    for partition in partitions {
        for found in &partition.segment_backups {
            let subject = format!("{}, segment {}", description.name, found.segment_id);
            if found.segment_id <= 0 || !ids.insert(found.segment_id) {
                return Err(damaged(subject, "it has no number of its own"));
            }
            let of = |number: i64, id: i64| number == 0 || number == id;
            if !of(found.collection_id, description.id)
                || !of(found.partition_id, partition.partition_id)
            {
                return Err(damaged(subject, "it is said to be of another place"));
            }
            if found.is_l0 || found.storage_version > 0 {
                return Err(
                    Error::new(ErrorCode::CollectionUnsupported, subject).because(
                        "it is in a format of Milvus 2.6 or later, which Milvus 2.3 cannot import",
                    ),
                );
            }
            let rows = u64::try_from(found.num_of_rows)
                .map_err(|_| damaged(subject.clone(), "it has less than no rows"))?;
            if rows == 0 {
                continue;
            }
            let logs = logs(&subject, description, partition.partition_id, found)?;
            checked.push(CheckedSegment {
                id: found.segment_id,
                partition: partition.partition_id,
                group: found.group_id,
                rows,
                logs,
            });
        }
    }
    checked.sort_by_key(|segment| segment.id);
    Ok(checked)
}

/// The logs of a segment, which must be as many for every field.
fn logs(
    subject: &str,
    description: &CollectionDescription,
    partition: i64,
    found: &Segment,
) -> Result<Vec<(Log, u64)>> {
    let (mut seen, mut logs, mut counts) = (HashSet::new(), Vec::new(), BTreeMap::new());
    let inserts = found.binlogs.iter().map(|logs| (Some(logs.field_id), logs));
    let deletes = found.deltalogs.iter().map(|logs| (None, logs));
    for (field, FieldLogs { binlogs, .. }) in inserts.chain(deletes) {
        for one in binlogs {
            // The oldest archives name a log by its path alone.
            let number = if one.log_id == 0 {
                let last = one.log_path.rsplit('/').next().unwrap_or_default();
                last.parse().unwrap_or_default()
            } else {
                one.log_id
            };
            let log = Log {
                collection: description.id,
                partition,
                segment: found.segment_id,
                field,
                log: number,
            };
            let size = u64::try_from(one.log_size).unwrap_or_default();
            if number <= 0 || field.is_some_and(|field| field < 0) || size == 0 || !seen.insert(log)
            {
                return Err(damaged(
                    subject,
                    format!("log {number} has no number of its own, or no size"),
                ));
            }
            if let Some(field) = field {
                *counts.entry(field).or_insert(0_u64) += 1;
            }
            logs.push((log, size));
        }
    }
    let most = counts.values().copied().max().unwrap_or(0);
    if most == 0 {
        // milvus-backup writes such a one where it does not find the files of a segment, and calls it a success.
        let why = "it has rows and names no log of them, so their data was never copied";
        return Err(damaged(subject, why).hint("make the backup again; this one holds no data"));
    }
    let named = SYSTEM_FIELDS
        .into_iter()
        .chain(description.fields.iter().map(|field| field.id));
    let named: HashSet<i64> = named.collect();
    let short = named
        .iter()
        .chain(counts.keys())
        .find(|field| counts.get(field).copied().unwrap_or(0) < most);
    if let Some(field) = short {
        let has = counts.get(field).copied().unwrap_or(0);
        return Err(damaged(
            subject,
            format!("field {field} has {has} logs where others have {most}"),
        ));
    }
    if description.has_dynamic_fields && counts.len() == named.len() {
        return Err(damaged(
            subject,
            "the logs of its dynamic fields are missing",
        ));
    }
    Ok(logs)
}
