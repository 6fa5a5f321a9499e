//! What is set of the hook that makes clusters.

use std::fs;

use hozon_engine::provisioning::Hook;

use super::{file, load};
use crate::config::Flags;

#[test]
fn clusters_are_made_by_a_service_or_by_a_program_and_not_by_both() {
    let load_file = |text: &str, variables: &[(&str, &str)]| {
        let (directory, path) = file(text);
        fs::write(directory.path().join("p.secret"), "hush, hush and hush\n").unwrap();
        let flags = Flags {
            config: Some(path),
            data_dir: Some("/data".into()),
            ..Flags::default()
        };
        load(&flags, variables).map(|settings| (directory, settings.engine.provisioning))
    };
    assert!(load_file("", &[]).unwrap().1.is_none());

    let service = "[provisioning]\nurl = \"http://127.0.0.1:9\"\nsecret_file = \"p.secret\"\n";
    let found = load_file(service, &[]).unwrap().1.unwrap();
    assert!(
        matches!(&found.hook, Hook::Service { secret, .. } if secret.reveal() == "hush, hush and hush")
    );
    assert_eq!(
        (found.answer.as_secs(), found.deadline.as_secs()),
        (60, 1800)
    );
    assert!(!format!("{found:?}").contains("hush"));
    let variables = [
        ("HOZON_PROVISIONING_URL", "https://hook.example.org"),
        ("HOZON_PROVISIONING_SECRET", "another that is long"),
    ];
    let timed = format!("{service}answer_seconds = 5\ndeadline_seconds = 7\n");
    let found = load_file(&timed, &variables).unwrap().1.unwrap();
    assert!(matches!(&found.hook, Hook::Service { url, secret }
        if url.as_str() == "https://hook.example.org/" && secret.reveal() == "another that is long"));
    assert_eq!((found.answer.as_secs(), found.deadline.as_secs()), (5, 7));

    let program = "[provisioning]\ncommand = [\"make-milvus\", \"--production\"]\n";
    let (directory, found) = load_file(program, &[]).unwrap();
    let Some(Hook::Program { path, arguments }) = found.map(|found| found.hook) else {
        panic!("it is a program");
    };
    assert_eq!(path, directory.path().join("make-milvus"));
    assert_eq!(arguments, ["--production"]);

    for (wrong, part) in [
        (
            format!("{service}command = [\"x\"]\n"),
            "both `url` and `command`",
        ),
        (
            "[provisioning]\ncommand = []\n".to_owned(),
            "names no program",
        ),
        (
            "[provisioning]\ncommand = [\"\"]\n".to_owned(),
            "names no program",
        ),
        (
            "[provisioning]\nurl = \"http://127.0.0.1:9\"\n".to_owned(),
            "needs a secret",
        ),
        (service.replace("http:", "ftp:"), "not an address of HTTP"),
        (
            format!("[stores]\nprivate_endpoints = false\n{service}"),
            "private address",
        ),
        (
            format!("{service}answer_seconds = 0\n"),
            "between 1 and 600",
        ),
        (
            format!("{service}deadline_seconds = 90000\n"),
            "between 1 and 86400",
        ),
    ] {
        let why = load_file(&wrong, &[]).unwrap_err().to_string();
        assert!(why.contains(part), "{wrong}: {why}");
    }
    let short = [("HOZON_PROVISIONING_SECRET", "short")];
    let why = load_file(service, &short).unwrap_err().to_string();
    assert!(
        why.contains("needs a secret") && !why.contains("short"),
        "{why}"
    );
}
