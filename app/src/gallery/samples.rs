//! Sample data, in the scripts that names really come in.

mod access;
mod backups;
mod jobs;
mod places;
mod policies;

use hozon_model::{ErrorCode, ErrorReport};
use jiff::{SignedDuration, Timestamp};

pub(super) use self::{
    access::{api_keys, served_apis, sessions, two_steps, user},
    backups::{backup, backups, collections, delete_plan, restore_plan},
    jobs::{failed_job, jobs, running_job},
    places::{archives, check, clusters, integrations, probe},
    policies::{policy, policy_preview, policy_runs},
};

pub(super) fn now() -> Timestamp {
    "2026-11-21T09:30:00Z".parse().expect("a time")
}

fn ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

pub(super) fn refusal() -> ErrorReport {
    ErrorReport {
        code: ErrorCode::BackupNameTaken,
        subject: "毎日".to_owned(),
        detail: "backup0_0123456789abcde bears it".to_owned(),
        hint: "choose another name".to_owned(),
    }
}
