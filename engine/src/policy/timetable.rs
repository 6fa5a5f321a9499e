//! The moments at which a schedule runs, in a time zone that puts its clocks forward and back.
//!
//! A schedule speaks of wall clocks, a run happens at a moment. Where clocks are put forward, a time that is
//! skipped runs at the first moment after the gap; where they are put back, a time that comes twice runs the first
//! time only. Times that so fall on one moment are one run.

#[cfg(test)]
mod tests;

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
