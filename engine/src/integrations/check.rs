//! What an export needs at a place, found out by doing it: list, write, read, keep, delete an object.

use bytes::Bytes;
use futures::TryStreamExt;
use hozon_model::{
    CheckOutcome, Integration, IntegrationCheck, IntegrationCheckItem, IntegrationCheckSubject,
    StorageCredentials,
};

use super::{opened, policy};
use crate::{
    Error, ErrorCode, Result, id,
    store::{Store, Stores},
};

const CONTENT: &[u8] = b"hozon";
const UNSAFE_AS_A_REPOSITORY: &str = "export in the format `milvus-backup`; a repository here would be unsafe as soon as \
                                      two servers use it";

/// What was seen, and the first thing that did not work.
pub(super) async fn run(
    stores: &Stores,
    integration: &Integration,
    credentials: &StorageCredentials,
) -> (IntegrationCheck, Option<Error>) {
    let mut check = Check::default();
    match opened::open(stores, integration, credentials, "") {
        Ok(store) => check.try_all(&*store).await,
        Err(error) => check.fail(IntegrationCheckSubject::List, error),
    }
    for subject in [
        IntegrationCheckSubject::List,
        IntegrationCheckSubject::Write,
        IntegrationCheckSubject::Read,
        IntegrationCheckSubject::Keep,
        IntegrationCheckSubject::Delete,
    ] {
        if !check.items.iter().any(|item| item.subject == subject) {
            check.note(subject, CheckOutcome::Skipped, "");
        }
    }
    let result = IntegrationCheck {
        items: check.items,
        policy: policy::of(&integration.storage),
    };
    (result, check.error)
}

#[derive(Default)]
struct Check {
    items: Vec<IntegrationCheckItem>,
    error: Option<Error>,
}

impl Check {
    /// Stops where going on would only repeat the same.
    async fn try_all(&mut self, store: &dyn Store) {
        let place = store.location().url.clone();
        // A directory that is not there is not made: it may be a disk that is not mounted.
        let listed = store.list("").try_next().await.map(|_| ());
        if !self.tell(IntegrationCheckSubject::List, listed, &place) {
            return;
        }
        let path = match id::secret(12) {
            Ok(letters) => format!(".hozon-probe-{letters}"),
            Err(error) => return self.fail(IntegrationCheckSubject::Write, error),
        };
        let written = store.put(&path, Bytes::from_static(CONTENT)).await;
        if !self.tell(IntegrationCheckSubject::Write, written, &place) {
            return;
        }
        let read = read_back(store, &path).await;
        self.tell(IntegrationCheckSubject::Read, read, &place);
        self.look_whether_it_keeps(store, &path).await;
        let deleted = delete(store, &path).await;
        self.tell(IntegrationCheckSubject::Delete, deleted, &place);
    }

    /// A store that overwrites what it was told to keep is good for archives, and unsafe as a repository.
    async fn look_whether_it_keeps(&mut self, store: &dyn Store, path: &str) {
        let again = store.put_new(path, Bytes::from_static(CONTENT)).await;
        let detail = match again {
            Ok(false) => return self.note(IntegrationCheckSubject::Keep, CheckOutcome::Passed, ""),
            Ok(true) => "it does not honour If-None-Match and overwrites what is there".to_owned(),
            Err(error) => error.to_string(),
        };
        self.items.push(IntegrationCheckItem {
            subject: IntegrationCheckSubject::Keep,
            outcome: CheckOutcome::Warning,
            detail,
            hint: Some(UNSAFE_AS_A_REPOSITORY.to_owned()),
        });
    }

    fn tell(&mut self, subject: IntegrationCheckSubject, outcome: Result<()>, place: &str) -> bool {
        match outcome {
            Ok(()) => {
                self.note(subject, CheckOutcome::Passed, place);
                true
            }
            Err(error) => {
                self.fail(subject, error);
                false
            }
        }
    }

    fn note(&mut self, subject: IntegrationCheckSubject, outcome: CheckOutcome, detail: &str) {
        self.items.push(IntegrationCheckItem {
            subject,
            outcome,
            detail: detail.to_owned(),
            hint: None,
        });
    }

    fn fail(&mut self, subject: IntegrationCheckSubject, error: Error) {
        let hint = Some(error.report().hint.clone()).filter(|hint| !hint.is_empty());
        self.items.push(IntegrationCheckItem {
            subject,
            outcome: CheckOutcome::Failed,
            detail: error.to_string(),
            hint,
        });
        self.error.get_or_insert(error);
    }
}

async fn read_back(store: &dyn Store, path: &str) -> Result<()> {
    if store.get(path).await? == CONTENT {
        return Ok(());
    }
    Err(Error::new(ErrorCode::FileDamaged, store.full_path(path))
        .because("what was read is not what was written")
        .hint("something between here and the storage changes objects: look into proxies"))
}

async fn delete(store: &dyn Store, path: &str) -> Result<()> {
    store.delete(path).await?;
    if store.size(path).await?.is_none() {
        return Ok(());
    }
    Err(
        Error::new(ErrorCode::StorageUnwritable, store.full_path(path))
            .because("it is still there after it was deleted")
            .hint("look for object locks or a retention rule of the bucket"),
    )
}

#[cfg(test)]
mod tests;
