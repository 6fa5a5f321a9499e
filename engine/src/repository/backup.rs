//! The documents of one backup, in the order that makes a crash harmless.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures::{FutureExt, TryStreamExt};
use hozon_model::{BackupId, CollectionInBackup};

use super::{
    Repository, RepositoryLease,
    at_once::at_once,
    check,
    document::{compress, damaged, decompress, seal, unseal},
    manifest::{Begin, CollectionDocument, CollectionEntry, Manifest, NotedDocument},
};
use crate::{
    Error, ErrorCode, Result,
    source::{FieldDescription, IndexDescription},
};

/// Digits of a document's BLAKE3 in its name.
const NAME_DIGITS: usize = 16;

impl Repository {
    /// Writes `begin.json`; no error if an earlier attempt of the same backup did. Take a shared lease before, and
    /// ask for the known files after: from here on, a sweep leaves the cluster's files alone until the backup has a
    /// manifest or is retired.
    pub async fn begin(&self, begin: &Begin) -> Result<()> {
        check::backup_id(&begin.id)?;
        check::cluster_id(&begin.cluster_id)?;
        let bytes = seal(begin)?;
        self.store
            .put_new(&begin_path(&begin.id), bytes.into())
            .await?;
        Ok(())
    }

    /// Writes a collection's document and returns its entry for the manifest. What an earlier attempt left stays
    /// beside it, unnamed, until the backup is deleted.
    pub async fn write_collection(
        &self,
        id: &BackupId,
        number: usize,
        document: &CollectionDocument,
        new_bytes: u64,
    ) -> Result<CollectionEntry> {
        check::backup_id(id)?;
        check::collection(&document.description.name.to_string(), document)?;
        let bytes = compress(document)?;
        let blake3 = blake3::hash(&bytes).to_hex().to_string();
        let path = format!(
            "{}collections/{number}-{}.json.zst",
            check::directory(id),
            &blake3[..NAME_DIGITS]
        );
        let entry = CollectionEntry {
            document: path.clone(),
            document_size: bytes.len() as u64,
            document_blake3: blake3,
            new_bytes,
            summary: summary(document),
        };
        self.store.put(&path, bytes.into()).await?;
        Ok(entry)
    }

    /// Makes everything durable, then writes the manifest if there is none. Returns the one that counts:
    /// an earlier attempt's, if it got that far. `BackupNotAvailable` if the backup was retired meanwhile.
    pub async fn commit(&self, manifest: &Manifest) -> Result<Manifest> {
        self.write_manifest(manifest)
            .await
            .map(|(counts, _)| counts)
    }

    /// Commits while a lease keeps sweeps away. Where that is not certain — the lease ran out while the manifest was
    /// being written, or an earlier attempt wrote it — every file is looked for, and the manifest withdrawn if one
    /// is gone.
    pub async fn commit_under_lease(
        &self,
        manifest: &Manifest,
        lease: &RepositoryLease,
    ) -> Result<Manifest> {
        self.renew(lease, lease.state.duration()).await?;
        let (counts, is_ours) = self.write_manifest(manifest).await?;
        if is_ours && lease.state.is_live() {
            return Ok(counts);
        }
        if let Err(missing) = self.look_for_files(&counts).await {
            self.store.delete(&manifest_path(&counts.begin.id)).await?;
            self.store.settle().await?;
            return Err(missing);
        }
        Ok(counts)
    }

    /// The manifest that counts, and whether it is this one.
    async fn write_manifest(&self, manifest: &Manifest) -> Result<(Manifest, bool)> {
        let id = &manifest.begin.id;
        let path = manifest_path(id);
        check::backup_id(id)?;
        check::manifest(&path, id, manifest)?;
        let mut counts = (self.manifest(id).await?, false);
        if counts.0.is_none() {
            self.refuse_retired(id).await?;
            self.store.settle().await?;
            let bytes = Bytes::from(seal(manifest)?);
            counts = if self.store.put_new(&path, bytes).await? {
                (Some(manifest.clone()), true)
            } else {
                (self.manifest(id).await?, false)
            };
        }
        self.store.settle().await?;
        match counts {
            (Some(counts), is_ours) => Ok((counts, is_ours)),
            (None, _) => Err(damaged(&path, "it vanished")),
        }
    }

