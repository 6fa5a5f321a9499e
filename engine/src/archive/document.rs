//! The JSON documents of an archive, field by field as milvus-backup writes them: numbers for all integers and
//! enumerations, zero values left out but for sizes, states and `has_index`.
// The names are milvus-backup's.
#![allow(clippy::struct_field_names, clippy::struct_excessive_bools)]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Whether a value is left out.
fn absent<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// `full_meta.json`; without its collections `backup_meta.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Backup {
    #[serde(skip_serializing_if = "absent")]
    pub(super) id: String,
    pub(super) state_code: i32,
    #[serde(skip_serializing_if = "absent")]
    pub(super) name: String,
    #[serde(skip_serializing_if = "absent")]
    pub(super) backup_timestamp: u64,
    #[serde(skip_serializing_if = "absent")]
    pub(super) collection_backups: Vec<Collection>,
    pub(super) size: i64,
    #[serde(skip_serializing_if = "absent")]
    pub(super) milvus_version: String,
    #[serde(skip_serializing_if = "absent")]
    pub(super) database_backups: Vec<Database>,
    #[serde(skip_serializing_if = "absent")]
    pub(super) format: String,
}

/// A database.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Database {
    #[serde(skip_serializing_if = "absent")]
    pub(super) db_name: String,
}

/// `collection_meta.json`, `partition_meta.json` and `segment_meta.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Level<T> {
    #[serde(default = "Vec::new")]
    pub(super) infos: Vec<T>,
}

/// A collection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Collection {
    #[serde(skip_serializing_if = "absent")]
    pub(super) id: String,
    #[serde(skip_serializing_if = "absent")]
    pub(super) collection_id: i64,
    #[serde(skip_serializing_if = "absent")]
    pub(super) db_name: String,
    #[serde(skip_serializing_if = "absent")]
    pub(super) collection_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) schema: Option<Schema>,
    #[serde(skip_serializing_if = "absent")]
    pub(super) shards_num: i32,
    #[serde(skip_serializing_if = "absent")]
    pub(super) consistency_level: i32,
    #[serde(skip_serializing_if = "absent")]
    pub(super) partition_backups: Vec<Partition>,
    /// A hybrid timestamp.
    #[serde(skip_serializing_if = "absent")]
    pub(super) backup_timestamp: u64,
    pub(super) size: i64,
    pub(super) has_index: bool,
    #[serde(skip_serializing_if = "absent")]
    pub(super) index_infos: Vec<Index>,
    #[serde(skip_serializing_if = "absent")]
    pub(super) load_state: String,
    /// Seconds since 1970.
    #[serde(skip_serializing_if = "absent")]
    pub(super) backup_physical_timestamp: u64,
    #[serde(skip_serializing_if = "absent")]
    pub(super) l0_segments: Vec<Segment>,
    #[serde(skip_serializing_if = "absent")]
    pub(super) properties: Vec<Pair>,
    #[serde(skip_serializing_if = "absent")]
    pub(super) aliases: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) snapshot_backup: Option<serde_json::Value>,
}

/// A partition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Partition {
    #[serde(skip_serializing_if = "absent")]
    pub(super) partition_id: i64,
    #[serde(skip_serializing_if = "absent")]
    pub(super) partition_name: String,
    #[serde(skip_serializing_if = "absent")]
    pub(super) collection_id: i64,
    #[serde(skip_serializing_if = "absent")]
    pub(super) segment_backups: Vec<Segment>,
    pub(super) size: i64,
    #[serde(skip_serializing_if = "absent")]
    pub(super) load_state: String,
}

/// A segment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Segment {
    #[serde(skip_serializing_if = "absent")]
    pub(super) segment_id: i64,
    #[serde(skip_serializing_if = "absent")]
    pub(super) collection_id: i64,
    #[serde(skip_serializing_if = "absent")]
    pub(super) partition_id: i64,
    #[serde(skip_serializing_if = "absent")]
    pub(super) num_of_rows: i64,
    #[serde(skip_serializing_if = "absent")]
    pub(super) binlogs: Vec<FieldLogs>,
    #[serde(skip_serializing_if = "absent")]
    pub(super) deltalogs: Vec<FieldLogs>,
    pub(super) size: i64,
    #[serde(skip_serializing_if = "absent")]
    pub(super) group_id: i64,
    #[serde(skip_serializing_if = "absent")]
    pub(super) is_l0: bool,
    #[serde(skip_serializing_if = "absent")]
    pub(super) storage_version: i64,
}

