//! A directory on this machine.
//!
//! Written by hand rather than taken from the library of object stores: backups move whole disks of files,
//! so bytes go in pieces of a megabyte between two descriptors, and one `syncfs` makes thousands of files durable
//! at once. The root is never made by a write: a disk that is not mounted must not be mistaken for an empty one.

mod copy;
mod error;
mod unfinished;
mod walk;
mod writer;

use std::{
    fs::{self, File},
    io::{self, Read},
    ops::Range,
    os::unix::fs::{FileExt, MetadataExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream, stream::BoxStream};
use hozon_model::StorageLocation;
use rustix::fs::Advice;

pub(super) use self::copy::Watch;
use self::{error::Doing, unfinished::Unfinished, writer::LocalWriter};
use super::{ByteStream, Object, ObjectWriter, Store, path};
use crate::{Error, ErrorCode, Result};

/// Bytes go through memory in pieces of this size.
const PIECE: usize = 1 << 20;

/// A directory as a store.
#[derive(Clone, Debug)]
pub struct LocalStore {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    location: StorageLocation,
    root: PathBuf,
    /// The root, open since before the first write: the kernel reports a failed write-back only to descriptors
    /// that were open when it happened.
    anchor: Mutex<Option<File>>,
}

impl LocalStore {
    /// The store of a directory, which need not exist yet.
    pub(super) fn new(location: StorageLocation, root: PathBuf) -> Self {
        Self {
            inner: Arc::new(Inner {
                location,
                root,
                anchor: Mutex::new(None),
            }),
        }
    }

    /// Runs what blocks away from the threads that must not.
    async fn blocking<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Inner) -> Result<T> + Send + 'static,
    {
        let inner = self.inner.clone();
        tokio::task::spawn_blocking(move || work(&inner))
            .await
            .map_err(|error| Error::new(ErrorCode::Internal, "storage worker").caused_by(error))?
    }
}

impl Inner {
    fn file(&self, path: &str) -> Result<PathBuf> {
        path::check(path)?;
        Ok(self.root.join(path))
    }

    fn open(&self, path: &str) -> Result<(File, fs::Metadata)> {
        let file = self.file(path)?;
        let opened = File::open(&file).and_then(|open| {
            let metadata = open.metadata()?;
            if metadata.is_dir() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            Ok((open, metadata))
        });
        opened.map_err(|error| self.error(Doing::Reading, &file, error))
    }

    fn read_all(&self, path: &str) -> Result<Bytes> {
        let (mut open, metadata) = self.open(path)?;
        let mut bytes = Vec::with_capacity(metadata.len() as usize);
        open.read_to_end(&mut bytes)
            .map_err(|error| self.error(Doing::Reading, &self.root.join(path), error))?;
        Ok(bytes.into())
    }

    fn read_range(&self, path: &str, range: Range<u64>) -> Result<Bytes> {
        let (open, metadata) = self.open(path)?;
        if range.start > range.end || range.end > metadata.len() {
            return Err(out_of_range(
                self.root.join(path).display().to_string(),
                &range,
                metadata.len(),
            ));
        }
        let mut bytes = vec![0; (range.end - range.start) as usize];
        open.read_exact_at(&mut bytes, range.start)
            .map_err(|error| self.error(Doing::Reading, &self.root.join(path), error))?;
        Ok(bytes.into())
    }

    /// Begins a file beside its target, with the directories it needs.
    fn begin(&self, path: &str) -> Result<Unfinished> {
        let target = self.file(path)?;
        self.anchor()
            .and_then(|()| Unfinished::create(&self.root, target.clone()))
            .map_err(|error| self.error(Doing::Writing, &target, error))
    }

    fn put(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let mut file = self.begin(path)?;
        file.write(bytes)
            .and_then(|()| file.publish())
            .map_err(|error| self.error(Doing::Writing, &self.root.join(path), error))
    }