    async fn look_for_files(&self, manifest: &Manifest) -> Result<()> {
        for entry in &manifest.collections {
            let document = self.collection(entry).await?;
            let files = document.segments.iter().flat_map(|segment| &segment.files);
            at_once(files.map(|file| self.look_for(manifest, &file.path, file.size).boxed()))
                .try_collect::<()>()
                .await?;
        }
        Ok(())
    }

    async fn look_for(&self, manifest: &Manifest, path: &str, size: u64) -> Result<()> {
        let path = Self::data_path(&manifest.begin.cluster_id, path);
        if self.store.size(&path).await? == Some(size) {
            return Ok(());
        }
        Err(Error::new(ErrorCode::LeaseLost, path)
            .because("it is gone: the backup paused for so long that a sweep may have taken it")
            .hint("make the backup again"))
    }

    async fn refuse_retired(&self, id: &BackupId) -> Result<()> {
        let begun = self.store.size(&begin_path(id)).await?.is_some();
        if begun && self.store.size(&note_path(id)).await?.is_none() {
            return Ok(());
        }
        Err(Error::new(ErrorCode::BackupNotAvailable, id.to_string())
            .because("it was deleted while it was being made"))
    }

    /// Every backup's manifest, the oldest first. One that cannot be read is an error, not a gap.
    pub async fn manifests(&self) -> Result<Vec<Manifest>> {
        self.manifests_but(&[]).await
    }

    /// The same, with some left out: those may be damaged.
    pub(super) async fn manifests_but(&self, except: &[BackupId]) -> Result<Vec<Manifest>> {
        let retired = self.retired().await?;
        let with_manifest = self
            .directories()
            .await?
            .into_iter()
            .filter(|(id, has)| has.manifest && !except.contains(id) && !retired.contains(id));
        let mut manifests: Vec<Manifest> = at_once(
            with_manifest.map(|(id, _)| async move { self.read_manifest(&id).await }.boxed()),
        )
        .try_filter_map(|manifest| async { Ok(manifest) })
        .try_collect()
        .await?;
        manifests.sort_by(|a, b| (a.finished_at, &a.begin.id).cmp(&(b.finished_at, &b.begin.id)));
        Ok(manifests)
    }

    /// One backup's manifest, if it has one and was not retired.
    pub async fn manifest(&self, id: &BackupId) -> Result<Option<Manifest>> {
        check::backup_id(id)?;
        if self.store.size(&note_path(id)).await?.is_some() {
            return Ok(None);
        }
        self.read_manifest(id).await
    }

    /// The manifest as it lies there, retired or not.
    pub(super) async fn read_manifest(&self, id: &BackupId) -> Result<Option<Manifest>> {
        let path = manifest_path(id);
        let Some(bytes) = self.get_if_there(&path).await? else {
            return Ok(None);
        };
        let manifest: Manifest = unseal(&path, &bytes).map_err(|error| advise(error, id))?;
        check::manifest(&path, id, &manifest).map_err(|error| advise(error, id))?;
        Ok(Some(manifest))
    }

    /// What was begun and has no manifest: attempts that are under way somewhere, wait to be taken up again, or failed.
    /// Those that were retired are not among them.
    pub async fn unfinished(&self) -> Result<Vec<Begin>> {
        let retired = self.retired().await?;
        let mut begins = Vec::new();
        for (id, has) in self.directories().await? {
            if has.begin && !has.manifest && !retired.contains(&id) {
                begins.extend(self.read_begin(&id).await?);
            }
        }
        Ok(begins)
    }

    /// A collection's document, after checking its BLAKE3.
    pub async fn collection(&self, entry: &CollectionEntry) -> Result<CollectionDocument> {
        self.read_document(&entry.into()).await
    }

