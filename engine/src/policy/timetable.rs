//! The moments at which a schedule runs, in a time zone that puts its clocks forward and back.
//!
//! A schedule speaks of wall clocks, a run happens at a moment. Where clocks are put forward, a time that is
//! skipped runs at the first moment after the gap; where they are put back, a time that comes twice runs the first
//! time only. Times that so fall on one moment are one run.

use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};
use hozon_model::{ClockTime, ClusterId, Schedule};
use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};

use super::invalid;
use crate::Result;

/// The minutes of the window that a schedule may name.
const WINDOW_MINUTES: u64 = 120;
/// The search for runs that were missed goes back this far; before it none is counted.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(24 * 400);

/// A checked schedule.
#[derive(Clone, Debug)]
pub struct Timetable {
    pattern: Pattern,
    zone: TimeZone,
}

#[derive(Clone, Debug)]
enum Pattern {
    /// The weekdays, Monday first, and the minutes that a run waits after its time.
    Weekly([bool; 7], Time, i64),
    Monthly(i8, Time),
    Cron(Box<Cron>),
}

/// What has become due in a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// When the last of them was due.
    pub at: Timestamp,
    /// How many there were.
    pub count: u64,
}

impl Timetable {
    /// Checks a schedule and makes it ready.
    ///
    /// # Errors
    /// `InvalidInput`, naming the field.
    pub fn new(schedule: &Schedule, time_zone: &str, cluster: &ClusterId) -> Result<Self> {
        let zone = zone(time_zone)?;
        let pattern = match schedule {
            Schedule::Weekly { days, at } => Pattern::Weekly(weekdays(days)?, time("at", *at)?, 0),
            Schedule::Window { days, from } => {
                Pattern::Weekly(weekdays(days)?, time("from", *from)?, minute_of(cluster))
            }
            Schedule::Monthly { day, at } => {
                if !(1..=31).contains(day) {
                    return Err(invalid("day")
                        .because(format!("{day} is not between 1 and 31"))
                        .hint("31 means the last day of every month"));
                }
                Pattern::Monthly(*day as i8, time("at", *at)?)
            }
            Schedule::Cron { expression } => Pattern::Cron(Box::new(cron(expression)?)),
        };
        Ok(Self { pattern, zone })
    }

    /// The zone in which its times are meant.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The first run after a moment; none where the calendar ends.
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        // Two times that a change of clocks puts on one moment are one run, so the search goes by wall clock until
        // the moment itself is a later one.
        let wait = self.wait();
        let mut civil = self.zone.to_datetime(after.checked_sub(wait).ok()?);
        loop {
            civil = self.next_civil(civil)?;
            let at = self.moment(civil)?.checked_add(wait).ok()?;
            if at > after {
                return Some(at);
            }
        }
    }

    /// The first runs after a moment, in order.
    pub fn next_runs(&self, after: Timestamp, count: usize) -> Vec<Timestamp> {
        std::iter::successors(self.next(after), |at| self.next(*at))
            .take(count)
            .collect()
    }

    /// What has become due after `since`, up to and with `now`.
    pub fn due(&self, since: Timestamp, now: Timestamp) -> Option<Due> {
        let since = now
            .checked_sub(LOOK_BACK)
            .map_or(since, |longest| since.max(longest));
        std::iter::successors(self.next(since), |at| self.next(*at))
            .take_while(|at| *at <= now)
            .fold(None, |due: Option<Due>, at| {
                let count = due.map_or(0, |due| due.count) + 1;
                Some(Due { at, count })
            })
    }

    fn wait(&self) -> SignedDuration {
        match self.pattern {
            Pattern::Weekly(_, _, minutes) => SignedDuration::from_mins(minutes),
            Pattern::Monthly(..) | Pattern::Cron(_) => SignedDuration::ZERO,
        }
    }

    /// The first time after one, by the wall clock.
    fn next_civil(&self, after: DateTime) -> Option<DateTime> {
        match &self.pattern {
            Pattern::Weekly(days, at, _) => (0..=7).find_map(|ahead| {
                let date = after.date().checked_add(ahead.days()).ok()?;
                let day = date.weekday().to_monday_zero_offset() as usize;
                let found = date.to_datetime(*at);
                (days[day] && found > after).then_some(found)
            }),
            Pattern::Monthly(day, at) => (0..=1).find_map(|ahead| {
                let month = after
                    .date()
                    .first_of_month()
                    .checked_add(ahead.months())
                    .ok()?;
                let date = month
                    .with()
                    .day((*day).min(month.days_in_month()))
                    .build()
                    .ok()?;
                let found = date.to_datetime(*at);
                (found > after).then_some(found)
            }),
            Pattern::Cron(cron) => cron.find_next_occurrence(&after, false).ok(),
        }
    }

    /// The moment at which wall clocks first show a time, or a later one.
    fn moment(&self, civil: DateTime) -> Option<Timestamp> {
        match self.zone.to_ambiguous_zoned(civil).offset() {
            AmbiguousOffset::Unambiguous { offset }
            | AmbiguousOffset::Fold { before: offset, .. } => offset.to_timestamp(civil).ok(),
            AmbiguousOffset::Gap { before, .. } => {
                let behind_the_gap = before
                    .to_timestamp(civil)
                    .ok()?
                    .checked_add(1.second())
                    .ok()?;
                let change = self.zone.preceding(behind_the_gap).next()?;
                Some(change.timestamp())
            }
        }
    }
}

