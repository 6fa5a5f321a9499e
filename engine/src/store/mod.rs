//! Where bytes live: a narrow trait over one library, so that the engine never asks which service it talks to.
//!
//! Paths are relative to the store's root, `/`-separated, without a leading slash. Every write is atomic:
//! a reader sees the old object, the new one, or none. [`Store::settle`] makes what was written survive a
//! power cut; object stores promise that by themselves, a file system only when asked.

use std::{fmt, ops::Range, path::PathBuf};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use hozon_model::StorageLocation;

use crate::Result;

/// An object as a listing shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Relative to the store's root.
    pub path: String,
    /// In bytes.
    pub size: u64,
}

/// The bytes of an object, in pieces of bounded size.
pub type ByteStream = BoxStream<'static, Result<Bytes>>;

/// Writes one object in pieces. Dropped without [`finish`](Self::finish), nothing of it is ever seen.
#[async_trait]
pub trait ObjectWriter: Send {
    /// Takes the next piece.
    async fn write(&mut self, piece: Bytes) -> Result<()>;
    /// Makes the object appear, whole.
    async fn finish(self: Box<Self>) -> Result<()>;
}

/// A place for objects.
#[async_trait]
pub trait Store: fmt::Debug + Send + Sync {
    /// Where it is, for messages. Holds no secret.
    fn location(&self) -> &StorageLocation;

    /// The path as the service itself names it: absolute on a file system, the key from the bucket's root on S3.
    /// This is what Milvus wants to be told on import.
    fn full_path(&self, path: &str) -> String;

    /// The file behind an object, for stores on this machine's file system.
    fn local_file(&self, path: &str) -> Option<PathBuf>;

    /// An object's size; none if it is not there.
    async fn size(&self, path: &str) -> Result<Option<u64>>;

    /// A small object, whole. [`FileMissing`](crate::ErrorCode::FileMissing) if it is not there.
    async fn get(&self, path: &str) -> Result<Bytes>;

    /// A part of an object.
    async fn get_range(&self, path: &str, range: Range<u64>) -> Result<Bytes>;

    /// An object as a stream.
    async fn read(&self, path: &str) -> Result<ByteStream>;

    /// Writes a small object, replacing what was there.
    async fn put(&self, path: &str, bytes: Bytes) -> Result<()>;

    /// Writes a small object only if nothing is there. Returns whether it did.
    async fn put_new(&self, path: &str, bytes: Bytes) -> Result<bool>;

    /// Writes an object of about `size` bytes in pieces, replacing what was there.
    async fn writer(&self, path: &str, size: u64) -> Result<Box<dyn ObjectWriter>>;

    /// Every object under a prefix that ends in `/` (or is empty), in no particular order.
    fn list(&self, prefix: &str) -> BoxStream<'static, Result<Object>>;

    /// Removes an object; it is no error if it is not there.
    async fn delete(&self, path: &str) -> Result<()>;

    /// Returns once everything written before survives a power cut.
    async fn settle(&self) -> Result<()>;
}

/// Opens the store of a location. Nothing is read or written yet.
pub fn open(
    location: &StorageLocation,
    access_key: Option<&str>,
    secret_key: Option<&str>,
) -> Result<std::sync::Arc<dyn Store>> {
    todo!(
        "{location:?} {} {}",
        access_key.is_some(),
        secret_key.is_some()
    )
}

/// What a copy or a reading found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Bytes read.
    pub size: u64,
    /// Their BLAKE3, 64 hexadecimal digits.
    pub blake3: String,
}

/// Copies an object from one store to another, hashing on the way, in bounded memory. With `expected`, the target
/// appears only if size and BLAKE3 are these (`FileDamaged` otherwise). `progress` is told of bytes as they pass.
pub async fn copy(
    from: (&dyn Store, &str),
    to: (&dyn Store, &str),
    expected: Option<&Digest>,
    progress: &(dyn Fn(u64) + Send + Sync),
    cancel: &tokio_util::sync::CancellationToken,
) -> Result<Digest> {
    progress(0);
    todo!("{from:?} {to:?} {expected:?} {cancel:?}")
}

/// Reads an object through, hashing.
pub async fn digest(
    from: (&dyn Store, &str),
    progress: &(dyn Fn(u64) + Send + Sync),
    cancel: &tokio_util::sync::CancellationToken,
) -> Result<Digest> {
    progress(0);
    todo!("{from:?} {cancel:?}")
}
