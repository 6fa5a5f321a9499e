//! Jobs.

use hozon_model::*;
use jiff::SignedDuration;

use super::ago;

fn job(kind: JobKind, state: JobState, minutes: i64) -> JobSummary {
    JobSummary {
        id: JobId::new(format!("job-{minutes:022}")),
        kind,
        state,
        retry_of: None,
        backup_id: Some(BackupId::new("backup0_0123456789abcde")),
        project_id: ProjectId::default(),
        backup_name: Some("before the upgrade to 2.4".to_owned()),
        cluster_id: Some(ClusterId::new("in01-0123456789abcde")),
        cluster_name: Some("demo".to_owned()),
        created_at: ago(minutes),
        started_at: (state != JobState::Pending).then(|| ago(minutes)),
        finished_at: state.is_final().then(|| ago(minutes - 3)),
        created_by: "admin".to_owned(),
        progress: JobProgress {
            phase: if state.is_final() {
                JobPhase::Finished
            } else {
                JobPhase::Copying
            },
            bytes_done: 522_060_000,
            bytes_total: 1_243_000_000,
            files_done: 504,
            files_total: 1_204,
            rows_done: 0,
            rows_total: 0,
            bytes_per_second: 86_400_000,
            seconds_left: Some(8),
        },
        reason: None,
        attempts: 1,
    }
}

fn failed() -> JobSummary {
    JobSummary {
        reason: Some(ErrorReport {
            code: ErrorCode::SourceFileVanished,
            subject: "files/insert_log/449/450/451/101/452".to_owned(),
            detail: "GET http://127.0.0.1:8333/milvus/files/insert_log/449/450/451/101/452: 404 Not Found".to_owned(),
            hint: "try again".to_owned(),
        }),
        ..job(JobKind::Backup, JobState::Failed, 200)
    }
}

pub(in crate::gallery) fn jobs() -> Vec<JobSummary> {
    vec![
        job(JobKind::Backup, JobState::InProgress, 2),
        job(JobKind::Restore, JobState::Pending, 3),
        job(JobKind::Verify, JobState::Successful, 45),
        failed(),
        job(JobKind::Delete, JobState::Canceled, 60 * 30),
    ]
}

fn log(level: LogLevel, seconds: i64, text: &str) -> JobLogLine {
    JobLogLine {
        at: ago(2) + SignedDuration::from_secs(seconds),
        level,
        text: text.to_owned(),
    }
}

pub(in crate::gallery) fn running_job() -> Job {
    Job {
        summary: jobs().remove(0),
        log: vec![
            log(LogLevel::Info, 0, "7 collections in 2 databases"),
            log(LogLevel::Info, 2, "flushed in 2.1 s"),
            log(LogLevel::Warning, 3, "drafts has no index and no rows"),
            log(LogLevel::Info, 3, "1,204 files, 700 of them stored already"),
        ],
    }
}

pub(in crate::gallery) fn failed_job() -> Job {
    Job {
        summary: failed(),
        log: vec![log(
            LogLevel::Error,
            4,
            "a file vanished from the cluster's storage",
        )],
    }
}
