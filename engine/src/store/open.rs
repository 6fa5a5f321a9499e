//! From a location, as an operator writes it, to the store behind it.

use std::{path::PathBuf, sync::Arc, time::Duration};

use hozon_model::{ByteRate, StorageCredentials, StorageLocation};

use super::{
    Bandwidth, LocalStore, Store,
    cloud::{CloudStore, Place, Service},
    credentials::unusable,
    endpoint, path,
};
use crate::{Error, ErrorCode, Result};

/// What an operator may set for every store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreSettings {
    /// Whether an endpoint may be a loopback or private address, as it is where people host their own stores.
    pub private_endpoints: bool,
    /// How long a service may answer nothing but "slow down" before that is an error.
    pub patience: Duration,
    /// How many bytes may pass between this process and services, in each direction; none is no limit.
    pub bandwidth_limit: Option<ByteRate>,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self {
            private_endpoints: true,
            patience: Duration::from_secs(90),
            bandwidth_limit: None,
        }
    }
}

/// Opens stores, by one set of rules for all of them. Clones, and what they open, share one limit of bandwidth.
#[derive(Clone, Debug, Default)]
pub struct Stores {
    settings: StoreSettings,
    bandwidth: Bandwidth,
}

impl Stores {
    /// Stores under these settings.
    pub fn new(settings: StoreSettings) -> Self {
        let bandwidth = Bandwidth::new(settings.bandwidth_limit);
        Self {
            settings,
            bandwidth,
        }
    }

    /// Opens the store of a location: `file:///absolute/path`, taken as it stands, `s3://bucket/path`,
    /// `az://account/container/path` or `gs://bucket/path`. Nothing is read or written yet.
    ///
    /// # Errors
    /// `InvalidInput` when the location or the credentials make no sense, or the endpoint is one that must not be
    /// reached. Nothing that seems to hold a secret is repeated.
    pub fn open(
        &self,
        location: &StorageLocation,
        credentials: &StorageCredentials,
    ) -> Result<Arc<dyn Store>> {
        let (scheme, rest) = location.url.split_once("://").unwrap_or(("", ""));
        let service = match scheme {
            "file" => {
                if *credentials != StorageCredentials::Machine {
                    return Err(unusable("a directory takes none"));
                }
                let root = root_path(rest)?;
                return Ok(Arc::new(LocalStore::new(location.clone(), root)));
            }
            "s3" => Service::S3,
            "az" => Service::Azure,
            "gs" => Service::Google,
            _ => {
                return Err(Error::new(ErrorCode::InvalidInput, "storage URL")
                    .because(format!("`{scheme}://` is not a kind of storage that is known"))
                    .hint("write `file:///absolute/path`, `s3://bucket/path`, `az://account/container/path` or `gs://bucket/path`"));
            }
        };
        let (account, rest) = match service {
            Service::Azure => rest.split_once('/').unwrap_or((rest, "")),
            _ => ("", rest),
        };
        let (bucket, prefix) = bucket_and_prefix(service, account, rest)?;
        let endpoint = location
            .endpoint
            .as_deref()
            .map(|text| endpoint::parse(text, self.settings.private_endpoints))
            .transpose()?;
        let place = Place {
            service,
            account: account.to_owned(),
            bucket,
            prefix,
            endpoint,
        };
        let store = CloudStore::new(
            location.clone(),
            place,
            credentials,
            &self.settings,
            self.bandwidth.clone(),
        )?;
        Ok(Arc::new(store))
    }
}

fn root_path(root: &str) -> Result<PathBuf> {
    let relative = root
        .strip_prefix('/')
        .map(|path| path.trim_end_matches('/'));
    match relative {
        Some("") => Ok(PathBuf::from("/")),
        Some(relative) if path::check(relative).is_ok() => {
            Ok(PathBuf::from(format!("/{relative}")))
        }
        _ => Err(Error::new(ErrorCode::InvalidInput, "storage URL")
            .because("after `file://` it does not name an absolute directory")
            .hint("write `file:///absolute/path`, without `..` and `//` in it")),
    }
}

