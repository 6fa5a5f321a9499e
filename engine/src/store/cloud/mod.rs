//! Objects in a bucket: S3 and whatever speaks it, Azure Blob Storage, Google Cloud Storage.

mod error;
mod google_copy;
mod machine;
mod role;
mod service;
mod service_copy;
mod writer;

use std::{
    fmt,
    ops::Range,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream, stream::BoxStream};
use hozon_model::{StorageCredentials, StorageLocation};
use object_store::{
    ClientOptions, GetOptions, ObjectStore, ObjectStoreExt, PutMode, PutPayload,
    client::{HttpClient, HttpConnector},
    path::Path,
};

use self::{error::Doing, service::Client, writer::CloudWriter};
pub(super) use self::{
    service::{Place, Service},
    service_copy::Asked,
};
use super::{
    Bandwidth, ByteStream, Object, ObjectWriter, Store, StoreSettings,
    http::{Connector, Load},
    local::{changed, out_of_range},
    path,
};
use crate::{Error, ErrorCode, Result};

/// A conditional write is tried again so often when it met another request and neither won.
const CONFLICTS: usize = 5;

/// A prefix in a bucket of a service.
#[derive(Clone)]
pub struct CloudStore {
    inner: Arc<Inner>,
    bandwidth: Bandwidth,
}

struct Inner {
    location: StorageLocation,
    place: Place,
    has_keys: bool,
    client: Client,
    /// For requests that the library does not know.
    http: HttpClient,
    load: Arc<Load>,
    /// Whether the bucket was seen to exist. A missing object and a missing bucket look the same otherwise.
    bucket_seen: AtomicBool,
}

impl fmt::Debug for CloudStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CloudStore")
            .field(&self.inner.location)
            .finish()
    }
}

impl CloudStore {
    pub(super) fn new(
        location: StorageLocation,
        place: Place,
        credentials: &StorageCredentials,
        settings: &StoreSettings,
        bandwidth: Bandwidth,
    ) -> Result<Self> {
        let load = Arc::new(Load::default());
        let connector = Connector {
            private: settings.private_endpoints || place.endpoint.is_none(),
            patience: settings.patience,
            load: load.clone(),
        };
        let http = connector.connect(&ClientOptions::new()).map_err(|error| {
            Error::new(ErrorCode::Internal, "HTTP client").because(error.to_string())
        })?;
        let client = Client::new(&location, &place, credentials, connector)?;
        Ok(Self {
            inner: Arc::new(Inner {
                location,
                place,
                has_keys: *credentials != StorageCredentials::Machine,
                client,
                http,
                load,
                bucket_seen: AtomicBool::new(false),
            }),
            bandwidth,
        })
    }

    /// The same place, with more limits on what passes.
    pub(super) fn limited(&self, more: &Bandwidth) -> Self {
        Self {
            inner: self.inner.clone(),
            bandwidth: self.bandwidth.and(more),
        }
    }
}

impl Inner {
    fn objects(&self) -> &dyn ObjectStore {
        self.client.objects()
    }

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
        format!("{}/{}", self.place.url(), self.key(path))
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
        match self.objects().list(Some(&nothing)).try_next().await {
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
impl Store for CloudStore {
    fn location(&self) -> &StorageLocation {
        &self.inner.location
    }

    fn full_path(&self, path: &str) -> String {
        self.inner.key(path)
    }

    fn local_file(&self, _path: &str) -> Option<PathBuf> {
        None
    }

    fn as_cloud(&self) -> Option<&CloudStore> {
        Some(self)
    }

    fn throttled(&self) -> u64 {
        self.inner.load.throttled()
    }

    async fn size(&self, path: &str) -> Result<Option<u64>> {
        let key = self.inner.checked(path)?;
        let head = self.inner.objects().head(&key).await;
        match self.inner.answer(Doing::Reading, path, head).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(error) if error.code() == ErrorCode::FileMissing => Ok(None),
            // Answers to HEAD have no body, so the reason is in the answer to another request.
            Err(error) => {
                let first = self.inner.objects().get_range(&key, 0..1).await;
                let first = self.inner.answer(Doing::Reading, path, first).await;
                Err(first.err().unwrap_or(error))
            }
        }
    }

    async fn get(&self, path: &str) -> Result<Bytes> {
        let key = self.inner.checked(path)?;
        let got = async { self.inner.objects().get(&key).await?.bytes().await }.await;
        let got = self.inner.answer(Doing::Reading, path, got).await?;
        self.bandwidth.received_whole(got.len() as u64).await;
        Ok(got)
    }

    async fn get_range(&self, path: &str, range: Range<u64>) -> Result<Bytes> {
        let key = self.inner.checked(path)?;
        let outside = |size| out_of_range(self.inner.subject(path), &range, size);
        let got = self.inner.objects().get_range(&key, range.clone()).await;
        match self.inner.answer(Doing::Reading, path, got).await {
            Ok(bytes) if bytes.len() as u64 == range.end.saturating_sub(range.start) => {
                self.bandwidth.received_whole(bytes.len() as u64).await;
                Ok(bytes)
            }
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
            .objects()
            .get_opts(&key, GetOptions::default())
            .await;
        let got = self.inner.answer(Doing::Reading, path, got).await?;
        let (store, path, size) = (self.clone(), path.to_owned(), got.meta.size);
        let start = (got.into_stream(), store, path, 0);
        let pieces =
            stream::try_unfold(start, move |(mut pieces, store, path, passed)| async move {
                match pieces.next().await {
                    Some(Ok(piece)) => {
                        store.bandwidth.received(piece.len() as u64).await;
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
        self.bandwidth.send_whole(bytes.len() as u64).await;
        let put = self.inner.objects().put(&key, bytes.into()).await;
        self.inner.answer(Doing::Writing, path, put).await?;
        Ok(())
    }

    async fn put_new(&self, path: &str, bytes: Bytes) -> Result<bool> {
        let key = self.inner.checked(path)?;
        for _ in 0..CONFLICTS {
            let payload = PutPayload::from(bytes.clone());
            let mode = PutMode::Create.into();
            match self.inner.objects().put_opts(&key, payload, mode).await {
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
        Ok(Box::new(CloudWriter::new(
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
            .objects()
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
        let deleted = self.inner.objects().delete(&key).await;
        match self.inner.answer(Doing::Writing, path, deleted).await {
            Err(error) if error.code() == ErrorCode::FileMissing => Ok(()),
            other => other,
        }
    }

    async fn settle(&self) -> Result<()> {
        Ok(())
    }
}
