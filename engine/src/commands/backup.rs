//! Makes a backup: flush, look, move what is new, count, commit.

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use futures::FutureExt;
use hozon_model::{
    BackupId, BackupOptions, BackupPlan, BackupQuery, BackupState, ClusterId, CollectionName,
    JobPhase, JobState, JobSummary, LogLevel, PlannedCollection, Proof, ProofLevel,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    OpenCluster,
    backup_files::{
        CollectionPlan, SourceFile, Survey, both_local, entries, flush_and_look, sizes,
    },
    each::each,
    parallel, selection,
};
use crate::{
    Error, ErrorCode, Result,
    catalog::ClaimedJob,
    core::Core,
    jobs::JobContext,
    repository::{
        KnownFiles, LeaseKind, Repository,
        manifest::{
            Begin, CollectionDocument, CollectionEntry, FORMAT, FileEntry, Manifest, SegmentEntry,
        },
    },
    source::{CollectionDescription, binlog},
    store,
};

/// How long Milvus may take to write what it holds in memory.
pub(crate) const FLUSH_DEADLINE: Duration = Duration::from_secs(600);

/// So many collections are flushed at a time.
const FLUSHES: usize = 4;

/// A checkpoint is taken at most this often, since it must wait for the disk.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(20);

/// What a later attempt need not do again.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Checkpoint {
    done: BTreeMap<String, CollectionEntry>,
}

impl Core {
    /// What a backup would take.
    pub(crate) async fn backup_plan(
        &self,
        options: &BackupOptions,
        name: String,
    ) -> Result<BackupPlan> {
        let open = self.open_cluster(options.cluster_id.as_str()).await?;
        let known = self.trusted_files(&open.cluster.id).await?;
        let survey = Survey {
            open: &open,
            repository: self.repository(),
            known: &known,
        };
        let mut collections = Vec::new();
        for name in selection::resolve(&*open.milvus, options).await? {
            let plan = survey.look(&name, None).await?;
            let (files, bytes, new_bytes) = sizes(plan.files());
            let (segments, rows) = (plan.segments.len() as u64, plan.rows());
            collections.push(PlannedCollection {
                collection: name,
                segments,
                rows,
                files,
                bytes,
                new_bytes,
            });
        }
        Ok(BackupPlan { name, collections })
    }

    pub(crate) async fn run_backup(
        &self,
        job: &ClaimedJob,
        options: &BackupOptions,
        context: &JobContext,
    ) -> Result<()> {
        let begin = self.begin_record(job, options).await?;
        if let Some(manifest) = self.repository().manifest(&begin.id).await? {
            return self.record(&manifest).await;
        }
        context.set_phase(JobPhase::Planning);
        let open = self.open_cluster(options.cluster_id.as_str()).await?;
        let version = open.milvus.version().await?;
        let lease = self
            .hold_repository(LeaseKind::Shared, job, context)
            .await?;
        self.repository().begin(&begin).await?;
        let known = self.trusted_files(&open.cluster.id).await?;
        let work = Work {
            engine: self,
            open: &open,
            known: &known,
            begin: &begin,
            context,
        };
        let collections = work.run(options).await?;
        context.set_phase(JobPhase::Committing);
        context.confirm().await?;
        lease.renew().await?;
        let manifest = Manifest {
            begin: begin.clone(),
            finished_at: Timestamp::now(),
            milvus_version: version.clone(),
            collections,
        };
        let manifest = self.repository().commit(&manifest).await?;
        lease.release().await?;
        self.record(&manifest).await?;
        self.catalog()
            .set_milvus_version(&open.cluster.id, &version)
            .await?;
        let totals = manifest.totals();
        context
            .log(
                LogLevel::Info,
                format!(
                    "backup {} is available: {} rows, {} files, {} bytes of which {} are new",
                    begin.id, totals.rows, totals.files, totals.bytes, totals.new_bytes
                ),
            )
            .await;
        Ok(())
    }

    /// What the repository keeps of a cluster, but for what damaged backups name: such files are stored again, which
    /// heals those backups as long as Milvus still has the files.
    async fn trusted_files(&self, cluster: &ClusterId) -> Result<KnownFiles> {
        let damaged = BackupQuery {
            cluster_id: Some(cluster.clone()),
            state: Some(BackupState::Damaged),
            page_size: 100,
            ..BackupQuery::default()
        };
        let damaged: Vec<BackupId> = self
            .catalog()
            .backups(&damaged)
            .await?
            .items
            .into_iter()
            .map(|backup| backup.id)
            .collect();
        self.repository().known_files(cluster, &damaged).await
    }

    async fn begin_record(&self, job: &ClaimedJob, options: &BackupOptions) -> Result<Begin> {
        let id = job
            .summary
            .backup_id
            .clone()
            .unwrap_or_else(|| hozon_model::BackupId::new(""));
        let backup = self.backup(id.as_str()).await?.summary;
        Ok(Begin {
            format: FORMAT,
            id,
            name: backup.name,
            cluster_id: options.cluster_id.clone(),
            cluster_name: backup.cluster_name,
            scope: backup.scope,
            created_by: job.summary.created_by.clone(),
            method: backup.method,
            created_at: job.summary.created_at,
        })
    }

