//! Takes in an archive in the layout of milvus-backup: copies with every check that it allows, and counts.

use std::{collections::HashMap, sync::Arc};

use futures::FutureExt;
use hozon_model::{JobPhase, LogLevel};
use jiff::Timestamp;

use crate::{
    Error, ErrorCode, Result,
    archive::{Archive, ArchivedCollection, ArchivedFile, ArchivedSegment},
    jobs::JobContext,
    repository::{
        Repository,
        manifest::{
            Begin, CollectionDocument, CollectionEntry, FORMAT, FileEntry, Manifest, SegmentEntry,
        },
    },
    source::binlog,
    store::{self, Digest, Pace, Store, at_pace},
};

/// One attempt at one adoption.
pub(crate) struct ArchiveAdoption<'a> {
    pub(crate) repository: &'a Repository,
    pub(crate) source: &'a Arc<dyn Store>,
    pub(crate) begin: &'a Begin,
    pub(crate) context: &'a JobContext,
    pub(crate) pace: &'a Pace,
}

impl ArchiveAdoption<'_> {
    pub(crate) async fn run(&self, archive: &Archive) -> Result<Manifest> {
        if archive.unnamed_files > 0 {
            let text = format!(
                "{} files lie in the archive that it does not name; they are left out",
                archive.unnamed_files
            );
            self.context.log(LogLevel::Warning, text).await;
        }
        self.repository.begin(self.begin).await?;
        let segments = || {
            archive
                .collections
                .iter()
                .flat_map(|collection| &collection.segments)
        };
        let files = || segments().flat_map(|segment| &segment.files);
        self.context.set_totals(
            files().map(|file| file.size).sum(),
            files().count() as u64,
            segments().map(|segment| segment.rows).sum(),
        );
        let mut collections = Vec::with_capacity(archive.collections.len());
        for (number, collection) in archive.collections.iter().enumerate() {
            collections.push(self.take(number, collection).await?);
        }
        Ok(Manifest {
            begin: self.begin.clone(),
            finished_at: Timestamp::now(),
            milvus_version: archive.milvus_version.clone(),
            collections,
        })
    }

    async fn take(
        &self,
        number: usize,
        collection: &ArchivedCollection,
    ) -> Result<CollectionEntry> {
        self.context.set_phase(JobPhase::Copying);
        let files = collection
            .segments
            .iter()
            .flat_map(|segment| &segment.files);
        let size = |file: &&ArchivedFile| file.size;
        let copied = at_pace(files, self.pace, size, |file| self.copy(file).boxed()).await?;
        let mut digests: HashMap<String, String> = copied.into_iter().collect();
        self.context.set_phase(JobPhase::Counting);
        let mut segments = Vec::with_capacity(collection.segments.len());
        for segment in &collection.segments {
            segments.push(self.count(collection, segment, &mut digests).await?);
        }
        let bytes = collection
            .segments
            .iter()
            .flat_map(|segment| &segment.files)
            .map(|file| file.size)
            .sum();
        let document = CollectionDocument {
            format: FORMAT,
            description: collection.description.clone(),
            cutoff_ms: collection.cutoff_ms,
            segments,
        };
        self.repository
            .write_collection(&self.begin.id, number, &document, bytes)
            .await
    }

    /// The path of a file on Milvus's storage, and its BLAKE3.
    async fn copy(&self, file: &ArchivedFile) -> Result<(String, String)> {
        self.context.check()?;
        let path = file.log.source_path();
        let target = Repository::data_path(&self.begin.cluster_id, &path);
        let expected = file.blake3.as_ref().map(|blake3| Digest {
            size: file.size,
            blake3: blake3.clone(),
        });
        let (from, to) = (
            (&**self.source, file.path.as_str()),
            (&**self.repository.store(), target.as_str()),
        );
        let count = |bytes| {
            self.context.add_bytes(bytes);
            self.pace.passed(bytes);
        };
        let digest = store::copy(
            from,
            to,
            expected.as_ref(),
            &count,
            self.context.cancel_token(),
        )
        .await?;
        if digest.size != file.size {
            return Err(Error::new(ErrorCode::FileDamaged, file.path.as_str())
                .because(format!("{} bytes in place of {}", digest.size, file.size)));
        }
        self.context.add_files(1);
        Ok((path, digest.blake3))
    }

    /// Counts live rows from the repository's own copy; an archive whose logs hold other rows than it says is refused.
    async fn count(
        &self,
        collection: &ArchivedCollection,
        segment: &ArchivedSegment,
        digests: &mut HashMap<String, String>,
    ) -> Result<SegmentEntry> {
        self.context.check()?;
        let description = &collection.description;
        let mut files = Vec::with_capacity(segment.files.len());
        for file in &segment.files {
            let path = file.log.source_path();
            let blake3 = digests.remove(&path).ok_or_else(|| {
                Error::new(ErrorCode::Internal, path.as_str()).because("it was not copied")
            })?;
            files.push(FileEntry {
                path,
                size: file.size,
                blake3,
            });
        }
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let live_rows = binlog::live_rows(
            &**self.repository.store(),
            &Repository::data_path(&self.begin.cluster_id, ""),
            &files,
            super::backup_work::primary_key(description)?,
            segment.rows,
            collection.cutoff_ms,
        )
        .await?;
        self.context.add_rows(segment.rows);
        Ok(SegmentEntry {
            id: segment.id,
            partition_id: segment.partition_id,
            rows: segment.rows,
            live_rows,
            files,
        })
    }
}