fn zone(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|error| {
        invalid("time_zone")
            .because(format!("`{name}` is no known time zone: {error}"))
            .hint("write an IANA name, like `Asia/Tokyo`, `Europe/Berlin` or `UTC`")
    })
}

fn weekdays(days: &[u8]) -> Result<[bool; 7]> {
    let mut chosen = [false; 7];
    for day in days {
        if !(1..=7).contains(day) {
            return Err(invalid("days")
                .because(format!("{day} is no weekday"))
                .hint("weekdays are 1 (Monday) to 7 (Sunday)"));
        }
        chosen[usize::from(day - 1)] = true;
    }
    if days.is_empty() {
        return Err(invalid("days")
            .because("no weekday was given")
            .hint("weekdays are 1 (Monday) to 7 (Sunday)"));
    }
    Ok(chosen)
}

fn time(field: &str, at: ClockTime) -> Result<Time> {
    Time::new(at.hour as i8, at.minute as i8, 0, 0)
        .map_err(|error| invalid(field).because(format!("`{at}`: {error}")))
}

fn cron(expression: &str) -> Result<Cron> {
    let refused = |why: String| {
        invalid("cron")
            .because(format!("`{expression}`: {why}"))
            .hint("write `minute hour day month weekday`, like `30 2 * * 1-5`, or a word like `@daily`")
    };
    let cron = CronParser::builder()
        .seconds(Seconds::Disallowed)
        .year(Year::Disallowed)
        .build()
        .parse(expression)
        .map_err(|error| refused(error.to_string()))?;
    // Whatever a calendar without years can hold comes again within 400 years; this start is as good as any.
    let start = DateTime::constant(2000, 1, 1, 0, 0, 0, 0);
    cron.find_next_occurrence(&start, true)
        .map_err(|_| refused("no such day exists: it would never run".to_owned()))?;
    Ok(cron)
}

