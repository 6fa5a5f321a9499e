//! A bucket of any service that speaks S3.

mod error;
mod writer;

use std::{
    fmt,
    ops::Range,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream, stream::BoxStream};
use hozon_model::StorageLocation;
use object_store::{
    BackoffConfig, ClientOptions, GetOptions, ObjectStore, ObjectStoreExt, PutMode, PutPayload,
    RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    path::Path,
};
use url::Url;

use self::{error::Doing, writer::S3Writer};
use super::{
    ByteStream, Object, ObjectWriter, Store,
    local::{changed, out_of_range},
    path,
};
use crate::{Error, ErrorCode, Result};

/// How long a server may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a connection may stay silent.
const SILENCE: Duration = Duration::from_mins(1);
/// A request that fails for a passing reason is tried again so often, and not after so long.
const RETRIES: usize = 5;
const RETRY_FOR: Duration = Duration::from_secs(30);
/// A conditional write is tried again so often when it met another request and neither won.
const CONFLICTS: usize = 5;

/// Where in the world of S3.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) bucket: String,
    /// Without `/` at its ends; empty for the bucket's root.
    pub(super) prefix: String,
    pub(super) endpoint: Option<Url>,
}

#[derive(Clone)]
pub(super) struct S3Store {
    inner: Arc<Inner>,
}

struct Inner {
    location: StorageLocation,
    place: Place,
    has_keys: bool,
    client: AmazonS3,
    /// Whether the bucket was seen to exist. A missing object and a missing bucket look the same otherwise.
    bucket_seen: AtomicBool,
}

impl fmt::Debug for S3Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("S3Store")
            .field(&self.inner.location)
            .finish()
    }
}

impl S3Store {
    /// Without keys, an endpoint is asked anonymously, and the cloud's own service with what the machine provides.
    pub(super) fn new(
        location: StorageLocation,
        place: Place,
        keys: Option<(&str, &str)>,
    ) -> Result<Self> {
        let options = ClientOptions::new()
            .with_timeout_disabled()
            .with_connect_timeout(CONNECT)
            .with_read_timeout(SILENCE)
            .with_allow_http(true);
        let retry = RetryConfig {
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(100),
                max_backoff: Duration::from_secs(5),
                base: 2.,
            },
            max_retries: RETRIES,
            retry_timeout: RETRY_FOR,
        };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&place.bucket)
            .with_region(location.region.as_deref().unwrap_or("us-east-1"))
            .with_client_options(options)
            .with_retry(retry);
        if let Some(endpoint) = &place.endpoint {
            builder = builder
                .with_endpoint(endpoint.as_str().trim_end_matches('/'))
                .with_virtual_hosted_style_request(false)
                .with_skip_signature(keys.is_none());
        }
        if let Some((access, secret)) = keys {
            builder = builder
                .with_access_key_id(access)
                .with_secret_access_key(secret);
        }
        let client = builder.build().map_err(|error| {
            Error::new(ErrorCode::InvalidInput, location.url.clone()).because(error.to_string())
        })?;
        Ok(Self {
            inner: Arc::new(Inner {
                location,
                place,
                has_keys: keys.is_some(),
                client,
                bucket_seen: AtomicBool::new(false),
            }),
        })
    }
}

impl Inner {
    fn key(&self, path: &str) -> String {
        if self.place.prefix.is_empty() {
            path.to_owned()
        } else {
            format!("{}/{path}", self.place.prefix)
        }
    }

    fn checked(&self, path: &str) -> Result<Path> {
        path::check(path)?;
        Path::parse(self.key(path))
            .map_err(|error| Error::new(ErrorCode::InvalidInput, path).because(error.to_string()))
    }

    fn subject(&self, path: &str) -> String {
        format!("s3://{}/{}", self.place.bucket, self.key(path))
    }

    /// Takes note of a bucket that exists, and names what failed.
    async fn answer<T>(
        &self,
        doing: Doing,
        path: &str,
        result: object_store::Result<T>,
    ) -> Result<T> {
        match result {
            Ok(value) => {
                self.bucket_seen.store(true, Ordering::Relaxed);
                Ok(value)
            }
            Err(object_store::Error::NotFound { source, .. }) => {
                self.check_bucket(doing).await?;
                Err(Error::new(ErrorCode::FileMissing, self.subject(path))
                    .because(error::words(&*source)))
            }
            Err(error) => Err(self.error(doing, &self.subject(path), &error)),
        }
    }

    /// Looks once whether the bucket is there at all.
    async fn check_bucket(&self, doing: Doing) -> Result<()> {
        if self.bucket_seen.load(Ordering::Relaxed) {
            return Ok(());
        }
        let nothing = Path::from("hozon.json/no-such-object");
        match self.client.list(Some(&nothing)).try_next().await {
            Ok(_) => {
                self.bucket_seen.store(true, Ordering::Relaxed);
                Ok(())
            }
            // Rights to read objects may come without the right to list them: then it is the object that is missing.
            Err(error) if !error::is_no_bucket(&error) => Ok(()),
            Err(error) => Err(self.error(doing, &self.subject(""), &error)),
        }
    }

    /// The path below the store's root of a key that was listed.
    fn below<'a>(&self, key: &'a str) -> &'a str {
        key.strip_prefix(&self.place.prefix)
            .map_or(key, |path| path.trim_start_matches('/'))
    }
}

#[async_trait]
impl Store for S3Store {
    fn location(&self) -> &StorageLocation {
        &self.inner.location
    }

