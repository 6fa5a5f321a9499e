//! A whole story on a real Milvus: register, back up, look, verify, restore, delete.
//!
//! `make test` starts the Milvus and names it in `HOZON_TEST_MILVUS_LOCAL`.

use std::fs;

use hozon_engine::source::milvus::{MilvusAddress, connect};
use insta::assert_snapshot;
use serde_json::Value;

use crate::world::{World, answered, said};

const SUFFIX: &str = "_cli_story";

pub(crate) struct Milvus(Value);

impl Milvus {
    pub(crate) fn local() -> Self {
        let file = std::env::var("HOZON_TEST_MILVUS_LOCAL")
            .unwrap_or_else(|_| panic!("HOZON_TEST_MILVUS_LOCAL is not set: run `make test`"));
        Self(serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap())
    }

    fn fact(&self, pointer: &str) -> &str {
        self.0.pointer(pointer).and_then(Value::as_str).unwrap()
    }

    /// What registers it under a name.
    pub(crate) fn registration<'a>(&'a self, name: &'a str) -> [&'a str; 11] {
        [
            "cluster",
            "add",
            name,
            "--address",
            self.fact("/address"),
            "--username",
            self.fact("/username"),
            "--password-file",
            self.fact("/password_file"),
            "--storage",
            self.fact("/storage/url"),
        ]
    }

    /// Drops what was restored with this suffix, and returns the names.
    pub(crate) fn drop_restored(&self, suffix: &str) -> Vec<String> {
        let address = MilvusAddress {
            url: self.fact("/address").to_owned(),
            user: Some((
                self.fact("/username").to_owned(),
                fs::read_to_string(self.fact("/password_file"))
                    .unwrap()
                    .trim()
                    .to_owned(),
            )),
            token: None,
            ca_certificate: None,
        };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let milvus = connect(&address).await.unwrap();
            let mut names = milvus.collections("default").await.unwrap();
            names.retain(|name| name.ends_with(suffix));
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
}

/// What differs from one Milvus to the next: its address, its paths, and how it packed its segments.
pub(crate) fn bind(world: &World, milvus: &Milvus, check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    for (text, name) in [
        (milvus.fact("/address"), "[ADDRESS]"),
        (milvus.fact("/storage/url"), "[STORAGE]"),
        (milvus.fact("/password_file"), "[PASSWORD FILE]"),
    ] {
        settings.add_filter(&text.replace('.', r"\."), name);
    }
    settings.add_filter(r"\b\d+(\.\d)? ([KM]i)?B\b", "[SIZE]");
    settings.add_filter(r"\b\d+ files?\b|Files +\d+", "[FILES]");
    settings.add_filter(r"  +", "  ");
    settings.bind(|| world.bind(check));
}

