//! Moves bytes from store to store, hashing on the way. Memory stays bounded whatever the size of the object,
//! and the target does not appear before its bytes are known to be right.

use std::pin::pin;

use bytes::Bytes;
use futures::StreamExt;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Store, local::Watch};
use crate::{Error, ErrorCode, Result};

/// What a copy or a reading found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Bytes read.
    pub size: u64,
    /// Their BLAKE3, 64 hexadecimal digits.
    pub blake3: String,
}

/// Copies an object from one store to another, hashing on the way, in bounded memory. With `expected`, the target
/// appears only if size and BLAKE3 are these. `progress` is told of bytes as they pass.
///
/// # Errors
/// `FileMissing` if the source is not there, `FileDamaged` if it changes while it is read or is not what was expected,
/// `Canceled` soon after `cancel` fires, and what the stores report. Nothing of the target is seen then.
pub async fn copy(
    from: (&dyn Store, &str),
    to: (&dyn Store, &str),
    expected: Option<&Digest>,
    progress: &(dyn Fn(u64) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<Digest> {
    if let (Some(source), Some(target)) = (from.0.as_local(), to.0.as_local()) {
        let (source, target) = (source.clone(), target.clone());
        let (path, target_path) = (from.1.to_owned(), to.1.to_owned());
        let (expected, cancel) = (expected.cloned(), cancel.clone());
        return on_a_thread(progress, move |watch| {
            source.copy_file(
                &path,
                &target,
                &target_path,
                expected.as_ref(),
                watch,
                &cancel,
            )
        })
        .await;
    }
    unless_canceled(cancel, from.1, stream_copy(from, to, expected, progress)).await
}

/// Reads an object through, hashing.
///
/// # Errors
/// As [`copy`], without a target.
pub async fn digest(
    from: (&dyn Store, &str),
    progress: &(dyn Fn(u64) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<Digest> {
    if let Some(source) = from.0.as_local() {
        let (source, path, cancel) = (source.clone(), from.1.to_owned(), cancel.clone());
        return on_a_thread(progress, move |watch| {
            source.digest_file(&path, watch, &cancel)
        })
        .await;
    }
    unless_canceled(cancel, from.1, async {
        let mut pieces = from.0.read(from.1).await?;
        let mut hashing = Hashing::default();
        while let Some(piece) = pieces.next().await {
            let piece = piece?;
            hashing.take(&piece);
            progress(piece.len() as u64);
        }
        Ok(hashing.digest())
    })
    .await
}

/// The next piece is fetched while one is written.
async fn stream_copy(
    from: (&dyn Store, &str),
    to: (&dyn Store, &str),
    expected: Option<&Digest>,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> Result<Digest> {
    let size = match expected {
        Some(expected) => expected.size,
        None => from.0.size(from.1).await?.unwrap_or_default(),
    };
    let mut pieces = from.0.read(from.1).await?;
    let mut writer = to.0.writer(to.1, size).await?;
    let mut hashing = Hashing::default();
    let mut next = pieces.next().await.transpose()?;
    while let Some(piece) = next {
        hashing.take(&piece);
        let bytes = piece.len() as u64;
        let fetched = async { pieces.next().await.transpose() };
        ((), next) = futures::try_join!(writer.write(piece), fetched)?;
        progress(bytes);
    }
    let digest = hashing.digest();
    Expected(expected).check(&digest, || from.0.full_path(from.1))?;
    writer.finish().await?;
    Ok(digest)
}

/// What blocking work says while it goes on.
enum Told {
    Bytes(u64),
    Done(Result<Digest>),
}

/// Runs blocking work, carrying what it tells of its progress back to here. It stops if nobody waits any more.
async fn on_a_thread(
    progress: &(dyn Fn(u64) + Send + Sync),
    work: impl FnOnce(&Watch) -> Result<Digest> + Send + 'static,
) -> Result<Digest> {
    let (tell, mut told) = mpsc::unbounded_channel();
    tokio::task::spawn_blocking(move || {
        let watch = {
            let tell = tell.clone();
            Box::new(move |bytes| tell.send(Told::Bytes(bytes)).is_ok()) as Watch
        };
        // Nobody waits any more if this fails.
        let _ = tell.send(Told::Done(work(&watch)));
    });
    let mut counted = 0;
    while let Some(told) = told.recv().await {
        match told {
            Told::Bytes(bytes) => {
                counted += bytes;
                progress(bytes);
            }
            Told::Done(Ok(digest)) => {
                progress(digest.size - counted);
                return Ok(digest);
            }
            Told::Done(Err(error)) => return Err(error),
        }
    }
    Err(Error::new(ErrorCode::Internal, "storage worker").because("it stopped without a result"))
}

pub(super) async fn unless_canceled<T>(
    cancel: &CancellationToken,
    path: &str,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let mut work = pin!(work);
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(canceled(path)),
        done = &mut work => done,
    }
}

pub(super) fn canceled(path: &str) -> Error {
    Error::new(ErrorCode::Canceled, path)
}

/// What the caller knows of the bytes, if anything.
pub(super) struct Expected<'a>(pub(super) Option<&'a Digest>);

impl Expected<'_> {
    pub(super) fn check(&self, found: &Digest, subject: impl Fn() -> String) -> Result<()> {
        let Some(expected) = self.0 else {
            return Ok(());
        };
        self.check_size(found.size, &subject)?;
        if expected.blake3 == found.blake3 {
            return Ok(());
        }
        let why = format!(
            "its BLAKE3 is {} instead of {}",
            found.blake3, expected.blake3
        );
        Err(Error::new(ErrorCode::FileDamaged, subject()).because(why))
    }

    pub(super) fn check_size(&self, size: u64, subject: impl Fn() -> String) -> Result<()> {
        match self.0 {
            Some(expected) if expected.size != size => {
                let why = format!("it has {size} bytes instead of {}", expected.size);
                Err(Error::new(ErrorCode::FileDamaged, subject()).because(why))
            }
            _ => Ok(()),
        }
    }
}

#[derive(Default)]
struct Hashing {
    hasher: blake3::Hasher,
    size: u64,
}

impl Hashing {
    fn take(&mut self, piece: &Bytes) {
        self.hasher.update(piece);
        self.size += piece.len() as u64;
    }

    fn digest(&self) -> Digest {
        Digest {
            size: self.size,
            blake3: self.hasher.finalize().to_hex().to_string(),
        }
    }
}
