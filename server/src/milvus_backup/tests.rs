use std::{collections::BTreeSet, fs};

use hozon_model::StorageCredentials;

use super::{yaml::Value, *};
use crate::config::{Flags, Settings};

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
fn a_whole_file_of_version_1() {
    let plan = plan(V1_ALL);
    assert_eq!(plan.cluster.address, "https://10.1.2.3:19531");
    assert_eq!(
        of_milvus(&plan),
        "s3://vectors/milvus/files https://minio.internal:9001 us-east-1 S3Keys(…)"
    );
    assert_eq!(
        of_backups(&plan),
        "s3://backups/milvus/backup - eu-west-1 S3Keys(…)"
    );
    assert!(
        matches!(&plan.cluster.storage_credentials, StorageCredentials::S3Keys { session_token: Some(token), .. } if token == "hush-token")
    );
    assert!(reason(&plan, "minio.storageType").contains("comes first"));
    assert!(reason(&plan, "milvus.serverName").contains("address"));
    assert!(reason(&plan, "milvus.mtlsCertPath").contains("no certificate of its own"));
    assert!(reason(&plan, "minio.gcpCredentialJSON").contains("do not use it"));
    assert!(reason(&plan, "minio.backupPort").contains("Amazon"));
    assert!(reason(&plan, "backup.gcPause.enable").contains("garbage collection"));
    let lines: Vec<_> = plan
        .taken
        .iter()
        .map(|taken| taken.source.to_string())
        .collect();
    assert!(lines.contains(&"line 24".to_owned()), "{lines:?}");
}

