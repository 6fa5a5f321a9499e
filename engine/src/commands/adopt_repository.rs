//! Takes in a backup of another repository, of which nothing is believed: every file is hashed on its way, every row is
//! counted, and paths must be those that the numbers say. What the repository holds already is not moved again.

use std::collections::{BTreeMap, HashMap, HashSet};

use futures::FutureExt;
use hozon_model::{ClusterId, JobPhase, LogLevel};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::backup_work::primary_key;
use crate::{
    Error, ErrorCode, Result,
    archive::layout::Log,
    core::Core,
    jobs::JobContext,
    repository::{
        KnownFiles, Repository,
        manifest::{Begin, CollectionDocument, CollectionEntry, FileEntry, Manifest, SegmentEntry},
    },
    source::binlog,
    store::{self, Digest, Pace, at_pace},
};

/// Collections that an earlier attempt brought in, by number.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Checkpoint {
    done: BTreeMap<usize, CollectionEntry>,
}

/// What there is to take in.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Totals {
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    pub(crate) new_files: u64,
    pub(crate) new_bytes: u64,
    /// Deleted ones included.
    pub(crate) rows: u64,
}

/// One attempt at one adoption.
pub(crate) struct RepositoryAdoption<'a> {
    pub(crate) source: &'a Repository,
    pub(crate) target: &'a Repository,
    /// As it lies in the source.
    pub(crate) manifest: &'a Manifest,
    /// As the backup begins here.
    pub(crate) begin: &'a Begin,
    /// What the target keeps of what was adopted before.
    pub(crate) known: &'a KnownFiles,
    pub(crate) context: &'a JobContext,
    pub(crate) pace: &'a Pace,
}

impl RepositoryAdoption<'_> {
    /// Sums over everything, after checking every document.
    pub(crate) async fn totals(
        source: &Repository,
        manifest: &Manifest,
        known: &KnownFiles,
    ) -> Result<Totals> {
        let mut totals = Totals::default();
        let mut names = HashSet::new();
        for entry in &manifest.collections {
            let document = source.collection(entry).await?;
            let name = document.description.name.clone();
            check(entry, &document)?;
            if !names.insert(name.clone()) {
                return Err(damaged(entry, format!("it names `{name}` a second time")));
            }
            for file in document.segments.iter().flat_map(|segment| &segment.files) {
                let new = u64::from(!holds(known, file)?);
                totals.files += 1;
                totals.bytes += file.size;
                totals.new_files += new;
                totals.new_bytes += new * file.size;
            }
            totals.rows += document
                .segments
                .iter()
                .map(|segment| segment.rows)
                .sum::<u64>();
        }
        Ok(totals)
    }

    pub(crate) async fn run(&self) -> Result<Manifest> {
        let totals = Self::totals(self.source, self.manifest, self.known).await?;
        let context = self.context;
        context.set_totals(totals.new_bytes, totals.new_files, totals.rows);
        let text = format!(
            "{} of {} files are to be copied, {} bytes",
            totals.new_files, totals.files, totals.new_bytes
        );
        context.log(LogLevel::Info, text).await;
        let mut checkpoint: Checkpoint = context.saved()?.unwrap_or_default();
        for (number, entry) in self.manifest.collections.iter().enumerate() {
            if checkpoint.done.contains_key(&number) {
                continue;
            }
            let taken = self.take(number, entry).await?;
            checkpoint.done.insert(number, taken);
            self.target.store().settle().await?;
            context.save(&checkpoint).await?;
        }
        Ok(Manifest {
            begin: self.begin.clone(),
            finished_at: Timestamp::now(),
            milvus_version: self.manifest.milvus_version.clone(),
            collections: checkpoint.done.into_values().collect(),
        })
    }

    async fn take(&self, number: usize, entry: &CollectionEntry) -> Result<CollectionEntry> {
        self.context.check()?;
        self.context.set_phase(JobPhase::Copying);
        let document = self.source.collection(entry).await?;
        check(entry, &document)?;
        let mut missing: HashMap<&str, &FileEntry> = HashMap::new();
        for file in document.segments.iter().flat_map(|segment| &segment.files) {
            if !holds(self.known, file)? {
                missing.insert(&file.path, file);
            }
        }
        let new_bytes = missing.values().map(|file| file.size).sum();
        let size = |file: &&FileEntry| file.size;
        at_pace(missing.into_values(), self.pace, size, |file| {
            self.copy(file).boxed()
        })
        .await?;
        self.context.set_phase(JobPhase::Counting);
        for segment in &document.segments {
            self.count(&document, segment).await?;
        }
        self.target
            .write_collection(&self.begin.id, number, &document, new_bytes)
            .await
    }

    async fn copy(&self, file: &FileEntry) -> Result<()> {
        self.context.check()?;
        let from = Repository::data_path(&self.manifest.begin.cluster_id, &file.path);
        let to = Repository::data_path(&self.begin.cluster_id, &file.path);
        let expected = Digest {
            size: file.size,
            blake3: file.blake3.clone(),
        };
        let count = |bytes| {
            self.context.add_bytes(bytes);
            self.pace.passed(bytes);
        };
        store::copy(
            (&**self.source.store(), &from),
            (&**self.target.store(), &to),
            Some(&expected),
            &count,
            self.context.cancel_token(),
        )
        .await?;
        self.context.add_files(1);
        Ok(())
    }

    /// Counts live rows from the repository's own copy: a restore must yield what the documents say.
    async fn count(&self, document: &CollectionDocument, segment: &SegmentEntry) -> Result<()> {
        self.context.check()?;
        let live = binlog::live_rows(
            &**self.target.store(),
            &Repository::data_path(&self.begin.cluster_id, ""),
            &segment.files,
            primary_key(&document.description)?,
            segment.rows,
            document.cutoff_ms,
        )
        .await?;
        if live != segment.live_rows {
            return Err(
                Error::new(ErrorCode::RowsDiffer, document.description.name.to_string()).because(
                    format!(
                        "segment {} has {live} live rows, and its document says {}",
                        segment.id, segment.live_rows
                    ),
                ),
            );
        }
        self.context.add_rows(segment.rows);
        Ok(())
    }
}

