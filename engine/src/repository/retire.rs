//! The first half of deleting: the backup stops to exist, its bytes stay.

use std::{
    collections::{BTreeSet, HashSet},
    slice,
};

use futures::{FutureExt, StreamExt, TryStreamExt};
use hozon_model::{BackupId, ClusterId};
use jiff::Timestamp;

use super::{
    Repository,
    at_once::at_once,
    backup::{manifest_path, named_id, note_path},
    check,
    document::{seal, unseal},
    manifest::{FORMAT, NotedDocument, TrashNote},
};
use crate::{ErrorCode, Result};

/// Paths that manifests name, by the first half of their BLAKE3: millions of paths in little memory. Two paths that
/// fall together would only keep a file for longer.
#[derive(Debug, Default)]
pub(super) struct Named(HashSet<[u8; 16]>);

impl Named {
    fn mark(path: &str) -> [u8; 16] {
        let mut mark = [0; 16];
        mark.copy_from_slice(&blake3::hash(path.as_bytes()).as_bytes()[..16]);
        mark
    }

    pub(super) fn holds(&self, path: &str) -> bool {
        self.0.contains(&Self::mark(path))
    }
}

impl Repository {
    /// Files that only this backup names (for an attempt without a manifest: that no backup names): `(path, size)`
    /// from the repository's root, and, second, those of its files that others name too. Where another backup is so
    /// damaged that nobody knows what it names, all count as named by others. Nothing, if nothing is left of it.
    pub async fn files_only_in(
        &self,
        id: &BackupId,
    ) -> Result<(Vec<(String, u64)>, Vec<(String, u64)>)> {
        check::backup_id(id)?;
        let Some(note) = self.note_of(id).await? else {
            return Ok(Default::default());
        };
        let cluster = &note.cluster_id;
        let by_others = readable(self.named(cluster, slice::from_ref(id)).await)?;
        let own = match &note.documents {
            Some(documents) => readable(self.files_of(documents).await)?,
            None => None,
        };
        let files = match (own, &by_others) {
            (Some(files), _) => files,
            (None, Some(by_others)) => self.unnamed(cluster, by_others).await?,
            (None, None) => Vec::new(),
        };
        let from_root = |(path, size): (String, u64)| (Self::data_path(cluster, &path), size);
        let (shared, only): (Vec<_>, Vec<_>) = files.into_iter().partition(|(path, _)| {
            by_others
                .as_ref()
                .is_none_or(|by_others| by_others.holds(path))
        });
        Ok((
            only.into_iter().map(from_root).collect(),
            shared.into_iter().map(from_root).collect(),
        ))
    }

    /// Ends a backup: with its note under `trash/` it exists no more, and its manifest goes. Also ends an attempt that
    /// has no manifest. No error if nothing is left of the backup.
    pub async fn retire(&self, id: &BackupId) -> Result<()> {
        check::backup_id(id)?;
        if self.note(id).await?.is_none() {
            let Some(note) = self.note_of(id).await? else {
                return Ok(());
            };
            self.store
                .put_new(&note_path(id), seal(&note)?.into())
                .await?;
        }
        self.store.settle().await?;
        self.store.delete(&manifest_path(id)).await?;
        self.store.settle().await
    }

    /// Takes back that a backup was retired, so that a copy of it can be made here again although its bytes were not
    /// swept yet. Call it under a shared lease, which keeps sweeps away. The manifest is gone for good before the note
    /// is: the backup exists again only by a new commit, which names nothing that was not looked for.
    pub async fn revive(&self, id: &BackupId) -> Result<()> {
        check::backup_id(id)?;
        if self.store.size(&note_path(id)).await?.is_none() {
            return Ok(());
        }
        self.store.delete(&manifest_path(id)).await?;
        self.store.settle().await?;
        self.store.delete(&note_path(id)).await?;
        self.store.settle().await
    }

    /// The backups that have a note.
    pub(super) async fn retired(&self) -> Result<BTreeSet<BackupId>> {
        let mut retired = BTreeSet::new();
        let mut objects = self.store.list("trash/");
        while let Some(object) = objects.try_next().await? {
            let name = object.path.strip_prefix("trash/");
            if let Some(id) = name.and_then(|name| name.strip_suffix(".json")) {
                retired.insert(named_id(&object.path, id)?);
            }
        }
        Ok(retired)
    }

    /// The note that lies under `trash/`.
    pub(super) async fn note(&self, id: &BackupId) -> Result<Option<TrashNote>> {
        let path = note_path(id);
        let Some(bytes) = self.get_if_there(&path).await? else {
            return Ok(None);
        };
        let note: TrashNote = unseal(&path, &bytes)?;
        check::note(&path, id, &note)?;
        Ok(Some(note))
    }

    /// The note that lies there, or the one to write.
    async fn note_of(&self, id: &BackupId) -> Result<Option<TrashNote>> {
        if let Some(note) = self.note(id).await? {
            return Ok(Some(note));
        }
        let note = |cluster_id: &ClusterId, documents| TrashNote {
            format: FORMAT,
            id: id.clone(),
            cluster_id: cluster_id.clone(),
            retired_at: Timestamp::now(),
            documents,
        };
        let unreadable = match self.read_manifest(id).await {
            Ok(Some(manifest)) => {
                let documents = manifest
                    .collections
                    .iter()
                    .map(NotedDocument::from)
                    .collect();
                return Ok(Some(note(&manifest.begin.cluster_id, Some(documents))));
            }
            Ok(None) => None,
            Err(error) if error.code() == ErrorCode::RepositoryDamaged => Some(error),
            Err(error) => return Err(error),
        };
        match (self.read_begin(id).await?, unreadable) {
            (Some(begin), _) => Ok(Some(note(&begin.cluster_id, None))),
            (None, Some(error)) => Err(error),
            (None, None) => Ok(None),
        }
    }

    /// What the manifests of a cluster name, those in `except` left out. A document that cannot be read is an error:
    /// what it names is not known, so nothing may be removed.
    pub(super) async fn named(&self, cluster: &ClusterId, except: &[BackupId]) -> Result<Named> {
        let manifests = self.manifests_but(except).await?;
        let entries = manifests
            .iter()
            .filter(|manifest| manifest.begin.cluster_id == *cluster)
            .flat_map(|manifest| &manifest.collections);
        let mut documents = at_once(entries.map(|entry| self.collection(entry).boxed()));
        let mut named = Named::default();
        while let Some(document) = documents.next().await {
            for segment in document?.segments {
                named
                    .0
                    .extend(segment.files.iter().map(|file| Named::mark(&file.path)));
            }
        }
        Ok(named)
    }

    /// The files of a cluster that lie there and are not named: path below the cluster's directory, and size.
    pub(super) async fn unnamed(
        &self,
        cluster: &ClusterId,
        named: &Named,
    ) -> Result<Vec<(String, u64)>> {
        let present = self.present(cluster).await?;
        Ok(present
            .into_iter()
            .filter(|(path, _)| !named.holds(path))
            .collect())
    }

    async fn files_of(&self, documents: &[NotedDocument]) -> Result<Vec<(String, u64)>> {
        let mut files = Vec::new();
        for noted in documents {
            for segment in self.read_document(noted).await?.segments {
                files.extend(segment.files.into_iter().map(|file| (file.path, file.size)));
            }
        }
        Ok(files)
    }
}

/// Nothing in place of what is too damaged to be read.
pub(super) fn readable<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.code() == ErrorCode::RepositoryDamaged => Ok(None),
        Err(error) => Err(error),
    }
}
