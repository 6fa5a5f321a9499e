//! A policy, its runs, and what comes of it.

use hozon_model::*;
use jiff::SignedDuration;

use super::{ago, backups, now};

pub(in crate::gallery) fn policy() -> Policy {
    Policy {
        cluster_id: ClusterId::new("in01-0123456789abcde"),
        cluster_name: "demo".to_owned(),
        state: PolicyState::Enabled,
        options: PolicyOptions {
            schedule: Schedule::Weekly {
                days: vec![1, 4],
                at: ClockTime {
                    hour: 2,
                    minute: 30,
                },
            },
            time_zone: "Asia/Tokyo".to_owned(),
            retention: Retention {
                weekly: 4,
                ..Retention::default()
            },
            copies: Vec::new(),
        },
        counted_from: ago(600),
        changed_at: ago(600),
        changed_by: "admin".to_owned(),
    }
}

pub(in crate::gallery) fn policy_runs() -> Vec<PolicyRun> {
    let run = |minutes: i64, cause, state: Option<JobState>| PolicyRun {
        cluster_id: ClusterId::new("in01-0123456789abcde"),
        due_at: ago(minutes),
        made_at: ago(minutes),
        cause,
        job_id: state.map(|_| JobId::new("job-abcdefghijklmnopqrstuv")),
        job_state: state,
        backup_id: state.map(|_| BackupId::new("backup0_0123456789abcde")),
        backup_name: state.map(|_| "demo_auto_2026-11-21_02-30".to_owned()),
    };
    vec![
        run(20, RunCause::Asked, None),
        run(400, RunCause::Missed, Some(JobState::Failed)),
        run(2_000, RunCause::First, Some(JobState::Successful)),
    ]
}

pub(in crate::gallery) fn policy_preview() -> PolicyPreview {
    let kept = [
        vec![KeepRule::Manual],
        vec![KeepRule::LastGood, KeepRule::Days],
        Vec::new(),
    ];
    PolicyPreview {
        next_runs: (1..=5)
            .map(|day| now() + SignedDuration::from_hours(24 * day))
            .collect(),
        backups: backups()
            .into_iter()
            .skip(1)
            .zip(kept)
            .map(|(backup, kept_by)| BackupOutlook { backup, kept_by })
            .collect(),
    }
}
