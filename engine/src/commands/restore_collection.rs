//! Makes one collection whole under a scratch name: stage, import, index, load, compare; then publishes it.

mod indexes;
mod movement;

use std::time::Duration;

use futures::FutureExt;
use hozon_model::{
    CollectionName, Existing, IndexWish, JobPhase, LoadState, LoadStateWish, LogLevel,
    RestoreOptions,
};
use jiff::Timestamp;
use tokio::time::sleep;

use self::{
    indexes::wished,
    movement::{Movement, STALLED},
};
use super::{
    OpenCluster, backup_work::primary_key, each::each, parallel, restore::unstage,
    restore_plan::RestoreItem,
};
use crate::{
    Error, ErrorCode, Result,
    jobs::JobContext,
    repository::{
        Repository,
        manifest::{CollectionDocument, FileEntry, Manifest, SegmentEntry},
    },
    source::{ImportFiles, ImportState, IndexDescription, PartitionDescription, binlog},
    store::{self, Digest, Pace, at_pace},
};

const POLL: Duration = Duration::from_millis(300);

/// Milvus works on this many imports of one collection at a time.
const IMPORTS: usize = 4;

/// One collection on its way back.
pub(crate) struct CollectionRestore<'a> {
    pub(crate) repository: &'a Repository,
    pub(crate) manifest: &'a Manifest,
    pub(crate) open: &'a OpenCluster,
    pub(crate) context: &'a JobContext,
    pub(crate) pace: &'a Pace,
    pub(crate) options: &'a RestoreOptions,
    pub(crate) scratch: CollectionName,
    /// What a collection that is replaced is called meanwhile.
    pub(crate) aside: CollectionName,
    pub(crate) staging: String,
    pub(crate) item: &'a RestoreItem,
}

