//! Words for schedules, for retention and for what keeps a backup.

use hozon_model::{KeepRule, PolicyState, Retention, RunCause, Schedule};
use jiff::{Timestamp, tz::TimeZone};

use super::{Locale, locale, say_in};

/// Whether a policy is at work; none is one that is switched off.
pub(crate) fn policy_state(value: Option<PolicyState>) -> &'static str {
    let locale = locale();
    match value {
        Some(PolicyState::Enabled) => say_in!(locale, policy_states.on),
        Some(PolicyState::Paused) => say_in!(locale, policy_states.paused),
        None => say_in!(locale, policy_states.off),
    }
}

/// A weekday by its number, 1 (Monday) to 7.
pub(crate) fn weekday(day: u8) -> &'static str {
    let locale = locale();
    match day {
        1 => say_in!(locale, weekdays.monday),
        2 => say_in!(locale, weekdays.tuesday),
        3 => say_in!(locale, weekdays.wednesday),
        4 => say_in!(locale, weekdays.thursday),
        5 => say_in!(locale, weekdays.friday),
        6 => say_in!(locale, weekdays.saturday),
        _ => say_in!(locale, weekdays.sunday),
    }
}

fn short_weekday(locale: Locale, day: u8) -> &'static str {
    match day {
        1 => say_in!(locale, weekdays.mon),
        2 => say_in!(locale, weekdays.tue),
        3 => say_in!(locale, weekdays.wed),
        4 => say_in!(locale, weekdays.thu),
        5 => say_in!(locale, weekdays.fri),
        6 => say_in!(locale, weekdays.sat),
        _ => say_in!(locale, weekdays.sun),
    }
}

/// `Mon, Thu at 02:30`.
pub(crate) fn schedule(value: &Schedule) -> String {
    let locale = locale();
    let named = |days: &[u8]| {
        (1..=7)
            .filter(|day| days.contains(day))
            .map(|day| short_weekday(locale, day))
            .collect::<Vec<_>>()
    };
    let join = say_in!(locale, weekdays.join);
    match value {
        Schedule::Weekly { days, at } => {
            let (days, at) = (named(days), at.to_string());
            if days.len() == 7 {
                say_in!(locale, schedules.daily, at).to_string()
            } else {
                say_in!(locale, schedules.weekly, days = days.join(join), at).to_string()
            }
        }
        Schedule::Window { days, from } => {
            let (days, from) = (named(days), from.to_string());
            if days.len() == 7 {
                say_in!(locale, schedules.daily_window, from).to_string()
            } else {
                say_in!(locale, schedules.window, days = days.join(join), from).to_string()
            }
        }
        Schedule::Monthly { day: 31, at } => {
            say_in!(locale, schedules.month_end, at = at.to_string()).to_string()
        }
        Schedule::Monthly { day, at } => {
            let at = at.to_string();
            say_in!(locale, schedules.monthly, day, at).to_string()
        }
        Schedule::Cron { expression } => {
            say_in!(locale, schedules.cron, expression = expression.clone()).to_string()
        }
    }
}

/// `7 days + 12 monthly`.
pub(crate) fn retention(value: &Retention) -> String {
    let locale = locale();
    let n = value.days;
    let mut parts = vec![say_in!(locale, retention.days, count = n, n).to_string()];
    if value.last > 0 {
        parts.push(say_in!(locale, retention.last, n = value.last).to_string());
    }
    if value.daily > 0 {
        parts.push(say_in!(locale, retention.daily, n = value.daily).to_string());
    }
    if value.weekly > 0 {
        parts.push(say_in!(locale, retention.weekly, n = value.weekly).to_string());
    }
    if value.monthly > 0 {
        parts.push(say_in!(locale, retention.monthly, n = value.monthly).to_string());
    }
    if value.yearly > 0 {
        parts.push(say_in!(locale, retention.yearly, n = value.yearly).to_string());
    }
    parts.join(" + ")
}

/// Why a run was made.
pub(crate) fn run_cause(value: RunCause) -> &'static str {
    let locale = locale();
    match value {
        RunCause::First => say_in!(locale, causes.first),
        RunCause::Scheduled => say_in!(locale, causes.scheduled),
        RunCause::Missed => say_in!(locale, causes.missed),
        RunCause::Asked => say_in!(locale, causes.asked),
    }
}

/// What keeps a backup.
pub(crate) fn keep_rule(value: KeepRule) -> &'static str {
    let locale = locale();
    match value {
        KeepRule::Manual => say_in!(locale, keep_rules.manual),
        KeepRule::Pinned => say_in!(locale, keep_rules.pinned),
        KeepRule::LastGood => say_in!(locale, keep_rules.last_good),
        KeepRule::Days => say_in!(locale, keep_rules.days),
        KeepRule::Last => say_in!(locale, keep_rules.last),
        KeepRule::Daily => say_in!(locale, keep_rules.daily),
        KeepRule::Weekly => say_in!(locale, keep_rules.weekly),
        KeepRule::Monthly => say_in!(locale, keep_rules.monthly),
        KeepRule::Yearly => say_in!(locale, keep_rules.yearly),
        KeepRule::NoneGood => say_in!(locale, keep_rules.none_good),
    }
}

/// A run in the policy's own zone: its weekday, and its date and time.
pub(crate) fn run_time(at: Timestamp, zone: &TimeZone) -> (&'static str, String) {
    let day = at.to_zoned(zone.clone()).weekday();
    (
        weekday(day.to_monday_one_offset().unsigned_abs()),
        super::time::to_the_minute(locale(), zone, at),
    )
}
