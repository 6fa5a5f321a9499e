//! What a cluster's backups keep already, so that the next one neither reads nor moves it.

use std::collections::HashMap;

use futures::{FutureExt, StreamExt, TryStreamExt};
use hozon_model::{BackupId, ClusterId};

use super::{
    KnownFiles, Repository,
    at_once::at_once,
    check,
    manifest::{CollectionDocument, FileEntry},
};
use crate::{ErrorCode, Result};

impl Repository {
    /// What the repository keeps of a cluster, but for what only the backups in `except` name: files that manifests
    /// name and that are there with the right size. Whatever was lost is not known, so the next backup brings it back.
    /// Ask after [`begin`](Self::begin), under a lease.
    pub async fn known_files(
        &self,
        cluster: &ClusterId,
        except: &[BackupId],
    ) -> Result<KnownFiles> {
        check::cluster_id(cluster)?;
        let mut manifests = self.manifests_but(except).await?;
        manifests.retain(|manifest| manifest.begin.cluster_id == *cluster);
        let present = self.present(cluster).await?;
        let mut known = KnownFiles::default();
        let entries = manifests.iter().flat_map(|manifest| &manifest.collections);
        let mut documents =
            at_once(entries.map(|entry| {
                async move { (&entry.document, self.collection(entry).await) }.boxed()
            }));
        while let Some((path, document)) = documents.next().await {
            match document {
                Ok(document) => known.add(document, &present),
                Err(error) if error.code() == ErrorCode::RepositoryDamaged => {
                    known.unreadable.push(path.clone());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(known)
    }

    /// The files of a cluster that lie in the repository, with their sizes, by path below the cluster's directory.
    pub(super) async fn present(&self, cluster: &ClusterId) -> Result<HashMap<String, u64>> {
        let prefix = Self::data_path(cluster, "");
        let below = prefix.len();
        self.store
            .list(&prefix)
            .map_ok(|object| (object.path[below..].to_owned(), object.size))
            .try_collect()
            .await
    }
}

impl KnownFiles {
    /// Later documents are of later backups: what they say of a segment is newer.
    fn add(&mut self, document: CollectionDocument, present: &HashMap<String, u64>) {
        let is_there = |file: &FileEntry| present.get(&file.path) == Some(&file.size);
        for segment in document.segments {
            for file in segment.files.iter().filter(|file| is_there(file)) {
                let value = (file.size, file.blake3.clone());
                self.files.insert(file.path.clone(), value);
            }
            self.segments.insert(segment.id, segment);
        }
    }
}
