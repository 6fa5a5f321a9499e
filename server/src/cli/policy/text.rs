//! Policies, their runs and what they keep, as people read them.

use hozon_model::{
    KeepRule, Policy, PolicyCopy, PolicyOptions, PolicyPreview, PolicyRun, PolicyState, Retention,
    RunCause, Schedule,
};
use jiff::{Timestamp, tz::TimeZone};

use super::{Line, Shown};
use crate::cli::{
    table::{Align, Table, facts},
    words,
};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

pub(super) fn list(lines: &Vec<Line>) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut table = Table::new([
        ("Cluster", Align::Left),
        ("State", Align::Left),
        ("Schedule", Align::Left),
        ("Time zone", Align::Left),
        ("Keeps", Align::Left),
        ("Next run", Align::Left),
    ]);
    for Line { policy, next_run } in lines {
        let options = &policy.options;
        table.row([
            policy.cluster_name.clone(),
            state(policy.state).to_owned(),
            schedule(&options.schedule),
            options.time_zone.clone(),
            retention(&options.retention),
            next_run.map_or_else(words::dash, |at| moment(at, options)),
        ]);
    }
    table.render()
}

pub(super) fn show(shown: &Shown) -> String {
    let policy = &shown.policy;
    let options = &policy.options;
    let mut text = facts([
        (
            "Cluster",
            format!("{} ({})", policy.cluster_name, policy.cluster_id),
        ),
        ("State", state(policy.state).to_owned()),
        ("Schedule", schedule(&options.schedule)),
        ("Time zone", options.time_zone.clone()),
        ("Keeps", retention(&options.retention)),
        ("Copies to", copies(&options.copies)),
        (
            "Changed",
            format!(
                "{} by {}",
                words::time(policy.changed_at),
                policy.changed_by
            ),
        ),
    ]);
    text.push_str(&next_runs(&shown.next_runs, options));
    if !shown.runs.is_empty() {
        text.push('\n');
        text.push_str(&runs(&shown.runs));
    }
    text
}

fn next_runs(runs: &[Timestamp], options: &PolicyOptions) -> String {
    if runs.is_empty() {
        return String::new();
    }
    let mut text = "\nNext runs\n".to_owned();
    for at in runs {
        text.push_str(&format!("  {}\n", moment(*at, options)));
    }
    text
}

fn runs(runs: &[PolicyRun]) -> String {
    let mut table = Table::new([
        ("Due", Align::Left),
        ("Why", Align::Left),
        ("Backup", Align::Left),
        ("Job", Align::Left),
        ("State", Align::Left),
    ]);
    for run in runs {
        table.row([
            words::time(run.due_at),
            cause(run.cause).to_owned(),
            run.backup_name.clone().unwrap_or_else(words::dash),
            run.job_id
                .as_ref()
                .map_or_else(words::dash, ToString::to_string),
            run.job_state
                .map_or("left out", words::job_state)
                .to_owned(),
        ]);
    }
    table.render()
}

pub(super) fn preview(preview: &PolicyPreview, options: &PolicyOptions) -> String {
    let mut text = next_runs(&preview.next_runs, options)
        .trim_start()
        .to_owned();
    if preview.backups.is_empty() {
        return text;
    }
    let mut table = Table::new([
        ("Backup", Align::Left),
        ("Created", Align::Left),
        ("Made", Align::Left),
        ("State", Align::Left),
        ("Kept by", Align::Left),
    ]);
    for outlook in &preview.backups {
        let rules: Vec<_> = outlook
            .kept_by
            .iter()
            .map(|rule| keep_rule(*rule))
            .collect();
        table.row([
            outlook.backup.name.clone(),
            words::time(outlook.backup.created_at),
            words::backup_method(outlook.backup.method).to_owned(),
            words::backup_state(outlook.backup.state).to_owned(),
            if rules.is_empty() {
                "nothing: it expires".to_owned()
            } else {
                rules.join(", ")
            },
        ]);
    }
    text.push('\n');
    text.push_str(&table.render());
    text
}

/// `cluster `production`: on, every day at 02:00 Asia/Tokyo, …`
pub(super) fn in_a_line(policy: &Policy) -> String {
    let mut text = format!(
        "Policy of cluster `{}` is {}: {} ({}); keeps {}",
        policy.cluster_name,
        state(policy.state),
        schedule(&policy.options.schedule),
        policy.options.time_zone,
        retention(&policy.options.retention)
    );
    if !policy.options.copies.is_empty() {
        text.push_str(&format!("; copies to {}", copies(&policy.options.copies)));
    }
    text
}

/// `osaka (14 days), us-west-2 (7 days)`
fn copies(copies: &[PolicyCopy]) -> String {
    let named: Vec<_> = copies
        .iter()
        .map(|PolicyCopy { repository, days }| {
            let days = words::count(u64::from(*days), "day", "days");
            format!("{repository} ({days})")
        })
        .collect();
    named.join(", ")
}

/// In the policy's own zone: `Mon 2026-11-23 02:00 JST`.
fn moment(at: Timestamp, options: &PolicyOptions) -> String {
    let zone = TimeZone::get(&options.time_zone).unwrap_or(TimeZone::UTC);
    at.to_zoned(zone)
        .strftime("%a %Y-%m-%d %H:%M %Z")
        .to_string()
}

fn state(state: PolicyState) -> &'static str {
    match state {
        PolicyState::Enabled => "on",
        PolicyState::Paused => "paused",
    }
}

fn schedule(schedule: &Schedule) -> String {
    let on = |days: &[u8]| {
        let named: Vec<_> = (1..=7_u8)
            .filter(|day| days.contains(day))
            .map(|day| DAYS[usize::from(day) - 1])
            .collect();
        if named.len() == DAYS.len() {
            "every day".to_owned()
        } else {
            named.join(", ")
        }
    };
    match schedule {
        Schedule::Weekly { days, at } => format!("{} at {at}", on(days)),
        Schedule::Window { days, from } => {
            format!("{} in the two hours from {from}", on(days))
        }
        Schedule::Monthly { day: 31, at } => format!("last day of the month at {at}"),
        Schedule::Monthly { day, at } => format!("day {day} of the month at {at}"),
        Schedule::Cron { expression } => format!("cron `{expression}`"),
    }
}

fn retention(retention: &Retention) -> String {
    let mut parts = vec![words::count(u64::from(retention.days), "day", "days")];
    for (count, word) in [
        (retention.last, "last"),
        (retention.daily, "daily"),
        (retention.weekly, "weekly"),
        (retention.monthly, "monthly"),
        (retention.yearly, "yearly"),
    ] {
        if count > 0 {
            parts.push(format!("{} {word}", words::number(u64::from(count))));
        }
    }
    parts.join(" + ")
}

fn cause(cause: RunCause) -> &'static str {
    match cause {
        RunCause::First => "switched on",
        RunCause::Scheduled => "scheduled",
        RunCause::Missed => "missed before",
        RunCause::Asked => "asked for",
    }
}

fn keep_rule(rule: KeepRule) -> &'static str {
    match rule {
        KeepRule::Manual => "a person",
        KeepRule::Pinned => "pin",
        KeepRule::LastGood => "last good one",
        KeepRule::Days => "days",
        KeepRule::Last => "last",
        KeepRule::Daily => "daily",
        KeepRule::Weekly => "weekly",
        KeepRule::Monthly => "monthly",
        KeepRule::Yearly => "yearly",
        KeepRule::NoneGood => "no good one",
    }
}