    pub(super) async fn read_document(&self, noted: &NotedDocument) -> Result<CollectionDocument> {
        let path = &noted.document;
        let Some(bytes) = self.get_if_there(path).await? else {
            return Err(damaged(path, "it is missing"));
        };
        if bytes.len() as u64 != noted.document_size
            || blake3::hash(&bytes).to_hex().as_str() != noted.document_blake3
        {
            return Err(damaged(path, "it is not what the manifest says"));
        }
        let document = decompress(path, &bytes)?;
        check::collection(path, &document)?;
        Ok(document)
    }

    pub(super) async fn read_begin(&self, id: &BackupId) -> Result<Option<Begin>> {
        let path = begin_path(id);
        let Some(bytes) = self.get_if_there(&path).await? else {
            return Ok(None);
        };
        let begin: Begin = unseal(&path, &bytes)?;
        check::begin(&path, id, &begin)?;
        Ok(Some(begin))
    }

    pub(super) async fn get_if_there(&self, path: &str) -> Result<Option<Bytes>> {
        match self.store.get(path).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.code() == ErrorCode::FileMissing => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Every directory under `backups/`, with what lies in it.
    pub(super) async fn directories(&self) -> Result<BTreeMap<BackupId, Has>> {
        let mut found = BTreeMap::new();
        let mut objects = self.store.list("backups/");
        while let Some(object) = objects.try_next().await? {
            let mut parts = object.path.splitn(3, '/').skip(1);
            let (Some(id), Some(name)) = (parts.next(), parts.next()) else {
                continue;
            };
            let (manifest, begin) = (name == "manifest.json", name == "begin.json");
            if manifest || begin {
                let has: &mut Has = found.entry(named_id(&object.path, id)?).or_default();
                has.manifest |= manifest;
                has.begin |= begin;
            }
        }
        Ok(found)
    }
}

/// The identifier in the path of a repository's own object.
pub(super) fn named_id(path: &str, id: &str) -> Result<BackupId> {
    let id = BackupId::new(id);
    check::backup_id(&id).map_err(|_| damaged(path, "nothing of a repository is called so"))?;
    Ok(id)
}

/// What lies in a backup's directory.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Has {
    pub(super) begin: bool,
    pub(super) manifest: bool,
}

pub(super) fn begin_path(id: &BackupId) -> String {
    format!("{}begin.json", check::directory(id))
}

pub(super) fn manifest_path(id: &BackupId) -> String {
    format!("{}manifest.json", check::directory(id))
}

pub(super) fn note_path(id: &BackupId) -> String {
    format!("trash/{id}.json")
}

fn advise(error: Error, id: &BackupId) -> Error {
    if error.code() == ErrorCode::RepositoryDamaged {
        error.hint(format!(
            "put the file back from a copy of the repository, or delete backup `{id}`"
        ))
    } else {
        error
    }
}

fn summary(document: &CollectionDocument) -> CollectionInBackup {
    let description = &document.description;
    let files = || document.segments.iter().flat_map(|segment| &segment.files);
    CollectionInBackup {
        database: description.name.database.clone(),
        name: description.name.name.clone(),
        rows: document
            .segments
            .iter()
            .map(|segment| segment.live_rows)
            .sum(),
        bytes: files().map(|file| file.size).sum(),
        files: files().count() as u64,
        partitions: description.partitions.len() as u64,
        fields: description.fields.iter().map(field_text).collect(),
        indexes: description.indexes.iter().map(index_text).collect(),
        aliases: description.aliases.clone(),
        load_state: description.load_state,
    }
}

fn field_text(field: &FieldDescription) -> String {
    let role = match (field.primary_key, field.partition_key) {
        (true, _) => " (primary key)",
        (false, true) => " (partition key)",
        (false, false) => "",
    };
    format!("{}: {}{role}", field.name, field.data_type)
}

fn index_text(index: &IndexDescription) -> String {
    let kind = index.params.get("index_type").unwrap_or(&index.name);
    format!("{}: {kind}", index.field)
}