    fn put_new(&self, path: &str, bytes: &[u8]) -> Result<bool> {
        let mut file = self.begin(path)?;
        file.write(bytes)
            .and_then(|()| file.publish_new(&self.root))
            .map_err(|error| self.error(Doing::Writing, &self.root.join(path), error))
    }

    fn delete(&self, path: &str) -> Result<()> {
        let file = self.file(path)?;
        match fs::remove_file(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.root.is_dir() => {}
            other => other.map_err(|error| self.error(Doing::Writing, &file, error))?,
        }
        let mut directory = file.as_path();
        while let Some(parent) = directory.parent()
            && parent != self.root
            && fs::remove_dir(parent).is_ok()
        {
            directory = parent;
        }
        Ok(())
    }

    /// Opens the root for good, before anything is written.
    fn anchor(&self) -> io::Result<()> {
        let mut anchor = self.anchor.lock().unwrap_or_else(PoisonError::into_inner);
        if anchor.is_none() {
            *anchor = Some(File::open(&self.root)?);
        }
        Ok(())
    }

    fn settle(&self) -> Result<()> {
        let failed = |error| self.error(Doing::Writing, &self.root, error);
        self.anchor().map_err(failed)?;
        let mut anchor = self.anchor.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(root) = anchor.as_ref() else {
            return Ok(());
        };
        let before = root.metadata().map_err(failed)?;
        let now = fs::metadata(&self.root).map_err(failed)?;
        if (before.dev(), before.ino()) != (now.dev(), now.ino()) {
            *anchor = None;
            return Err(Error::new(
                ErrorCode::StorageUnwritable,
                self.root.display().to_string(),
            )
            .because("another directory or disk took its place while it was written to")
            .hint("mount the right disk there and try again"));
        }
        sync_file_system(root).map_err(failed)
    }
}

/// Makes everything on the file system of `root` durable.
#[cfg(target_os = "linux")]
fn sync_file_system(root: &File) -> io::Result<()> {
    rustix::fs::syncfs(root).map_err(Into::into)
}

/// Makes everything under the root durable, file by file: other systems have no call for all at once.
#[cfg(not(target_os = "linux"))]
fn sync_file_system(_root: &File) -> io::Result<()> {
    rustix::fs::sync();
    Ok(())
}

/// What a range outside an object is answered with, by every store.
pub(super) fn out_of_range(subject: impl Into<String>, range: &Range<u64>, size: u64) -> Error {
    Error::new(ErrorCode::FileDamaged, subject).because(format!(
        "it has {size} bytes, but bytes {} to {} were asked for",
        range.start, range.end
    ))
}

/// What an object that changes under its reader is answered with, by every store.
pub(super) fn changed(subject: impl Into<String>) -> Error {
    Error::new(ErrorCode::FileDamaged, subject)
        .because("it changed while it was read")
        .hint("files of a backup never change: find out what else writes there")
}

/// Tells the kernel to read ahead. It may not listen.
fn will_read_through(file: &File) {
    let _ = rustix::fs::fadvise(file, 0, None, Advice::Sequential);
}

fn is_as_before(file: &File, before: &fs::Metadata) -> io::Result<bool> {
    let now = file.metadata()?;
    Ok(now.len() == before.len()
        && (now.mtime(), now.mtime_nsec()) == (before.mtime(), before.mtime_nsec()))
}

#[async_trait]
impl Store for LocalStore {
    fn location(&self) -> &StorageLocation {
        &self.inner.location
    }

    fn full_path(&self, path: &str) -> String {
        self.inner.root.join(path).display().to_string()
    }

    fn local_file(&self, path: &str) -> Option<PathBuf> {
        Some(self.inner.root.join(path))
    }

    fn as_local(&self) -> Option<&LocalStore> {
        Some(self)
    }

    async fn prepare(&self) -> Result<()> {
        self.blocking(|inner| {
            fs::create_dir_all(&inner.root)
                .map_err(|error| inner.error(Doing::Writing, &inner.root, error))
        })
        .await
    }

