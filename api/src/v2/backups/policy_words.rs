//! A policy in the vendor's words: `frequency` `"1,2,3"`, `startTime` `"02:00-04:00"` in UTC, `retentionDays`.

use hozon_model::{ClockTime, PolicyOptions, Retention, Schedule};

/// A window's length, in hours.
const WINDOW: u8 = 2;
const ZONE: &str = "UTC";

/// A policy as the vendor words it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) frequency: String,
    pub(super) start_time: String,
    pub(super) retention_days: i32,
}

impl Words {
    /// What the engine is asked for, or the field that is wrong and why.
    pub(super) fn options(&self) -> Result<PolicyOptions, String> {
        if !(1..=30).contains(&self.retention_days) {
            return Err(format!(
                "`retentionDays` is {}, not between 1 and 30",
                self.retention_days
            ));
        }
        let wrong_window = || {
            format!(
                "`startTime` is `{}`, not two hours like `02:00-04:00`",
                self.start_time
            )
        };
        let (from, to) = self.start_time.split_once('-').ok_or_else(wrong_window)?;
        let from: ClockTime = from.trim().parse().map_err(|_| wrong_window())?;
        let to: ClockTime = to.trim().parse().map_err(|_| wrong_window())?;
        if end_of(from) != to {
            return Err(wrong_window());
        }
        Ok(PolicyOptions {
            schedule: Schedule::Window {
                days: days(&self.frequency)?,
                from,
            },
            time_zone: ZONE.to_owned(),
            retention: Retention {
                days: self.retention_days as u32,
                ..Retention::default()
            },
            copies: Vec::new(),
        })
    }
}

/// `frequency` and `startTime` of a policy, as far as the vendor has words for it.
pub(super) fn told(options: &PolicyOptions) -> Option<(String, String)> {
    let (days, from) = match &options.schedule {
        Schedule::Window { days, from } => (days, *from),
        Schedule::Weekly { days, at } => (days, *at),
        Schedule::Monthly { .. } | Schedule::Cron { .. } => return None,
    };
    if !matches!(options.time_zone.as_str(), ZONE | "Etc/UTC") {
        return None;
    }
    let days: Vec<String> = days.iter().map(u8::to_string).collect();
    Some((days.join(","), format!("{from}-{}", end_of(from))))
}

/// Weekdays in the order they were given, so that a policy is told back as it was set.
fn days(frequency: &str) -> Result<Vec<u8>, String> {
    let wrong =
        || format!("`frequency` is `{frequency}`, not weekdays like `1,2,3`, where 1 is Monday");
    let days = frequency
        .split(',')
        .map(|day| {
            day.trim()
                .parse()
                .ok()
                .filter(|day| (1..=7).contains(day))
                .ok_or_else(wrong)
        })
        .collect::<Result<Vec<u8>, _>>()?;
    let mut once = days.clone();
    once.sort_unstable();
    once.dedup();
    if once.len() == days.len() {
        Ok(days)
    } else {
        Err(wrong())
    }
}

fn end_of(from: ClockTime) -> ClockTime {
    ClockTime {
        hour: (from.hour + WINDOW) % 24,
        minute: from.minute,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(frequency: &str, start_time: &str, retention_days: i32) -> Words {
        Words {
            frequency: frequency.into(),
            start_time: start_time.into(),
            retention_days,
        }
    }

    #[test]
    fn a_policy_is_told_back_as_it_was_set() {
        for (frequency, start_time) in [
            ("1,2,3,5", "02:00-04:00"),
            ("7,1", "23:30-01:30"),
            ("3", "22:00-00:00"),
        ] {
            let options = words(frequency, start_time, 7).options().unwrap();
            assert_eq!(options.retention.days, 7);
            assert_eq!(told(&options), Some((frequency.into(), start_time.into())));
        }
    }

    #[test]
    fn other_words_are_refused() {
        for (frequency, start_time, days) in [
            ("", "02:00-04:00", 7),
            ("0", "02:00-04:00", 7),
            ("8", "02:00-04:00", 7),
            ("1,1", "02:00-04:00", 7),
            ("daily", "02:00-04:00", 7),
            ("1", "02:00", 7),
            ("1", "02:00-05:00", 7),
            ("1", "04:00-02:00", 7),
            ("1", "", 7),
            ("1", "02:00-04:00", 0),
            ("1", "02:00-04:00", 31),
            ("1", "02:00-04:00", -1),
        ] {
            assert!(
                words(frequency, start_time, days).options().is_err(),
                "{frequency} {start_time} {days}"
            );
        }
    }

    #[test]
    fn what_the_vendor_has_no_words_for_is_not_told() {
        let cron = PolicyOptions {
            schedule: Schedule::Cron {
                expression: "@daily".into(),
            },
            time_zone: "UTC".into(),
            retention: Retention::default(),
            copies: Vec::new(),
        };
        assert_eq!(told(&cron), None);
        let tokyo = PolicyOptions {
            time_zone: "Asia/Tokyo".into(),
            ..words("1", "02:00-04:00", 7).options().unwrap()
        };
        assert_eq!(told(&tokyo), None);
    }
}
