//! A `hozon` that can be killed, with a data directory of its own.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "every test binary uses its own part; a failure here is a failed test"
)]

use std::{
    fs,
    process::{Child, Command, Stdio},
    time::{Duration, SystemTime},
};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) struct Hozon {
    pub(crate) directory: TempDir,
    /// Where its repository lies, if it is not in its data directory.
    repository: Option<String>,
}

impl Hozon {
    pub(crate) fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            repository: None,
        }
    }

    /// With a repository that is there already.
    pub(crate) fn in_repository(url: &str) -> Self {
        Self {
            repository: Some(url.to_owned()),
            ..Self::new()
        }
    }

    /// Registers the sample Milvus as `milvus`.
    pub(crate) fn add_milvus(&self) {
        let facts = milvus();
        let fact = |pointer: &str| facts.pointer(pointer).and_then(Value::as_str).unwrap();
        self.succeed(&[
            "cluster",
            "add",
            "milvus",
            "--address",
            fact("/address"),
            "--username",
            fact("/username"),
            "--password-file",
            fact("/password_file"),
            "--storage",
            fact("/storage/url"),
        ]);
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hozon"));
        command
            .args(["--json", "--data-dir"])
            .arg(self.directory.path())
            .args(arguments)
            .env("HOZON_LEASE_SECONDS", "1")
            .stdin(Stdio::null());
        if let Some(url) = &self.repository {
            command.env("HOZON_REPOSITORY_URL", url);
        }
        command
    }

    /// Runs a command to its end; its JSON, and whether it succeeded.
    pub(crate) fn run(&self, arguments: &[&str]) -> (Value, bool) {
        let output = self.command(arguments).output().unwrap();
        let json = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        if !output.status.success() {
            eprintln!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        (json, output.status.success())
    }

    pub(crate) fn succeed(&self, arguments: &[&str]) -> Value {
        let (json, success) = self.run(arguments);
        assert!(success, "{arguments:?}: {json:#}");
        json
    }

    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    pub(crate) fn newest_job(&self) -> Option<Value> {
        self.succeed(&["job", "list", "--limit", "1"])["items"]
            .get(0)
            .cloned()
    }
}

pub(crate) fn milvus() -> Value {
    let file = std::env::var("HOZON_TEST_MILVUS_LOCAL")
        .unwrap_or_else(|_| panic!("HOZON_TEST_MILVUS_LOCAL is not set: run `make test`"));
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

/// A moment between nothing and the whole of a run, another each time.
pub(crate) fn some_moment(whole: Duration) -> Duration {
    let nanos = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .subsec_nanos();
    whole.mul_f64(f64::from(nanos % 10_007) / 10_007.0)
}