    fn full_path(&self, path: &str) -> String {
        self.inner.key(path)
    }

    fn local_file(&self, _path: &str) -> Option<PathBuf> {
        None
    }

    async fn size(&self, path: &str) -> Result<Option<u64>> {
        let key = self.inner.checked(path)?;
        let head = self.inner.client.head(&key).await;
        match self.inner.answer(Doing::Reading, path, head).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(error) if error.code() == ErrorCode::FileMissing => Ok(None),
            // Answers to HEAD have no body, so the reason is in the answer to another request.
            Err(error) => {
                let first = self.inner.client.get_range(&key, 0..1).await;
                let first = self.inner.answer(Doing::Reading, path, first).await;
                Err(first.err().unwrap_or(error))
            }
        }
    }

    async fn get(&self, path: &str) -> Result<Bytes> {
        let key = self.inner.checked(path)?;
        let got = async { self.inner.client.get(&key).await?.bytes().await }.await;
        self.inner.answer(Doing::Reading, path, got).await
    }

    async fn get_range(&self, path: &str, range: Range<u64>) -> Result<Bytes> {
        let key = self.inner.checked(path)?;
        let outside = |size| out_of_range(self.inner.subject(path), &range, size);
        let got = self.inner.client.get_range(&key, range.clone()).await;
        match self.inner.answer(Doing::Reading, path, got).await {
            Ok(bytes) if bytes.len() as u64 == range.end.saturating_sub(range.start) => Ok(bytes),
            Err(error) if error.code() == ErrorCode::FileMissing => Err(error),
            failed => match self.size(path).await {
                Ok(Some(size)) if range.start >= range.end || range.end > size => {
                    Err(outside(size))
                }
                _ => failed,
            },
        }
    }

    async fn read(&self, path: &str) -> Result<ByteStream> {
        let key = self.inner.checked(path)?;
        let got = self
            .inner
            .client
            .get_opts(&key, GetOptions::default())
            .await;
        let got = self.inner.answer(Doing::Reading, path, got).await?;
        let (store, path, size) = (self.clone(), path.to_owned(), got.meta.size);
        let start = (got.into_stream(), store, path, 0);
        let pieces =
            stream::try_unfold(start, move |(mut pieces, store, path, passed)| async move {
                match pieces.next().await {
                    Some(Ok(piece)) => {
                        let passed = passed + piece.len() as u64;
                        Ok(Some((piece, (pieces, store, path, passed))))
                    }
                    Some(Err(error)) => {
                        Err(store
                            .inner
                            .error(Doing::Reading, &store.inner.subject(&path), &error))
                    }
                    None if passed != size => Err(changed(store.inner.subject(&path))),
                    None => Ok(None),
                }
            });
        Ok(pieces.boxed())
    }

    async fn put(&self, path: &str, bytes: Bytes) -> Result<()> {
        let key = self.inner.checked(path)?;
        let put = self.inner.client.put(&key, bytes.into()).await;
        self.inner.answer(Doing::Writing, path, put).await?;
        Ok(())
    }

    async fn put_new(&self, path: &str, bytes: Bytes) -> Result<bool> {
        let key = self.inner.checked(path)?;
        for _ in 0..CONFLICTS {
            let payload = PutPayload::from(bytes.clone());
            let mode = PutMode::Create.into();
            match self.inner.client.put_opts(&key, payload, mode).await {
                // A conflict with another request may be answered like this, too.
                Err(object_store::Error::AlreadyExists { .. }) => {
                    if self.size(path).await?.is_some() {
                        return Ok(false);
                    }
                }
                put => {
                    self.inner.answer(Doing::Writing, path, put).await?;
                    return Ok(true);
                }
            }
        }
        Err(
            Error::new(ErrorCode::StorageUnreachable, self.inner.subject(path))
                .because("others write and remove this object all the time")
                .hint("try again later"),
        )
    }

    async fn writer(&self, path: &str, size: u64) -> Result<Box<dyn ObjectWriter>> {
        let key = self.inner.checked(path)?;
        Ok(Box::new(S3Writer::new(
            self.clone(),
            path.to_owned(),
            key,
            size,
        )))
    }

    fn list(&self, prefix: &str) -> BoxStream<'static, Result<Object>> {
        if let Err(error) = path::check_prefix(prefix) {
            return stream::iter([Err(error)]).boxed();
        }
        let (inner, prefix) = (self.inner.clone(), prefix.to_owned());
        let key = match Path::parse(inner.key(&prefix)) {
            Ok(key) => key,
            Err(error) => {
                let error = Error::new(ErrorCode::InvalidInput, prefix).because(error.to_string());
                return stream::iter([Err(error)]).boxed();
            }
        };
        self.inner
            .client
            .list(Some(&key))
            .map(move |listed| match listed {
                Ok(meta) => Ok(Object {
                    path: inner.below(meta.location.as_ref()).to_owned(),
                    size: meta.size,
                }),
                Err(error) => Err(inner.error(Doing::Reading, &inner.subject(&prefix), &error)),
            })
            .boxed()
    }

    async fn delete(&self, path: &str) -> Result<()> {
        let key = self.inner.checked(path)?;
        let deleted = self.inner.client.delete(&key).await;
        match self.inner.answer(Doing::Writing, path, deleted).await {
            Err(error) if error.code() == ErrorCode::FileMissing => Ok(()),
            other => other,
        }
    }

    async fn settle(&self) -> Result<()> {
        Ok(())
    }
}
