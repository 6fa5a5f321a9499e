//! Numbers, times and states as people read them.

use hozon_model::{
    BackupMethod, BackupScope, BackupState, CheckOutcome, CheckSubject, CopyState,
    IntegrationCheckSubject, JobKind, JobPhase, JobState, Proof,
};
use jiff::{Timestamp, Zoned, tz::TimeZone};

/// `1,234,567`.
pub(crate) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 row`, `1,234 rows`.
pub(crate) fn count(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(value), if value == 1 { one } else { many })
}

/// `0 B`, `1.5 KiB`, `12 GiB`.
pub(crate) fn bytes(value: u64) -> String {
    const UNITS: [&str; 7] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut amount = value as f64;
    let mut unit = 0;
    while amount >= 1023.95 && unit + 1 < UNITS.len() {
        amount /= 1024.0;
        unit += 1;
    }
    let digits = usize::from(unit > 0 && amount < 99.95);
    format!("{amount:.digits$} {}", UNITS[unit])
}

/// In the zone of this machine: `2026-11-21 09:06:29`.
pub(crate) fn time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system())
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string()
}

/// A moment as it is typed, with its zone: an offset, or a name in brackets.
pub(crate) fn moment(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .or_else(|_| text.parse::<Zoned>().map(|moment| moment.timestamp()))
        .map_err(|_| {
            "write it with its zone, like 2026-11-21T09:00:00+09:00 or 2026-11-21T09:00[Asia/Tokyo]"
                .to_owned()
        })
}

/// A line for what a check looked at, and below it what to do.
pub(crate) fn check_line(
    outcome: CheckOutcome,
    subject: &str,
    detail: &str,
    hint: Option<&str>,
) -> String {
    let colon = if detail.is_empty() { "" } else { ": " };
    let mut text = format!("{:7}  {subject}{colon}{detail}\n", check_outcome(outcome));
    for hint in hint.into_iter().flat_map(str::lines) {
        text.push_str(&format!("         hint: {hint}\n"));
    }
    text
}

/// Where there is nothing to tell.
pub(crate) fn dash() -> String {
    "-".to_owned()
}

/// `9 s`, `3 min 4 s`, `2 h 5 min`.
pub(crate) fn seconds(value: u64) -> String {
    match (value / 3600, value / 60 % 60, value % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

/// How long something took, or has taken until now.
pub(crate) fn duration(from: Timestamp, to: Option<Timestamp>) -> String {
    let milliseconds = to
        .unwrap_or_else(Timestamp::now)
        .as_millisecond()
        .saturating_sub(from.as_millisecond())
        .max(0) as u64;
    if milliseconds < 9_950 {
        format!("{:.1} s", milliseconds as f64 / 1000.0)
    } else {
        seconds((milliseconds + 500) / 1000)
    }
}

pub(crate) fn proof(proof: Option<Proof>) -> String {
    proof.map_or_else(dash, |proof| format!("{} {}", proof.level, time(proof.at)))
}

pub(crate) fn backup_state(state: BackupState) -> &'static str {
    match state {
        BackupState::Creating => "creating",
        BackupState::Available => "available",
        BackupState::Damaged => "damaged",
        BackupState::Failed => "failed",
        BackupState::Deleting => "deleting",
        BackupState::Deleted => "deleted",
    }
}

pub(crate) fn backup_method(method: BackupMethod) -> &'static str {
    match method {
        BackupMethod::Manual => "by hand",
        BackupMethod::Auto => "by policy",
    }
}

pub(crate) fn copy_state(state: CopyState) -> &'static str {
    match state {
        CopyState::Copying => "COPYING",
        CopyState::Available => "AVAILABLE",
        CopyState::Failed => "FAILED",
    }
}

pub(crate) fn backup_scope(scope: BackupScope) -> &'static str {
    match scope {
        BackupScope::Cluster => "whole cluster",
        BackupScope::Database => "one database",
        BackupScope::Collection => "chosen collections",
    }
}

pub(crate) fn job_state(state: JobState) -> &'static str {
    match state {
        JobState::Pending => "pending",
        JobState::InProgress => "in progress",
        JobState::Canceling => "canceling",
        JobState::Successful => "successful",
        JobState::Failed => "failed",
        JobState::Canceled => "canceled",
    }
}

pub(crate) fn job_kind(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Backup => "backup",
        JobKind::Restore => "restore",
        JobKind::Verify => "verify",
        JobKind::Delete => "delete",
        JobKind::Export => "export",
        JobKind::Adopt => "adopt",
        JobKind::Copy => "copy",
    }
}

pub(crate) fn phase(phase: JobPhase) -> &'static str {
    match phase {
        JobPhase::Waiting => "waiting",
        JobPhase::Planning => "planning",
        JobPhase::Provisioning => "making a cluster",
        JobPhase::Flushing => "flushing",
        JobPhase::Copying => "copying",
        JobPhase::Counting => "counting rows",
        JobPhase::Verifying => "verifying",
        JobPhase::Committing => "committing",
        JobPhase::Staging => "staging",
        JobPhase::Importing => "importing",
        JobPhase::Indexing => "building indexes",
        JobPhase::Loading => "loading",
        JobPhase::Sweeping => "removing files",
        JobPhase::Finished => "finished",
    }
}

pub(crate) fn check_subject(subject: CheckSubject) -> &'static str {
    match subject {
        CheckSubject::Connection => "connection",
        CheckSubject::Credentials => "credentials",
        CheckSubject::Version => "version",
        CheckSubject::StorageRead => "reading storage",
        CheckSubject::StorageWrite => "writing storage",
        CheckSubject::StorageMatch => "storage is this cluster's",
    }
}

pub(crate) fn integration_check_subject(subject: IntegrationCheckSubject) -> &'static str {
    match subject {
        IntegrationCheckSubject::List => "listing objects",
        IntegrationCheckSubject::Write => "writing an object",
        IntegrationCheckSubject::Read => "reading it back",
        IntegrationCheckSubject::Keep => "keeping it from being overwritten",
        IntegrationCheckSubject::Delete => "deleting it",
    }
}

pub(crate) fn check_outcome(outcome: CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Passed => "passed",
        CheckOutcome::Warning => "warning",
        CheckOutcome::Failed => "failed",
        CheckOutcome::Skipped => "skipped",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_000), "1,000");
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(count(1, "row", "rows"), "1 row");
    }

    #[test]
    fn bytes_have_a_unit_that_fits() {
        assert_eq!(bytes(0), "0 B");
        assert_eq!(bytes(1023), "1023 B");
        assert_eq!(bytes(1024), "1.0 KiB");
        assert_eq!(bytes(1024 * 1024 - 1), "1.0 MiB");
        assert_eq!(bytes(250 << 20), "250 MiB");
        assert_eq!(bytes(u64::MAX), "16.0 EiB");
    }

    #[test]
    fn durations_are_short() {
        assert_eq!(seconds(9), "9 s");
        assert_eq!(seconds(184), "3 min 4 s");
        assert_eq!(seconds(7_500), "2 h 5 min");
    }
}
