//! `kill -9` at random moments of backups and restores: no backup is available that does not verify, no job is stuck,
//! nothing half restored stays, and the next backup succeeds.
//!
//! `make test` starts the Milvus and names it in `HOZON_TEST_MILVUS_LOCAL`.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod killable;

use std::{fs, thread::sleep, time::Instant};

use killable::{Hozon, milvus, some_moment};
use serde_json::Value;

const ROUNDS: u32 = 20;
const COLLECTIONS: &str = "medium_articles,hello_milvus";
const SUFFIX: &str = "_killed";

#[test]
fn a_killed_process_loses_nothing() {
    let hozon = Hozon::new();
    let facts = milvus();
    hozon.add_milvus();
    let started = Instant::now();
    let kept = hozon.succeed(&[
        "backup",
        "create",
        "--cluster",
        "milvus",
        "--name",
        "kept",
        "--collections",
        COLLECTIONS,
    ]);
    let whole_backup = started.elapsed();
    let kept = kept["backup"]["id"].as_str().unwrap_or_default().to_owned();
    assert!(!kept.is_empty(), "`backup create` names its backup");

    for round in 0..ROUNDS {
        let name = format!("round-{round}");
        let (arguments, whole): (Vec<&str>, _) = if round % 2 == 0 {
            (
                vec![
                    "backup",
                    "create",
                    "--cluster",
                    "milvus",
                    "--name",
                    &name,
                    "--collections",
                    COLLECTIONS,
                ],
                whole_backup,
            )
        } else {
            (
                vec!["backup", "restore", &kept, "--suffix", SUFFIX],
                whole_backup * 3,
            )
        };
        let before = hozon.newest_job().map(|job| job["id"].clone());
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
            assert!(
                state == "SUCCESSFUL" || state == "FAILED",
                "round {round}: {state} {ended:#}"
            );
        }
        drop_restored(&facts);
    }

    let unfinished = hozon.succeed(&["job", "list", "--limit", "100"])["items"]
        .as_array()
        .unwrap()
        .clone();
    let unfinished: Vec<_> = unfinished
        .iter()
        .filter(|job| !["SUCCESSFUL", "FAILED"].contains(&job["state"].as_str().unwrap()))
        .collect();
    assert!(unfinished.is_empty(), "{unfinished:#?}");
    let backups = hozon.succeed(&["backup", "list", "--limit", "100"])["items"]
        .as_array()
        .unwrap()
        .clone();
    for backup in backups
        .iter()
        .filter(|backup| backup["state"] == "AVAILABLE")
    {
        hozon.succeed(&[
            "backup",
            "verify",
            backup["id"].as_str().unwrap(),
            "--level",
            "read",
        ]);
    }
    hozon.succeed(&[
        "backup",
        "create",
        "--cluster",
        "milvus",
        "--name",
        "the next",
        "--collections",
        COLLECTIONS,
    ]);
    hozon.succeed(&["backup", "restore", &kept, "--suffix", SUFFIX]);
    let left = drop_restored(&facts);
    assert_eq!(
        left,
        ["hello_milvus_killed", "medium_articles_killed"],
        "nothing half restored stays"
    );
}

/// Drops what rounds restored, and returns the names of it; scratch names among them would show here.
fn drop_restored(facts: &Value) -> Vec<String> {
    use hozon_engine::source::milvus::{MilvusAddress, connect};
    let text = |pointer: &str| {
        facts
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap()
            .to_owned()
    };
    let password = fs::read_to_string(text("/password_file"))
        .unwrap()
        .trim()
        .to_owned();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let address = MilvusAddress {
            url: text("/address"),
            user: Some((text("/username"), password)),
            token: None,
            ca_certificate: None,
        };
        let milvus = connect(&address).await.unwrap();
        let mut names = milvus.collections("default").await.unwrap();
        names.retain(|name| name.ends_with(SUFFIX) || name.starts_with("hozon_restore_"));
        names.sort();
        for name in &names {
            milvus
                .drop_collection(&name.parse().unwrap())
                .await
                .unwrap();
        }
        names
    })
}
