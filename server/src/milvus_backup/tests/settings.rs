//! The configuration file that comes of another.

use std::fs;

use super::{V1_MINIMAL, plan_in};
use crate::config::{Flags, Settings};

#[test]
fn settings_are_a_configuration_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("hozon.toml");
    let plan = plan_in(V1_MINIMAL, &[("SERVER_PORT", "8081")]).unwrap();
    assert_eq!(plan.settings.secret.as_deref(), Some("hush-minio"));
    fs::write(directory.path().join("secret"), "hush-minio\n").unwrap();
    fs::write(&file, plan.settings.render("secret").unwrap()).unwrap();
    let flags = Flags {
        config: Some(file),
        data_dir: Some("/data".into()),
        ..Flags::default()
    };
    let settings = Settings::load_from(&flags, |_| None).unwrap();
    assert_eq!(settings.listen.port(), 8081);
    let repository = &settings.engine.repository;
    assert_eq!(repository.location.url, "s3://vectors/files-hozon");
    assert_eq!(
        repository.location.endpoint.as_deref(),
        Some("http://localhost:9000")
    );
    assert_eq!(repository.credentials, plan.integration.credentials);
    let compat = settings.compat_milvus_backup.unwrap();
    assert_eq!(compat.cluster.as_deref(), Some("milvus"));

    let off = "http:\n  enabled: false\nminio:\n  token: runs-out\n";
    let plan = super::plan(off);
    assert!(plan.settings.is_empty() && plan.settings.secret.is_none());
    assert!(plan.notes.iter().any(|note| note.contains("runs out")));
    let error = plan_in("", &[("SERVER_PORT", "tcp://x")]).unwrap_err();
    assert!(error.to_string().contains("variable `SERVER_PORT`"));
}
