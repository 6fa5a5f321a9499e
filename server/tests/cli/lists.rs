//! Lists with nothing in them, and what has no need of a cluster.

use insta_cmd::assert_cmd_snapshot;

use crate::world::World;

#[test]
fn nothing_yet() {
    let world = World::new();
    world.bind(|| {
        assert_cmd_snapshot!("no_clusters", world.hozon(&["cluster", "list"]));
        assert_cmd_snapshot!("no_backups", world.hozon(&["backup", "list"]));
        assert_cmd_snapshot!("no_jobs", world.hozon(&["job", "list"]));
        assert_cmd_snapshot!(
            "no_backups_json",
            world.hozon(&["backup", "list", "--json"])
        );
    });
}

#[test]
fn no_command_shows_what_there_is() {
    let world = World::new();
    world.bind(|| {
        assert_cmd_snapshot!("no_command", world.hozon(&[]));
        assert_cmd_snapshot!("version", world.hozon(&["--version"]));
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
        assert_cmd_snapshot!(
            "password",
            world
                .hozon(&["admin", "password", "--password-file"])
                .arg(&password)
        );
    });
}
