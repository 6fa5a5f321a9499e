//! The second half of deleting: bytes that nobody names any more go.
//!
//! Nothing is removed unless a note under `trash/` leads to it, no manifest names it, no backup of the same cluster is
//! unfinished (it may rely on a file that was known when it began, even while nobody holds its lease), and the
//! exclusive lease is alive. For each note the files go first, then documents, `begin.json`, and the note at last: stopped
//! anywhere, the next sweep finds the note and goes on.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, PoisonError},
};

use futures::{FutureExt, TryStreamExt};
use hozon_model::ClusterId;

use super::{
    Repository, Swept,
    at_once::at_once,
    backup::{begin_path, manifest_path, note_path},
    check,
    lease::LeaseState,
    manifest::TrashNote,
    retire::Named,
};
use crate::{Error, ErrorCode, Result, store::Object};

/// Files removed between two looks at the lease.
const BATCH: usize = 64;

impl Repository {
    /// Removes what the notes under `trash/` name and no manifest does, then the notes. Call it while holding an
    /// exclusive lease taken from this repository; it is renewed on the way. `progress` is told of each file removed
    /// and its bytes.
    pub async fn sweep(&self, progress: &(dyn Fn(u64, u64) + Send + Sync)) -> Result<Swept> {
        let lease = self
            .exclusive
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .upgrade()
            .ok_or_else(|| {
                Error::new(ErrorCode::Internal, "sweep").because("nobody holds the exclusive lease")
            })?;
        let sweep = Sweep {
            repository: self,
            lease,
            progress,
        };
        sweep.run().await
    }

    /// Every note, by cluster.
    async fn notes(&self) -> Result<BTreeMap<ClusterId, Vec<TrashNote>>> {
        let mut notes = BTreeMap::<ClusterId, Vec<TrashNote>>::new();
        for id in self.retired().await? {
            if let Some(note) = self.note(&id).await? {
                notes.entry(note.cluster_id.clone()).or_default().push(note);
            }
        }
        Ok(notes)
    }
}

struct Sweep<'a> {
    repository: &'a Repository,
    lease: Arc<LeaseState>,
    progress: &'a (dyn Fn(u64, u64) + Send + Sync),
}

impl Sweep<'_> {
    async fn run(&self) -> Result<Swept> {
        let store = &self.repository.store;
        self.keep_lease().await?;
        let notes = self.repository.notes().await?;
        for note in notes.values().flatten() {
            // A crash while retiring leaves the manifest beside the note. It must be gone for good before its files are.
            store.delete(&manifest_path(&note.id)).await?;
        }
        store.settle().await?;
        let unfinished = self.repository.unfinished().await?;
        let busy: HashSet<_> = unfinished
            .into_iter()
            .map(|begin| begin.cluster_id)
            .collect();
        let mut swept = Swept::default();
        for (cluster, notes) in notes {
            if busy.contains(&cluster) {
                swept.postponed += notes.len() as u64;
                continue;
            }
            let named = match self.repository.named(&cluster, &[]).await {
                Err(error) if error.code() == ErrorCode::RepositoryDamaged => {
                    tracing::warn!(%error, "nothing is swept of a cluster with a damaged backup");
                    swept.postponed += notes.len() as u64;
                    continue;
                }
                named => named?,
            };
            for note in notes {
                self.sweep_note(&note, &named, &mut swept).await?;
            }
        }
        self.keep_lease().await?;
        for prefix in ["data/", "backups/"] {
            store.clear_unfinished(prefix).await?;
        }
        Ok(swept)
    }

    async fn sweep_note(&self, note: &TrashNote, named: &Named, swept: &mut Swept) -> Result<()> {
        let repository = self.repository;
        let by_document = match &note.documents {
            Some(documents) => self.sweep_documents(note, documents, named, swept).await?,
            None => false,
        };
        if !by_document {
            let files = repository.unnamed(&note.cluster_id, named).await?;
            self.remove(&note.cluster_id, files, swept).await?;
        }
        repository.store.settle().await?;
        let directory = check::directory(&note.id);
        let begin = begin_path(&note.id);
        let own: Vec<Object> = repository.store.list(&directory).try_collect().await?;
        for object in own.iter().filter(|object| object.path != begin) {
            self.keep_lease().await?;
            repository.store.delete(&object.path).await?;
        }
        repository.store.delete(&begin).await?;
        repository.store.settle().await?;
        repository.store.delete(&note_path(&note.id)).await
    }

    /// Removes what a note's documents name. Says whether all of them could be read: one may be damaged, or removed
    /// already by a sweep that was stopped.
    async fn sweep_documents(
        &self,
        note: &TrashNote,
        documents: &[super::manifest::NotedDocument],
        named: &Named,
        swept: &mut Swept,
    ) -> Result<bool> {
        let mut all_read = true;
        for noted in documents {
            match self.repository.read_document(noted).await {
                Ok(document) => {
                    let files = document
                        .segments
                        .into_iter()
                        .flat_map(|segment| segment.files);
                    let files = files
                        .filter(|file| !named.holds(&file.path))
                        .map(|file| (file.path, file.size))
                        .collect();
                    self.remove(&note.cluster_id, files, swept).await?;
                }
                Err(error) if error.code() == ErrorCode::RepositoryDamaged => all_read = false,
                Err(error) => return Err(error),
            }
        }
        Ok(all_read)
    }

    async fn remove(
        &self,
        cluster: &ClusterId,
        files: Vec<(String, u64)>,
        swept: &mut Swept,
    ) -> Result<()> {
        for batch in files.chunks(BATCH) {
            self.keep_lease().await?;
            let mut removals = at_once(batch.iter().map(|(path, _)| {
                self.remove_file(Repository::data_path(cluster, path))
                    .boxed()
            }));
            while let Some(bytes) = removals.try_next().await? {
                if let Some(bytes) = bytes {
                    swept.files += 1;
                    swept.bytes += bytes;
                    (self.progress)(1, bytes);
                }
            }
        }
        Ok(())
    }

    /// The bytes of the file, if it was there.
    async fn remove_file(&self, path: String) -> Result<Option<u64>> {
        let size = self.repository.store.size(&path).await?;
        if size.is_some() {
            self.repository.store.delete(&path).await?;
        }
        Ok(size)
    }

    /// Goes on only with a lease that will outlast the next batch.
    async fn keep_lease(&self) -> Result<()> {
        let duration = self.lease.duration();
        if self.lease.remaining() < duration / 2 {
            self.repository.renew_state(&self.lease, duration).await?;
        }
        Ok(())
    }
}
