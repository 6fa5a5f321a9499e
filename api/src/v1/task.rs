//! A restore as `restore` and `get_restore` answer it: while it runs, when it is done, and what is there of one that
//! failed.

use hozon_engine::{Engine, ErrorCode, RestoredCollection, Result};
use hozon_model::JobSummary;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::{absent, told},
    brief::StateCode,
};

/// `RestoreBackupTaskResponse`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct RestoreTask {
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
    pub(super) collection_restore_tasks: Vec<CollectionTask>,
}

/// One collection of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct CollectionTask {
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
    pub(super) target_db_name: String,
    #[serde(skip_serializing_if = "absent")]
    #[schema(required = false)]
    pub(super) target_collection_name: String,
}

/// Tells of a restore. `id` is what its client calls it.
pub(super) async fn task(engine: &Engine, id: String, job: &JobSummary) -> Result<RestoreTask> {
    let collections = match engine.restored_collections(&job.id).await {
        Ok(collections) => collections,
        // Its backup was deleted since: what it held is not known any more.
        Err(error)
            if matches!(
                error.code(),
                ErrorCode::BackupNotAvailable | ErrorCode::FileMissing
            ) =>
        {
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    Ok(told_of(id, job, collections))
}

fn told_of(id: String, job: &JobSummary, collections: Vec<RestoredCollection>) -> RestoreTask {
    let state_code = StateCode::from(job.state);
    let reason = match (&job.reason, state_code) {
        (Some(reason), StateCode::Fail) => told(reason),
        (None, StateCode::Fail) => "the restore was canceled".to_owned(),
        _ => String::new(),
    };
    let seconds = |at: Option<jiff::Timestamp>| at.map_or(0, jiff::Timestamp::as_second);
    let percent = if state_code == StateCode::Success {
        100
    } else {
        i32::from(job.progress.percent()).clamp(1, 99)
    };
    let mut working = true;
    let tasks = collections.into_iter().enumerate().map(|(number, one)| {
        let first = !one.done && std::mem::take(&mut working);
        let state = match (one.done, state_code) {
            (true, _) | (false, StateCode::Success) => StateCode::Success,
            // The engine works on one after another.
            (false, StateCode::Executing | StateCode::Fail) if first => state_code,
            (false, _) => StateCode::Initial,
        };
        CollectionTask {
            id: format!("{id}_{number}"),
            state_code: state,
            error_message: if state == StateCode::Fail {
                reason.clone()
            } else {
                String::new()
            },
            start_time: seconds(job.started_at),
            end_time: if state == StateCode::Success {
                seconds(job.finished_at)
            } else {
                0
            },
            progress: if state == StateCode::Success { 100 } else { 1 },
            target_db_name: one.target.database,
            target_collection_name: one.target.name,
        }
    });
    RestoreTask {
        collection_restore_tasks: tasks.collect(),
        id,
        state_code,
        error_message: reason,
        start_time: job.created_at.as_second(),
        end_time: seconds(job.finished_at),
        progress: percent,
    }
}

#[cfg(test)]
mod tests;
