//! Exports a backup to a place of one's own: plan, run, and the removal of what an export left that did not end well.

use std::collections::HashMap;

use futures::{FutureExt, TryStreamExt};
use hozon_model::{
    BackupId, BackupState, ExportFormat, ExportOptions, ExportPlan, JobLogLine, JobPhase, JobState,
    JobSummary, LogLevel,
};
use jiff::Timestamp;

use super::{
    each::each, export_archive::ArchiveExport, export_repository::RepositoryExport, own_limit,
};
use crate::{
    Error, ErrorCode, Result, archive,
    catalog::ClaimedJob,
    core::Core,
    integrations::{Place, check_directory},
    jobs::JobContext,
    repository::{
        LeaseKind,
        manifest::{CollectionDocument, Manifest},
    },
    store::{Object, limited},
};

/// Objects removed at a time.
const REMOVALS: usize = 16;

/// A backup with everything that must be known to export it.
#[derive(Debug)]
pub(crate) struct Exported {
    pub(crate) manifest: Manifest,
    pub(crate) documents: Vec<CollectionDocument>,
}

impl Core {
    /// What an export would do.
    pub(crate) async fn export_plan(&self, options: &ExportOptions) -> Result<ExportPlan> {
        let exported = self.exported(&options.backup_id).await?;
        let place = self.export_place(options).await?;
        let there: HashMap<String, u64> = place
            .objects()
            .map_ok(|object| (object.path, object.size))
            .try_collect()
            .await?;
        let mut plan = ExportPlan {
            target: place.store.location().url.clone(),
            files: 0,
            bytes: 0,
            present_files: 0,
            present_bytes: 0,
        };
        for file in exported.files(options.format)? {
            plan.files += 1;
            plan.bytes += file.entry.size;
            if there.get(&file.path) == Some(&file.entry.size) {
                plan.present_files += 1;
                plan.present_bytes += file.entry.size;
            }
        }
        Ok(plan)
    }

    pub(crate) async fn run_export(
        &self,
        job: &ClaimedJob,
        options: &ExportOptions,
        context: &JobContext,
    ) -> Result<()> {
        context.set_phase(JobPhase::Planning);
        let lease = self
            .hold_repository(LeaseKind::Shared, job, context)
            .await?;
        let done = self.export(job, options, context).await;
        lease.over(done).await
    }

    async fn export(
        &self,
        job: &ClaimedJob,
        options: &ExportOptions,
        context: &JobContext,
    ) -> Result<()> {
        let exported = self.exported(&options.backup_id).await?;
        let place = self.export_place(options).await?;
        place.is_empty().await?;
        let limit = own_limit(options.bandwidth_limit, context).await;
        let (source, store) = (
            self.repository().limited(&limit),
            limited(&place.store, &limit),
        );
        let target = store.location().url.clone();
        let done = match options.format {
            ExportFormat::MilvusBackup => {
                let export = ArchiveExport {
                    source: &source,
                    target: &store,
                    exported: &exported,
                    context,
                };
                export.run().await
            }
            ExportFormat::Repository => {
                let export = RepositoryExport {
                    source: &source,
                    target: &store,
                    exported: &exported,
                    context,
                };
                export.run(job.summary.id.as_str()).await
            }
        };
        match done {
            Ok(()) => {}
            Err(error) => return Err(self.explain(error, &exported.manifest).await),
        }
        let text = format!("backup {} is exported to {target}", options.backup_id);
        context.log(LogLevel::Info, text).await;
        Ok(())
    }

    /// The backup, as long as it may be exported.
    async fn exported(&self, id: &BackupId) -> Result<Exported> {
        let manifest = self.usable_manifest(id).await?;
        let mut documents = Vec::with_capacity(manifest.collections.len());
        for entry in &manifest.collections {
            documents.push(self.repository().collection(entry).await?);
        }
        Ok(Exported {
            manifest,
            documents,
        })
    }

    /// The directory of its own that an export lies in.
    async fn export_place(&self, options: &ExportOptions) -> Result<Place> {
        let directory = check_directory(&options.directory)?;
        let directory = if directory.is_empty() {
            options.backup_id.to_string()
        } else {
            format!("{directory}/{}", options.backup_id)
        };
        self.integration_place(&options.integration_id, directory)
            .await
    }

