//! Whole files, and the storage that they name.

use std::fs;

use hozon_model::StorageCredentials;

use super::{V1_ALL, V2_ALL, of_backups, of_milvus, plan, reason, why};

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
