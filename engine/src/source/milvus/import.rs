//! Import: Milvus reads binlogs by itself and makes new segments of them.
//!
//! What Milvus 2.3.5 does, as seen in experiments (`tests/milvus_restore.rs`, `tests/milvus_collections.rs`):
//! - `end_ts` is in physical milliseconds; a row or a delete counts if its timestamp is `<= end_ts << 18`. A row of
//!   the very millisecond with a counter above zero is left out.
//! - A task that finds nothing is *completed* with 0 rows: the caller compares with what it expects.
//! - Any number of tasks may be asked for at once. A standalone server takes them one after another, about two
//!   seconds each however small, so one task for all segments of a partition is better than one for each.
//! - Field 0 and the dynamic field `$meta` are not in the schema, but their logs must lie beside the others.
//! - Keys that Milvus made itself (`autoID`) are kept. All rows get the import's own time: a time to live begins anew.
//! - An index may be asked for before or after; loading and renaming work in either case.

use milvus::proto::{
    common::{ImportState as State, KeyValuePair},
    milvus as proto,
};

use super::{
    Client,
    call::{LONG, On, ask},
};
use crate::{
    Error, ErrorCode, Result,
    source::{ImportFiles, ImportState},
};

pub(super) async fn import(client: &Client, files: &ImportFiles) -> Result<i64> {
    let on = On::collection("Import", &files.target).within(LONG);
    let option = |key: &str, value: String| KeyValuePair {
        key: key.to_owned(),
        value,
    };
    let request = proto::ImportRequest {
        db_name: files.target.database.clone(),
        collection_name: files.target.name.clone(),
        partition_name: files.partition.clone(),
        // Always two: Milvus refuses one, and takes an empty second one for "no deletes".
        files: vec![
            files.insert_path.clone(),
            files.delta_path.clone().unwrap_or_default(),
        ],
        options: vec![
            option("backup", "true".to_owned()),
            option("end_ts", files.end_ts_ms.to_string()),
            option("skip_disk_quota_check", "true".to_owned()),
        ],
        ..Default::default()
    };
    let subject = on.subject.clone();
    let answer = ask!(client, on, import, request).map_err(as_import_failure)?;
    answer.tasks.first().copied().ok_or_else(|| {
        Error::new(ErrorCode::ImportFailed, subject)
            .because("Import: Milvus accepted the request but named no task")
            .hint("look at Milvus's log")
    })
}

/// How far an import is. Milvus 2.3.5 dies of a nil pointer (`Proxy.GetImportState`) when this call is given up while
/// it is being answered, so it runs to its end in a task of its own, even if nobody waits for it any more.
pub(super) async fn import_state(client: &Client, task: i64) -> Result<ImportState> {
    let subject = format!("import task {task}");
    let client = client.clone();
    tokio::spawn(async move { ask_import_state(&client, task).await })
        .await
        .map_err(|error| Error::new(ErrorCode::Internal, subject).caused_by(error))?
}

async fn ask_import_state(client: &Client, task: i64) -> Result<ImportState> {
    let on = On::server("GetImportState", client).about(format!("import task {task}"));
    let answer = ask!(
        client,
        on,
        get_import_state,
        proto::GetImportStateRequest { task }
    )
    .map_err(as_import_failure)?;
    Ok(match answer.state() {
        State::ImportCompleted => {
            ImportState::Completed(u64::try_from(answer.row_count).unwrap_or(0))
        }
        State::ImportFailed | State::ImportFailedAndCleaned => {
            ImportState::Failed(match info(&answer.infos, "failed_reason") {
                "" => "Milvus gave no reason; its log says more".to_owned(),
                reason => reason.to_owned(),
            })
        }
        State::ImportPending
        | State::ImportStarted
        | State::ImportPersisted
        | State::ImportFlushed => {
            ImportState::Running(info(&answer.infos, "progress_percent").parse().unwrap_or(0))
        }
    })
}

fn info<'a>(infos: &'a [KeyValuePair], key: &str) -> &'a str {
    infos
        .iter()
        .find(|pair| pair.key == key)
        .map_or("", |pair| pair.value.as_str())
}

/// A refusal that has no code of its own is, here, a failed import.
fn as_import_failure(error: Error) -> Error {
    if error.code() != ErrorCode::MilvusFailed {
        return error;
    }
    let mut report = error.into_report();
    report.code = ErrorCode::ImportFailed;
    report.into()
}
