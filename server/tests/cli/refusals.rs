//! What is not acceptable, and what to do about it.

use insta::assert_snapshot;

use crate::world::{World, said};

macro_rules! refused {
    ($world:expr, $name:literal, $($argument:expr),+ $(,)?) => {
        assert_snapshot!($name, said($world.hozon(&[$($argument),+])))
    };
}

#[test]
fn command_lines_that_are_not_understood() {
    let world = World::new();
    world.bind(|| {
        refused!(world, "unknown_command", "bakcup");
        refused!(world, "missing_cluster", "backup", "create");
        refused!(
            world,
            "database_and_collections",
            "backup",
            "create",
            "--cluster",
            "c",
            "--database",
            "d",
            "--collections",
            "a"
        );
        refused!(
            world,
            "bad_collection",
            "backup",
            "create",
            "--cluster",
            "c",
            "--collections",
            "a.b.c"
        );
        refused!(
            world,
            "bad_level",
            "backup",
            "verify",
            "b",
            "--level",
            "deep"
        );
        refused!(world, "bad_limit", "backup", "list", "--limit", "101");
        refused!(world, "bad_page", "backup", "list", "--page", "0");
        refused!(
            world,
            "password_without_user",
            "cluster",
            "add",
            "c",
            "--address",
            "http://127.0.0.1:1",
            "--storage",
            "file:///s",
            "--password-file",
            "p"
        );
    });
}

#[test]
fn names_that_nothing_has() {
    let world = World::new();
    world.bind(|| {
        refused!(
            world,
            "unknown_cluster",
            "backup",
            "create",
            "--cluster",
            "生産"
        );
        refused!(world, "unknown_cluster_show", "cluster", "show", "nowhere");
        refused!(world, "unknown_backup", "backup", "show", "nothing");
        refused!(world, "unknown_job", "job", "show", "job-none");
        refused!(
            world,
            "unknown_user_link",
            "admin",
            "link",
            "--user",
            "nobody"
        );
    });
}

#[test]
fn settings_that_are_not_acceptable() {
    let world = World::new();
    let typo = world.file("typo.toml", "port = 8790\nworker = 4\n");
    let secret = world.file("secret.toml", "[repository]\nsecret_key = \"hush\"\n");
    let future = world.file(
        "future.toml",
        "[repository]\nurl = \"ftp://example.org/\"\n",
    );
    world.bind(|| {
        refused!(
            world,
            "config_missing",
            "--config",
            "nowhere.toml",
            "backup",
            "list"
        );
        refused!(
            world,
            "config_typo",
            "--config",
            typo.to_str().unwrap(),
            "backup",
            "list"
        );
        refused!(
            world,
            "config_secret",
            "--config",
            secret.to_str().unwrap(),
            "backup",
            "list"
        );
        refused!(
            world,
            "config_repository",
            "--config",
            future.to_str().unwrap(),
            "backup",
            "list"
        );
        assert_snapshot!(
            "config_variable",
            said(
                world
                    .hozon(&["backup", "list"])
                    .env("HOZON_WORKERS", "many")
            )
        );
        assert_snapshot!(
            "config_no_home",
            said(world.hozon(&["backup", "list"]).env_remove("HOME"))
        );
    });
}

#[test]
fn clusters_that_cannot_be_registered() {
    let world = World::new();
    let storage = format!(
        "file://{}",
        world.file("storage", "").parent().unwrap().display()
    );
    let add = |more: &[&str]| {
        let mut arguments = vec!["cluster", "add", "c", "--storage", &storage, "--address"];
        arguments.extend(more);
        world.hozon(&arguments)
    };
    world.bind(|| {
        assert_snapshot!("nobody_answers", said(add(&["http://127.0.0.1:1"])));
        assert_snapshot!(
            "no_password",
            said(add(&["http://127.0.0.1:1", "--username", "root"]))
        );
        assert_snapshot!(
            "no_password_file",
            said(add(&[
                "http://127.0.0.1:1",
                "--username",
                "root",
                "--password-file",
                "nowhere"
            ]))
        );
        assert_snapshot!("no_address", said(add(&["milvus"])));
    });
    assert_eq!(world.json(&["cluster", "list"]), serde_json::json!([]));
}

#[test]
fn short_passwords() {
    let world = World::new();
    let password = world.file("password", "short\n");
    world.bind(|| {
        assert_snapshot!(
            "short_password",
            said(
                world
                    .hozon(&["admin", "password", "--password-file"])
                    .arg(&password)
            )
        );
    });
}
