//! Out of the house and back: an integration, an export, an adoption, as somebody types them.

use std::fs;

use insta::assert_snapshot;
use serde_json::Value;

use crate::{
    story::{Milvus, bind},
    world::{World, answered, said},
};

/// How many rows a segment holds depends on when it was compacted.
fn bind_rows(world: &World, milvus: &Milvus, check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"integ-[a-z0-9]{19}", "[INTEGRATION]");
    settings.add_filter(r"\b[\d,]+ rows", "[ROWS]");
    settings.bind(|| bind(world, milvus, check));
}

#[test]
fn an_integration_an_export_and_an_adoption() {
    let (world, milvus) = (World::new(), Milvus::local());
    let place = world.file("place", "").with_file_name("exports");
    fs::create_dir(&place).unwrap();
    let url = format!("file://{}", place.display());
    let add = |name, url| ["integration", "add", name, "--storage", url];
    bind_rows(&world, &milvus, || {
        assert_snapshot!(
            "export_01_none",
            said(world.hozon(&["integration", "list"]))
        );
        assert_snapshot!(
            "export_02_dry_run",
            said(world.hozon(&[&add("書庫", &url)[..], &["--dry-run"]].concat()))
        );
        assert_snapshot!("export_03_add", said(world.hozon(&add("書庫", &url))));
        assert_snapshot!("export_04_again", said(world.hozon(&add("書庫", &url))));
        assert_snapshot!(
            "export_05_nowhere",
            said(world.hozon(&add("nowhere", "file:///nowhere/at/all")))
        );
        assert_snapshot!(
            "export_06_half_a_key",
            said(world.hozon(&[&add("s3", "s3://b")[..], &["--access-key", "a"]].concat()))
        );
        assert_snapshot!(
            "export_07_list",
            said(world.hozon(&["integration", "list"]))
        );
        assert_snapshot!(
            "export_08_check",
            said(world.hozon(&["integration", "check", "書庫"]))
        );
    });
    assert_eq!(fs::read_dir(&place).unwrap().count(), 0);

    world.json(&milvus.registration("production"));
    let made = world.json(&[
        "backup",
        "create",
        "--cluster",
        "production",
        "--name",
        "毎日",
        "--collections",
        "medium_articles",
    ]);
    let id = made["backup"]["id"].as_str().unwrap().to_owned();
    let export = ["backup", "export", "毎日", "--integration", "書庫"];
    let within = [&export[..], &["--directory", "exports/2026"]].concat();
    bind_rows(&world, &milvus, || {
        assert_snapshot!(
            "export_09_outside",
            said(world.hozon(&[&export[..], &["--directory", "../up"]].concat()))
        );
        assert_snapshot!(
            "export_10_plan",
            said(world.hozon(&[&within[..], &["--dry-run"]].concat()))
        );
    });
    assert_eq!(
        fs::read_dir(&place).unwrap().count(),
        0,
        "neither a refusal nor a plan writes"
    );
    bind_rows(&world, &milvus, || {
        assert_snapshot!("export_11_export", answered(world.hozon(&within)));
        assert_snapshot!(
            "export_12_plan_again",
            said(world.hozon(&[&within[..], &["--dry-run"]].concat()))
        );
    });
    let archive = format!("exports/2026/{id}");
    assert!(place.join(&archive).join("meta/backup_meta.json").is_file());
    let jobs = world.json(&["job", "list", "--kind", "export"]);
    let job = jobs["items"][0]["id"].as_str().unwrap();
    let (exit, refused) = world.refused(&["job", "sweep", job]);
    assert_eq!(
        (exit, &refused["error"]["code"]),
        (4, &Value::from("export_target_taken"))
    );

    let found = world.json(&["integration", "archives", "書庫", "exports"]);
    assert_eq!(found["complete"], true);
    assert_eq!(found["archives"].as_array().map(Vec::len), Some(1));
    assert_eq!(found["archives"][0]["directory"], archive.as_str());
    assert_eq!(found["archives"][0]["format"], "milvus-backup");

    let adopt = ["backup", "adopt", &archive, "--integration", "書庫"];
    let named = [&adopt[..], &["--name", "取り込み"]].concat();
    bind_rows(&world, &milvus, || {
        assert_snapshot!(
            "export_13_adopt_plan",
            said(world.hozon(&[&adopt[..], &["--dry-run"]].concat()))
        );
        assert_snapshot!("export_14_name_taken", said(world.hozon(&adopt)));
        assert_snapshot!("export_15_adopt", answered(world.hozon(&named)));
        assert_snapshot!(
            "export_16_no_archive",
            said(world.hozon(&["backup", "adopt", "exports", "--integration", "書庫"]))
        );
    });
    let adopted = world.json(&["backup", "show", "取り込み"]);
    for fact in ["rows", "bytes", "files"] {
        assert_eq!(adopted[fact], made["backup"][fact], "{fact}");
    }

    let queued = world.json(&[&within[..], &["--no-wait"]].concat());
    let job = queued["job"]["id"].as_str().unwrap();
    let (exit, refused) = world.refused(&["integration", "remove", "書庫"]);
    assert_eq!(
        (exit, &refused["error"]["code"]),
        (4, &Value::from("integration_in_use"))
    );
    world.json(&["job", "cancel", job]);
    bind_rows(&world, &milvus, || {
        assert_snapshot!(
            "export_17_remove",
            said(world.hozon(&["integration", "remove", "書庫"]))
        );
        assert_snapshot!("export_18_gone", said(world.hozon(&within)));
    });
}
