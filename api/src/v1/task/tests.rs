use hozon_model::{ErrorReport, JobId, JobKind, JobProgress, JobState, ProjectId};
use jiff::Timestamp;
use serde_json::Value;

use super::*;
use crate::v1::answer::{Answer, Code};

fn job(state: JobState) -> JobSummary {
    let at = |second| Timestamp::from_second(second).unwrap();
    JobSummary {
        id: JobId::new("job-1"),
        kind: JobKind::Restore,
        state,
        backup_id: None,
        backup_name: None,
        project_id: ProjectId::default(),
        retry_of: None,
        cluster_id: None,
        cluster_name: None,
        created_at: at(1_787_000_000),
        started_at: Some(at(1_787_000_001)),
        finished_at: state.is_final().then(|| at(1_787_000_042)),
        created_by: "api".into(),
        progress: JobProgress {
            files_done: 1,
            files_total: 2,
            ..JobProgress::default()
        },
        reason: (state == JobState::Failed).then(|| ErrorReport {
            code: ErrorCode::ImportFailed,
            subject: "shop.orders".into(),
            detail: "the server said no".into(),
            hint: String::new(),
        }),
        attempts: 1,
    }
}

fn collections() -> Vec<RestoredCollection> {
    ["default.docs", "shop.orders", "shop.prices"]
        .into_iter()
        .enumerate()
        .map(|(number, name)| RestoredCollection {
            source: name.parse().unwrap(),
            target: format!("{name}_recover").parse().unwrap(),
            bytes: 1,
            done: number == 0,
        })
        .collect()
}

#[test]
fn a_failed_restore_tells_what_is_there() {
    let task = told_of("restore_1".into(), &job(JobState::Failed), collections());
    let answer = Answer {
        request_id: "r".into(),
        code: Code::Fail,
        msg: task.error_message.clone(),
        data: Some(task),
    };
    let golden: Value =
        serde_json::from_str(include_str!("../golden/get_restore_failed.json")).unwrap();
    assert_eq!(serde_json::to_value(&answer).unwrap(), golden);
}

#[test]
fn progress_begins_at_one_and_is_a_hundred_only_at_the_end() {
    let mut waiting = job(JobState::Pending);
    waiting.progress = JobProgress::default();
    let task = told_of("t".into(), &waiting, collections());
    assert_eq!(
        (task.state_code, task.progress, task.end_time),
        (StateCode::Initial, 1, 0)
    );
    let mut almost = job(JobState::InProgress);
    almost.progress.files_done = 2;
    assert_eq!(told_of("t".into(), &almost, collections()).progress, 99);
    let done = told_of("t".into(), &job(JobState::Successful), collections());
    assert_eq!((done.state_code, done.progress), (StateCode::Success, 100));
    assert!(
        done.collection_restore_tasks
            .iter()
            .all(|one| one.state_code == StateCode::Success)
    );
}
