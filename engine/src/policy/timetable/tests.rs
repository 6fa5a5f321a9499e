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
