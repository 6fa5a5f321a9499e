//! A year of policies in three time zones, over both changes of clocks, against a model that knows no calendar
//! arithmetic: it looks at every minute of the year and asks what the clocks on the wall show.
#![allow(clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use hozon_engine::{
    model::{
        BackupId, BackupMethod, BackupScope, BackupState, BackupSummary, ClusterId, PolicyOptions,
        ProjectId, Retention, Schedule,
    },
    policy::{Timetable, check, retention::outlook},
};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};

const YEAR: [&str; 2] = ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"];
/// Clocks go forward in March in two of them, in October in the third; back the other way round.
const ZONES: [&str; 3] = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"];
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What a schedule asks for, said a second time: whether it wants a run when clocks show this.
type Wants = Box<dyn Fn(DateTime) -> bool>;

fn weekly(days: &'static [u8], hour: i8, minute: i8) -> (Schedule, Wants) {
    let at = format!("{hour:02}:{minute:02}").parse().unwrap();
    let schedule = Schedule::Weekly {
        days: days.to_vec(),
        at,
    };
    let wants = move |wall: DateTime| {
        let today = wall.weekday().to_monday_one_offset() as u8;
        days.contains(&today) && (wall.hour(), wall.minute()) == (hour, minute)
    };
    (schedule, Box::new(wants))
}

fn monthly(day: u8, hour: i8, minute: i8) -> (Schedule, Wants) {
    let at = format!("{hour:02}:{minute:02}").parse().unwrap();
    let wants = move |wall: DateTime| {
        let is_last = wall.date().tomorrow().unwrap().day() == 1;
        let today = wall.day() as u8;
        (today == day || (is_last && today < day)) && (wall.hour(), wall.minute()) == (hour, minute)
    };
    (Schedule::Monthly { day, at }, Box::new(wants))
}

fn cron(expression: &str, wants: impl Fn(DateTime) -> bool + 'static) -> (Schedule, Wants) {
    let expression = expression.to_owned();
    (Schedule::Cron { expression }, Box::new(wants))
}

fn schedules() -> Vec<(Schedule, Wants)> {
    vec![
        weekly(&[1, 2, 3, 4, 5, 6, 7], 2, 30),
        weekly(&[7], 2, 0),
        weekly(&[1, 3, 7], 1, 45),
        weekly(&[6, 7], 23, 59),
        monthly(31, 2, 15),
        monthly(29, 0, 0),
        monthly(1, 1, 59),
        cron("*/20 1-3 * * *", |wall| {
            (1..=3).contains(&wall.hour()) && wall.minute() % 20 == 0
        }),
        cron("15 */6 * * 1-5", |wall| {
            let weekday = wall.weekday().to_monday_one_offset() <= 5;
            weekday && wall.hour() % 6 == 0 && wall.minute() == 15
        }),
        cron("0 2 29 3,10 *", |wall| {
            (wall.day() == 29 && matches!(wall.month(), 3 | 10))
                && (wall.hour(), wall.minute()) == (2, 0)
        }),
    ]
}

/// Every minute of the year with the wall clock's time then. Where the clock jumps, the minutes it left out are given
/// to the first minute after the jump; where it goes back, minutes it showed before are not shown again.
fn minutes(zone: &TimeZone, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, Vec<DateTime>)> {
    let mut latest = zone.to_datetime(from - MINUTE);
    let mut at = from;
    let mut all = Vec::new();
    while at < to {
        let wall = zone.to_datetime(at);
        let mut shown = Vec::new();
        while latest < wall {
            latest = latest.checked_add(MINUTE).unwrap();
            shown.push(latest);
        }
        all.push((at, shown));
        at += MINUTE;
    }
    all
}

fn cluster() -> ClusterId {
    ClusterId::new("in01-0123456789abcde")
}

fn year() -> (Timestamp, Timestamp) {
    (YEAR[0].parse().unwrap(), YEAR[1].parse().unwrap())
}

#[test]
fn every_run_of_a_year_is_where_the_model_has_it() {
    let began = Instant::now();
    let (from, to) = year();
    let mut runs = 0;
    for name in ZONES {
        let zone = TimeZone::get(name).unwrap();
        let minutes = minutes(&zone, from, to);
        let changes = minutes.iter().filter(|(_, shown)| shown.len() != 1).count();
        assert!(changes >= 31, "{name} changes its clocks: {changes}");
        for (schedule, wants) in schedules() {
            let expected: Vec<Timestamp> = minutes
                .iter()
                .filter(|(_, shown)| shown.iter().any(|wall| wants(*wall)))
                .map(|(at, _)| *at)
                .collect();
            let table = Timetable::new(&schedule, name, &cluster()).unwrap();
            let mut after = from - SignedDuration::from_nanos(1);
            let mut found = Vec::new();
            while let Some(next) = table.next(after).filter(|next| *next < to) {
                found.push(next);
                after = next;
            }
            assert_eq!(found, expected, "{schedule:?} in {name}");
            assert!(!found.is_empty());
            runs += found.len();

            // Seen by somebody who looks now and then, every run is counted, once.
            let mut since = from - SignedDuration::from_nanos(1);
            let mut counted = 0;
            for step in [1_u32, 7, 61, 1440, 9_973].iter().cycle() {
                let now = (since + MINUTE * *step as i32).min(to - MINUTE);
                if let Some(due) = table.due(since, now) {
                    assert!(since < due.at && due.at <= now);
                    assert_eq!(Some(&due.at), expected.iter().rfind(|at| **at <= now));
                    counted += due.count as usize;
                }
                since = now;
                if now >= to - MINUTE {
                    break;
                }
            }
            assert_eq!(counted, expected.len(), "{schedule:?} in {name}");
        }
    }
    println!("{runs} runs in {:?}", began.elapsed());
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
}

