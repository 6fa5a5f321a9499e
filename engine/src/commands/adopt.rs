//! Makes a backup of an archive: plan, copy with every check that the archive allows, count, commit.

use std::{collections::HashMap, sync::Arc};

use futures::FutureExt;
use hozon_model::{AdoptOptions, AdoptPlan, JobPhase, LogLevel};
use jiff::Timestamp;

use crate::{
    Error, ErrorCode, Result,
    archive::{self, Archive, ArchivedCollection, ArchivedFile, ArchivedSegment},
    catalog::ClaimedJob,
    core::Core,
    integrations::check_directory,
    jobs::JobContext,
    repository::{
        LeaseKind, Repository,
        manifest::{
            Begin, CollectionDocument, CollectionEntry, FORMAT, FileEntry, Manifest, SegmentEntry,
        },
    },
    source::binlog,
    store::{self, Digest, Pace, Store, at_pace},
};

impl Core {
    /// What an adoption would do; with the archive, which is read anyway.
    pub(crate) async fn adopt_plan(&self, options: &AdoptOptions) -> Result<(AdoptPlan, Archive)> {
        let store = self.archive_store(options).await?;
        let archive = archive::read(&*store).await?;
        let files = || {
            archive
                .collections
                .iter()
                .flat_map(|collection| &collection.segments)
                .flat_map(|segment| &segment.files)
        };
        let plan = AdoptPlan {
            name: options
                .name
                .clone()
                .unwrap_or_else(|| original_name(&archive)),
            milvus_version: archive.milvus_version.clone(),
            has_checksums: archive.note.is_some(),
            collections: archive
                .collections
                .iter()
                .map(|collection| collection.description.name.clone())
                .collect(),
            files: files().count() as u64,
            bytes: files().map(|file| file.size).sum(),
            rows: archive.collections.iter().map(rows).sum(),
            unnamed_files: archive.unnamed_files,
        };
        Ok((plan, archive))
    }

    pub(crate) async fn run_adopt(
        &self,
        job: &ClaimedJob,
        options: &AdoptOptions,
        context: &JobContext,
    ) -> Result<()> {
        let begin = self.begin_record(job).await?;
        if let Some(manifest) = self.repository().manifest(&begin.id).await? {
            return self.record(&manifest).await;
        }
        context.set_phase(JobPhase::Planning);
        let source = self.archive_store(options).await?;
        let archive = archive::read(&*source).await?;
        let lease = self
            .hold_repository(LeaseKind::Shared, job, context)
            .await?;
        let adoption = Adoption {
            repository: self.repository(),
            source: &source,
            begin: &begin,
            context,
            pace: &Pace::of(&[&source, self.repository().store()]),
        };
        let made = async {
            let manifest = adoption.run(&archive).await?;
            context.set_phase(JobPhase::Committing);
            context.confirm().await?;
            lease.commit(&manifest).await
        }
        .await;
        let manifest = lease.over(made).await?;
        self.record(&manifest).await?;
        let totals = manifest.totals();
        let text = format!(
            "backup {} is available: {} rows, {} files, {} bytes, adopted from {}",
            begin.id,
            totals.rows,
            totals.files,
            totals.bytes,
            source.location().url
        );
        context.log(LogLevel::Info, text).await;
        Ok(())
    }

    async fn archive_store(&self, options: &AdoptOptions) -> Result<Arc<dyn Store>> {
        let directory = check_directory(&options.directory)?;
        let place = self
            .integration_place(&options.integration_id, directory)
            .await?;
        if place.is_empty().await? {
            return Err(Error::new(
                ErrorCode::ArchiveNotFound,
                place.store.location().url.as_str(),
            )
            .because("nothing lies there")
            .hint("name the directory that holds `meta` and `binlogs`"));
        }
        Ok(place.store)
    }
}

/// The name that the backup had, or the archive has.
pub(crate) fn original_name(archive: &Archive) -> String {
    match &archive.note {
        Some(note) => note.backup.name.clone(),
        None => archive.name.clone(),
    }
}

fn rows(collection: &ArchivedCollection) -> u64 {
    collection.segments.iter().map(|segment| segment.rows).sum()
}

/// One attempt at one adoption.
struct Adoption<'a> {
    repository: &'a Repository,
    source: &'a Arc<dyn Store>,
    begin: &'a Begin,
    context: &'a JobContext,
    pace: &'a Pace,
}

impl Adoption<'_> {
    async fn run(&self, archive: &Archive) -> Result<Manifest> {
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
