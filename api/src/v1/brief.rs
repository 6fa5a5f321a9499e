//! A backup as `create` and `get_backup` answer it.

use hozon_engine::{DescribedBackup, Engine, Result};
use hozon_model::{Backup, BackupState, JobState, JobSummary};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::answer::{absent, told};

/// What is told of a collection; its partitions and segments are not.
const OF_A_COLLECTION: [&str; 14] = [
    "id",
    "collection_id",
    "db_name",
    "collection_name",
    "schema",
    "shards_num",
    "backup_timestamp",
    "size",
    "has_index",
    "index_infos",
    "load_state",
    "backup_physical_timestamp",
    "channel_checkpoints",
    "properties",
];

/// How a task stands, in the original's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StateCode {
    Initial = 0,
    Executing = 1,
    Success = 2,
    Fail = 3,
}

impl Serialize for StateCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(*self as i32)
    }
}

impl From<JobState> for StateCode {
    fn from(state: JobState) -> Self {
        match state {
            JobState::Pending => Self::Initial,
            JobState::InProgress | JobState::Canceling => Self::Executing,
            JobState::Successful => Self::Success,
            JobState::Failed | JobState::Canceled => Self::Fail,
        }
    }
}

/// `BackupInfoBrief`. Times are seconds since 1970; one that has not come is left out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct BackupInfoBrief {
    #[serde(skip_serializing_if = "absent")]
    #[schema(required = false)]
    pub(super) id: String,
    #[schema(value_type = i32)]
    pub(super) state_code: StateCode,
    #[serde(rename = "errorMessage", skip_serializing_if = "absent")]
    #[schema(required = false)]
    pub(super) error_message: String,
    #[serde(skip_serializing_if = "absent")]
    #[schema(required = false)]
    pub(super) start_time: i64,
    #[serde(skip_serializing_if = "absent")]
    #[schema(required = false)]
    pub(super) end_time: i64,
    pub(super) progress: i32,
    #[serde(skip_serializing_if = "absent")]
    #[schema(required = false)]
    pub(super) name: String,
    #[serde(skip_serializing_if = "absent")]
    #[schema(value_type = Vec<Object>, required = false)]
    pub(super) collection_backups: Vec<Value>,
    pub(super) size: i64,
    #[serde(skip_serializing_if = "absent")]
    #[schema(required = false)]
    pub(super) milvus_version: String,
    #[serde(skip_serializing_if = "absent")]
    #[schema(required = false)]
    pub(super) database_backups: Vec<Database>,
    pub(super) meta_size: i64,
}

/// A database of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Database {
    pub(super) db_name: String,
}

/// Tells of a backup. `id` is what its client calls it.
pub(super) async fn brief(engine: &Engine, id: String, backup: &Backup) -> Result<BackupInfoBrief> {
    let job = match &backup.summary.job_id {
        Some(id) if backup.summary.state == BackupState::Creating => {
            Some(engine.job(id).await?.summary)
        }
        _ => None,
    };
    let described = match backup.summary.state {
        BackupState::Available | BackupState::Damaged => {
            Some(engine.described_backup(&backup.summary.id).await?)
        }
        _ => None,
    };
    Ok(told_of(id, backup, job.as_ref(), described))
}

fn told_of(
    id: String,
    backup: &Backup,
    job: Option<&JobSummary>,
    described: Option<DescribedBackup>,
) -> BackupInfoBrief {
    let summary = &backup.summary;
    let state_code = match summary.state {
        BackupState::Available => StateCode::Success,
        BackupState::Creating => job.map_or(StateCode::Executing, |job| job.state.into()),
        BackupState::Failed
        | BackupState::Damaged
        | BackupState::Deleting
        | BackupState::Deleted => StateCode::Fail,
    };
    let progress = match summary.state {
        BackupState::Available => 100,
        BackupState::Creating => job.map_or(0, |job| i32::from(job.progress.percent())),
        _ => 0,
    };
    let described = described.unwrap_or(DescribedBackup {
        collections: Vec::new(),
        databases: Vec::new(),
        meta_bytes: 0,
    });
    BackupInfoBrief {
        state_code,
        error_message: backup.reason.as_ref().map(told).unwrap_or_default(),
        start_time: summary.created_at.as_second(),
        end_time: summary.finished_at.map_or(0, jiff::Timestamp::as_second),
        progress,
        name: summary.name.clone(),
        collection_backups: described
            .collections
            .into_iter()
            .map(|collection| without_details(collection, &id))
            .collect(),
        size: summary.bytes as i64,
        milvus_version: summary.milvus_version.clone().unwrap_or_default(),
        database_backups: described
            .databases
            .into_iter()
            .map(|db_name| Database { db_name })
            .collect(),
        meta_size: described.meta_bytes as i64,
        id,
    }
}

fn without_details(collection: Value, id: &str) -> Value {
    let Value::Object(mut all) = collection else {
        return collection;
    };
    let mut told = Map::new();
    for name in OF_A_COLLECTION {
        if let Some(value) = all.remove(name) {
            told.insert(name.to_owned(), value);
        }
    }
    told.insert("id".to_owned(), Value::from(id));
    Value::Object(told)
}

#[cfg(test)]
mod tests;
