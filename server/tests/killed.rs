//! `kill -9` at random moments of backups and restores: no backup is available that does not verify, no job is stuck,
//! nothing half restored stays, and the next backup succeeds.
//!
//! `make test` starts the Milvus and names it in `HOZON_TEST_MILVUS_LOCAL`.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod killable;

use std::{
    fs,
    sync::Arc,
    thread::{self, sleep},
    time::{Duration, Instant},
};

use hozon_engine::source::{
    Milvus,
    milvus::{MilvusAddress, connect},
};
use killable::{Hozon, milvus, some_moment};
use serde_json::Value;

/// In each lane; every other one kills a restore.
const ROUNDS: u32 = 10;
/// Side by side, each with an installation of its own: most of the time Milvus is waited for.
const LANES: [&str; 2] = ["_killed", "_slain"];
const COLLECTIONS: [&str; 2] = ["hello_milvus", "medium_articles"];
/// What a restore names its collections before they are whole.
const SCRATCH: &str = "hozon_restore_";

#[test]
fn a_killed_process_loses_nothing() {
    thread::scope(|scope| {
        let lanes = LANES.map(|suffix| scope.spawn(move || lane(suffix)));
        for lane in lanes {
            lane.join().unwrap();
        }
    });
    let left = names(|name| name.starts_with(SCRATCH));
    assert!(left.is_empty(), "half restored: {left:?}");
}

/// Backups and restores of one installation, each killed at some moment; then a whole one of each.
fn lane(suffix: &str) {
    let hozon = Hozon::new();
    hozon.add_milvus();
    let collections = COLLECTIONS.join(",");
    let back_up = |name: &str| -> Vec<String> {
        let words = [
            "backup",
            "create",
            "--cluster",
            "milvus",
            "--name",
            name,
            "--collections",
            &collections,
        ];
        words.map(str::to_owned).into()
    };
    let started = Instant::now();
    let kept = succeed(&hozon, &back_up("kept"));
    let whole_backup = started.elapsed();
    let kept = kept["backup"]["id"].as_str().unwrap_or_default().to_owned();
    assert!(!kept.is_empty(), "`backup create` names its backup");
    let restore = ["backup", "restore", &kept, "--suffix", suffix].map(str::to_owned);

    for round in 0..ROUNDS {
        let (arguments, whole) = if round % 2 == 0 {
            (back_up(&format!("round-{round}")), whole_backup)
        } else {
            (restore.to_vec(), whole_backup * 3)
        };
        kill_once(&hozon, &arguments, whole);
        drop_all(&names(|name| name.ends_with(suffix)));
    }

    let jobs = listed(&hozon, "job");
    let unfinished: Vec<_> = jobs.iter().filter(|job| !is_over(&job["state"])).collect();
    assert!(unfinished.is_empty(), "{unfinished:#?}");
    for backup in listed(&hozon, "backup") {
        if backup["state"] == "AVAILABLE" {
            let id = backup["id"].as_str().unwrap();
            hozon.succeed(&["backup", "verify", id, "--level", "read"]);
        }
    }
    succeed(&hozon, &back_up("the next"));
    succeed(&hozon, &restore);
    let restored = names(|name| name.ends_with(suffix));
    assert_eq!(restored, COLLECTIONS.map(|name| format!("{name}{suffix}")));
    drop_all(&restored);
}

/// Kills a command at some moment; its job, if there was one by then, must end well or with a reason.
fn kill_once(hozon: &Hozon, arguments: &[String], whole: Duration) {
    let before = hozon.newest_job().map(|job| job["id"].clone());
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let mut child = hozon.start(&arguments);
    sleep(some_moment(whole));
    child.kill().unwrap();
    child.wait().unwrap();
    let job = hozon
        .newest_job()
        .filter(|job| before.as_ref() != Some(&job["id"]));
    if let Some(job) = job {
        let id = job["id"].as_str().unwrap();
        let (ended, _) = hozon.run(&["job", "wait", id]);
        let state = hozon.succeed(&["job", "show", id])["state"].clone();
        assert!(is_over(&state), "{arguments:?}: {state} {ended:#}");
    }
}

fn succeed(hozon: &Hozon, arguments: &[String]) -> Value {
    hozon.succeed(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

fn listed(hozon: &Hozon, what: &str) -> Vec<Value> {
    let list = hozon.succeed(&[what, "list", "--limit", "100"]);
    list["items"].as_array().unwrap().clone()
}

fn is_over(state: &Value) -> bool {
    state == "SUCCESSFUL" || state == "FAILED"
}

/// The collections of Milvus that are meant, by name.
fn names(meant: impl Fn(&str) -> bool) -> Vec<String> {
    with_milvus(async |milvus| {
        let mut names = milvus.collections("default").await.unwrap();
        names.retain(|name| meant(name));
        names.sort();
        names
    })
}

fn drop_all(names: &[String]) {
    with_milvus(async |milvus| {
        for name in names {
            let name = name.parse().unwrap();
            milvus.drop_collection(&name).await.unwrap();
        }
    });
}

fn with_milvus<T>(work: impl AsyncFnOnce(Arc<dyn Milvus>) -> T) -> T {
    let facts = milvus();
    let text = |pointer: &str| facts.pointer(pointer).and_then(Value::as_str).unwrap();
    let password = fs::read_to_string(text("/password_file")).unwrap();
    let address = MilvusAddress {
        url: text("/address").to_owned(),
        user: Some((text("/username").to_owned(), password.trim().to_owned())),
        token: None,
        ca_certificate: None,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { work(connect(&address).await.unwrap()).await })
}
