//! What can be typed after `hozon policy`.

use clap::{Args, Subcommand, ValueEnum};
use hozon_model::{ClockTime, PolicyCopy, PolicyOptions, Retention, Schedule};
use jiff::tz::TimeZone;

use crate::cli::exit::Failure;

/// When backups are made if nobody says a time.
const NIGHT: ClockTime = ClockTime { hour: 2, minute: 0 };

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the policies
    List,
    /// Show a cluster's policy, its next runs and its last ones
    Show(One),
    /// Set a cluster's policy; one that is new makes a first backup at once
    ///
    /// What is not said stays as it is. A running `hozon serve` makes the backups
    Set(Set),
    /// Show when backups would be made, and which would be kept or expire; changes nothing
    Preview(Set),
    /// Make an automatic backup now
    Run(Run),
    /// Stop a policy for a while: no backups are made, and none expire
    Pause(One),
    /// Put a paused policy to work again; what fell into the pause is not made up for
    Resume(One),
    /// Switch a policy off and forget it; its backups stay, and do not expire any more
    Off(One),
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// Name or identifier of the cluster
    pub(super) cluster: String,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Name or identifier of the cluster
    pub(super) cluster: String,
    /// Put the job into the queue and leave
    #[arg(long)]
    pub(super) no_wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    /// Name or identifier of the cluster
    pub(super) cluster: String,
    #[command(flatten)]
    pub(super) wish: Wish,
}

