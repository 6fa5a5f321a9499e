//! One attempt at the work of one backup: flush and look, move what is new, count what lives.

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use futures::FutureExt;
use hozon_model::{BackupOptions, CollectionName, JobPhase, LogLevel};
use serde::{Deserialize, Serialize};

use super::{
    OpenCluster,
    backup_files::{
        CollectionPlan, SourceFile, SourceSegment, Survey, entries, flush_and_look, sizes,
    },
    each::each,
    gone::{PAUSE, is_listed, unless_gone},
    parallel, selection,
};
use crate::{
    Error, ErrorCode, Result,
    jobs::JobContext,
    repository::{
        KnownFiles, Repository,
        manifest::{Begin, CollectionDocument, CollectionEntry, FORMAT, SegmentEntry},
    },
    source::{CollectionDescription, binlog},
    store::{self, Pace, at_pace},
};

/// So many collections are flushed at a time.
const FLUSHES: usize = 4;

/// A checkpoint is taken at most this often, since it must wait for the disk.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(20);

/// What a later attempt need not do again.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Checkpoint {
    done: BTreeMap<String, CollectionEntry>,
}

/// One attempt at one backup.
pub(crate) struct Work<'a> {
    pub(crate) repository: &'a Repository,
    pub(crate) open: &'a OpenCluster,
    pub(crate) known: &'a KnownFiles,
    pub(crate) begin: &'a Begin,
    pub(crate) context: &'a JobContext,
    pub(crate) pace: &'a Pace,
}

