//! Brings a backup of one repository into another, in the order that makes a crash harmless: `begin.json`, data,
//! documents, and the manifest last. What the other holds already is not moved.

use std::collections::HashMap;

use futures::FutureExt;
use hozon_model::BackupId;
use tokio_util::sync::CancellationToken;

use super::{
    KnownFiles, Repository,
    manifest::{CollectionEntry, FileEntry, Manifest},
};
use crate::{
    Error, ErrorCode, Result,
    store::{Digest, Pace, Route, at_pace},
};

/// Told of files and bytes as they arrive.
pub type Arrived<'a> = &'a (dyn Fn(u64, u64) + Send + Sync);

/// A backup on its way from one repository to another. Make it under a shared lease on both.
#[derive(Debug)]
pub struct Carrying {
    from: Repository,
    to: Repository,
    manifest: Manifest,
    route: Route,
    known: KnownFiles,
}

/// What there is to move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CarryTotals {
    /// Files of the backup.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files that are to be moved.
    pub new_files: u64,
    /// Their bytes.
    pub new_bytes: u64,
}

impl Carrying {
    /// Looks at both ends; nothing is written. Take `begin` first where files are going to be moved, so that a sweep
    /// leaves alone what is found.
    ///
    /// # Errors
    /// What the stores report, and `RepositoryDamaged` for documents that cannot be read.
    pub async fn new(from: &Repository, to: &Repository, manifest: Manifest) -> Result<Self> {
        let known = to.known_files(&manifest.begin.cluster_id, &[]).await?;
        Ok(Self {
            route: Route::new(from.store().clone(), to.store().clone()),
            from: from.clone(),
            to: to.clone(),
            manifest,
            known,
        })
    }

    /// How the files travel.
    pub fn route(&self) -> &Route {
        &self.route
    }

    /// The backup's collections.
    pub fn collections(&self) -> &[CollectionEntry] {
        &self.manifest.collections
    }

    /// Sums over everything.
    ///
    /// # Errors
    /// As [`Self::collection`], but nothing is moved.
    pub async fn totals(&self) -> Result<CarryTotals> {
        let mut totals = CarryTotals::default();
        for entry in &self.manifest.collections {
            for segment in self.from.collection(entry).await?.segments {
                for file in &segment.files {
                    let new = u64::from(!self.holds(file)?);
                    totals.files += 1;
                    totals.bytes += file.size;
                    totals.new_files += new;
                    totals.new_bytes += new * file.size;
                }
            }
        }
        Ok(totals)
    }

    /// Moves what is missing of one collection, at this pace, and writes its document.
    ///
    /// # Errors
    /// `FileMissing` and `FileDamaged` for files of the source, `RepositoryDamaged` where the target keeps another file
    /// under the same name, `Canceled`, and what the stores report. What arrived stays until a sweep.
    pub async fn collection(
        &self,
        number: usize,
        pace: &Pace,
        arrived: Arrived<'_>,
        cancel: &CancellationToken,
    ) -> Result<CollectionEntry> {
        let entry = &self.manifest.collections[number];
        let document = self.from.collection(entry).await?;
        let mut missing: HashMap<&str, &FileEntry> = HashMap::new();
        for file in document.segments.iter().flat_map(|segment| &segment.files) {
            if !self.holds(file)? {
                missing.insert(&file.path, file);
            }
        }
        let new_bytes = missing.values().map(|file| file.size).sum();
        let size = |file: &&FileEntry| self.route.passing(file.size);
        at_pace(missing.into_values(), pace, size, |file| {
            self.file(file, pace, arrived, cancel).boxed()
        })
        .await?;
        self.to
            .write_collection(self.id(), number, &document, new_bytes)
            .await
    }

    /// The manifest to commit in the target, once every collection is there.
    pub fn manifest(&self, collections: Vec<CollectionEntry>) -> Manifest {
        Manifest {
            collections,
            ..self.manifest.clone()
        }
    }

    fn id(&self) -> &BackupId {
        &self.manifest.begin.id
    }

    async fn file(
        &self,
        file: &FileEntry,
        pace: &Pace,
        arrived: Arrived<'_>,
        cancel: &CancellationToken,
    ) -> Result<()> {
        let path = Repository::data_path(&self.manifest.begin.cluster_id, &file.path);
        let expected = Digest {
            size: file.size,
            blake3: file.blake3.clone(),
        };
        let progress = |bytes| {
            arrived(0, bytes);
            pace.passed(bytes);
        };
        self.route
            .carry(&path, &path, &expected, &progress, cancel)
            .await?;
        arrived(1, 0);
        Ok(())
    }

    /// Whether the target has this very file. One of the same name and other content belongs to a backup there, so it
    /// must not be overwritten.
    fn holds(&self, file: &FileEntry) -> Result<bool> {
        match self.known.files.get(&file.path) {
            None => Ok(false),
            Some((size, blake3)) if *size == file.size && *blake3 == file.blake3 => Ok(true),
            Some(_) => Err(Error::new(
                ErrorCode::RepositoryDamaged,
                self.to.store().full_path(&Repository::data_path(
                    &self.manifest.begin.cluster_id,
                    &file.path,
                )),
            )
            .because("another backup there names a file of the same path and other content")
            .hint("verify both backups; copy this one into another repository")),
        }
    }
}
