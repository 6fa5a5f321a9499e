//! A policy's life on the command line, and what keeps a backup: on a real Milvus, without waiting for the clock.

use insta::assert_snapshot;
use serde_json::Value;

use crate::world::{World, said};

/// The local Milvus of `make test`, under the name `production`.
fn registered() -> World {
    let world = World::new();
    let file = std::env::var("HOZON_TEST_MILVUS_LOCAL")
        .unwrap_or_else(|_| panic!("HOZON_TEST_MILVUS_LOCAL is not set: run `make test`"));
    let milvus: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let fact = |pointer: &str| milvus.pointer(pointer).and_then(Value::as_str).unwrap();
    world.json(&[
        "cluster",
        "add",
        "production",
        "--address",
        fact("/address"),
        "--username",
        fact("/username"),
        "--password-file",
        fact("/password_file"),
        "--storage",
        fact("/storage/url"),
    ]);
    world
}

fn policy(arguments: &str) -> Vec<String> {
    let mut all = vec!["policy".to_owned()];
    all.extend(arguments.split(' ').map(str::to_owned));
    all
}

fn spoken(world: &World, arguments: &str) -> String {
    let arguments = policy(arguments);
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    said(world.hozon(&arguments))
}

fn json(world: &World, arguments: &str) -> Value {
    let arguments = policy(arguments);
    world.json(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn what_cannot_be_is_refused() {
    let world = registered();
    world.bind(|| {
        assert_snapshot!("policy_none", spoken(&world, "list"));
        assert_snapshot!("policy_unset", spoken(&world, "show production"));
        assert_snapshot!(
            "policy_no_days",
            spoken(&world, "set production --keep-days 3")
        );
        assert_snapshot!("policy_nothing_said", spoken(&world, "set production"));
        assert_snapshot!(
            "policy_bad_day",
            spoken(&world, "set production --weekly mon,day")
        );
        assert_snapshot!(
            "policy_two_schedules",
            spoken(&world, "set production --daily --monthly 1")
        );
        assert_snapshot!(
            "policy_window_of_a_month",
            spoken(&world, "set production --monthly 1 --window")
        );
    });
    for (arguments, field) in [
        ("--daily --time-zone Mars/Olympus", "time_zone"),
        ("--daily --keep-days 0", "retention.days"),
        ("--daily --keep-yearly 10001", "retention.yearly"),
        ("--monthly 32", "day"),
        ("--cron @never", "cron"),
    ] {
        let arguments = policy(&format!("set production {arguments}"));
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let (exit, document) = world.refused(&arguments);
        let error = &document["error"];
        assert_eq!(
            (exit, &error["subject"]),
            (2, &Value::from(field)),
            "{document}"
        );
    }
    let cron = ["policy", "set", "production", "--cron", "0 0 30 2 *"];
    assert_eq!(world.refused(&cron).1["error"]["subject"], "cron");

    let vendor = world
        .hozon(&[
            "policy",
            "set",
            "production",
            "--daily",
            "--keep-days",
            "31",
        ])
        .env("HOZON_PROFILE", "vendor")
        .output()
        .unwrap();
    assert_eq!(vendor.status.code(), Some(2));
    let why = String::from_utf8(vendor.stderr).unwrap();
    assert!(why.contains("not between 1 and 30"), "{why}");
    assert_eq!(
        json(&world, "list"),
        Value::Array(Vec::new()),
        "a refusal changes nothing"
    );
}

#[test]
fn from_on_to_off() {
    let world = registered();
    let plan = json(
        &world,
        "preview production --daily --at 03:15 --time-zone Asia/Tokyo",
    );
    assert_eq!(plan["next_runs"].as_array().unwrap().len(), 5);
    for at in plan["next_runs"].as_array().unwrap() {
        assert!(at.as_str().unwrap().ends_with("T18:15:00Z"), "{at}");
    }
    assert_eq!(
        json(&world, "list"),
        Value::Array(Vec::new()),
        "a preview sets nothing"
    );

    world.bind(|| {
        assert_snapshot!(
            "policy_set",
            spoken(&world, "set production --weekly thu,mon --at 03:15 --time-zone Asia/Tokyo --keep-monthly 12")
        );
    });
    let shown = json(&world, "show production");
    assert_eq!(shown["schedule"]["kind"], "weekly");
    let first = shown["runs"][0]["job_id"].as_str().unwrap().to_owned();
    assert_eq!(shown["runs"][0]["cause"], "FIRST");
    assert_eq!(shown["runs"][0]["job_state"], "PENDING");
    let (exit, busy) = world.refused(&["policy", "run", "production"]);
    assert_eq!(
        (exit, &busy["error"]["code"]),
        (4, &Value::from("backup_busy"))
    );
    world.json(&["job", "cancel", &first]);

    let changed = json(&world, "set production --at 04:00 --window");
    assert_eq!(
        changed["job"],
        Value::Null,
        "only a new policy makes a backup at once"
    );
    assert_eq!(changed["policy"]["schedule"]["kind"], "window");
    assert_eq!(
        changed["policy"]["retention"]["monthly"], 12,
        "what is not said stays"
    );
    let made = json(&world, "run production --no-wait");
    world.json(&["job", "cancel", made["job"]["id"].as_str().unwrap()]);

    assert_eq!(json(&world, "pause production")["state"], "PAUSED");
    assert_eq!(json(&world, "list")[0]["next_run"], Value::Null);
    assert_eq!(
        json(&world, "show production")["next_runs"],
        Value::Array(Vec::new())
    );
    assert_eq!(json(&world, "resume production")["state"], "ENABLED");
    let causes: Vec<_> = json(&world, "show production")["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["cause"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(causes, ["ASKED", "FIRST"]);
    world.bind(|| {
        assert_snapshot!("policy_off", spoken(&world, "off production"));
        assert_snapshot!("policy_off_again", spoken(&world, "off production"));
    });
}

#[test]
fn names_and_pins() {
    let world = registered();
    let made = world.json(&[
        "backup",
        "create",
        "--cluster",
        "production",
        "--name",
        "毎日",
        "--collections",
        "hello_milvus",
    ]);
    let id = made["backup"]["id"].as_str().unwrap();
    assert_eq!(made["backup"]["pinned"], false);
    world.bind(|| {
        assert_snapshot!("backup_pin", said(world.hozon(&["backup", "pin", "毎日"])));
        assert_snapshot!(
            "backup_rename",
            said(world.hozon(&["backup", "rename", "毎日", "before the upgrade"]))
        );
        assert_snapshot!(
            "backup_rename_empty",
            said(world.hozon(&["backup", "rename", id, " "]))
        );
    });
    let shown = world.json(&["backup", "show", "before the upgrade"]);
    assert_eq!(
        (&shown["id"], &shown["pinned"]),
        (&Value::from(id), &Value::from(true))
    );
    let plan = json(&world, "preview production --daily --time-zone UTC");
    assert_eq!(
        plan["backups"][0]["kept_by"],
        serde_json::json!(["manual", "pinned"])
    );
    assert_eq!(world.json(&["backup", "unpin", id])["pinned"], false);
    let (exit, gone) = world.refused(&["backup", "pin", "毎日"]);
    assert_eq!(
        (exit, &gone["error"]["code"]),
        (3, &Value::from("backup_not_found"))
    );
}
