//! What is set of repositories and of stores.

use std::fs;

use hozon_engine::model::StorageCredentials;

use super::{file, load};
use crate::config::Flags;

#[test]
fn paths_in_the_file_start_where_the_file_lies() {
    let (directory, path) = file(
        "data_dir = \"data\"\n[repository]\nurl = \"s3://backups/hozon\"\naccess_key = \"key\"\nsecret_key_file = \"s3.key\"\n",
    );
    fs::write(directory.path().join("s3.key"), "the secret\n").unwrap();
    let flags = Flags {
        config: Some(path),
        ..Flags::default()
    };
    let settings = load(&flags, &[]).unwrap();
    assert_eq!(settings.engine.data_dir, directory.path().join("data"));
    assert_eq!(
        settings.engine.repository.credentials,
        keys("key", "the secret")
    );
}

fn keys(access_key: &str, secret_key: &str) -> StorageCredentials {
    StorageCredentials::S3Keys {
        access_key: access_key.to_owned(),
        secret_key: secret_key.to_owned(),
        session_token: None,
    }
}

#[test]
fn the_store_s_url_says_what_a_secret_is() {
    let repository = |url: &str, more: &[(&str, &str)]| {
        let mut variables = vec![
            ("HOME", "/"),
            ("HOZON_REPOSITORY_URL", url),
            ("HOZON_REPOSITORY_SECRET_KEY", "hush"),
        ];
        variables.extend(more);
        load(&Flags::default(), &variables).map(|settings| settings.engine.repository.credentials)
    };
    let key = StorageCredentials::AzureKey { key: "hush".into() };
    assert_eq!(repository("az://account/container", &[]).unwrap(), key);
    let application = [
        ("HOZON_REPOSITORY_TENANT_ID", "t"),
        ("HOZON_REPOSITORY_CLIENT_ID", "c"),
    ];
    let client = repository("az://account/container", &application).unwrap();
    assert_eq!(format!("{client:?}"), "AzureClient(…)");
    let error = repository("az://account/container", &application[..1]).unwrap_err();
    assert!(error.to_string().contains("is missing"), "{error}");
    assert!(repository("file:///x", &[]).is_err());
}

#[test]
fn stores_on_this_network_are_allowed_until_that_is_switched_off() {
    let home = [("HOME", "/")];
    let default = load(&Flags::default(), &home).unwrap();
    assert!(default.engine.stores.private_endpoints);
    let (_directory, path) = file("[stores]\nprivate_endpoints = false\npatience_seconds = 5\n");
    let flags = Flags {
        config: Some(path),
        ..Flags::default()
    };
    let strict = load(&flags, &home).unwrap().engine.stores;
    assert!(!strict.private_endpoints);
    assert_eq!(strict.patience.as_secs(), 5);
    let again = [
        ("HOME", "/"),
        ("HOZON_STORES_PRIVATE_ENDPOINTS", "true"),
        ("HOZON_STORES_PATIENCE_SECONDS", "7"),
    ];
    let stores = load(&flags, &again).unwrap().engine.stores;
    assert!(stores.private_endpoints);
    assert_eq!(stores.patience.as_secs(), 7);
}

#[test]
fn bandwidth_is_not_limited_until_somebody_says_so() {
    let home = [("HOME", "/")];
    let default = load(&Flags::default(), &home).unwrap();
    assert_eq!(default.engine.stores.bandwidth_limit, None);
    let (_directory, path) = file("[transfer]\nbandwidth_limit = \"100 MB/s\"\n");
    let flags = Flags {
        config: Some(path),
        ..Flags::default()
    };
    let limit = |variables: &[(&str, &str)]| {
        let settings = load(&flags, variables).unwrap();
        settings.engine.stores.bandwidth_limit.unwrap().to_string()
    };
    assert_eq!(limit(&home), "100 MB/s");
    let variable = ("HOZON_TRANSFER_BANDWIDTH_LIMIT", "20 MiB/s");
    assert_eq!(limit(&[home[0], variable]), "20 MiB/s");
}

#[test]
fn no_secret_shows_in_debug() {
    let variables = [
        ("HOME", "/"),
        ("HOZON_REPOSITORY_URL", "s3://bucket"),
        ("HOZON_REPOSITORY_ACCESS_KEY", "the access key"),
        ("HOZON_REPOSITORY_SECRET_KEY", "the secret key"),
    ];
    let settings = load(&Flags::default(), &variables).unwrap();
    let keys = keys("the access key", "the secret key");
    assert_eq!(settings.engine.repository.credentials, keys);
    assert!(!format!("{settings:?}").contains("secret key\""));
}