fn retentions() -> Vec<Retention> {
    let days = |days| Retention {
        days,
        ..Retention::default()
    };
    vec![
        days(7),
        days(1),
        days(30),
        Retention {
            days: 2,
            last: 3,
            daily: 7,
            weekly: 4,
            monthly: 12,
            yearly: 2,
        },
        Retention {
            days: 1,
            last: 0,
            daily: 0,
            weekly: 5,
            monthly: 0,
            yearly: 1,
        },
    ]
}

fn backup(number: usize, created_at: Timestamp, state: BackupState) -> BackupSummary {
    BackupSummary {
        id: BackupId::new(format!("backup0_{number:015x}")),
        name: format!("{number}"),
        project_id: ProjectId::default(),
        cluster_id: cluster(),
        cluster_name: "main".to_owned(),
        state,
        scope: BackupScope::Cluster,
        method: BackupMethod::Auto,
        created_at,
        finished_at: None,
        bytes: 1,
        new_bytes: 1,
        rows: 1,
        files: 1,
        collections: 1,
        proof: None,
        job_id: None,
        milvus_version: None,
        pinned: number % 97 == 5,
        expires_at: None,
    }
}

/// What the model keeps: it asks for each rule on its own which backups that one names.
fn model_keeps(
    wanted: &Retention,
    zone: &TimeZone,
    all: &[BackupSummary],
    now: Timestamp,
) -> BTreeSet<BackupId> {
    let good: Vec<&BackupSummary> = all
        .iter()
        .filter(|backup| backup.state == BackupState::Available)
        .collect();
    let young =
        |backup: &BackupSummary| now.duration_since(backup.created_at) < DAY * wanted.days as i32;
    let mut kept: BTreeSet<BackupId> = all
        .iter()
        .filter(|backup| backup.pinned || young(backup) || good.is_empty())
        .map(|backup| backup.id.clone())
        .collect();
    let last = (wanted.last as usize).max(1);
    kept.extend(good.iter().rev().take(last).map(|backup| backup.id.clone()));
    for (count, format) in [
        (wanted.daily, "%Y-%m-%d"),
        (wanted.weekly, "%G-%V"),
        (wanted.monthly, "%Y-%m"),
        (wanted.yearly, "%Y"),
    ] {
        if count == 0 {
            continue;
        }
        // Oldest first: what is put in later is newer, and stays.
        let newest: BTreeMap<String, &BackupId> = good
            .iter()
            .map(|backup| {
                let wall = zone.to_datetime(backup.created_at);
                (wall.strftime(format).to_string(), &backup.id)
            })
            .collect();
        kept.extend(newest.into_values().rev().take(count as usize).cloned());
    }
    kept
}

#[test]
fn every_expiry_of_a_year_is_where_the_model_has_it() {
    let began = Instant::now();
    let (from, to) = year();
    let mut expired_in_all = 0;
    for name in ZONES {
        for (index, retention) in retentions().into_iter().enumerate() {
            let every = if index % 2 == 0 {
                "30 2 * * *"
            } else {
                "30 */8 * * *"
            };
            let options = PolicyOptions {
                schedule: Schedule::Cron {
                    expression: every.to_owned(),
                },
                time_zone: name.to_owned(),
                retention,
                copies: Vec::new(),
            };
            let table = check(&options, &cluster(), Some(30)).unwrap();
            let mut there: Vec<BackupSummary> = Vec::new();
            let (mut made, mut expired) = (0, 0);
            let mut now = from;
            while let Some(next) = table.next(now).filter(|next| *next < to) {
                now = next;
                // In March nothing succeeds for five weeks; now and then a backup is found damaged.
                let bad_days = "2026-03-02T00:00Z".parse().unwrap()
                    .."2026-04-06T00:00Z".parse::<Timestamp>().unwrap();
                if !bad_days.contains(&now) {
                    let state = if made % 41 == 7 {
                        BackupState::Damaged
                    } else {
                        BackupState::Available
                    };
                    there.push(backup(made, now, state));
                    made += 1;
                }
                let found = outlook(&retention, table.zone(), &there, now);
                assert_eq!(found.len(), there.len());
                let kept: BTreeSet<BackupId> = found
                    .iter()
                    .filter(|outlook| !outlook.kept_by.is_empty())
                    .map(|outlook| outlook.backup.id.clone())
                    .collect();
                let expected = model_keeps(&retention, table.zone(), &there, now);
                assert_eq!(kept, expected, "{name} {now} {retention:?}");
                let any_good = |all: &[BackupSummary]| {
                    all.iter()
                        .any(|backup| backup.state == BackupState::Available)
                };
                let had_good = any_good(&there);
                let gone: Vec<BackupId> = found
                    .into_iter()
                    .filter(|outlook| outlook.kept_by.is_empty())
                    .map(|outlook| outlook.backup.id)
                    .collect();
                there.retain(|backup| !gone.contains(&backup.id));
                expired += gone.len();
                assert_eq!(any_good(&there), had_good, "the last good one stays");
            }
            assert_eq!(there.len() + expired, made);
            assert!(expired > 200, "{name} {retention:?}: {expired}");
            expired_in_all += expired;
        }
    }
    println!("{expired_in_all} expiries in {:?}", began.elapsed());
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
}