    async fn size(&self, path: &str) -> Result<Option<u64>> {
        let path = path.to_owned();
        self.blocking(move |inner| {
            let file = inner.file(&path)?;
            match fs::metadata(&file) {
                Ok(metadata) => Ok(metadata.is_file().then_some(metadata.len())),
                Err(error) => {
                    let error = inner.error(Doing::Reading, &file, error);
                    if error.code() == ErrorCode::FileMissing {
                        Ok(None)
                    } else {
                        Err(error)
                    }
                }
            }
        })
        .await
    }

    async fn get(&self, path: &str) -> Result<Bytes> {
        let path = path.to_owned();
        self.blocking(move |inner| inner.read_all(&path)).await
    }

    async fn get_range(&self, path: &str, range: Range<u64>) -> Result<Bytes> {
        let path = path.to_owned();
        self.blocking(move |inner| inner.read_range(&path, range))
            .await
    }

    async fn read(&self, path: &str) -> Result<ByteStream> {
        let owned = path.to_owned();
        let opened = self
            .blocking(move |inner| {
                let opened = inner.open(&owned)?;
                will_read_through(&opened.0);
                Ok(opened)
            })
            .await?;
        let file = self.inner.root.join(path);
        let store = self.clone();
        let pieces = stream::try_unfold((opened, 0), move |((open, before), passed)| {
            let (store, file) = (store.clone(), file.clone());
            async move {
                store
                    .blocking(move |inner| {
                        let failed = |error| inner.error(Doing::Reading, &file, error);
                        let mut piece = Vec::with_capacity(PIECE);
                        (&open)
                            .take(PIECE as u64)
                            .read_to_end(&mut piece)
                            .map_err(failed)?;
                        if piece.is_empty() {
                            let whole = passed == before.len()
                                && is_as_before(&open, &before).map_err(failed)?;
                            return if whole {
                                Ok(None)
                            } else {
                                Err(changed(file.display().to_string()))
                            };
                        }
                        let passed = passed + piece.len() as u64;
                        Ok(Some((Bytes::from(piece), ((open, before), passed))))
                    })
                    .await
            }
        });
        Ok(pieces.boxed())
    }

    async fn put(&self, path: &str, bytes: Bytes) -> Result<()> {
        let path = path.to_owned();
        self.blocking(move |inner| inner.put(&path, &bytes)).await
    }

    async fn put_new(&self, path: &str, bytes: Bytes) -> Result<bool> {
        let path = path.to_owned();
        self.blocking(move |inner| inner.put_new(&path, &bytes))
            .await
    }

    async fn writer(&self, path: &str, size: u64) -> Result<Box<dyn ObjectWriter>> {
        let path = path.to_owned();
        let store = self.clone();
        let file = self
            .blocking(move |inner| {
                let mut file = inner.begin(&path)?;
                file.reserve(size)
                    .map_err(|error| inner.error(Doing::Writing, file.target(), error))?;
                Ok(file)
            })
            .await?;
        Ok(Box::new(LocalWriter::new(store, file)))
    }

    fn list(&self, prefix: &str) -> BoxStream<'static, Result<Object>> {
        walk::objects(self.inner.clone(), prefix)
    }

    async fn delete(&self, path: &str) -> Result<()> {
        let path = path.to_owned();
        self.blocking(move |inner| inner.delete(&path)).await
    }

    async fn clear_unfinished(&self, prefix: &str) -> Result<()> {
        path::check_prefix(prefix)?;
        let prefix = prefix.to_owned();
        self.blocking(move |inner| walk::clear_unfinished(inner, &prefix))
            .await
    }

    async fn settle(&self) -> Result<()> {
        self.blocking(Inner::settle).await
    }
}

/// The part of a path below the root, with `/` between its parts.
fn below(root: &Path, file: &Path) -> Option<String> {
    file.strip_prefix(root).ok()?.to_str().map(str::to_owned)
}