impl Work<'_> {
    /// The entries of the manifest, in the order of the collections' names.
    pub(crate) async fn run(&self, options: &BackupOptions) -> Result<Vec<CollectionEntry>> {
        let names = selection::resolve(&*self.open.milvus, options).await?;
        let mut checkpoint: Checkpoint = self.context.saved()?.unwrap_or_default();
        let (mut entries, mut plans) = (Vec::new(), Vec::new());
        self.context.set_phase(JobPhase::Flushing);
        let chosen = !options.collections.is_empty();
        let started = Instant::now();
        let survey = self.survey();
        let looked = each(names.iter().enumerate(), FLUSHES, |(number, name)| {
            let (done, survey) = (checkpoint.done.get(&name.to_string()).cloned(), &survey);
            async move {
                match done {
                    Some(entry) => Ok(Some((number, Err(entry)))),
                    None => match self.look(survey, name).await {
                        Ok(plan) => Ok(Some((number, Ok(plan)))),
                        Err(error) if error.code() == ErrorCode::CollectionNotFound && !chosen => {
                            let text = format!("`{name}` was dropped meanwhile and is left out");
                            self.context.log(LogLevel::Warning, text).await;
                            Ok(None)
                        }
                        Err(error) => Err(error),
                    },
                }
            }
            .boxed()
        })
        .await?;
        for (number, found) in looked.into_iter().flatten() {
            match found {
                Ok(plan) => plans.push((number, plan)),
                Err(entry) => entries.push((number, entry)),
            }
        }
        self.say(format!(
            "flushed and listed {} collections in {:.1} s",
            plans.len(),
            started.elapsed().as_secs_f64()
        ))
        .await;
        self.copy_all(plans, &names, &mut entries, &mut checkpoint)
            .await?;
        entries.sort_by_key(|(number, _)| *number);
        Ok(entries.into_iter().map(|(_, entry)| entry).collect())
    }

    async fn copy_all(
        &self,
        plans: Vec<(usize, CollectionPlan)>,
        names: &[CollectionName],
        entries: &mut Vec<(usize, CollectionEntry)>,
        checkpoint: &mut Checkpoint,
    ) -> Result<()> {
        let (_, _, new_bytes) = sizes(plans.iter().flat_map(|(_, plan)| plan.files()));
        let new_files = plans
            .iter()
            .flat_map(|(_, plan)| plan.files())
            .filter(|file| file.kept.is_none())
            .count();
        self.context.set_phase(JobPhase::Copying);
        self.context.set_totals(
            new_bytes,
            new_files as u64,
            plans.iter().map(|(_, plan)| plan.rows()).sum(),
        );
        let (started, mut settled) = (Instant::now(), Instant::now());
        for (number, plan) in plans {
            let name = &names[number];
            let entry = match self.take(number, plan).await {
                Err(error) if error.code() == ErrorCode::SourceFileVanished => {
                    self.context
                        .log(
                            LogLevel::Warning,
                            format!("{error}; looking at `{name}` once more"),
                        )
                        .await;
                    let plan = self.look(&self.survey(), name).await?;
                    self.take(number, plan).await?
                }
                taken => taken?,
            };
            checkpoint.done.insert(name.to_string(), entry.clone());
            entries.push((number, entry));
            if settled.elapsed() > CHECKPOINT_EVERY {
                self.repository.store().settle().await?;
                self.context.save(checkpoint).await?;
                settled = Instant::now();
            }
        }
        self.repository.store().settle().await?;
        self.say(format!(
            "moved {new_files} files, {new_bytes} bytes in {:.3} s, {}",
            started.elapsed().as_secs_f64(),
            self.pace.told()
        ))
        .await;
        Ok(())
    }

    /// Flushes and looks at one collection, again where Milvus says of one that it lists that it is not there.
    async fn look(&self, survey: &Survey<'_>, name: &CollectionName) -> Result<CollectionPlan> {
        let look = || flush_and_look(survey, name, self.context.cancel_token()).boxed();
        let listed = || is_listed(&*self.open.milvus, name).boxed();
        let again = |error: Error| {
            async move {
                let text = format!("{error}; Milvus lists `{name}`, so it is looked at again");
                self.context.log(LogLevel::Warning, text).await;
                let pause = async {
                    tokio::time::sleep(PAUSE).await;
                    Ok(())
                };
                self.context.unless_stopped(pause).await
            }
            .boxed()
        };
        unless_gone(name, look, listed, again).await
    }

    fn survey(&self) -> Survey<'_> {
        Survey {
            open: self.open,
            repository: self.repository,
            known: self.known,
        }
    }

    /// Moves one collection's new files, counts its live rows and writes its document.
    async fn take(&self, number: usize, plan: CollectionPlan) -> Result<CollectionEntry> {
        let (_, _, new_bytes) = sizes(plan.files());
        self.context.set_phase(JobPhase::Copying);
        let moved = self
            .move_files(plan.files().filter(|file| file.kept.is_none()))
            .await?;
        self.context.set_phase(JobPhase::Counting);
        let limit = parallel(self.repository.store().local_file("").is_some());
        let segments = each(plan.segments.iter(), limit, |source| {
            self.count(&plan, source, &moved).boxed()
        })
        .await?;
        let document = CollectionDocument {
            format: FORMAT,
            cutoff_ms: plan.cutoff_ms,
            description: plan.description,
            segments,
        };
        self.repository
            .write_collection(&self.begin.id, number, &document, new_bytes)
            .await
    }

    /// Moves files into the repository and returns their digests by path.
    async fn move_files(
        &self,
        files: impl Iterator<Item = &SourceFile> + Send,
    ) -> Result<HashMap<String, String>> {
        let size = |file: &&SourceFile| file.size;
        let moved = at_pace(files, self.pace, size, |file| self.move_file(file).boxed()).await?;
        Ok(moved.into_iter().collect())
    }

    async fn move_file(&self, file: &SourceFile) -> Result<(String, String)> {
        self.context.check()?;
        let target = Repository::data_path(&self.begin.cluster_id, &file.path);
        let (from, to) = (
            (&*self.open.store, file.path.as_str()),
            (&**self.repository.store(), target.as_str()),
        );
        let count = |bytes| {
            self.context.add_bytes(bytes);
            self.pace.passed(bytes);
        };
        let digest = store::copy(from, to, None, &count, self.context.cancel_token())
            .await
            .map_err(|error| vanished(error, &file.path))?;
        if digest.size != file.size {
            return Err(
                Error::new(ErrorCode::SourceFileVanished, file.path.as_str())
                    .because(format!(
                        "it had {} bytes when listed and {} when read",
                        file.size, digest.size
                    ))
                    .hint("binlogs never change: something else writes to this storage"),
            );
        }
        self.context.add_files(1);
        Ok((file.path.clone(), digest.blake3))
    }

    /// Counts a segment's live rows from the repository's own copy of it.
    async fn count(
        &self,
        plan: &CollectionPlan,
        source: &SourceSegment,
        moved: &HashMap<String, String>,
    ) -> Result<SegmentEntry> {
        self.context.check()?;
        let (segment, files) = (&source.segment, entries(&source.files, moved)?);
        let prefix = Repository::data_path(&self.begin.cluster_id, "");
        let (store, key) = (self.repository.store(), primary_key(&plan.description)?);
        let live_rows =
            binlog::live_rows(&**store, &prefix, &files, key, segment.rows, plan.cutoff_ms).await?;
        self.context.add_rows(segment.rows);
        Ok(SegmentEntry {
            id: segment.id,
            partition_id: segment.partition_id,
            rows: segment.rows,
            live_rows,
            files,
        })
    }

    async fn say(&self, text: String) {
        self.context.log(LogLevel::Info, text).await;
    }
}

fn vanished(error: Error, path: &str) -> Error {
    match error.code() {
        ErrorCode::FileMissing => Error::new(ErrorCode::SourceFileVanished, path)
            .because("Milvus named it a moment ago")
            .hint("try again: Milvus may have compacted it away"),
        _ => error,
    }
}

/// The field that is the primary key.
pub(crate) fn primary_key(description: &CollectionDescription) -> Result<i64> {
    description
        .fields
        .iter()
        .find(|field| field.primary_key)
        .map(|field| field.id)
        .ok_or_else(|| {
            Error::new(
                ErrorCode::CollectionUnsupported,
                description.name.to_string(),
            )
            .because("it has no primary key")
        })
}
