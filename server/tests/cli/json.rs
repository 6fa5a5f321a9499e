//! With `--json` stdout carries one document, whatever happens; the exit code tells which kind.

use crate::world::World;

#[test]
fn errors_are_documents_too() {
    let world = World::new();
    for (arguments, exit, code) in [
        (&["backup", "show", "nothing"][..], 3, "backup_not_found"),
        (&["cluster", "show", "nowhere"], 3, "cluster_not_found"),
        (&["job", "show", "job-none"], 3, "job_not_found"),
        (&["backup", "create"], 2, "invalid_input"),
        (&["bakcup"], 2, "invalid_input"),
        (
            &["--config", "/nowhere.toml", "backup", "list"],
            2,
            "invalid_input",
        ),
        (
            &[
                "cluster",
                "add",
                "c",
                "--address",
                "http://127.0.0.1:1",
                "--storage",
                "file:///tmp",
            ],
            5,
            "cluster_unreachable",
        ),
    ] {
        let (status, document) = world.refused(arguments);
        assert_eq!(status, exit, "{arguments:?}");
        assert_eq!(document["error"]["code"], code, "{arguments:?}");
        assert_eq!(
            document.as_object().unwrap().len(),
            1,
            "{arguments:?}: {document}"
        );
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    use std::process::{Command, Stdio};

    let world = World::new();
    let mut child = world
        .hozon(&["completions", "bash"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let reader = child.stdout.take().unwrap();
    let head = Command::new("head")
        .arg("-c1")
        .stdin(reader)
        .output()
        .unwrap();
    assert_eq!(head.stdout.len(), 1);
    assert!(child.wait().unwrap().success());
}
