//! Writes one file piece by piece, gathering small pieces: every turn to the blocking threads costs.

use async_trait::async_trait;
use bytes::Bytes;

use super::{LocalStore, PIECE, error::Doing, unfinished::Unfinished};
use crate::{Error, ErrorCode, Result, store::ObjectWriter};

#[derive(Debug)]
pub(super) struct LocalWriter {
    store: LocalStore,
    /// Gone after a failure.
    file: Option<Unfinished>,
    gathered: Vec<Bytes>,
    gathered_bytes: usize,
}

impl LocalWriter {
    pub(super) fn new(store: LocalStore, file: Unfinished) -> Self {
        Self {
            store,
            file: Some(file),
            gathered: Vec::new(),
            gathered_bytes: 0,
        }
    }

    async fn pass_on(&mut self) -> Result<Unfinished> {
        let mut file = self.file.take().ok_or_else(|| {
            Error::new(ErrorCode::Internal, "file writer").because("it was used after a failure")
        })?;
        let pieces = std::mem::take(&mut self.gathered);
        self.gathered_bytes = 0;
        self.store
            .blocking(move |inner| {
                for piece in &pieces {
                    file.write(piece)
                        .map_err(|error| inner.error(Doing::Writing, file.target(), error))?;
                }
                Ok(file)
            })
            .await
    }
}

#[async_trait]
impl ObjectWriter for LocalWriter {
    async fn write(&mut self, piece: Bytes) -> Result<()> {
        self.gathered_bytes += piece.len();
        self.gathered.push(piece);
        if self.gathered_bytes >= PIECE {
            self.file = Some(self.pass_on().await?);
        }
        Ok(())
    }

    async fn finish(mut self: Box<Self>) -> Result<()> {
        let file = self.pass_on().await?;
        self.store
            .blocking(move |inner| {
                let target = file.target().to_owned();
                file.publish()
                    .map_err(|error| inner.error(Doing::Writing, &target, error))
            })
            .await
    }
}
