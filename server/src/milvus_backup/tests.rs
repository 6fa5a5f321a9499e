//! Files of milvus-backup as people have them, and what Hozon makes of each.

mod faults;
mod files;
mod settings;

use std::collections::BTreeSet;

use hozon_model::StorageCredentials;

use super::{yaml::Value, *};

const V1_MINIMAL: &str = include_str!("fixtures/v1-minimal.yaml");
const V1_ALL: &str = include_str!("fixtures/v1-all.yaml");
const V2_MINIMAL: &str = include_str!("fixtures/v2-minimal.yaml");
const V2_ALL: &str = include_str!("fixtures/v2-all.yaml");

fn plan_in(text: &str, variables: &[(&str, &str)]) -> Result<Plan, Error> {
    let environment = |name: &str| {
        let found = variables.iter().find(|(variable, _)| *variable == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let names = Names {
        cluster: "milvus".to_owned(),
        integration: "milvus-backup".to_owned(),
        project: None,
    };
    read("backup.yaml", text, &environment, &names)
}

fn plan(text: &str) -> Plan {
    plan_in(text, &[]).unwrap()
}

fn why(text: &str) -> String {
    plan_in(text, &[]).unwrap_err().to_string()
}

/// Where the files of a cluster or of backups lie: URL, endpoint, region, and what opens it.
fn of_milvus(plan: &Plan) -> String {
    let new = &plan.cluster;
    told(
        &new.storage_url,
        new.storage_endpoint.as_deref(),
        new.storage_region.as_deref(),
        &new.storage_credentials,
    )
}

fn of_backups(plan: &Plan) -> String {
    let new = &plan.integration;
    told(
        &new.storage_url,
        new.endpoint.as_deref(),
        new.region.as_deref(),
        &new.credentials,
    )
}

fn told(
    url: &str,
    endpoint: Option<&str>,
    region: Option<&str>,
    credentials: &StorageCredentials,
) -> String {
    format!(
        "{url} {} {} {credentials:?}",
        endpoint.unwrap_or("-"),
        region.unwrap_or("-")
    )
}

fn reason<'a>(plan: &'a Plan, key: &str) -> &'a str {
    let found = plan.left.iter().find(|left| left.key == key);
    &found.unwrap_or_else(|| panic!("{key} is not left")).why
}

#[test]
fn little_is_enough_and_the_rest_is_milvus_backups_default() {
    let v1 = plan(V1_MINIMAL);
    assert_eq!(v1.version, Version::V1);
    assert_eq!(v1.cluster.name, "milvus");
    assert_eq!(v1.cluster.address, "http://milvus.internal:19530");
    assert_eq!(v1.cluster.username.as_deref(), Some("root"));
    assert_eq!(v1.cluster.password.as_deref(), Some("hush-milvus"));
    assert_eq!(
        of_milvus(&v1),
        "s3://vectors/files http://localhost:9000 - S3Keys(…)"
    );
    assert_eq!(of_backups(&v1), of_milvus(&v1));
    assert!(v1.notes[0].contains("among Milvus's own files"));
    assert_eq!(
        v1.integration.credentials,
        StorageCredentials::S3Keys {
            access_key: "minioadmin".to_owned(),
            secret_key: "hush-minio".to_owned(),
            session_token: None,
        }
    );

    let v2 = plan(V2_MINIMAL);
    assert_eq!(v2.version, Version::V2);
    assert_eq!(v2.cluster.address, "http://localhost:19530");
    assert_eq!(
        of_milvus(&v2),
        "s3://a-bucket/files http://localhost:9000 - S3Keys(…)"
    );
    assert_eq!(
        of_backups(&v2),
        "s3://backups/backup http://localhost:9000 - S3Keys(…)"
    );
    assert!(v2.notes.is_empty() && v2.left.is_empty());
    let nothing = plan("");
    assert_eq!(nothing.cluster.username, None);
    assert_eq!(nothing.version, Version::V1);
}

#[test]
fn every_key_is_taken_or_left_with_a_reason() {
    for (text, version) in [(V1_ALL, Version::V1), (V2_ALL, Version::V2)] {
        let entries = yaml::flatten(text).unwrap();
        let written: BTreeSet<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
        for key in version.keys() {
            assert!(
                key.names.iter().any(|name| written.contains(name)),
                "the example lacks {:?}",
                key.names
            );
        }
        let plan = plan(text);
        let told: BTreeSet<&str> = plan
            .taken
            .iter()
            .map(|taken| taken.key)
            .chain(plan.left.iter().map(|left| left.key))
            .collect();
        for entry in &entries {
            let is_empty = matches!(&entry.value, Value::Text(text) if text.is_empty());
            assert!(
                is_empty || entry.key == "configVersion" || told.contains(entry.key.as_str()),
                "nothing is said of {}",
                entry.key
            );
        }
        assert!(plan.left.iter().all(|left| !left.why.is_empty()));
    }
}

#[test]
fn variables_override_the_file_as_they_do_in_the_original() {
    let variables = [
        ("MILVUS_ADDRESS", "elsewhere"),
        ("MILVUS_PASSWORD", "hush-variable"),
        ("MINIO_USE_SSL", "1"),
        ("MINIO_BACKUP_BUCKET_NAME", "others"),
        ("MINIO_BACKUP_ROOT_PATH", "kept"),
        ("MILVUS_STORAGE_AUTH_SECRET_ACCESS_KEY", "of version 2"),
    ];
    let plan = plan_in(V1_MINIMAL, &variables).unwrap();
    assert_eq!(plan.cluster.address, "http://elsewhere:19530");
    assert_eq!(plan.cluster.password.as_deref(), Some("hush-variable"));
    assert_eq!(
        of_backups(&plan),
        "s3://others/kept https://localhost:9000 - S3Keys(…)"
    );
    assert_eq!(
        reason(&plan, "milvus.address"),
        "`MILVUS_ADDRESS` overrides it"
    );
    let password = plan
        .taken
        .iter()
        .find(|one| one.key == "milvus.password")
        .unwrap();
    assert_eq!(password.value, None);
    assert_eq!(password.source.to_string(), "MILVUS_PASSWORD");

    let only_credentials = [
        ("MINIO_SECRET_KEY", "of version 1"),
        ("BACKUP_STORAGE_AUTH_SECRET_ACCESS_KEY", "hush-variable"),
    ];
    let plan = plan_in(V2_MINIMAL, &only_credentials).unwrap();
    assert!(
        matches!(&plan.cluster.storage_credentials, StorageCredentials::S3Keys { secret_key, .. } if secret_key == "minioadmin")
    );
    assert!(
        matches!(&plan.integration.credentials, StorageCredentials::S3Keys { secret_key, .. } if secret_key == "hush-variable")
    );

    // What Kubernetes sets beside a service that is called `milvus`.
    let error = plan_in(V1_MINIMAL, &[("MILVUS_PORT", "tcp://10.0.0.1:19530")]).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("variable `MILVUS_PORT`, for `milvus.port`"),
        "{text}"
    );
}

#[test]
fn no_secret_is_shown() {
    for text in [V1_ALL, V2_ALL] {
        let plan = plan(text);
        let shown = format!(
            "{plan:?} {} {} {}",
            serde_json::to_string(&plan.taken).unwrap(),
            serde_json::to_string(&plan.left).unwrap(),
            plan.settings.render("secret").unwrap()
        );
        assert!(
            !shown.contains("hush") && !shown.contains("aHVzaC"),
            "{shown}"
        );
    }
}
