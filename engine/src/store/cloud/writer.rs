//! Writes one object: in one request if it is small, else part by part with a few parts on their way,
//! so that memory stays bounded. Given up, it takes its parts back.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use object_store::{ObjectStoreExt, PutPayloadMut, WriteMultipart, path::Path};

use super::{CloudStore, Doing};
use crate::{Result, store::ObjectWriter};

/// Parts on their way at a time.
const AT_ONCE: usize = 3;
/// A part has at least so many bytes …
const PART: u64 = 8 << 20;
/// … and an object at most 10,000 parts; some are kept in reserve because sizes are estimates.
const PARTS: u64 = 9_000;

pub(super) struct CloudWriter {
    store: CloudStore,
    path: String,
    key: Path,
    part: usize,
    /// What may still go in one request.
    small: PutPayloadMut,
    parts: Option<WriteMultipart>,
}

impl fmt::Debug for CloudWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudWriter")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl CloudWriter {
    pub(super) fn new(store: CloudStore, path: String, key: Path, size: u64) -> Self {
        Self {
            store,
            path,
            key,
            part: part_size(size),
            small: PutPayloadMut::new(),
            parts: None,
        }
    }

    async fn answer<T>(&mut self, result: object_store::Result<T>) -> Result<T> {
        self.store
            .inner
            .answer(Doing::Writing, &self.path, result)
            .await
    }
}

fn part_size(size: u64) -> usize {
    size.div_ceil(PARTS).max(PART) as usize
}

#[async_trait]
impl ObjectWriter for CloudWriter {
    async fn write(&mut self, piece: Bytes) -> Result<()> {
        self.store.bandwidth.send(piece.len() as u64).await;
        if self.parts.is_none() {
            if self.small.content_length() + piece.len() <= self.part {
                self.small.push(piece);
                return Ok(());
            }
            let begun = self.store.inner.objects().put_multipart(&self.key).await;
            let begun = self.answer(begun).await?;
            let mut parts = WriteMultipart::new_with_chunk_size(begun, self.part);
            for held in std::mem::take(&mut self.small).freeze() {
                parts.put(held);
            }
            self.parts = Some(parts);
        }
        if let Some(parts) = &mut self.parts {
            let ready = parts.wait_for_capacity(AT_ONCE).await;
            if ready.is_ok() {
                parts.put(piece);
            }
            self.answer(ready).await?;
        }
        Ok(())
    }

    async fn finish(mut self: Box<Self>) -> Result<()> {
        let done = if let Some(parts) = self.parts.take() {
            parts.finish().await
        } else {
            let small = std::mem::take(&mut self.small).freeze();
            self.store.inner.objects().put(&self.key, small).await
        };
        self.answer(done).await?;
        Ok(())
    }
}

impl Drop for CloudWriter {
    fn drop(&mut self) {
        let Some(parts) = self.parts.take() else {
            return;
        };
        // Outside the runtime nothing can be sent any more; the service or a life-cycle rule of the bucket takes the parts.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let path = std::mem::take(&mut self.path);
            runtime.spawn(async move {
                if parts.abort().await.is_err() {
                    tracing::warn!(path, "parts of an unfinished upload stay in the bucket");
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stay_within_what_the_service_takes() {
        assert_eq!(part_size(0), PART as usize);
        assert_eq!(part_size(1 << 30), PART as usize);
        let five_terabytes = 5_u64 << 40;
        assert!(five_terabytes.div_ceil(part_size(five_terabytes) as u64) <= 10_000);
    }
}
