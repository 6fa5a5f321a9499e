//! From a location, as an operator writes it, to the store behind it.

use std::{path::PathBuf, sync::Arc};

use hozon_model::StorageLocation;
use url::Url;

use super::{LocalStore, Store, path, s3};
use crate::{Error, ErrorCode, Result};

/// Opens the store of a location: `file:///absolute/path`, taken as it stands, or `s3://bucket/prefix`.
/// Nothing is read or written yet.
///
/// # Errors
/// `InvalidInput` when the location makes no sense. A location that seems to hold a secret is not repeated.
pub fn open(
    location: &StorageLocation,
    access_key: Option<&str>,
    secret_key: Option<&str>,
) -> Result<Arc<dyn Store>> {
    if let Some(root) = location.url.strip_prefix("file://") {
        return Ok(Arc::new(LocalStore::new(
            location.clone(),
            root_path(root)?,
        )));
    }
    if let Some(rest) = location.url.strip_prefix("s3://") {
        let (bucket, prefix) = bucket_and_prefix(rest)?;
        let endpoint = location.endpoint.as_deref().map(endpoint).transpose()?;
        let keys = match (access_key, secret_key) {
            (Some(access), Some(secret)) => Some((access, secret)),
            (None, None) => None,
            _ => {
                return Err(Error::new(ErrorCode::InvalidInput, "storage keys")
                    .because("one of access key and secret key is missing")
                    .hint("give both, or neither to use what the machine provides"));
            }
        };
        let place = s3::Place {
            bucket,
            prefix,
            endpoint,
        };
        return Ok(Arc::new(s3::S3Store::new(location.clone(), place, keys)?));
    }
    let scheme = location
        .url
        .split_once("://")
        .map_or("", |(scheme, _)| scheme);
    Err(Error::new(ErrorCode::InvalidInput, "storage URL")
        .because(format!(
            "`{scheme}://` is not a kind of storage that is known"
        ))
        .hint("write `file:///absolute/path` or `s3://bucket/path`"))
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

fn bucket_and_prefix(rest: &str) -> Result<(String, String)> {
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let known = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let invalid = |why: &str| {
        Error::new(ErrorCode::InvalidInput, "storage URL")
            .because(why)
            .hint("write `s3://bucket/path`; keys and endpoint have settings of their own")
    };
    if bucket.is_empty() || !bucket.chars().all(known) {
        return Err(invalid(
            "a bucket's name has letters, digits, `-`, `.` and `_` only",
        ));
    }
    let prefix = prefix.trim_end_matches('/');
    if !prefix.is_empty() && path::check(prefix).is_err() {
        return Err(invalid(
            "the path in the bucket has empty parts, `.` or `..`",
        ));
    }
    Ok((bucket.to_owned(), prefix.to_owned()))
}

fn endpoint(text: &str) -> Result<Url> {
    let invalid = |why: &str| {
        Error::new(ErrorCode::InvalidInput, "storage endpoint")
            .because(why)
            .hint("write `http://host:port` or `https://host:port`")
    };
    let url = Url::parse(text).map_err(|_| invalid("it is not an address"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid(
            "it holds credentials; they have settings of their own",
        ));
    }
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(invalid("it is not an address of HTTP or HTTPS"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("it has more than a host, a port and a path"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(url: &str, endpoint: Option<&str>) -> StorageLocation {
        StorageLocation {
            url: url.to_owned(),
            endpoint: endpoint.map(str::to_owned),
            region: None,
        }
    }

    fn refused(url: &str, endpoint: Option<&str>) -> String {
        let error = open(
            &location(url, endpoint),
            Some("AKIDEXAMPLE"),
            Some("hush-hush"),
        )
        .unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidInput, "{url} {endpoint:?}");
        format!("{error} {error:?}")
    }

    #[test]
    fn full_paths_are_those_that_milvus_expects() {
        let local = open(&location("file:///var/lib/ミルバス/", None), None, None).unwrap();
        assert_eq!(local.full_path("a/b"), "/var/lib/ミルバス/a/b");
        assert_eq!(
            local.local_file("a").unwrap(),
            PathBuf::from("/var/lib/ミルバス/a")
        );
        let keys = (Some("k"), Some("s"));
        let with = open(&location("s3://b/files/x/", None), keys.0, keys.1).unwrap();
        assert_eq!(with.full_path("a/b"), "files/x/a/b");
        let bare = open(&location("s3://b", Some("http://h:1")), keys.0, keys.1).unwrap();
        assert_eq!(bare.full_path("a/b"), "a/b");
        assert_eq!(bare.local_file("a"), None);
    }

    #[test]
    fn what_makes_no_sense_is_refused_without_repeating_secrets() {
        for (url, endpoint) in [
            ("ftp://user:hush-hush@host/", None),
            ("hush-hush", None),
            ("file://relative", None),
            ("file:///a/../b", None),
            ("s3://", None),
            ("s3://key:hush-hush@bucket/x", None),
            ("s3://bucket/../x", None),
            ("s3://bucket//x", None),
            ("s3://bucket", Some("http://key:hush-hush@host:1")),
            ("s3://bucket", Some("host:1")),
            ("s3://bucket", Some("ftp://host")),
            ("s3://bucket", Some("http://host/?secret=hush-hush")),
        ] {
            assert!(
                !refused(url, endpoint).contains("hush-hush"),
                "{url} {endpoint:?}"
            );
        }
    }

    #[test]
    fn half_a_key_is_refused() {
        let error = open(&location("s3://b", None), Some("key"), None).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidInput);
    }

    #[test]
    fn debug_shows_no_secret() {
        let store = open(
            &location("s3://b/p", Some("http://127.0.0.1:1")),
            Some("AKIDEXAMPLE"),
            Some("hush-hush"),
        )
        .unwrap();
        let text = format!("{store:?}");
        assert!(text.contains("s3://b/p"));
        assert!(
            !text.contains("hush-hush") && !text.contains("AKIDEXAMPLE"),
            "{text}"
        );
    }
}
