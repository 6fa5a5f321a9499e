//! Lists with nothing in them, and what has no need of a cluster.

use insta::assert_snapshot;

use crate::world::{World, said};

#[test]
fn nothing_yet() {
    let world = World::new();
    world.bind(|| {
        assert_snapshot!("no_clusters", said(world.hozon(&["cluster", "list"])));
        assert_snapshot!("no_backups", said(world.hozon(&["backup", "list"])));
        assert_snapshot!("no_jobs", said(world.hozon(&["job", "list"])));
        assert_snapshot!(
            "no_backups_json",
            said(world.hozon(&["backup", "list", "--json"]))
        );
    });
}

#[test]
fn no_command_shows_what_there_is() {
    let world = World::new();
    world.bind(|| {
        assert_snapshot!("no_command", said(world.hozon(&[])));
        assert_snapshot!("version", said(world.hozon(&["--version"])));
    });
}

#[test]
fn completions_know_every_command() {
    let world = World::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = world.hozon(&["completions", shell]).output().unwrap();
        assert!(output.status.success());
        let script = String::from_utf8(output.stdout).unwrap();
        for word in ["backup", "cluster", "restore", "dry-run"] {
            assert!(script.contains(word), "{shell} does not know `{word}`");
        }
    }
}

#[test]
fn a_link_and_a_password_need_no_server() {
    let world = World::new();
    let link = world.json(&["admin", "link"]);
    assert_eq!(link["user"], "admin");
    let link = link["link"].as_str().unwrap();
    assert!(link.starts_with("http://127.0.0.1:8790/welcome/"), "{link}");
    let other = world.json(&["admin", "link", "--base-url", "https://hozon.example.org"]);
    let other = other["link"].as_str().unwrap();
    assert!(
        other.starts_with("https://hozon.example.org/welcome/"),
        "{other}"
    );
    let password = world.file("password", "correct horse battery\n");
    world.bind(|| {
        assert_snapshot!(
            "password",
            said(
                world
                    .hozon(&["admin", "password", "--password-file"])
                    .arg(&password)
            )
        );
    });
}