    /// A file of the repository that fails may mean that the whole backup went meanwhile.
    async fn explain(&self, error: Error, manifest: &Manifest) -> Error {
        let of_a_file = matches!(
            error.code(),
            ErrorCode::FileMissing | ErrorCode::FileDamaged
        );
        if !of_a_file {
            return error;
        }
        match self.repository().manifest(&manifest.begin.id).await {
            Ok(None) => Error::new(ErrorCode::BackupNotAvailable, &manifest.begin.name)
                .because("it was deleted while it was being exported")
                .hint("remove what was written with `hozon job sweep JOB`"),
            _ => error.hint("run `hozon backup verify` on the backup"),
        }
    }

    /// What was written stays where it is: an export that is asked for again goes on from there.
    pub(crate) async fn export_ended(&self, job: &JobSummary) -> Result<()> {
        if job.state == JobState::Successful {
            return Ok(());
        }
        let text = format!(
            "what was written stays and is no whole export; export again to go on from there, or remove it with \
             `hozon job sweep {}`",
            job.id
        );
        let line = JobLogLine {
            at: Timestamp::now(),
            level: LogLevel::Info,
            text,
        };
        self.catalog().log(&job.id, &line).await
    }

    /// Removes what an export wrote, unless it is whole: files and their bytes.
    pub(crate) async fn remove_partial_export(
        &self,
        options: &ExportOptions,
    ) -> Result<(u64, u64)> {
        let place = self.export_place(options).await?;
        let mut objects: Vec<Object> = place.objects().try_collect().await?;
        if objects.is_empty() {
            place.clear_unfinished().await?;
            return Ok((0, 0));
        }
        let store = &*place.store;
        let marker = match options.format {
            ExportFormat::MilvusBackup => archive::layout::BACKUP_META.to_owned(),
            ExportFormat::Repository => format!("backups/{}/manifest.json", options.backup_id),
        };
        // Somebody may keep backups of their own where an export into a repository was not finished.
        let kept = objects.iter().any(|object| is_a_manifest(&object.path));
        if kept || store.size(&marker).await?.is_some() {
            return Err(
                Error::new(ErrorCode::ExportTargetTaken, store.location().url.as_str())
                    .because("the export is whole")
                    .hint("remove it with the tools of the storage, if it is not needed any more"),
            );
        }
        objects.retain(|object| match options.format {
            ExportFormat::MilvusBackup => archive::layout::is_of_an_export(&object.path),
            ExportFormat::Repository => is_of_a_repository(&object.path),
        });
        // Documents go first, so that nothing half removed looks like more than it is.
        objects.sort_by_key(|object| {
            !["meta/", "backups/"]
                .iter()
                .any(|directory| object.path.starts_with(directory))
        });
        place.clear_unfinished().await?;
        each(objects.iter(), REMOVALS, |object| {
            async move { store.delete(&object.path).await }.boxed()
        })
        .await?;
        store.settle().await?;
        Ok((
            objects.len() as u64,
            objects.iter().map(|object| object.size).sum(),
        ))
    }

    /// Refuses a backup that cannot be exported, before there is a job.
    pub(crate) async fn refuse_unexportable(&self, id: &BackupId) -> Result<()> {
        let backup = self.backup(id.as_str()).await?.summary;
        if backup.state == BackupState::Available {
            return Ok(());
        }
        let state = format!("{:?}", backup.state).to_uppercase();
        Err(Error::new(ErrorCode::BackupNotAvailable, backup.name)
            .because(format!("its state is {state}"))
            .hint("only backups in the state AVAILABLE can be exported"))
    }
}

fn is_a_manifest(path: &str) -> bool {
    path.starts_with("backups/") && path.ends_with("/manifest.json")
}

fn is_of_a_repository(path: &str) -> bool {
    path == "hozon.json"
        || ["data/", "backups/", "leases/", "trash/"]
            .iter()
            .any(|directory| path.starts_with(directory))
}

impl Exported {
    /// Every file, with where it goes.
    pub(crate) fn files(&self, format: ExportFormat) -> Result<Vec<archive::ArchiveFile>> {
        let mut files = archive::files(&self.documents)?;
        if format == ExportFormat::Repository {
            for file in &mut files {
                file.path = crate::repository::Repository::data_path(
                    &self.manifest.begin.cluster_id,
                    &file.entry.path,
                );
            }
        }
        Ok(files)
    }
}