impl Core {
    /// What the repository keeps of what was adopted under `kept_under`, but for what damaged backups name: such files
    /// are copied again.
    pub(super) async fn trusted_apart(&self, kept_under: &ClusterId) -> Result<KnownFiles> {
        let damaged = self.damaged_backups(None).await?;
        self.repository().known_files(kept_under, &damaged).await
    }
}

/// Whether the repository has this very file. One of the same name and other content belongs to a backup that was
/// adopted before, so it must not be overwritten.
fn holds(known: &KnownFiles, file: &FileEntry) -> Result<bool> {
    match known.files.get(&file.path) {
        None => Ok(false),
        Some((size, blake3)) if *size == file.size && *blake3 == file.blake3 => Ok(true),
        Some(_) => Err(Error::new(ErrorCode::ArchiveDamaged, file.path.as_str())
            .because("a backup adopted before names a file of the same path and other content")
            .hint("verify that backup; one of the two is not what it says it is")),
    }
}

/// Files must lie where the numbers of their collection, partition and segment say, and belong to one segment only.
fn check(entry: &CollectionEntry, document: &CollectionDocument) -> Result<()> {
    let description = &document.description;
    let mut paths = HashSet::new();
    for segment in &document.segments {
        if !description
            .partitions
            .iter()
            .any(|partition| partition.id == segment.partition_id)
        {
            return Err(damaged(
                entry,
                format!("segment {} is of no partition", segment.id),
            ));
        }
        for file in &segment.files {
            let log = Log::of_source(&file.path);
            let lies_right = log.is_some_and(|log| {
                (log.collection, log.partition, log.segment)
                    == (description.id, segment.partition_id, segment.id)
            });
            if !lies_right || !paths.insert(&file.path) {
                return Err(damaged(
                    entry,
                    format!(
                        "`{}` is no file of segment {}",
                        file.path.escape_default(),
                        segment.id
                    ),
                ));
            }
        }
    }
    Ok(())
}

fn damaged(entry: &CollectionEntry, why: String) -> Error {
    Error::new(ErrorCode::ArchiveDamaged, entry.document.as_str()).because(why)
}