#[test]
fn from_registering_to_deleting() {
    let (world, milvus) = (World::new(), Milvus::local());
    milvus.drop_restored(SUFFIX);
    let collections = "hello_milvus,weather_by_city";
    bind(&world, &milvus, || {
        assert_snapshot!(
            "story_01_add",
            said(world.hozon(&[
                "cluster",
                "add",
                "production",
                "--address",
                milvus.fact("/address"),
                "--username",
                milvus.fact("/username"),
                "--password-file",
                milvus.fact("/password_file"),
                "--storage",
                milvus.fact("/storage/url"),
            ]))
        );
        assert_snapshot!("story_02_clusters", said(world.hozon(&["cluster", "list"])));
        assert_snapshot!(
            "story_03_check",
            said(world.hozon(&["cluster", "check", "production"]))
        );
        assert_snapshot!(
            "story_04_add_again",
            said(world.hozon(&[
                "cluster",
                "add",
                "production",
                "--address",
                milvus.fact("/address"),
                "--username",
                milvus.fact("/username"),
                "--password-file",
                milvus.fact("/password_file"),
                "--storage",
                milvus.fact("/storage/url"),
            ]))
        );
    });

    let plan = world.json(&[
        "backup",
        "create",
        "--cluster",
        "production",
        "--collections",
        collections,
        "--dry-run",
    ]);
    assert_eq!(plan["collections"].as_array().unwrap().len(), 2);
    assert_eq!(
        world.json(&["backup", "list"])["total"],
        0,
        "a plan makes nothing"
    );

    let made = world.json(&[
        "backup",
        "create",
        "--cluster",
        "production",
        "--name",
        "毎日",
        "--collections",
        collections,
    ]);
    assert_eq!(made["job"]["state"], "SUCCESSFUL");
    assert_eq!(made["backup"]["state"], "AVAILABLE");
    let id = made["backup"]["id"].as_str().unwrap().to_owned();
    assert!(made["backup"]["new_bytes"].as_u64().unwrap() > 0);

    bind(&world, &milvus, || {
        assert_snapshot!("story_05_list", said(world.hozon(&["backup", "list"])));
        assert_snapshot!(
            "story_06_show",
            said(world.hozon(&["backup", "show", "毎日"]))
        );
        assert_snapshot!(
            "story_07_name_taken",
            said(world.hozon(&[
                "backup",
                "create",
                "--cluster",
                "production",
                "--name",
                "毎日",
                "--collections",
                "hello_milvus",
            ]))
        );
        assert_snapshot!(
            "story_08_no_collection",
            said(world.hozon(&[
                "backup",
                "create",
                "--cluster",
                "production",
                "--collections",
                "nothing",
            ]))
        );
        assert_snapshot!(
            "story_09_no_database",
            said(world.hozon(&[
                "backup",
                "create",
                "--cluster",
                "production",
                "--database",
                "nothing",
            ]))
        );
        assert_snapshot!(
            "story_10_verify",
            answered(world.hozon(&["backup", "verify", &id, "--level", "read"]))
        );
        assert_snapshot!(
            "story_11_in_the_way",
            said(world.hozon(&["backup", "restore", &id]))
        );
        assert_snapshot!(
            "story_12_restore_plan",
            said(world.hozon(&["backup", "restore", &id, "--suffix", SUFFIX, "--dry-run"]))
        );
    });
    assert_eq!(
        milvus.drop_restored(SUFFIX),
        [""; 0],
        "neither a plan nor a refusal makes a collection"
    );

    let restored = world.json(&[
        "backup",
        "restore",
        &id,
        "--suffix",
        SUFFIX,
        "--load-state",
        "release",
    ]);
    assert_eq!(restored["job"]["state"], "SUCCESSFUL");
    assert_eq!(
        milvus.drop_restored(SUFFIX),
        ["hello_milvus_cli_story", "weather_by_city_cli_story"]
    );

    let again = world.json(&[
        "backup",
        "create",
        "--cluster",
        "production",
        "--name",
        "again",
        "--collections",
        collections,
    ]);
    assert_eq!(
        again["backup"]["new_bytes"], 0,
        "nothing changed, so nothing was added"
    );

    bind(&world, &milvus, || {
        assert_snapshot!(
            "story_13_delete_unasked",
            said(world.hozon(&["backup", "delete", &id]))
        );
        assert_snapshot!(
            "story_14_delete_plan",
            said(world.hozon(&["backup", "delete", &id, "--dry-run"]))
        );
        assert_snapshot!(
            "story_15_delete",
            answered(world.hozon(&["backup", "delete", &id, "--yes"]))
        );
    });
    let verified = world.json(&["backup", "verify", "again", "--level", "read"]);
    assert_eq!(
        verified["backup"]["proof"]["level"], "read",
        "what both needed is still there"
    );
    let (exit, gone) = world.refused(&["backup", "restore", &id, "--suffix", SUFFIX]);
    assert_eq!(
        (exit, &gone["error"]["code"]),
        (4, &Value::from("backup_not_available"))
    );

    let queued = world.json(&["backup", "verify", "again", "--no-wait"]);
    let job = queued["job"]["id"].as_str().unwrap();
    assert_eq!(queued["job"]["state"], "PENDING");
    assert_eq!(world.json(&["job", "wait", job])["state"], "SUCCESSFUL");
    let queued = world.json(&["backup", "verify", "again", "--no-wait"]);
    let job = queued["job"]["id"].as_str().unwrap();
    assert_eq!(world.json(&["job", "cancel", job])["state"], "CANCELED");
    let (exit, canceled) = world.refused(&["job", "wait", job]);
    assert_eq!(
        (exit, &canceled["error"]["code"]),
        (130, &Value::from("canceled"))
    );
    let jobs = world.json(&["job", "list", "--kind", "verify"]);
    assert_eq!(jobs["total"], 4);

    bind(&world, &milvus, || {
        assert_snapshot!(
            "story_16_remove",
            said(world.hozon(&["cluster", "remove", "production"]))
        );
        assert_snapshot!(
            "story_17_backups_stay",
            said(world.hozon(&["backup", "list"]))
        );
    });
}
