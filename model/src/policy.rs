//! When a cluster is backed up by itself, and how long such backups are kept.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{BackupId, BackupSummary, ClusterId, JobId, JobState, JobSummary};

/// A time of day on a wall clock, `02:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClockTime {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl FromStr for ClockTime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |text: &str, below: u8| {
            let digits = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u8>()
                .ok()
                .filter(|number| digits && *number < below)
        };
        text.split_once(':')
            .and_then(|(hour, minute)| {
                Some(Self {
                    hour: number(hour, 24)?,
                    minute: number(minute, 60)?,
                })
            })
            .ok_or_else(|| format!("`{text}` is no time of day; write it like `02:30`"))
    }
}

impl TryFrom<String> for ClockTime {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ClockTime> for String {
    fn from(time: ClockTime) -> Self {
        time.to_string()
    }
}

/// On which days, and when. Weekdays are 1 (Monday) to 7 (Sunday), in the order they were given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Schedule {
    /// On some days of every week.
    Weekly {
        /// Which weekdays.
        days: Vec<u8>,
        /// When.
        at: ClockTime,
    },
    /// On one day of every month.
    Monthly {
        /// 1 to 31; a month without that day runs on its last one.
        day: u8,
        /// When.
        at: ClockTime,
    },
    /// Whenever a cron expression of five fields says so.
    Cron {
        /// `minute hour day month weekday`, or a word like `@daily`.
        expression: String,
    },
    /// On some days of every week, once in the two hours that begin then. The cluster's identifier
    /// decides on the minute, so that many clusters do not begin together.
    Window {
        /// Which weekdays.
        days: Vec<u8>,
        /// When the two hours begin.
        from: ClockTime,
    },
}

/// Which automatic backups are kept. What one rule keeps stays, whatever the others say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Retention {
    /// Every one for so many times 24 hours.
    pub days: u32,
    /// The newest ones, so many.
    pub last: u32,
    /// The newest one of a day, for so many days that have one.
    pub daily: u32,
    /// The same by weeks, which begin on Monday.
    pub weekly: u32,
    /// The same by months.
    pub monthly: u32,
    /// The same by years.
    pub yearly: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            days: 7,
            last: 0,
            daily: 0,
            weekly: 0,
            monthly: 0,
            yearly: 0,
        }
    }
}

/// A repository that each automatic backup is copied to, and for how long a copy stays there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyCopy {
    /// The repository's name.
    pub repository: String,
    /// Copies stay for so many times 24 hours after their backup was made: 1 to [`Self::MOST_DAYS`].
    pub days: u32,
}

impl PolicyCopy {
    /// For how many days a copy stays if nobody says.
    pub const USUAL_DAYS: u32 = 7;
    /// For how many days a copy may stay.
    pub const MOST_DAYS: u32 = 30;
}

impl fmt::Display for PolicyCopy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.repository, self.days)
    }
}

impl FromStr for PolicyCopy {
    type Err = String;

    /// Takes `repository:days` or `repository`; a name may hold `:`, too.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (repository, days) = match text.rsplit_once(':') {
            Some((repository, days)) if days.bytes().all(|byte| byte.is_ascii_digit()) => {
                let days = days
                    .parse()
                    .map_err(|_| format!("`{text}` does not say days; write `repository:14`"))?;
                (repository, days)
            }
            _ => (text, Self::USUAL_DAYS),
        };
        if repository.is_empty() {
            return Err(format!(
                "`{text}` names no repository; write `repository` or `repository:14`"
            ));
        }
        Ok(Self {
            repository: repository.to_owned(),
            days,
        })
    }
}

/// What somebody asks of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyOptions {
    /// When backups are made.
    pub schedule: Schedule,
    /// The IANA name of the zone in which days and times are meant, `Asia/Tokyo`.
    pub time_zone: String,
    /// How long they are kept.
    #[serde(default)]
    pub retention: Retention,
    /// Where each is copied to once it is available.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<PolicyCopy>,
}

/// Whether a policy is at work. A cluster without a policy has none switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PolicyState {
    /// Makes backups, and lets old ones expire.
    Enabled,
    /// Does neither until it is resumed.
    Paused,
}

