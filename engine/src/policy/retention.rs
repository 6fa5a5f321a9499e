//! Which backups a policy keeps, by which rules, and which expire.
//!
//! Only good automatic backups are counted by the rules, newest first, and the newest of them never expires: however
//! long nothing succeeds, there is something to go back to. What a person made or pinned is not the policy's to remove.

use std::collections::BTreeSet;

use hozon_model::{
    BackupId, BackupMethod, BackupOutlook, BackupState, BackupSummary, KeepRule, Retention,
};
use jiff::{SignedDuration, Timestamp, Zoned, tz::TimeZone};

use crate::catalog::AutomaticCopy;

/// Retention counts whole spans of 24 hours, whatever clocks do in between.
pub(crate) const MICROSECONDS_A_DAY: i64 = 24 * 3600 * 1_000_000;

/// What becomes of a cluster's backups at a moment, newest first. Those being made, failed or going are left out:
/// there is nothing of theirs to keep.
///
/// Days, weeks, months and years are those of the policy's time zone; a damaged backup is kept by its age alone.
pub fn outlook(
    retention: &Retention,
    zone: &TimeZone,
    backups: &[BackupSummary],
    now: Timestamp,
) -> Vec<BackupOutlook> {
    let mut there: Vec<&BackupSummary> = backups.iter().filter(|backup| is_there(backup)).collect();
    there.sort_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
    let none_good = !there.iter().any(|backup| is_good(backup));
    let mut rules = Rules::new(retention);
    there
        .into_iter()
        .map(|backup| {
            let mut kept_by = Vec::new();
            if backup.method == BackupMethod::Manual {
                kept_by.push(KeepRule::Manual);
            }
            if backup.pinned {
                kept_by.push(KeepRule::Pinned);
            }
            if backup.method == BackupMethod::Auto {
                if is_good(backup) {
                    rules.apply(&backup.created_at.to_zoned(zone.clone()), &mut kept_by);
                } else if none_good {
                    kept_by.push(KeepRule::NoneGood);
                }
                if expires_at(retention, backup.created_at).is_none_or(|end| now < end) {
                    kept_by.push(KeepRule::Days);
                }
                kept_by.sort_unstable();
            }
            BackupOutlook {
                backup: backup.clone(),
                kept_by,
            }
        })
        .collect()
}

/// When a backup is older than asked for; none where the calendar ends.
pub fn expires_at(retention: &Retention, created_at: Timestamp) -> Option<Timestamp> {
    created_at
        .checked_add(SignedDuration::from_micros(
            i64::from(retention.days) * MICROSECONDS_A_DAY,
        ))
        .ok()
}

/// The automatic copies in one repository, of backups of one cluster, that are too old at a moment. As with backups, the
/// newest good one never expires, and neither does what somebody pinned. The originals do not matter: a copy is there
/// for when they are gone.
pub fn expired_copies(days: u32, copies: &[AutomaticCopy], now: Timestamp) -> Vec<BackupId> {
    let retention = Retention {
        days,
        ..Retention::default()
    };
    let newest = copies
        .iter()
        .max_by_key(|copy| (copy.created_at, &copy.backup_id));
    copies
        .iter()
        .filter(|copy| newest.is_some_and(|newest| newest.backup_id != copy.backup_id))
        .filter(|copy| !copy.pinned)
        .filter(|copy| expires_at(&retention, copy.created_at).is_some_and(|end| end <= now))
        .map(|copy| copy.backup_id.clone())
        .collect()
}

fn is_there(backup: &BackupSummary) -> bool {
    matches!(backup.state, BackupState::Available | BackupState::Damaged)
}

fn is_good(backup: &BackupSummary) -> bool {
    backup.method == BackupMethod::Auto && backup.state == BackupState::Available
}

/// A period of the calendar: a day, a week, a month or a year.
type Period = (i16, i16);

/// A rule that keeps the newest backup of each of so many periods.
struct CalendarRule {
    rule: KeepRule,
    period: fn(&Zoned) -> Period,
    count: u32,
    seen: BTreeSet<Period>,
}

/// The rules that count, on their way from the newest backup to the oldest.
struct Rules {
    seen: u32,
    last: u32,
    calendar: [CalendarRule; 4],
}

impl Rules {
    fn new(retention: &Retention) -> Self {
        let of = |rule, count, period: fn(&Zoned) -> Period| CalendarRule {
            rule,
            period,
            count,
            seen: BTreeSet::new(),
        };
        Self {
            seen: 0,
            last: retention.last,
            calendar: [
                of(KeepRule::Daily, retention.daily, |at| {
                    (at.year(), at.day_of_year())
                }),
                of(KeepRule::Weekly, retention.weekly, |at| {
                    let week = at.date().iso_week_date();
                    (week.year(), i16::from(week.week()))
                }),
                of(KeepRule::Monthly, retention.monthly, |at| {
                    (at.year(), i16::from(at.month()))
                }),
                of(KeepRule::Yearly, retention.yearly, |at| (at.year(), 0)),
            ],
        }
    }

