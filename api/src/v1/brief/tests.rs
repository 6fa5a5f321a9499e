use hozon_model::{
    BackupId, BackupMethod, BackupScope, BackupSummary, ClusterId, JobId, JobKind, JobProgress,
    ProjectId,
};
use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::v1::answer::Answer;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn backup(state: BackupState) -> Backup {
    Backup {
        summary: BackupSummary {
            id: BackupId::new("backup0_1"),
            name: "nightly_1".into(),
            project_id: ProjectId::default(),
            cluster_id: ClusterId::new("in01-a"),
            cluster_name: "main".into(),
            state,
            scope: BackupScope::Cluster,
            method: BackupMethod::Manual,
            created_at: at(1_787_000_000),
            finished_at: None,
            bytes: 0,
            new_bytes: 0,
            rows: 0,
            files: 0,
            collections: 0,
            proof: None,
            job_id: None,
            milvus_version: None,
            pinned: false,
            expires_at: None,
        },
        collection_list: Vec::new(),
        proofs: Vec::new(),
        reason: None,
        copies: Vec::new(),
    }
}

/// The golden documents are written from the original's own words.
fn assert_golden<T: Serialize>(answer: &T, golden: &str) {
    let golden: Value = serde_json::from_str(golden).unwrap();
    assert_eq!(serde_json::to_value(answer).unwrap(), golden);
}

#[test]
fn a_finished_backup_is_told_as_the_original_tells_it() {
    let mut backup = backup(BackupState::Available);
    backup.summary.finished_at = Some(at(1_787_000_042));
    backup.summary.bytes = 4096;
    backup.summary.milvus_version = Some("2.6.11".into());
    let described = DescribedBackup {
        collections: vec![json!({
            "id": "backup0_1", "collection_id": 4610, "db_name": "default", "collection_name": "docs",
            "schema": { "name": "docs", "fields": [
                { "fieldID": 100, "name": "id", "is_primary_key": true, "data_type": 5 },
                { "fieldID": 101, "name": "v", "data_type": 101, "type_params": [{ "key": "dim", "value": "8" }] },
            ] },
            "shards_num": 1, "consistency_level": 2, "size": 4096, "has_index": true,
            "index_infos": [{ "field_name": "v", "index_name": "v", "index_type": "HNSW",
                "params": { "index_type": "HNSW", "metric_type": "COSINE" } }],
            "load_state": "Loaded", "aliases": ["latest"],
        })],
        databases: vec!["default".into()],
        meta_bytes: 5321,
    };
    let brief = told_of("5b0c".into(), &backup, None, Some(described));
    let answer = Answer::good("5b0c", "success", Some(brief));
    assert_golden(&answer, include_str!("../golden/get_backup.json"));
}

#[test]
fn a_running_backup_has_no_end_and_an_empty_one_no_lists() {
    let backup = backup(BackupState::Creating);
    let job = JobSummary {
        id: JobId::new("job-1"),
        kind: JobKind::Backup,
        state: JobState::InProgress,
        backup_id: None,
        backup_name: None,
        project_id: ProjectId::default(),
        retry_of: None,
        cluster_id: None,
        cluster_name: None,
        created_at: at(1_787_000_000),
        started_at: None,
        finished_at: None,
        created_by: "api".into(),
        progress: JobProgress {
            files_done: 1,
            files_total: 2,
            ..JobProgress::default()
        },
        reason: None,
        attempts: 1,
    };
    let brief = told_of("5b0c".into(), &backup, Some(&job), None);
    let answer = Answer::good("5b0c", "success", Some(brief));
    assert_golden(&answer, include_str!("../golden/get_backup_executing.json"));
}

#[test]
fn accepting_without_waiting_has_no_data_and_no_code() {
    let msg = "create backup is executing asynchronously";
    let answer = Answer::<BackupInfoBrief>::good("5b0c", msg, None);
    assert_golden(&answer, include_str!("../golden/create_async.json"));
}
