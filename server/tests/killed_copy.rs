//! `kill -9` and cancellation at 50 random moments of copies into another repository: the original stays as it was, a copy
//! is whole or not there, no job is stuck, and the next copy succeeds.
//!
//! `make test` starts the Milvus and names it in `HOZON_TEST_MILVUS_LOCAL`.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod killable;

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use killable::{Hozon, some_moment};
use serde_json::Value;

const ROUNDS: u32 = 50;
const NAMES: [&str; 2] = ["first", "second"];

#[test]
fn a_killed_copy_is_whole_or_not_there() {
    let hozon = Hozon::new();
    hozon.add_milvus();
    for (name, collections) in NAMES
        .iter()
        .zip(["hello_milvus", "hello_milvus,medium_articles"])
    {
        hozon.succeed(&[
            "backup",
            "create",
            "--cluster",
            "milvus",
            "--name",
            name,
            "--collections",
            collections,
        ]);
    }
    let place = hozon.directory.path().join("elsewhere");
    let url = format!("file://{}", place.display());
    hozon.succeed(&["repository", "add", "elsewhere", "--url", &url]);
    let started = Instant::now();
    hozon.succeed(&["backup", "copy", NAMES[1], "--to", "elsewhere"]);
    let whole = started.elapsed();

    for round in 0..ROUNDS {
        let name = NAMES[round as usize % 2];
        if is_there(&hozon, name) {
            hozon.succeed(&["backup", "delete", name, "--copy", "elsewhere", "--yes"]);
        }
        // Both names are copied by both kinds of rounds.
        let canceling = round % 4 >= 2;
        let job = if canceling {
            Some(cancel(&hozon, name, whole))
        } else {
            kill(&hozon, name, whole)
        };
        verify_all_in(&url);
        if let Some(job) = job {
            hozon.run(&["job", "wait", &job]);
            let state = hozon.succeed(&["job", "show", &job])["state"].clone();
            let other_end = if canceling { "CANCELED" } else { "FAILED" };
            assert!(
                state == "SUCCESSFUL" || state == other_end,
                "{round}: {state}"
            );
            assert_eq!(is_there(&hozon, name), state == "SUCCESSFUL", "{round}");
        }
    }
    let jobs = hozon.succeed(&["job", "list", "--limit", "100"])["items"].clone();
    let ends = ["SUCCESSFUL", "FAILED", "CANCELED"];
    for job in jobs.as_array().unwrap() {
        assert!(ends.contains(&job["state"].as_str().unwrap()), "{job:#}");
    }

    for name in NAMES {
        hozon.succeed(&["backup", "verify", name, "--level", "read"]);
        hozon.succeed(&["backup", "copy", name, "--to", "elsewhere"]);
        assert!(is_there(&hozon, name));
    }
    assert_eq!(verify_all_in(&url), 2);
}

/// Starts a copy and kills its process at some moment; its job, if it came as far as that.
fn kill(hozon: &Hozon, name: &str, whole: Duration) -> Option<String> {
    let before = hozon.newest_job().map(|job| job["id"].clone());
    let mut child = hozon.start(&["backup", "copy", name, "--to", "elsewhere"]);
    sleep(some_moment(whole));
    child.kill().unwrap();
    child.wait().unwrap();
    let job = hozon.newest_job()?;
    (before.as_ref() != Some(&job["id"])).then(|| job["id"].as_str().unwrap().to_owned())
}

/// Starts a copy and cancels its job at some moment, which may be too late.
fn cancel(hozon: &Hozon, name: &str, whole: Duration) -> String {
    let queued = hozon.succeed(&["backup", "copy", name, "--to", "elsewhere", "--no-wait"]);
    let job = queued["job"]["id"].as_str().unwrap().to_owned();
    let mut child = hozon.start(&["job", "wait", &job]);
    sleep(some_moment(whole));
    hozon.run(&["job", "cancel", &job]);
    child.wait().unwrap();
    job
}

/// Whether the repository really holds a copy.
fn is_there(hozon: &Hozon, name: &str) -> bool {
    let found = hozon.succeed(&["repository", "check", "elsewhere"]);
    found["copies"]
        .as_array()
        .unwrap()
        .iter()
        .any(|copy| copy["backup_name"] == name && copy["state"] == "AVAILABLE")
}

/// Another Hozon, with the place of the copies as its own repository: every backup it finds there is whole. How many
/// there are.
fn verify_all_in(url: &str) -> usize {
    let other = Hozon::in_repository(url);
    let found = other.succeed(&["backup", "list"]);
    let items: Vec<Value> = found["items"].as_array().unwrap().clone();
    for backup in &items {
        assert_eq!(backup["state"], "AVAILABLE");
        other.succeed(&[
            "backup",
            "verify",
            backup["id"].as_str().unwrap(),
            "--level",
            "read",
        ]);
    }
    items.len()
}