#[test]
fn a_whole_file_of_version_2() {
    let plan = plan(V2_ALL);
    assert_eq!(plan.cluster.address, "https://milvus.internal:19531");
    assert_eq!(
        of_milvus(&plan),
        "s3://vectors/files https://minio.internal:9001 us-east-1 S3Keys(…)"
    );
    assert_eq!(
        of_backups(&plan),
        "az://keeper/backups/milvus - - AzureKey(…)"
    );
    assert!(reason(&plan, "backup.storage.region").contains("Azure"));
    assert!(reason(&plan, "milvus.storage.milvusAddress").contains("snapshots"));
    assert!(
        plan.taken
            .iter()
            .any(|taken| taken.key == "milvus.grpc.serverName")
    );
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
fn every_kind_of_storage() {
    let with = |storage: &str| format!("configVersion: v2\nmilvus:\n  storage:\n{storage}");
    for (storage, expected) in [
        (
            "    provider: local\n    rootPath: /var/lib/milvus/\n    bucketName: ''\n",
            "file:///var/lib/milvus - - Machine",
        ),
        (
            "    provider: AWS\n    address: s3.us-west-2.amazonaws.com\n    auth: {type: iam, endpoint: 'http://iam'}\n",
            "s3://a-bucket/files - us-west-2 Machine",
        ),
        (
            "    provider: s3\n    address: s3.amazonaws.com\n    rootPath: ''\n",
            "s3://a-bucket - - S3Keys(…)",
        ),
        (
            "    provider: minio\n    address: '::1'\n    port: 80\n",
            "s3://a-bucket/files http://[::1] - S3Keys(…)",
        ),
        (
            "    provider: azure\n    address: core.chinacloudapi.cn\n    port: 443\n    accountName: keeper\n    auth: {type: sharedKey, accountKey: aHVzaA==}\n",
            "az://keeper/a-bucket/files https://keeper.blob.core.chinacloudapi.cn - AzureKey(…)",
        ),
        (
            "    provider: gcp\n    address: storage.googleapis.com\n    port: 443\n    useSSL: true\n",
            "s3://a-bucket/files https://storage.googleapis.com - S3Keys(…)",
        ),
        (
            "    provider: gcp\n    address: storage.googleapis.com\n    auth: {type: iam}\n",
            "gs://a-bucket/files - - Machine",
        ),
    ] {
        let backups = "backup:\n  storage:\n    provider: local\n    rootPath: /backups\n    auth: {type: static}\n";
        let plan = plan(&(with(storage) + backups));
        assert_eq!(of_milvus(&plan), expected, "{storage}");
        assert_eq!(of_backups(&plan), "file:///backups - - Machine");
    }
    let azure = "minio:\n  storageType: azure\n  address: core.windows.net\n  accessKeyID: keeper\n  secretAccessKey: aHVzaA==\n  backupUseIAM: true\n";
    let plan = plan(azure);
    assert_eq!(
        of_milvus(&plan),
        "az://keeper/a-bucket/files - - AzureKey(…)"
    );
    assert_eq!(of_backups(&plan), "az://keeper/a-bucket/files - - Machine");
}

#[test]
fn files_that_are_named_are_read() {
    let directory = tempfile::tempdir().unwrap();
    let certificate = directory.path().join("ca.pem");
    fs::write(&certificate, "-----BEGIN CERTIFICATE-----\nMA==\n").unwrap();
    let key = directory.path().join("key.json");
    fs::write(&key, r#"{"client_email":"a@b","private_key":"hush"}"#).unwrap();
    let text = format!(
        "milvus:\n  tlsMode: 2\n  caCertPath: {}\nminio:\n  storageType: gcpnative\n  gcpCredentialJSON: {}\n",
        certificate.display(),
        key.display()
    );
    let wrong = why(&text);
    assert!(
        wrong.contains("line 6: `minio.gcpCredentialJSON`"),
        "{wrong}"
    );
    assert!(!wrong.contains("hush"), "{wrong}");

    let tls = format!(
        "milvus:\n  tlsMode: 1\n  caCertPath: {}\n",
        certificate.display()
    );
    let plan = plan(&tls);
    assert_eq!(plan.cluster.address, "https://localhost:19530");
    assert!(plan.cluster.ca_certificate.unwrap().contains("MA=="));
    fs::write(&certificate, "nothing").unwrap();
    assert!(why(&tls).contains("line 3: `milvus.caCertPath`: there is no certificate in"));
    fs::remove_file(&certificate).unwrap();
    assert!(why(&tls).contains("cannot be read"));
}

#[test]
fn what_is_wrong_is_named_with_its_key_and_line() {
    for (text, expected) in [
        (
            "minio:\n  bucketNam: x\n",
            "line 2: `minio.bucketNam`: milvus-backup has no such key",
        ),
        (
            "milvus:\n  port: hello\n",
            "line 2: `milvus.port`: `hello` is not a port, 1 to 65535",
        ),
        (
            "minio:\n  port: 70000\n",
            "line 2: `minio.port`: `70000` is not a port",
        ),
        (
            "minio:\n  useSSL: yes\n",
            "line 2: `minio.useSSL`: `yes` is neither `true` nor `false`",
        ),
        (
            "milvus:\n  tlsMode: 3\n",
            "line 2: `milvus.tlsMode`: `3` is none of 0, 1, 2",
        ),
        (
            "minio:\n  storageType: swift\n",
            "line 2: `minio.storageType`: `swift` is none of local",
        ),
        (
            "minio:\n  address: [a]\n",
            "line 2: `minio.address`: a list stands where",
        ),
        (
            "minio:\n  address: http://a\n",
            "line 2: `minio.address`: `http://a` is not a host",
        ),
        (
            "milvus:\n  address: a:19530\n",
            "line 2: `milvus.address`: `a:19530` is not a host",
        ),
        (
            "minio:\n  bucketName: 'a b'\n",
            "line 2: `minio.bucketName`: storage URL: a bucket's name",
        ),
        (
            "minio:\n  rootPath: a/../b\n",
            "storage URL: the path in the bucket has",
        ),
        (
            "minio:\n  secretAccessKey: ''\n",
            "line 2: `minio.secretAccessKey`: it must not be empty",
        ),
        (
            "minio:\n  useIAM: true\n",
            "line 2: `minio.useIAM`: Hozon fetches no credentials",
        ),
        (
            "minio:\n  address: 169.254.169.254\n",
            "line 2: `minio.address`: storage endpoint:",
        ),
        (
            "minio:\n  storageType: local\n",
            "`minio.rootPath`, which is not set: `files` is not an absolute path",
        ),
        (
            "configVersion: v3\n",
            "line 1: `configVersion`: it is neither `v1` nor `v2`",
        ),
        (
            "milvus:\n  grpc:\n    port: 1\n",
            "line 3: `milvus.grpc.port`: it is of version 2: write `configVersion: v2`",
        ),
        (
            "configVersion: v2\nminio:\n  address: a\n",
            "line 3: `minio.address`: it is of version 1: version 2 calls it `milvus.storage.address`",
        ),
        (
            "configVersion: v2\nmilvus:\n  grpc:\n    tlsMode: 1\n",
            "line 4: `milvus.grpc.tlsMode`: `1` is none of disabled, server, mutual",
        ),
        (
            "configVersion: v2\nmilvus:\n  storage:\n    provider: azure\n    accountName: a\n",
            "`milvus.storage.auth.type`, which is not set: `static` is not for the provider `azure`",
        ),
        (
            "configVersion: v2\nmilvus:\n  storage:\n    auth:\n      accountKey: hush\n",
            "line 5: `milvus.storage.auth.accountKey`: it is not for `auth.type: static`",
        ),
        (
            "configVersion: v2\nbackup:\n  storage:\n    accountName: a\n",
            "line 4: `backup.storage.accountName`: it is not for the provider `minio`",
        ),
        (
            "configVersion: v2\nmilvus:\n  storage:\n    provider: azure\n    address: a.b\n    accountName: a\n    auth: {type: default}\n",
            "line 7: `milvus.storage.auth.type`: Hozon fetches no credentials",
        ),
        ("minio: {", "line "),
    ] {
        let found = why(text);
        assert!(found.contains("`backup.yaml`: "), "{found}");
        assert!(found.contains(expected), "{text}\n{found}\n{expected}");
        assert!(!found.contains("hush"), "{found}");
    }
    let several = why("milvus:\n  port: x\nminio:\n  port: y\n  nothing: z\n");
    let lines: Vec<&str> = several.lines().collect();
    assert!(lines[0].ends_with("3 things are wrong:"), "{several}");
    assert!(
        lines[1].starts_with("  line 2: ") && lines[3].starts_with("  line 5: "),
        "{several}"
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
    let plan = super::tests::plan(off);
    assert!(plan.settings.is_empty() && plan.settings.secret.is_none());
    assert!(plan.notes.iter().any(|note| note.contains("runs out")));
    let error = plan_in("", &[("SERVER_PORT", "tcp://x")]).unwrap_err();
    assert!(error.to_string().contains("variable `SERVER_PORT`"));
}
