//! Tries, step by step, whether a cluster can be backed up and restored into, and keeps what each step saw.

use hozon_model::{CheckItem, CheckOutcome, CheckSubject, Cluster, ClusterCheck, CollectionName};

use bytes::Bytes;
use futures::StreamExt;

use crate::{
    Error, ErrorCode, Result,
    commands::{ClusterSecrets, STAGING, all_of, milvus_address},
    id,
    source::{Milvus, milvus::connect},
    store::{Store, Stores},
};

/// The steps so far.
#[derive(Debug, Default)]
pub(crate) struct Check {
    items: Vec<CheckItem>,
    error: Option<Error>,
    /// Milvus's version, once it answered.
    pub(crate) version: Option<String>,
}

impl Check {
    /// Tries everything; what cannot be tried after a failure is marked as skipped.
    pub(crate) async fn run(stores: &Stores, cluster: &Cluster, secrets: &ClusterSecrets) -> Self {
        let mut check = Self::default();
        let milvus = match connect(&milvus_address(cluster, secrets)).await {
            Ok(milvus) => {
                check.note(
                    CheckSubject::Connection,
                    CheckOutcome::Passed,
                    &cluster.address,
                );
                check.note(
                    CheckSubject::Credentials,
                    CheckOutcome::Passed,
                    cluster.username.as_deref().unwrap_or("-"),
                );
                Some(milvus)
            }
            Err(error) if error.code() == ErrorCode::ClusterCredentialsRefused => {
                check.note(
                    CheckSubject::Connection,
                    CheckOutcome::Passed,
                    &cluster.address,
                );
                check.fail(CheckSubject::Credentials, error);
                None
            }
            Err(error) => {
                check.fail(CheckSubject::Connection, error);
                check.skip(CheckSubject::Credentials);
                None
            }
        };
        match &milvus {
            Some(milvus) => check.version(&**milvus).await,
            None => check.skip(CheckSubject::Version),
        }
        match stores.open(&cluster.storage, &secrets.storage()) {
            Ok(store) => check.storage(&*store, milvus.as_deref()).await,
            Err(error) => {
                check.fail(CheckSubject::StorageRead, error);
                check.skip(CheckSubject::StorageWrite);
                check.skip(CheckSubject::StorageMatch);
            }
        }
        check
    }

    async fn version(&mut self, milvus: &dyn Milvus) {
        match milvus.version().await {
            Ok(version) if version.contains("lite") && !version.starts_with('v') => self.fail(
                CheckSubject::Version,
                Error::new(ErrorCode::MilvusUnsupported, version)
                    .because("Milvus Lite keeps no binlogs and cannot import")
                    .hint("register a Milvus standalone or cluster"),
            ),
            Ok(version) => {
                let outcome = if version.starts_with("v2.3.") {
                    CheckOutcome::Passed
                } else {
                    CheckOutcome::Warning
                };
                self.note(CheckSubject::Version, outcome, &version);
                self.version = Some(version);
            }
            Err(error) => self.fail(CheckSubject::Version, error),
        }
    }

    async fn storage(&mut self, store: &dyn Store, milvus: Option<&dyn Milvus>) {
        if let Err(error) = readable(store).await {
            self.fail(CheckSubject::StorageRead, error);
            self.skip(CheckSubject::StorageWrite);
            self.skip(CheckSubject::StorageMatch);
            return;
        }
        self.note(
            CheckSubject::StorageRead,
            CheckOutcome::Passed,
            &store.location().url,
        );
        match write_probe(store).await {
            Ok(()) => self.note(CheckSubject::StorageWrite, CheckOutcome::Passed, &store.location().url),
            Err(error) => self.items.push(CheckItem {
                subject: CheckSubject::StorageWrite,
                outcome: CheckOutcome::Warning,
                detail: error.to_string(),
                hint: Some("backups work, restores into this cluster do not: allow writing under its root path".into()),
            }),
        }
        let Some(milvus) = milvus else {
            return self.skip(CheckSubject::StorageMatch);
        };
        match find_segment(store, milvus).await {
            Ok(Some(path)) => self.note(CheckSubject::StorageMatch, CheckOutcome::Passed, &path),
            Ok(None) => self.note(
                CheckSubject::StorageMatch,
                CheckOutcome::Skipped,
                "no flushed segment yet",
            ),
            Err(error) => self.fail(CheckSubject::StorageMatch, error),
        }
    }

    fn note(&mut self, subject: CheckSubject, outcome: CheckOutcome, detail: &str) {
        self.items.push(CheckItem {
            subject,
            outcome,
            detail: detail.to_owned(),
            hint: None,
        });
    }

    fn skip(&mut self, subject: CheckSubject) {
        self.note(subject, CheckOutcome::Skipped, "");
    }

    fn fail(&mut self, subject: CheckSubject, error: Error) {
        let hint = Some(error.report().hint.clone()).filter(|hint| !hint.is_empty());
        self.items.push(CheckItem {
            subject,
            outcome: CheckOutcome::Failed,
            detail: error.to_string(),
            hint,
        });
        self.error.get_or_insert(error);
    }

    /// What was seen, for people.
    pub(crate) fn result(self) -> ClusterCheck {
        ClusterCheck { items: self.items }
    }

    /// The first failure, if there was one.
    pub(crate) fn into_error(self) -> Option<Error> {
        self.error
    }
}

async fn readable(store: &dyn Store) -> Result<()> {
    if let Some(root) = store.local_file("").filter(|root| !root.is_dir()) {
        return Err(Error::new(ErrorCode::StorageUnreadable, store.location().url.as_str())
            .because(format!("{} is not a directory on this machine", root.display()))
            .hint("give the directory that Milvus has as `localStorage.path`, mounted on this machine too"));
    }
    store
        .list("insert_log/")
        .next()
        .await
        .transpose()
        .map(|_| ())
}

async fn write_probe(store: &dyn Store) -> Result<()> {
    let path = format!("{STAGING}/probe-{}", id::secret(12)?);
    store.put(&path, Bytes::from_static(b"hozon")).await?;
    let read = store.get(&path).await;
    store.delete(&path).await?;
    read.map(|_| ())
}

/// Looks for the files of some flushed segment: proof that address and storage belong together.
async fn find_segment(store: &dyn Store, milvus: &dyn Milvus) -> Result<Option<String>> {
    let databases = milvus.databases().await?;
    for name in all_of(milvus, databases).await? {
        let found = match flushed_segment(milvus, &name).await {
            // Somebody may drop a collection while this looks for one.
            Err(error) if error.code() == ErrorCode::CollectionNotFound => continue,
            found => found?,
        };
        let Some((segment, directory)) = found else {
            continue;
        };
        return match store.list(&directory).next().await.transpose()? {
            Some(_) => Ok(Some(directory)),
            None => Err(Error::new(ErrorCode::ClusterStorageMismatch, store.location().url.as_str())
                .because(format!("segment {segment} of `{name}` has no files under {}", store.full_path(&directory)))
                .hint("give the bucket and root path (or local directory) that this Milvus is configured with")),
        };
    }
    Ok(None)
}

/// A segment with rows, and the directory in which its files must lie.
async fn flushed_segment(
    milvus: &dyn Milvus,
    name: &CollectionName,
) -> Result<Option<(i64, String)>> {
    let segments = milvus.segments(name).await?;
    let Some(segment) = segments.into_iter().find(|segment| segment.rows > 0) else {
        return Ok(None);
    };
    let collection = milvus.describe(name).await?.id;
    let directory = format!(
        "insert_log/{collection}/{}/{}/",
        segment.partition_id, segment.id
    );
    Ok(Some((segment.id, directory)))
}