    /// A manifest is durable: tell the catalog. Every file was just listed or written, which is the first proof.
    async fn record(&self, manifest: &Manifest) -> Result<()> {
        self.catalog().record_manifest(manifest).await?;
        self.catalog()
            .add_proof(
                &manifest.begin.id,
                Proof {
                    level: ProofLevel::List,
                    at: manifest.finished_at,
                },
            )
            .await
    }

    /// A backup job ended without success: what it left is nobody's, unless its manifest was durable after all.
    pub(crate) async fn backup_ended(&self, job: &JobSummary) -> Result<()> {
        let Some(id) = &job.backup_id else {
            return Ok(());
        };
        if let Some(manifest) = self.repository().manifest(id).await? {
            return self.record(&manifest).await;
        }
        let reason = job.reason.clone().or_else(|| {
            (job.state == JobState::Canceled)
                .then(|| Error::new(ErrorCode::Canceled, id.as_str()).into_report())
        });
        self.catalog()
            .set_backup_state(id, BackupState::Failed, reason.as_ref())
            .await?;
        self.repository().retire(id).await?;
        self.sweep_if_free(job.id.as_str(), &|_, _| ())
            .await
            .map(|_| ())
    }
}

/// One attempt at one backup.
struct Work<'a> {
    engine: &'a Core,
    open: &'a OpenCluster,
    known: &'a KnownFiles,
    begin: &'a Begin,
    context: &'a JobContext,
}

impl Work<'_> {
    async fn run(&self, options: &BackupOptions) -> Result<Vec<CollectionEntry>> {
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
                    None => match flush_and_look(survey, name, self.context.cancel_token()).await {
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
                    let plan =
                        flush_and_look(&self.survey(), name, self.context.cancel_token()).await?;
                    self.take(number, plan).await?
                }
                taken => taken?,
            };
            checkpoint.done.insert(name.to_string(), entry.clone());
            entries.push((number, entry));
            if settled.elapsed() > CHECKPOINT_EVERY {
                self.engine.repository().store().settle().await?;
                self.context.save(checkpoint).await?;
                settled = Instant::now();
            }
        }
        self.engine.repository().store().settle().await?;
        self.say(format!(
            "moved {new_files} files, {new_bytes} bytes in {:.3} s",
            started.elapsed().as_secs_f64()
        ))
        .await;
        Ok(())
    }

    fn survey(&self) -> Survey<'_> {
        Survey {
            open: self.open,
            repository: self.engine.repository(),
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
        let mut segments = Vec::with_capacity(plan.segments.len());
        for source in &plan.segments {
            self.context.check()?;
            let files = entries(&source.files, &moved)?;
            let live_rows = self.live_rows(&plan, source.segment.rows, &files).await?;
            self.context.add_rows(source.segment.rows);
            let (id, partition_id, rows) = (
                source.segment.id,
                source.segment.partition_id,
                source.segment.rows,
            );
            segments.push(SegmentEntry {
                id,
                partition_id,
                rows,
                live_rows,
                files,
            });
        }
        let document = CollectionDocument {
            format: FORMAT,
            description: plan.description,
            cutoff_ms: plan.cutoff_ms,
            segments,
        };
        self.engine
            .repository()
            .write_collection(&self.begin.id, number, &document, new_bytes)
            .await
    }

    /// Moves files into the repository and returns their digests by path.
    async fn move_files(
        &self,
        files: impl Iterator<Item = &SourceFile> + Send,
    ) -> Result<HashMap<String, String>> {
        let limit = parallel(both_local(
            &*self.open.store,
            &**self.engine.repository().store(),
        ));
        let moved = each(files, limit, |file| self.move_file(file).boxed()).await?;
        Ok(moved.into_iter().collect())
    }

    async fn move_file(&self, file: &SourceFile) -> Result<(String, String)> {
        self.context.check()?;
        let target = Repository::data_path(&self.begin.cluster_id, &file.path);
        let (from, to) = (
            (&*self.open.store, file.path.as_str()),
            (&**self.engine.repository().store(), target.as_str()),
        );
        let count = |bytes| self.context.add_bytes(bytes);
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

    async fn live_rows(
        &self,
        plan: &CollectionPlan,
        rows: u64,
        files: &[FileEntry],
    ) -> Result<u64> {
        let prefix = Repository::data_path(&self.begin.cluster_id, "");
        let key = primary_key(&plan.description)?;
        binlog::live_rows(
            &**self.engine.repository().store(),
            &prefix,
            files,
            key,
            rows,
            plan.cutoff_ms,
        )
        .await
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
fn primary_key(description: &CollectionDescription) -> Result<i64> {
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