/// The policy of one cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Of which cluster.
    pub cluster_id: ClusterId,
    /// That cluster's name.
    pub cluster_name: String,
    /// Whether it is at work.
    pub state: PolicyState,
    /// What was asked of it.
    #[serde(flatten)]
    pub options: PolicyOptions,
    /// Runs due after this moment have not been made.
    pub counted_from: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: String,
}

/// What came of setting a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyChange {
    /// As it is now.
    pub policy: Policy,
    /// The first backup's job, where the policy was switched on.
    pub job: Option<JobSummary>,
}

/// Why a run was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RunCause {
    /// The policy was switched on.
    First,
    /// Its time had come.
    Scheduled,
    /// Its time had come while no server ran; one run stands for all that were missed.
    Missed,
    /// Somebody asked for it.
    Asked,
}

/// One time that a policy made a backup, or left it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRun {
    /// Of which cluster.
    pub cluster_id: ClusterId,
    /// When it was due.
    pub due_at: Timestamp,
    /// When it was made.
    pub made_at: Timestamp,
    /// Why.
    pub cause: RunCause,
    /// Its job; none for a run that was left out because an earlier one had not ended.
    pub job_id: Option<JobId>,
    /// Where that job stands.
    pub job_state: Option<JobState>,
    /// The backup it makes or made.
    pub backup_id: Option<BackupId>,
    /// That backup's name.
    pub backup_name: Option<String>,
}

/// Why a backup is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeepRule {
    /// A person made it: only a person deletes it.
    Manual,
    /// It is pinned.
    Pinned,
    /// It is the last good automatic backup of its cluster.
    LastGood,
    /// It is younger than [`Retention::days`].
    Days,
    /// One of the newest ones.
    Last,
    /// The newest one of its day.
    Daily,
    /// The newest one of its week.
    Weekly,
    /// The newest one of its month.
    Monthly,
    /// The newest one of its year.
    Yearly,
    /// The cluster has no good automatic backup: nothing expires.
    NoneGood,
}

/// A backup, and what a policy makes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupOutlook {
    /// Which.
    pub backup: BackupSummary,
    /// Why it is kept; empty: it expires.
    pub kept_by: Vec<KeepRule>,
}

/// What a policy would do from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyPreview {
    /// The next runs, in order.
    pub next_runs: Vec<Timestamp>,
    /// Every backup of the cluster that is there, newest first.
    pub backups: Vec<BackupOutlook>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_reads_what_it_writes() {
        for text in ["00:00", "02:30", "23:59"] {
            assert_eq!(text.parse::<ClockTime>().unwrap().to_string(), text);
        }
        assert_eq!("2:05".parse::<ClockTime>().unwrap().to_string(), "02:05");
        for text in [
            "", "24:00", "12:60", "12", "-1:00", "1:2:3", "012:00", "+1:00",
        ] {
            assert!(text.parse::<ClockTime>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_copy_says_where_and_how_long() {
        let read = |text: &str| {
            text.parse::<PolicyCopy>()
                .map(|copy| (copy.repository, copy.days))
        };
        assert_eq!(
            read("大阪"),
            Ok(("大阪".to_owned(), PolicyCopy::USUAL_DAYS))
        );
        assert_eq!(read("osaka:14"), Ok(("osaka".to_owned(), 14)));
        assert_eq!(read("a:5:30"), Ok(("a:5".to_owned(), 30)));
        assert_eq!(read("s3://x"), Ok(("s3://x".to_owned(), 7)));
        for text in ["", ":", ":7", "osaka:", "osaka:99999999999"] {
            assert!(read(text).is_err(), "{text}");
        }
        let copy = PolicyCopy {
            repository: "a:5".to_owned(),
            days: 7,
        };
        assert_eq!(copy.to_string().parse(), Ok(copy));
    }

    #[test]
    fn schedules_are_written_by_kind() {
        let text =
            r#"{"schedule":{"kind":"weekly","days":[1,5],"at":"02:30"},"time_zone":"Asia/Tokyo"}"#;
        let options: PolicyOptions = serde_json::from_str(text).unwrap();
        assert_eq!(options.retention, Retention::default());
        let again = serde_json::to_string(&options).unwrap();
        assert!(again.starts_with(&text[..text.len() - 1]), "{again}");
    }
}
