//! A data directory of its own for each test, and a binary that knows nothing of who runs it.

use std::{borrow::BorrowMut, fs, path::PathBuf, process::Command};

use insta::Settings;
use serde_json::Value;
use tempfile::TempDir;

pub(crate) struct World {
    home: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn hozon(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hozon"));
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("LOGNAME", "tester")
            .env("TZ", "UTC")
            .args(arguments);
        command
    }

    /// Runs a command that must succeed with `--json`, and returns its document.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let output = self.hozon(arguments).arg("--json").output().unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Runs a command with `--json`; its exit code and its document.
    pub(crate) fn refused(&self, arguments: &[&str]) -> (i32, Value) {
        let output = self.hozon(arguments).arg("--json").output().unwrap();
        let document = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!(
                "{arguments:?}: {error}: {}",
                String::from_utf8_lossy(&output.stdout)
            )
        });
        (output.status.code().unwrap(), document)
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Replaces what is different each time.
    pub(crate) fn bind(&self, check: impl FnOnce()) {
        let mut settings = Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.add_filter(&regex(&self.home.path().display().to_string()), "[HOME]");
        settings.add_filter(r"in01-[0-9a-f]{15}", "[CLUSTER]");
        settings.add_filter(r"backup(0|11)_[0-9a-f]{15}", "[BACKUP]");
        settings.add_filter(r"job-[a-z2-7]{22}", "[JOB]");
        settings.add_filter(r"insert_log/[\d/]+", "[SEGMENT]");
        settings.add_filter(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "[TIME]");
        settings.add_filter(
            r"\bin \d+\.\d s\b|\bin \d+ s\b|\bin \d+ min \d+ s\b",
            "in [TOOK]",
        );
        settings.bind(check);
    }
}

/// What a command said, and how it ended.
pub(crate) fn said(mut command: impl BorrowMut<Command>) -> String {
    let output = command.borrow_mut().output().unwrap();
    format!(
        "exit code: {}\n--- stdout\n{}--- stderr\n{}",
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap()
    )
}

/// What it answered. Progress on stderr depends on how quick the machine is.
pub(crate) fn answered(mut command: impl BorrowMut<Command>) -> String {
    let output = command.borrow_mut().output().unwrap();
    format!(
        "exit code: {}\n--- stdout\n{}",
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap()
    )
}

fn regex(text: &str) -> String {
    text.replace('.', r"\.")
}