/// The logs of one field, or the delta logs of a segment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct FieldLogs {
    #[serde(rename = "fieldID", skip_serializing_if = "absent")]
    pub(super) field_id: i64,
    #[serde(skip_serializing_if = "absent")]
    pub(super) binlogs: Vec<Log>,
}

/// One file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Log {
    /// Where it lay on Milvus's storage, not where it lies here.
    #[serde(skip_serializing_if = "absent")]
    pub(super) log_path: String,
    pub(super) log_size: i64,
    #[serde(skip_serializing_if = "absent")]
    pub(super) log_id: i64,
}

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Index {
    #[serde(skip_serializing_if = "absent")]
    pub(super) field_name: String,
    #[serde(skip_serializing_if = "absent")]
    pub(super) index_name: String,
    #[serde(skip_serializing_if = "absent")]
    pub(super) index_type: String,
    #[serde(skip_serializing_if = "absent")]
    pub(super) params: BTreeMap<String, String>,
}

/// A key and its value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Pair {
    #[serde(skip_serializing_if = "absent")]
    pub(super) key: String,
    #[serde(skip_serializing_if = "absent")]
    pub(super) value: String,
}

/// A collection's schema.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Schema {
    #[serde(skip_serializing_if = "absent")]
    pub(super) name: String,
    #[serde(skip_serializing_if = "absent")]
    pub(super) description: String,
    #[serde(rename = "autoID", skip_serializing_if = "absent")]
    pub(super) auto_id: bool,
    #[serde(skip_serializing_if = "absent")]
    pub(super) fields: Vec<Field>,
    #[serde(skip_serializing_if = "absent")]
    pub(super) enable_dynamic_field: bool,
    #[serde(skip_serializing_if = "absent")]
    pub(super) properties: Vec<Pair>,
    #[serde(skip_serializing_if = "absent")]
    pub(super) functions: Vec<Named>,
    #[serde(skip_serializing_if = "absent")]
    pub(super) struct_array_fields: Vec<Named>,
}

/// Something of which only the name matters here, because it cannot be restored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Named {
    pub(super) name: String,
}

/// A field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Field {
    #[serde(rename = "fieldID", skip_serializing_if = "absent")]
    pub(super) field_id: i64,
    #[serde(skip_serializing_if = "absent")]
    pub(super) name: String,
    #[serde(skip_serializing_if = "absent")]
    pub(super) is_primary_key: bool,
    #[serde(skip_serializing_if = "absent")]
    pub(super) description: String,
    #[serde(skip_serializing_if = "absent")]
    pub(super) data_type: i32,
    #[serde(skip_serializing_if = "absent")]
    pub(super) type_params: Vec<Pair>,
    #[serde(skip_serializing_if = "absent")]
    pub(super) index_params: Vec<Pair>,
    #[serde(rename = "autoID", skip_serializing_if = "absent")]
    pub(super) auto_id: bool,
    #[serde(skip_serializing_if = "absent")]
    pub(super) state: i32,
    #[serde(skip_serializing_if = "absent")]
    pub(super) element_type: i32,
    #[serde(skip_serializing_if = "absent")]
    pub(super) is_dynamic: bool,
    #[serde(skip_serializing_if = "absent")]
    pub(super) is_partition_key: bool,
    #[serde(skip_serializing_if = "absent")]
    pub(super) nullable: bool,
    #[serde(skip_serializing_if = "absent")]
    pub(super) is_function_output: bool,
    /// The protobuf message `milvus.proto.schema.ValueField`.
    #[serde(skip_serializing_if = "absent")]
    pub(super) default_value_base64: String,
}