/// What is asked of a policy; what is left out stays as it was.
#[derive(Debug, Args)]
pub(crate) struct Wish {
    /// Every day
    #[arg(long, group = "schedule")]
    daily: bool,
    /// On these days of every week
    #[arg(long, group = "schedule", value_delimiter = ',', value_name = "DAY,…")]
    weekly: Vec<Day>,
    /// On this day of every month, 1 to 31; a shorter month runs on its last day
    #[arg(long, group = "schedule", value_name = "DAY")]
    monthly: Option<u8>,
    /// By five fields, `minute hour day month weekday`, or a word like `@daily`
    #[arg(long, group = "schedule", value_name = "EXPRESSION")]
    cron: Option<String>,
    /// Time of day, 00:00 to 23:59 [default: 02:00]
    #[arg(long, value_name = "HH:MM", conflicts_with = "cron")]
    at: Option<ClockTime>,
    /// Begin within two hours from that time, each cluster at a minute of its own
    #[arg(long, conflicts_with_all = ["monthly", "cron"])]
    window: bool,
    /// Zone of days and times, `Asia/Tokyo` [default: the zone of this machine]
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Keep every backup for so many days [default: 7]
    #[arg(long, value_name = "DAYS")]
    keep_days: Option<u32>,
    /// Keep so many of the newest
    #[arg(long, value_name = "COUNT")]
    keep_last: Option<u32>,
    /// Keep the newest of a day, for so many days that have one
    #[arg(long, value_name = "COUNT")]
    keep_daily: Option<u32>,
    /// The same by weeks, from Monday
    #[arg(long, value_name = "COUNT")]
    keep_weekly: Option<u32>,
    /// The same by months
    #[arg(long, value_name = "COUNT")]
    keep_monthly: Option<u32>,
    /// The same by years
    #[arg(long, value_name = "COUNT")]
    keep_yearly: Option<u32>,
    /// Copy each backup to this repository as soon as it is available, and keep the copy for so many days, 1 to 30 (7 if
    /// none are said); once for each repository, in place of those that there were
    #[arg(long, value_name = "REPOSITORY[:DAYS]", conflicts_with = "no_copies")]
    copy_to: Vec<PolicyCopy>,
    /// Copy backups nowhere; copies that there are stay, and do not expire any more
    #[arg(long)]
    no_copies: bool,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Day {
    Mon = 1,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Wish {
    /// Whether nothing at all was said.
    pub(super) fn is_empty(&self) -> bool {
        let keeps = [
            self.keep_days,
            self.keep_last,
            self.keep_daily,
            self.keep_weekly,
            self.keep_monthly,
            self.keep_yearly,
        ];
        !(self.daily || self.window || self.no_copies)
            && self.weekly.is_empty()
            && self.copy_to.is_empty()
            && (self.monthly, self.at) == (None, None)
            && (&self.cron, &self.time_zone) == (&None, &None)
            && keeps.iter().all(Option::is_none)
    }

    /// What was said, over what there was.
    pub(super) fn over(self, before: Option<PolicyOptions>) -> Result<PolicyOptions, Failure> {
        let kept = before
            .as_ref()
            .map_or_else(Retention::default, |options| options.retention);
        let retention = Retention {
            days: self.keep_days.unwrap_or(kept.days),
            last: self.keep_last.unwrap_or(kept.last),
            daily: self.keep_daily.unwrap_or(kept.daily),
            weekly: self.keep_weekly.unwrap_or(kept.weekly),
            monthly: self.keep_monthly.unwrap_or(kept.monthly),
            yearly: self.keep_yearly.unwrap_or(kept.yearly),
        };
        let time_zone = self
            .time_zone
            .clone()
            .or_else(|| before.as_ref().map(|options| options.time_zone.clone()))
            .unwrap_or_else(this_zone);
        let copies = if self.no_copies || !self.copy_to.is_empty() {
            self.copy_to.clone()
        } else {
            before
                .as_ref()
                .map(|options| options.copies.clone())
                .unwrap_or_default()
        };
        Ok(PolicyOptions {
            schedule: self.schedule(before.map(|options| options.schedule))?,
            time_zone,
            retention,
            copies,
        })
    }

    fn schedule(self, before: Option<Schedule>) -> Result<Schedule, Failure> {
        if let Some(expression) = self.cron {
            return Ok(Schedule::Cron { expression });
        }
        let (days, day, at, windowed) = match before {
            Some(Schedule::Weekly { days, at }) => (days, None, Some(at), false),
            Some(Schedule::Window { days, from }) => (days, None, Some(from), true),
            Some(Schedule::Monthly { day, at }) => (Vec::new(), Some(day), Some(at), false),
            Some(schedule @ Schedule::Cron { .. })
                if !self.window && self.at.is_none() && self.names_no_days() =>
            {
                return Ok(schedule);
            }
            Some(Schedule::Cron { .. }) | None => (Vec::new(), None, None, false),
        };
        let at = self.at.or(at).unwrap_or(NIGHT);
        // Days that are named anew have a window only if that is said anew, too.
        let windowed = self.window || (windowed && self.names_no_days());
        let (days, day) = if self.daily {
            ((1..=7).collect(), None)
        } else if let Some(day) = self.monthly {
            (Vec::new(), Some(day))
        } else if self.weekly.is_empty() {
            (days, day)
        } else {
            (self.weekly.iter().map(|day| *day as u8).collect(), None)
        };
        match day {
            Some(_) if self.window => Err(Failure::usage(
                "--window",
                "only days of the week have a window",
                "say `--daily` or `--weekly` as well",
            )),
            Some(day) => Ok(Schedule::Monthly { day, at }),
            None if days.is_empty() => Err(Failure::usage(
                "schedule",
                "nothing says on which days backups are made",
                "say `--daily`, `--weekly mon,thu`, `--monthly 1` or `--cron '30 2 * * *'`",
            )),
            None if windowed => Ok(Schedule::Window { days, from: at }),
            None => Ok(Schedule::Weekly { days, at }),
        }
    }

    fn names_no_days(&self) -> bool {
        !self.daily && self.weekly.is_empty() && self.monthly.is_none()
    }
}

/// The zone of this machine by its name, or UTC where it has none.
fn this_zone() -> String {
    TimeZone::system().iana_name().unwrap_or("UTC").to_owned()
}
