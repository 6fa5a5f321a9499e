//! Moments and durations, in the visitor's language and time zone.

use jiff::{Timestamp, tz::TimeZone};
use leptos_i18n::td_format_string;

use super::{Locale, locale, say_in};
use crate::{format, visit::Visit};

/// A moment, ready to be shown: how long ago, and exactly when.
pub(crate) struct Moment {
    /// `3 hours ago`.
    pub relative: String,
    /// `Nov 21, 2026, 6:03:24 PM JST`.
    pub exact: String,
    /// `18:03:24`, for lines that follow each other.
    pub clock: String,
    /// For the `datetime` attribute.
    pub machine: String,
}

impl Moment {
    /// Describes a moment for the visit that is going on.
    pub(crate) fn of(at: Timestamp) -> Self {
        let visit = Visit::current();
        Self {
            relative: relative(visit.locale, &visit.zone, at, visit.now),
            exact: exact(visit.locale, &visit.zone, at),
            clock: at
                .to_zoned(visit.zone.clone())
                .strftime("%H:%M:%S")
                .to_string(),
            machine: at.to_string(),
        }
    }
}

fn relative(locale: Locale, zone: &TimeZone, at: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second() - at.as_second();
    match seconds {
        ..60 => say_in!(locale, time.now).to_owned(),
        60..3_600 => {
            let minutes = seconds / 60;
            say_in!(locale, time.minutes_ago, count = minutes, n = minutes).to_string()
        }
        3_600..86_400 => {
            let hours = seconds / 3_600;
            say_in!(locale, time.hours_ago, count = hours, n = hours).to_string()
        }
        86_400..2_592_000 => {
            let days = seconds / 86_400;
            say_in!(locale, time.days_ago, count = days, n = days).to_string()
        }
        _ => day(locale, zone, at),
    }
}

fn icu(zone: &TimeZone, at: Timestamp) -> icu_time::DateTime<icu_calendar::AnyCalendar> {
    let local = at.to_zoned(zone.clone());
    let date = icu_calendar::Date::try_new_iso(
        i32::from(local.year()),
        local.month().unsigned_abs(),
        local.day().unsigned_abs(),
    )
    .expect("jiff's dates are dates of the ISO calendar")
    .to_any();
    let time = icu_time::Time::try_new(
        local.hour().unsigned_abs(),
        local.minute().unsigned_abs(),
        local.second().unsigned_abs(),
        0,
    )
    .expect("jiff's times are times of a day");
    icu_time::DateTime { date, time }
}

fn exact(locale: Locale, zone: &TimeZone, at: Timestamp) -> String {
    let moment = icu(zone, at);
    let text = td_format_string!(locale, &moment, formatter: datetime(length: medium; time_precision: second));
    // The zone stays with the time.
    format!("{text}\u{a0}{}", at.to_zoned(zone.clone()).strftime("%Z"))
}

/// `Nov 21, 2026, 6:03 PM JST`.
pub(super) fn to_the_minute(locale: Locale, zone: &TimeZone, at: Timestamp) -> String {
    let moment = icu(zone, at);
    let text = td_format_string!(locale, &moment, formatter: datetime(length: medium; time_precision: minute));
    format!("{text} {}", at.to_zoned(zone.clone()).strftime("%Z"))
}

fn day(locale: Locale, zone: &TimeZone, at: Timestamp) -> String {
    let date = icu(zone, at).date;
    td_format_string!(locale, &date, formatter: date(length: medium)).to_string()
}

/// The units of a duration, as templates with `{n}`, so that islands can use them too.
pub(crate) fn units() -> [String; 3] {
    let locale = locale();
    [
        say_in!(locale, job.unit_hour).to_string(),
        say_in!(locale, job.unit_minute).to_string(),
        say_in!(locale, job.unit_second).to_string(),
    ]
}

/// `4 min 10 s`.
pub(crate) fn duration(from: Timestamp, to: Timestamp) -> String {
    let seconds = (to.as_second() - from.as_second()).unsigned_abs();
    if seconds == 0 {
        return say_in!(locale(), time.under_second).to_owned();
    }
    format::duration(seconds, &units())
}
