//! Where bytes live: a narrow trait over one library, so that the engine never asks which service it talks to.
//!
//! Paths are relative to the store's root, `/`-separated, without a leading slash. Every write is atomic:
//! a reader sees the old object, the new one, or none. [`Store::settle`] makes what was written survive a
//! power cut; object stores promise that by themselves, a file system only when asked.

mod bandwidth;
mod cloud;
mod copy;
mod credentials;
mod endpoint;
mod gauge;
mod http;
mod local;
mod open;
mod pace;
mod path;
mod route;

use std::{fmt, ops::Range, path::PathBuf};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use hozon_model::StorageLocation;

pub use self::{
    bandwidth::Bandwidth,
    cloud::CloudStore,
    copy::{Digest, copy, digest},
    credentials::credentials,
    local::LocalStore,
    open::{StoreSettings, Stores},
    pace::Pace,
    route::Route,
};
use crate::Result;

pub(crate) use self::{
    bandwidth::limited, endpoint::parse as parse_endpoint, http::guarded, pace::at_pace,
    path::check as check_path,
};

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

    /// The path as the service itself names it: absolute on a file system, the key from the bucket's root elsewhere.
    /// This is what Milvus wants to be told on import.
    fn full_path(&self, path: &str) -> String;

    /// The file behind an object, for stores on this machine's file system.
    fn local_file(&self, path: &str) -> Option<PathBuf>;

    /// This store, if it is a directory on this machine: copies between two such take a shorter way.
    fn as_local(&self) -> Option<&LocalStore> {
        None
    }

    /// This store, if it is in a bucket: a service that keeps two such copies between them by itself.
    fn as_cloud(&self) -> Option<&CloudStore> {
        None
    }

    /// How often the service has asked for fewer requests since the store was opened.
    fn throttled(&self) -> u64 {
        0
    }

    /// Makes the place itself where it is missing: a directory with its parents. Buckets are never made.
    async fn prepare(&self) -> Result<()> {
        Ok(())
    }

    /// An object's size; none if it is not there.
    async fn size(&self, path: &str) -> Result<Option<u64>>;

    /// A small object, whole. [`FileMissing`](crate::ErrorCode::FileMissing) if it is not there.
    async fn get(&self, path: &str) -> Result<Bytes>;

    /// A part of an object. The whole range must lie inside it: [`FileDamaged`](crate::ErrorCode::FileDamaged) otherwise.
    async fn get_range(&self, path: &str, range: Range<u64>) -> Result<Bytes>;

    /// An object as a stream. It ends with [`FileDamaged`](crate::ErrorCode::FileDamaged) if the object changed its
    /// length on the way.
    async fn read(&self, path: &str) -> Result<ByteStream>;

    /// Writes a small object, replacing what was there.
    async fn put(&self, path: &str, bytes: Bytes) -> Result<()>;

    /// Writes a small object only if nothing is there, and durably. Returns whether it did. Where the answer to a
    /// write was lost on the network, it may be `false` although the object is ours: look what lies there.
    async fn put_new(&self, path: &str, bytes: Bytes) -> Result<bool>;

    /// Writes an object of about `size` bytes in pieces, replacing what was there.
    async fn writer(&self, path: &str, size: u64) -> Result<Box<dyn ObjectWriter>>;

    /// Every object under a prefix that ends in `/` (or is empty), in no particular order.
    fn list(&self, prefix: &str) -> BoxStream<'static, Result<Object>>;

    /// Removes an object; it is no error if it is not there.
    async fn delete(&self, path: &str) -> Result<()>;

    /// Removes what writers that died left under a prefix and that no listing shows. Call it only while nobody writes
    /// there. Object stores do that by a life-cycle rule of the bucket, so it does nothing on them.
    async fn clear_unfinished(&self, _prefix: &str) -> Result<()> {
        Ok(())
    }

    /// Returns once everything written before survives a power cut.
    async fn settle(&self) -> Result<()>;
}
