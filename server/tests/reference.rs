//! docs/CLI.md says what `--help` says, docs/ERRORS.md has every error, and the guides of the console name only commands
//! that there are.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

use std::{fs, path::Path};

fn is_up_to_date(name: &str, text: &str) {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let path = docs.join(name);
    if std::env::var_os("HOZON_WRITE_DOCS").is_some() {
        fs::write(&path, text).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == text,
        "docs/{name} is old; write it anew with `HOZON_WRITE_DOCS=1 cargo test -p hozon --test reference`"
    );
}

#[test]
fn the_reference_is_up_to_date() {
    is_up_to_date("CLI.md", &hozon_server::cli::reference());
}

#[test]
fn the_catalogue_of_errors_is_up_to_date_and_lacks_no_word() {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/locales");
    let languages = ["en", "ja", "zh"].map(|tag| {
        let words = fs::read_to_string(locales.join(format!("{tag}.json"))).unwrap();
        let words: serde_json::Value = serde_json::from_str(&words).unwrap();
        (tag, words)
    });
    let catalogue = hozon_server::cli::errors(&languages);
    let empty = |line: &str| line.trim_end().ends_with(':') || line.trim().is_empty();
    for section in catalogue.split("\n## ").skip(1) {
        let lines: Vec<&str> = section.trim_end().lines().skip(2).collect();
        assert_eq!(lines.len(), 6, "{section}");
        assert!(!lines.into_iter().any(empty), "{section}");
    }
    is_up_to_date("ERRORS.md", &catalogue);
}

/// Every command that a guide shows: between fences (a line may go on in the next) or in a line of text.
fn commands(guide: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, part) in guide.split("```").enumerate() {
        if number % 2 == 1 {
            let lines = part.replace("\\\n", " ");
            found.extend(lines.lines().map(str::to_owned));
        } else {
            found.extend(part.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found.retain(|line| line.starts_with("hozon "));
    found
}

#[test]
fn the_guides_name_only_commands_and_flags_that_there_are() {
    let reference = hozon_server::cli::reference();
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/help/en");
    let mut checked = 0;
    for file in fs::read_dir(directory).unwrap() {
        let path = file.unwrap().path();
        for command in commands(&fs::read_to_string(&path).unwrap()) {
            let verbs: Vec<_> = command
                .split_whitespace()
                .take_while(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()))
                .collect();
            // The last of them may be a name already.
            let section = (1..=verbs.len())
                .rev()
                .find_map(|length| {
                    let title = format!("\n## `{}`\n", verbs[..length].join(" "));
                    reference.split_once(&title).map(|(_, rest)| rest)
                })
                .unwrap_or_else(|| panic!("{}: `{command}`", path.display()));
            let section = section.split("\n## ").next().unwrap();
            for flag in command
                .split_whitespace()
                .filter(|word| word.starts_with("--"))
            {
                assert!(
                    section.contains(&format!("{flag} ")) || section.contains(&format!("{flag}\n")),
                    "{}: `{command}` has no `{flag}`",
                    path.display()
                );
            }
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked} commands were found");
}
