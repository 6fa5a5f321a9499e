//! The short way between two directories: one thread reads, hashes and writes with one buffer of its own,
//! without a turn to the scheduler for every piece.

use std::{
    fs::File,
    io::Read,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio_util::sync::CancellationToken;

use super::{Inner, LocalStore, PIECE, changed, error::Doing, is_as_before, will_read_through};
use crate::{
    Result,
    store::{
        Digest,
        copy::{Expected, canceled},
    },
};

/// Told of bytes now and then; says whether somebody still waits for the result. What is left at the end is not told.
pub(in crate::store) type Watch = Box<dyn Fn(u64) -> bool + Send>;

/// Bytes are told this often and no oftener: every telling wakes another thread, and most files are read in less.
const TELL_EVERY: Duration = Duration::from_millis(100);

impl LocalStore {
    /// Copies a file; see [`crate::store::copy`].
    pub(in crate::store) fn copy_file(
        &self,
        path: &str,
        to: &Self,
        target: &str,
        expected: Option<&Digest>,
        watch: &Watch,
        cancel: &CancellationToken,
    ) -> Result<Digest> {
        let mut from = Reading::open(&self.inner, path)?;
        let mut file = to.inner.begin(target)?;
        let failed =
            |file: &super::Unfinished, error| to.inner.error(Doing::Writing, file.target(), error);
        file.reserve(from.before.len())
            .map_err(|error| failed(&file, error))?;
        let digest = from.through(watch, cancel, |piece| {
            file.write(piece).map_err(|error| failed(&file, error))
        })?;
        Expected(expected).check(&digest, || self.inner.root.join(path).display().to_string())?;
        let target = file.target().to_owned();
        file.publish()
            .map_err(|error| to.inner.error(Doing::Writing, &target, error))?;
        Ok(digest)
    }

    /// Reads a file through; see [`crate::store::digest`].
    pub(in crate::store) fn digest_file(
        &self,
        path: &str,
        watch: &Watch,
        cancel: &CancellationToken,
    ) -> Result<Digest> {
        Reading::open(&self.inner, path)?.through(watch, cancel, |_| Ok(()))
    }
}

/// Buffers between two files: as many as files were ever read at once. An allocator that gives each thread memory of
/// its own would keep one for every thread that ever read a file.
static SPARE: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

struct Buffer(Vec<u8>);

impl Buffer {
    fn take() -> Self {
        let spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Self(spare.unwrap_or_else(|| vec![0; PIECE]))
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let buffer = std::mem::take(&mut self.0);
        SPARE
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(buffer);
    }
}

struct Reading<'a> {
    inner: &'a Arc<Inner>,
    path: &'a str,
    file: File,
    before: std::fs::Metadata,
}

impl<'a> Reading<'a> {
    fn open(inner: &'a Arc<Inner>, path: &'a str) -> Result<Self> {
        let (file, before) = inner.open(path)?;
        will_read_through(&file);
        Ok(Self {
            inner,
            path,
            file,
            before,
        })
    }

    /// Shows every piece to `take`, hashing, and makes sure that the file did not change meanwhile.
    fn through(
        &mut self,
        watch: &Watch,
        cancel: &CancellationToken,
        mut take: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<Digest> {
        let failed = |error| {
            let file = self.inner.root.join(self.path);
            self.inner.error(Doing::Reading, &file, error)
        };
        let mut hasher = blake3::Hasher::new();
        let mut buffer = Buffer::take();
        let buffer = &mut buffer.0;
        let (mut size, mut untold, mut told_at) = (0, 0, Instant::now());
        loop {
            if cancel.is_cancelled() {
                return Err(canceled(self.path));
            }
            let read = match self.file.read(buffer) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                read => read.map_err(failed)?,
            };
            if read == 0 {
                break;
            }
            hasher.update(&buffer[..read]);
            take(&buffer[..read])?;
            size += read as u64;
            untold += read as u64;
            if told_at.elapsed() >= TELL_EVERY {
                told_at = Instant::now();
                if !watch(std::mem::take(&mut untold)) {
                    return Err(canceled(self.path));
                }
            }
        }
        if size != self.before.len() || !is_as_before(&self.file, &self.before).map_err(failed)? {
            return Err(changed(
                self.inner.root.join(self.path).display().to_string(),
            ));
        }
        Ok(Digest {
            size,
            blake3: hasher.finalize().to_hex().to_string(),
        })
    }
}