    /// The rules that keep the next good backup.
    fn apply(&mut self, created_at: &Zoned, kept_by: &mut Vec<KeepRule>) {
        if self.seen == 0 {
            kept_by.push(KeepRule::LastGood);
        }
        if self.seen < self.last {
            kept_by.push(KeepRule::Last);
        }
        self.seen = self.seen.saturating_add(1);
        for calendar in &mut self.calendar {
            let room = calendar.seen.len() < calendar.count as usize;
            if room && calendar.seen.insert((calendar.period)(created_at)) {
                kept_by.push(calendar.rule);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use hozon_model::{BackupScope, ClusterId, ProjectId};

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn backup(id: &str, created: &str) -> BackupSummary {
        BackupSummary {
            id: BackupId::new(id),
            name: id.to_owned(),
            project_id: ProjectId::default(),
            cluster_id: ClusterId::new("in01-a"),
            cluster_name: "a".to_owned(),
            state: BackupState::Available,
            scope: BackupScope::Cluster,
            method: BackupMethod::Auto,
            created_at: at(created),
            finished_at: None,
            bytes: 0,
            new_bytes: 0,
            rows: 0,
            files: 0,
            collections: 0,
            proof: None,
            job_id: None,
            milvus_version: None,
            pinned: false,
            expires_at: None,
        }
    }

    fn kept(
        retention: &Retention,
        backups: &[BackupSummary],
        now: &str,
    ) -> Vec<(String, Vec<KeepRule>)> {
        outlook(retention, &TimeZone::UTC, backups, at(now))
            .into_iter()
            .map(|outlook| (outlook.backup.name, outlook.kept_by))
            .collect()
    }

    fn one(name: &str, rules: &[KeepRule]) -> (String, Vec<KeepRule>) {
        (name.to_owned(), rules.to_vec())
    }

    #[test]
    fn copies_expire_by_their_own_days_but_the_newest_and_pinned_ones() {
        let copy = |id: &str, created: &str, pinned| AutomaticCopy {
            backup_id: BackupId::new(id),
            created_at: at(created),
            pinned,
        };
        let copies = [
            copy("a", "2026-01-01T00:00Z", false),
            copy("b", "2026-01-02T00:00Z", true),
            copy("c", "2026-01-03T00:00Z", false),
            copy("d", "2026-01-04T00:00Z", false),
        ];
        let gone = |days, now: &str| -> Vec<String> {
            let ids = expired_copies(days, &copies, at(now)).into_iter();
            ids.map(|id| id.to_string()).collect()
        };
        assert!(gone(3, "2026-01-03T23:59:59Z").is_empty());
        assert_eq!(gone(3, "2026-01-04T00:00Z"), ["a"]);
        assert_eq!(gone(1, "2026-01-04T00:00Z"), ["a", "c"]);
        assert_eq!(gone(1, "2036-01-01T00:00Z"), ["a", "c"], "the newest stays");
        assert!(expired_copies(1, &[], at("2036-01-01T00:00Z")).is_empty());
    }

    #[test]
    fn the_last_good_one_never_expires() {
        let mut damaged = backup("c", "2026-01-03T00:00Z");
        damaged.state = BackupState::Damaged;
        let all = [
            backup("a", "2026-01-01T00:00Z"),
            backup("b", "2026-01-02T00:00Z"),
            damaged.clone(),
        ];
        assert_eq!(
            kept(&Retention::default(), &all, "2030-01-01T00:00Z"),
            [
                one("c", &[]),
                one("b", &[KeepRule::LastGood]),
                one("a", &[])
            ]
        );
        assert_eq!(
            kept(&Retention::default(), &[damaged], "2030-01-01T00:00Z"),
            [one("c", &[KeepRule::NoneGood])]
        );
    }

    #[test]
    fn a_backup_is_kept_until_the_second_it_is_too_old() {
        let all = [
            backup("a", "2026-01-01T00:00Z"),
            backup("b", "2026-01-02T00:00Z"),
        ];
        let at_end = kept(&Retention::default(), &all, "2026-01-08T00:00:00Z");
        assert_eq!(at_end[1], one("a", &[]));
        let before = kept(&Retention::default(), &all, "2026-01-07T23:59:59Z");
        assert_eq!(before[1], one("a", &[KeepRule::Days]));
    }

    #[test]
    fn what_people_made_or_pinned_stays() {
        let mut manual = backup("m", "2020-01-01T00:00Z");
        manual.method = BackupMethod::Manual;
        let mut pinned = backup("p", "2020-01-02T00:00Z");
        pinned.pinned = true;
        let newest = backup("z", "2020-01-03T00:00Z");
        assert_eq!(
            kept(
                &Retention::default(),
                &[manual, pinned, newest],
                "2030-01-01T00:00Z"
            ),
            [
                one("z", &[KeepRule::LastGood]),
                one("p", &[KeepRule::Pinned]),
                one("m", &[KeepRule::Manual])
            ]
        );
    }

    #[test]
    fn periods_are_those_of_the_zone() {
        let rules = Retention {
            days: 1,
            daily: 2,
            monthly: 2,
            ..Retention::default()
        };
        let all = [
            backup("a", "2026-01-30T12:00Z"),
            backup("b", "2026-01-31T14:00Z"),
            backup("c", "2026-01-31T16:00Z"),
        ];
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
        let found: Vec<_> = outlook(&rules, &tokyo, &all, at("2026-03-01T00:00Z"))
            .into_iter()
            .map(|outlook| outlook.kept_by)
            .collect();
        // In Tokyo `c` is of February already.
        assert_eq!(
            found,
            [
                vec![KeepRule::LastGood, KeepRule::Daily, KeepRule::Monthly],
                vec![KeepRule::Daily, KeepRule::Monthly],
                vec![]
            ]
        );
    }
}