/// The minute of the window in which a cluster's runs begin.
fn minute_of(cluster: &ClusterId) -> i64 {
    let hash = blake3::hash(cluster.as_str().as_bytes());
    let sum = hash.as_bytes()[..8]
        .iter()
        .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    (sum % WINDOW_MINUTES) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(schedule: &Schedule, zone: &str) -> Timetable {
        Timetable::new(schedule, zone, &ClusterId::new("in01-a")).unwrap()
    }

    fn weekly(days: &[u8], at: &str) -> Schedule {
        Schedule::Weekly {
            days: days.to_vec(),
            at: at.parse().unwrap(),
        }
    }

    fn cron(expression: &str) -> Schedule {
        Schedule::Cron {
            expression: expression.to_owned(),
        }
    }

    fn runs(schedule: &Schedule, zone: &str, after: &str, count: usize) -> Vec<String> {
        let table = table(schedule, zone);
        table
            .next_runs(after.parse().unwrap(), count)
            .into_iter()
            .map(|at| {
                at.to_zoned(table.zone().clone())
                    .strftime("%m-%d %H:%M %z")
                    .to_string()
            })
            .collect()
    }

    fn refused(schedule: &Schedule, zone: &str) -> (String, String) {
        let error = Timetable::new(schedule, zone, &ClusterId::new("in01-a")).unwrap_err();
        let report = error.into_report();
        assert_eq!(report.code, crate::ErrorCode::InvalidInput);
        (report.subject, report.detail)
    }

    #[test]
    fn a_skipped_time_runs_right_after_the_gap() {
        let daily = weekly(&[1, 2, 3, 4, 5, 6, 7], "02:30");
        let expected = [
            "03-07 02:30 -0500",
            "03-08 03:00 -0400",
            "03-09 02:30 -0400",
        ];
        assert_eq!(
            runs(&daily, "America/New_York", "2026-03-07T00:00Z", 3),
            expected
        );
        assert_eq!(
            runs(
                &cron("30 2 * * *"),
                "America/New_York",
                "2026-03-07T00:00Z",
                3
            ),
            expected
        );
        // The island skipped a whole day.
        assert_eq!(
            runs(
                &weekly(&[5], "12:00"),
                "Pacific/Apia",
                "2011-12-24T00:00Z",
                2
            ),
            ["12-31 00:00 +1400", "01-06 12:00 +1400"]
        );
    }

    #[test]
    fn a_repeated_time_runs_once() {
        let daily = weekly(&[1, 2, 3, 4, 5, 6, 7], "01:30");
        let expected = [
            "10-31 01:30 -0400",
            "11-01 01:30 -0400",
            "11-02 01:30 -0500",
        ];
        assert_eq!(
            runs(&daily, "America/New_York", "2026-10-31T00:00Z", 3),
            expected
        );
        assert_eq!(
            runs(
                &cron("*/30 * * * *"),
                "America/New_York",
                "2026-11-01T04:59Z",
                4
            ),
            [
                "11-01 01:00 -0400",
                "11-01 01:30 -0400",
                "11-01 02:00 -0500",
                "11-01 02:30 -0500"
            ]
        );
        // Asked in the second of the two hours: the first is over, nothing runs again.
        assert_eq!(
            runs(&daily, "America/New_York", "2026-11-01T06:10Z", 1),
            ["11-02 01:30 -0500"]
        );
    }

    #[test]
    fn a_month_without_the_day_runs_on_its_last() {
        let monthly = Schedule::Monthly {
            day: 31,
            at: "23:00".parse().unwrap(),
        };
        assert_eq!(
            runs(&monthly, "Asia/Tokyo", "2028-01-31T15:00Z", 3),
            [
                "02-29 23:00 +0900",
                "03-31 23:00 +0900",
                "04-30 23:00 +0900"
            ]
        );
    }

    #[test]
    fn a_window_keeps_to_its_two_hours_and_to_its_minute() {
        let mut minutes = std::collections::BTreeSet::new();
        for cluster in ["in01-a", "in01-b", "in01-c", "in01-d", "in01-e"] {
            let window = Schedule::Window {
                days: vec![7, 1],
                from: "23:00".parse().unwrap(),
            };
            let table = Timetable::new(&window, "UTC", &ClusterId::new(cluster)).unwrap();
            let begin: Timestamp = "2026-11-22T23:00Z".parse().unwrap();
            let runs = table.next_runs(begin - 1.second(), 3);
            let waits = runs[0].as_second() - begin.as_second();
            assert!((0..7200).contains(&waits), "{runs:?}");
            assert_eq!(runs[1].as_second() - runs[0].as_second(), 24 * 3600);
            assert_eq!(runs[2].as_second() - runs[0].as_second(), 7 * 24 * 3600);
            minutes.insert(waits);
        }
        assert!(minutes.len() > 2);
    }

    #[test]
    fn what_is_due_is_counted_once() {
        let table = table(&cron("0 * * * *"), "UTC");
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(
            table.due(at("2026-01-01T00:00Z"), at("2026-01-01T00:59Z")),
            None
        );
        let due = table
            .due(at("2026-01-01T00:00Z"), at("2026-01-01T03:00Z"))
            .unwrap();
        assert_eq!((due.at, due.count), (at("2026-01-01T03:00Z"), 3));
        assert_eq!(table.due(due.at, due.at), None);
    }

    #[test]
    fn what_cannot_be_is_refused_by_field() {
        let daily = weekly(&[1], "02:00");
        assert_eq!(refused(&daily, "Mars/Olympus").0, "time_zone");
        assert_eq!(refused(&daily, "").0, "time_zone");
        assert_eq!(refused(&weekly(&[], "02:00"), "UTC").0, "days");
        assert_eq!(refused(&weekly(&[0], "02:00"), "UTC").0, "days");
        assert_eq!(refused(&weekly(&[8], "02:00"), "UTC").0, "days");
        for day in [0, 32] {
            let at = "02:00".parse().unwrap();
            assert_eq!(refused(&Schedule::Monthly { day, at }, "UTC").0, "day");
        }
        for never in ["0 0 30 2 *", "0 0 31 4,6,9,11 *"] {
            let (field, why) = refused(&cron(never), "UTC");
            assert_eq!(field, "cron");
            assert!(why.contains("never run"), "{why}");
        }
        for wrong in [
            "",
            "* * * *",
            "0 0 * * * *",
            "0 0 1 1 * 2030",
            "61 * * * *",
            "0 0 0 * *",
            "x",
        ] {
            assert_eq!(refused(&cron(wrong), "UTC").0, "cron", "{wrong}");
        }
    }
}
