//! Tools that share nothing with the engine: the checker, the maker and the comparer of `tools/`, and milvus-backup itself.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use hozon_engine::model::NewCluster;

use crate::world::Server;

/// Runs a script of `tools/`, which must succeed, and returns what it printed.
pub(crate) fn tool(script: &str, arguments: &[&str]) -> String {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tools");
    let mut command = Command::new(tools.join("python"));
    command.arg(tools.join(script)).args(arguments);
    succeed(&mut command)
}

/// Compares every row of restored collections with those of their sources, then drops them.
pub(crate) fn compare_rows_and_drop(server: &Server, suffix: &str, collections: &[&str]) {
    let mut arguments = vec!["--milvus", server.file(), "--suffix", suffix];
    let drop = [&arguments[..], &["--drop"]].concat();
    arguments.push("--only");
    arguments.extend(collections);
    let said = tool("compare_rows.py", &arguments);
    assert!(said.contains("every row is equal"), "{said}");
    tool("compare_rows.py", &drop);
}

/// What `tools/check_archive.py` counts in an archive that is right in every respect.
pub(crate) fn checked(archive: &Path) -> String {
    tool("check_archive.py", &[&archive.display().to_string()])
}

/// The milvus-backup that `MILVUS_BACKUP` names.
pub(crate) struct MilvusBackup {
    program: PathBuf,
    config: PathBuf,
}

impl MilvusBackup {
    /// Set up for a server, with its archives in `archives`; none, and said so, where there is no such program.
    pub(crate) fn find(server: &Server, archives: &Path, scratch: &Path) -> Option<Self> {
        let Some(program) = std::env::var_os("MILVUS_BACKUP") else {
            eprintln!("NOT TRIED with milvus-backup itself: MILVUS_BACKUP names no binary of it");
            return None;
        };
        let new = server.registration("direct");
        let address = new.address.trim_start_matches("http://");
        let (host, port) = address.rsplit_once(':').unwrap();
        let config = scratch.join("milvus-backup.yaml");
        let text = format!(
            "milvus:\n  address: {host}\n  port: {port}\n  authorizationEnabled: true\n  tlsMode: 0\n  user: {:?}\n  \
             password: {:?}\nminio:\n{}  backupStorageType: local\n  backupRootPath: {:?}\n  backupBucketName: ''\n",
            new.username.as_deref().unwrap(),
            new.password.as_deref().unwrap(),
            storage(server, &new),
            archives.display().to_string(),
        );
        fs::write(&config, text).unwrap();
        Some(Self {
            program: program.into(),
            config,
        })
    }

    /// Runs a command of it, which must succeed, and returns what it printed.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(&self.program);
        let directory = self.config.parent().unwrap();
        command.current_dir(directory).args(arguments);
        command.arg("--config").arg(&self.config);
        succeed(&mut command)
    }
}

/// Where Milvus's own files lie, in its words.
fn storage(server: &Server, new: &NewCluster) -> String {
    if let Some(root) = new.storage_url.strip_prefix("file://") {
        return format!("  storageType: local\n  rootPath: {root:?}\n  bucketName: ''\n");
    }
    let place = new.storage_url.strip_prefix("s3://").unwrap();
    let (bucket, root) = place.split_once('/').unwrap();
    let endpoint = new.storage_endpoint.as_deref().unwrap();
    let (host, port) = endpoint
        .trim_start_matches("http://")
        .rsplit_once(':')
        .unwrap();
    let (key, secret) = server.keys();
    format!(
        "  storageType: minio\n  address: {host}\n  port: {port}\n  accessKeyID: {key:?}\n  secretAccessKey: {secret:?}\n  \
         useSSL: false\n  rootPath: {root:?}\n  bucketName: {bucket:?}\n"
    )
}

fn succeed(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{command:?}\n{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    said
}
