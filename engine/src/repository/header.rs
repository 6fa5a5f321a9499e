//! `hozon.json`: what makes a place a repository.

use std::sync::Arc;

use futures::TryStreamExt;
use jiff::Timestamp;

use super::{
    Repository,
    document::{damaged, seal, unseal},
    manifest::{FORMAT, RepositoryHeader},
};
use crate::{Error, ErrorCode, Result, id, store::Store};

const HEADER: &str = "hozon.json";
const ID_LETTERS: usize = 26;

impl Repository {
    /// Opens the repository on a store, or makes one if the store is empty. `RepositoryNewer` leaves it untouched;
    /// a store that holds other things and no `hozon.json` is refused.
    pub async fn open(store: Arc<dyn Store>) -> Result<Self> {
        store.prepare().await?;
        let header = match read(&*store).await? {
            Some(header) => header,
            None => make(&*store).await?,
        };
        Ok(Self::new(store, header.id))
    }

    /// Opens the repository on a store, if there is one; nothing is made.
    pub async fn find(store: Arc<dyn Store>) -> Result<Option<Self>> {
        let header = read(&*store).await?;
        Ok(header.map(|header| Self::new(store, header.id)))
    }
}

async fn read(store: &dyn Store) -> Result<Option<RepositoryHeader>> {
    match store.get(HEADER).await {
        Ok(bytes) => unseal(&store.full_path(HEADER), &bytes).map(Some),
        Err(error) if error.code() == ErrorCode::FileMissing => Ok(None),
        Err(error) => Err(error),
    }
}

async fn make(store: &dyn Store) -> Result<RepositoryHeader> {
    if let Some(object) = store.list("").try_next().await? {
        // Another server may have made it since it was looked for.
        return match read(store).await? {
            Some(header) => Ok(header),
            None => Err(refuse(store, &object.path)),
        };
    }
    let header = RepositoryHeader {
        format: FORMAT,
        id: id::secret(ID_LETTERS)?,
        created_at: Timestamp::now(),
    };
    let bytes = bytes::Bytes::from(seal(&header)?);
    if store.put_new(HEADER, bytes.clone()).await? {
        if store.put_new(HEADER, bytes).await? {
            tracing::warn!(
                location = store.location().url,
                "this storage does not honour If-None-Match: let only one Hozon server use it"
            );
        }
        return Ok(header);
    }
    read(store)
        .await?
        .ok_or_else(|| damaged(&store.full_path(HEADER), "it vanished"))
}

fn refuse(store: &dyn Store, found: &str) -> Error {
    let location = &store.location().url;
    let ours = ["backups/", "data/", "leases/", "trash/"]
        .iter()
        .any(|prefix| found.starts_with(prefix));
    if ours {
        return damaged(
            &store.full_path(HEADER),
            "it is missing, but backups are there",
        )
        .hint("put it back: every copy of this repository has the same");
    }
    Error::new(ErrorCode::InvalidInput, location.clone())
        .because(format!(
            "it holds other things, such as `{found}`, and no repository"
        ))
        .hint("name an empty directory or an unused path in the bucket")
}