impl CollectionRestore<'_> {
    /// Makes the scratch collection whole. Milvus reads a byte only after every byte was checked.
    pub(crate) async fn fill(&self) -> Result<()> {
        let mut document = self.repository.collection(&self.item.entry).await?;
        let indexes = &mut document.description.indexes;
        *indexes = wished(std::mem::take(indexes), self.options.indexes);
        if let Some(until) = self.options.until {
            self.context.set_phase(JobPhase::Counting);
            self.go_back_to(until, &mut document).await?;
        }
        self.context.set_phase(JobPhase::Staging);
        self.stage(&document).await?;
        self.open
            .milvus
            .create_collection(&self.scratch, &document.description)
            .await?;
        // Asked for before there are rows, an index is begun as segments arrive; asked for afterwards, Milvus looks
        // for segments without one only once a minute.
        for index in &document.description.indexes {
            self.open.milvus.create_index(&self.scratch, index).await?;
        }
        self.context.set_phase(JobPhase::Importing);
        // Not dropped in the middle: Milvus 2.3.5 dies when it loses the caller of `GetImportState`.
        self.import_all(&document).await?;
        unstage(self.open, &self.staging).await?;
        self.context.set_phase(JobPhase::Indexing);
        // Nothing from here on makes anything that dropping the scratch collection would not take away, so it may be
        // left in the middle.
        for index in &document.description.indexes {
            self.context.unless_stopped(self.indexed(index)).await?;
        }
        if self.options.load_state == LoadStateWish::Keep
            && self.options.indexes != IndexWish::None
            && document.description.load_state == LoadState::Loaded
        {
            self.context.set_phase(JobPhase::Loading);
            self.context.unless_stopped(self.load(&document)).await?;
        }
        Ok(())
    }

    /// Whether the collection that an earlier attempt made whole is there, under its scratch name or its own by now.
    pub(crate) async fn is_there(&self, id: i64) -> Result<bool> {
        let milvus = &self.open.milvus;
        for name in [&self.scratch, &self.item.target] {
            if milvus.has_collection(name).await? && milvus.describe(name).await?.id == id {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Gives the whole collection its name and aliases. Goes on where an earlier attempt was cut off: each step is
    /// taken only if it was not taken yet, and what is replaced is there under some name until all is done.
    pub(crate) async fn publish(&self) -> Result<()> {
        let (milvus, target) = (&self.open.milvus, &self.item.target);
        let replace = self.options.existing == Existing::Replace;
        if milvus.has_collection(&self.scratch).await? {
            if replace
                && milvus.has_collection(target).await?
                && !milvus.has_collection(&self.aside).await?
            {
                milvus.rename_collection(target, &self.aside.name).await?;
            }
            milvus
                .rename_collection(&self.scratch, &target.name)
                .await?;
        }
        let replaced = replace && milvus.has_collection(&self.aside).await?;
        if replaced {
            for alias in milvus.describe(&self.aside).await?.aliases {
                milvus.alter_alias(target, &alias).await?;
            }
        }
        self.make_aliases().await?;
        if replaced {
            milvus.drop_collection(&self.aside).await?;
        }
        let rows = match self.options.until {
            None => format!("{} rows", self.item.entry.summary.rows),
            Some(until) => format!("the rows of {until}"),
        };
        let text = format!("restored `{}` as `{target}`: {rows}", self.item.source);
        self.context.log(LogLevel::Info, text).await;
        Ok(())
    }

    /// Makes the aliases, with the suffix of their collection. One that is taken is left where it is.
    async fn make_aliases(&self) -> Result<()> {
        let (milvus, target) = (&self.open.milvus, &self.item.target);
        let present = milvus.describe(target).await?.aliases;
        for alias in &self.item.entry.summary.aliases {
            let alias = format!("{alias}{}", self.options.suffix);
            if present.contains(&alias) {
                continue;
            }
            if let Err(error) = milvus.create_alias(target, &alias).await {
                let text = format!("alias `{alias}` of `{target}` was not made: {error}");
                self.context.log(LogLevel::Warning, text).await;
            }
        }
        Ok(())
    }

    /// Counts what lived at a moment before the cut-off, from the repository's files.
    async fn go_back_to(&self, until: Timestamp, document: &mut CollectionDocument) -> Result<()> {
        let until_ms = until.as_millisecond().unsigned_abs();
        document.cutoff_ms = document.cutoff_ms.min(until_ms);
        let prefix = Repository::data_path(&self.manifest.begin.cluster_id, "");
        let (key, cutoff_ms) = (primary_key(&document.description)?, document.cutoff_ms);
        let store = &**self.repository.store();
        let limit = parallel(store.local_file("").is_some());
        let living = each(document.segments.iter(), limit, |segment| {
            let prefix = &prefix;
            async move {
                self.context.check()?;
                binlog::live_rows(store, prefix, &segment.files, key, segment.rows, cutoff_ms).await
            }
            .boxed()
        })
        .await?;
        for (segment, living) in document.segments.iter_mut().zip(living) {
            segment.live_rows = living;
        }
        Ok(())
    }

    async fn stage(&self, document: &CollectionDocument) -> Result<()> {
        let files = document.segments.iter().flat_map(|segment| &segment.files);
        let size = |file: &&FileEntry| file.size;
        at_pace(files, self.pace, size, |file| self.stage_file(file).boxed())
            .await
            .map(drop)
    }

    async fn stage_file(&self, file: &FileEntry) -> Result<()> {
        self.context.check()?;
        let source = Repository::data_path(&self.manifest.begin.cluster_id, &file.path);
        let staged = format!("{}/{}", self.staging, file.path);
        let expected = Digest {
            size: file.size,
            blake3: file.blake3.clone(),
        };
        let (from, to) = (
            (&**self.repository.store(), source.as_str()),
            (&*self.open.store, staged.as_str()),
        );
        let count = |bytes| {
            self.context.add_bytes(bytes);
            self.pace.passed(bytes);
        };
        store::copy(
            from,
            to,
            Some(&expected),
            &count,
            self.context.cancel_token(),
        )
        .await?;
        self.context.add_files(1);
        Ok(())
    }

    async fn import_all(&self, document: &CollectionDocument) -> Result<()> {
        let partitions = document
            .description
            .partitions
            .iter()
            .filter_map(|partition| {
                let segments: Vec<&SegmentEntry> = document
                    .segments
                    .iter()
                    .filter(|segment| segment.partition_id == partition.id)
                    .collect();
                (!segments.is_empty()).then_some((partition, segments))
            });
        let rows = each(partitions, IMPORTS, |(partition, segments)| {
            self.import(document, partition, segments).boxed()
        })
        .await?;
        let (rows, expected) = (rows.iter().sum::<u64>(), living(document));
        if rows == expected {
            Ok(())
        } else {
            Err(self.differ(rows, expected, "the import"))
        }
    }

    async fn import(
        &self,
        document: &CollectionDocument,
        partition: &PartitionDescription,
        segments: Vec<&SegmentEntry>,
    ) -> Result<u64> {
        let directory = |kind: &str| {
            let path = format!(
                "{}/{kind}/{}/{}",
                self.staging, document.description.id, partition.id
            );
            self.open.store.full_path(&path)
        };
        let deletes = segments
            .iter()
            .flat_map(|segment| &segment.files)
            .any(|file| file.path.starts_with("delta_log/"));
        let files = ImportFiles {
            target: self.scratch.clone(),
            partition: partition.name.clone(),
            insert_path: directory("insert_log"),
            delta_path: deletes.then(|| directory("delta_log")),
            end_ts_ms: document.cutoff_ms,
        };
        let expected: u64 = segments.iter().map(|segment| segment.live_rows).sum();
        let task = self.open.milvus.import(&files).await?;
        let mut movement = Movement::new();
        loop {
            self.context.check()?;
            match self.open.milvus.import_state(task).await? {
                ImportState::Completed(rows) if rows == expected => {
                    self.context.add_rows(rows);
                    return Ok(rows);
                }
                ImportState::Completed(rows) => {
                    return Err(self.differ(
                        rows,
                        expected,
                        &format!("partition `{}`", partition.name),
                    ));
                }
                ImportState::Failed(reason) => {
                    return Err(Error::new(ErrorCode::ImportFailed, self.item.target.to_string()).because(reason).hint(
                        "look into Milvus's log; the backup is unharmed and nothing was left on the cluster",
                    ));
                }
                // An import is over when its rows are in the indexes, too, which may take far longer.
                ImportState::Running(percent) => {
                    let indexed = self.rows_indexed(&document.description.indexes).await?;
                    if movement.ended((percent, indexed)) {
                        return Err(self.stalled("the import"));
                    }
                }
            }
            sleep(POLL).await;
        }
    }

    async fn rows_indexed(&self, indexes: &[IndexDescription]) -> Result<u64> {
        let mut rows = 0;
        for index in indexes {
            let progress = self.open.milvus.index_progress(&self.scratch, &index.name);
            rows += progress.await?.0;
        }
        Ok(rows)
    }

    /// Waits until every row is in the index.
    async fn indexed(&self, index: &IndexDescription) -> Result<()> {
        let mut movement = Movement::new();
        loop {
            self.context.check()?;
            let progress = self.open.milvus.index_progress(&self.scratch, &index.name);
            let (done, total) = progress.await?;
            if done >= total {
                return Ok(());
            }
            if movement.ended(done) {
                return Err(self.stalled(&format!("index `{}`", index.name)));
            }
            sleep(POLL).await;
        }
    }

    async fn load(&self, document: &CollectionDocument) -> Result<()> {
        let replicas = document.description.replicas;
        let (milvus, scratch) = (&self.open.milvus, &self.scratch);
        milvus.load(scratch, replicas.max(1)).await?;
        let mut movement = Movement::new();
        loop {
            self.context.check()?;
            let percent = milvus.load_progress(scratch).await?;
            if percent >= 100 {
                break;
            }
            if movement.ended(percent) {
                return Err(self.stalled("loading"));
            }
            sleep(POLL).await;
        }
        let (rows, expected) = (
            self.open.milvus.count_rows(&self.scratch).await?,
            living(document),
        );
        if rows == expected {
            Ok(())
        } else {
            Err(self.differ(rows, expected, "count(*)"))
        }
    }

    fn differ(&self, rows: u64, expected: u64, where_seen: &str) -> Error {
        Error::new(ErrorCode::RowsDiffer, self.item.target.to_string())
            .because(format!("{where_seen} has {rows} rows, the backup {expected}"))
            .hint("check with `hozon cluster check` that Milvus reads the storage it is registered with")
    }

    fn stalled(&self, what: &str) -> Error {
        Error::new(ErrorCode::TimedOut, self.item.target.to_string())
            .because(format!(
                "{what} did not move for {} minutes",
                STALLED.as_secs() / 60
            ))
            .hint("look at Milvus's load and log, then restore again")
    }
}

/// Rows that are expected after the import.
fn living(document: &CollectionDocument) -> u64 {
    document
        .segments
        .iter()
        .map(|segment| segment.live_rows)
        .sum()
}