fn bucket_and_prefix(service: Service, account: &str, rest: &str) -> Result<(String, String)> {
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let invalid = |why: String| {
        Error::new(ErrorCode::InvalidInput, "storage URL")
            .because(why)
            .hint(format!(
                "write `{}`; credentials and endpoint have settings of their own",
                service.form()
            ))
    };
    let is_account = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if service == Service::Azure && (account.is_empty() || !account.chars().all(is_account)) {
        return Err(invalid(
            "a storage account's name has small letters and digits only".to_owned(),
        ));
    }
    let known = |c: char| c.is_ascii_alphanumeric() || "-._$".contains(c);
    if bucket.is_empty() || !bucket.chars().all(known) || bucket.chars().all(|c| c == '.') {
        return Err(invalid(format!(
            "a {}'s name has letters, digits, `-`, `.` and `_` only",
            service.bucket()
        )));
    }
    let prefix = prefix.trim_end_matches('/');
    if !prefix.is_empty() && path::check(prefix).is_err() {
        return Err(invalid(format!(
            "the path in the {} has empty parts, `.` or `..`",
            service.bucket()
        )));
    }
    Ok((bucket.to_owned(), prefix.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 2] = ["AKIDEXAMPLE", "hush-hush"];

    fn location(url: &str, endpoint: Option<&str>) -> StorageLocation {
        StorageLocation {
            url: url.to_owned(),
            endpoint: endpoint.map(str::to_owned),
            region: None,
        }
    }

    fn keys() -> StorageCredentials {
        StorageCredentials::S3Keys {
            access_key: KEYS[0].to_owned(),
            secret_key: KEYS[1].to_owned(),
            session_token: None,
        }
    }

    fn open(
        url: &str,
        endpoint: Option<&str>,
        credentials: &StorageCredentials,
    ) -> Result<Arc<dyn Store>> {
        Stores::default().open(&location(url, endpoint), credentials)
    }

    #[test]
    fn full_paths_are_those_that_milvus_expects() {
        let machine = StorageCredentials::Machine;
        let local = open("file:///var/lib/ミルバス/", None, &machine).unwrap();
        assert_eq!(local.full_path("a/b"), "/var/lib/ミルバス/a/b");
        assert_eq!(
            local.local_file("a").unwrap(),
            PathBuf::from("/var/lib/ミルバス/a")
        );
        let with = open("s3://b/files/x/", None, &keys()).unwrap();
        assert_eq!(with.full_path("a/b"), "files/x/a/b");
        let bare = open("s3://b", Some("http://h:1"), &keys()).unwrap();
        assert_eq!(bare.full_path("a/b"), "a/b");
        assert_eq!(bare.local_file("a"), None);
        let key = StorageCredentials::AzureKey {
            key: "aHVzaA==".to_owned(),
        };
        let azure = open("az://account/container/files", None, &key).unwrap();
        assert_eq!(azure.full_path("a/b"), "files/a/b");
        let google = open("gs://bucket/files", Some("http://h:1"), &machine).unwrap();
        assert_eq!(google.full_path("a/b"), "files/a/b");
    }

    #[test]
    fn what_makes_no_sense_is_refused_without_repeating_secrets() {
        for (url, endpoint) in [
            ("ftp://user:hush-hush@host/", None),
            ("hush-hush", None),
            ("file://relative", None),
            ("file:///a/../b", None),
            ("file:///a", None),
            ("s3://", None),
            ("s3://key:hush-hush@bucket/x", None),
            ("s3://bucket/../x", None),
            ("s3://bucket//x", None),
            ("s3://bucket", Some("http://key:hush-hush@host:1")),
            ("s3://bucket", Some("host:1")),
            ("s3://bucket", Some("ftp://host")),
            ("s3://bucket", Some("http://host/?secret=hush-hush")),
            ("s3://bucket", Some("http://169.254.169.254")),
            ("s3://..", None),
            ("az://account", None),
            ("az://hush-hush@account/container", None),
            ("az://account/container/..", None),
            ("gs://", None),
            // Keys of S3, which these do not take.
            ("az://account/container", None),
            ("gs://bucket", None),
        ] {
            let error = open(url, endpoint, &keys()).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidInput, "{url} {endpoint:?}");
            let text = format!("{error} {error:?} {:?}", error.report());
            assert!(!text.contains("hush-hush"), "{url} {endpoint:?} {text}");
        }
    }

    #[test]
    fn damaged_credentials_are_refused_without_repeating_them() {
        for (url, credentials) in [
            (
                "az://account/container",
                StorageCredentials::AzureKey {
                    key: "hush hush!".to_owned(),
                },
            ),
            (
                "az://account/container",
                StorageCredentials::AzureSas {
                    token: "hush-hush".to_owned(),
                },
            ),
            (
                "gs://bucket",
                StorageCredentials::GoogleServiceAccount {
                    json: r#"{"client_email":"a@b","private_key":"hush-hush"}"#.to_owned(),
                },
            ),
        ] {
            let error = open(url, None, &credentials).unwrap_err();
            let text = format!("{error} {error:?} {:?}", error.report());
            assert_eq!(error.code(), ErrorCode::InvalidInput, "{text}");
            assert!(!text.contains("hush"), "{text}");
        }
    }

    #[test]
    fn private_addresses_can_be_switched_off() {
        let strict = Stores::new(StoreSettings {
            private_endpoints: false,
            ..StoreSettings::default()
        });
        let location = location("s3://b", Some("http://127.0.0.1:9000"));
        let error = strict.open(&location, &keys()).unwrap_err();
        assert_eq!(error.report().subject, "storage endpoint");
    }

    #[test]
    fn debug_shows_no_secret() {
        let store = open("s3://b/p", Some("http://127.0.0.1:1"), &keys()).unwrap();
        let text = format!("{store:?}");
        assert!(text.contains("s3://b/p"));
        assert!(
            !text.contains("hush-hush") && !text.contains("AKIDEXAMPLE"),
            "{text}"
        );
    }
}
