//! When automatic backups are made and when they expire: plain functions of a policy and a moment.
//!
//! Nothing here reads a clock, a catalog or a cluster, so a year can be tried in a second. What acts on
//! the answers is in [`crate::Engine`].

pub mod retention;
mod timetable;

pub use timetable::{Due, Timetable};

use std::collections::BTreeSet;

use hozon_model::{ClusterId, PolicyCopy, PolicyOptions, Retention};

use crate::{Error, ErrorCode, Result};

/// No rule keeps more backups, or for more days, than this.
pub(crate) const MOST_KEPT: u32 = 10_000;

/// Checks everything that somebody asks of a policy.
///
/// # Errors
/// `InvalidInput`, naming the field: `days`, `day`, `at`, `cron`, `time_zone`, a rule of retention, `copies` or
/// `copies.days`.
pub fn check(
    options: &PolicyOptions,
    cluster: &ClusterId,
    most_days: Option<u32>,
) -> Result<Timetable> {
    let timetable = Timetable::new(&options.schedule, &options.time_zone, cluster)?;
    check_retention(&options.retention, most_days)?;
    check_copies(&options.copies)?;
    Ok(timetable)
}

fn check_copies(copies: &[PolicyCopy]) -> Result<()> {
    let mut named = BTreeSet::new();
    for PolicyCopy { repository, days } in copies {
        if !named.insert(repository) {
            return Err(invalid("copies").because(format!("`{repository}` is named twice")));
        }
        if !(1..=PolicyCopy::MOST_DAYS).contains(days) {
            return Err(invalid("copies.days").because(format!(
                "{days} is not between 1 and {} days",
                PolicyCopy::MOST_DAYS
            )));
        }
    }
    Ok(())
}

fn check_retention(retention: &Retention, most_days: Option<u32>) -> Result<()> {
    let most = most_days.unwrap_or(MOST_KEPT);
    if !(1..=most).contains(&retention.days) {
        return Err(invalid("retention.days").because(format!(
            "{} is not between 1 and {most} days",
            retention.days
        )));
    }
    let rules = [
        ("retention.last", retention.last),
        ("retention.daily", retention.daily),
        ("retention.weekly", retention.weekly),
        ("retention.monthly", retention.monthly),
        ("retention.yearly", retention.yearly),
    ];
    for (field, count) in rules {
        if count > MOST_KEPT {
            return Err(invalid(field).because(format!("{count} is not between 0 and {MOST_KEPT}")));
        }
    }
    Ok(())
}

fn invalid(field: &str) -> Error {
    Error::new(ErrorCode::InvalidInput, field)
}
