//! Copies a backup into another repository: plan, run, and what becomes of one that failed.
//!
//! A copy is a backup like any other in its repository, under the same identifier: it can be verified and restored
//! there when nothing is left of the original, and that repository can serve as the one that backups are made in.

use std::{collections::BTreeMap, time::Instant};

use futures::FutureExt;
use hozon_model::{
    Actor, BackupId, BackupMethod, BackupOptions, CopyOptions, CopyPlan, CopyState, JobKind,
    JobPhase, JobState, JobSummary, LogLevel,
};
use serde::{Deserialize, Serialize};

use super::{
    held::{Held, sweep_if_free},
    own_limit,
};
use crate::{
    Error, ErrorCode, Result,
    backups::new_job,
    catalog::ClaimedJob,
    core::Core,
    jobs::JobContext,
    repository::{
        Carrying, LeaseKind, Repository,
        manifest::{CollectionEntry, Manifest},
    },
};

/// What a copy's job is told.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CopyJob {
    #[serde(flatten)]
    pub(crate) options: CopyOptions,
    /// For how many days a policy keeps it; none for a copy that a person asked for, which stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) keep_days: Option<u32>,
}

/// Collections that an earlier attempt brought over, by number.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Checkpoint {
    done: BTreeMap<usize, CollectionEntry>,
}

impl Core {
    /// What a copy would move.
    pub(crate) async fn copy_plan(&self, options: &CopyOptions) -> Result<CopyPlan> {
        let manifest = self.usable_manifest(&options.backup_id).await?;
        let target = self.copy_repository(&options.repository).await?;
        let carrying = Carrying::new(self.repository(), &target, manifest).await?;
        let totals = carrying.totals().await?;
        Ok(CopyPlan {
            target: target.store().location().url.clone(),
            by_service: carrying.route().is_by_service(),
            files: totals.files,
            bytes: totals.bytes,
            new_files: totals.new_files,
            new_bytes: totals.new_bytes,
        })
    }

    pub(crate) async fn run_copy(
        &self,
        job: &ClaimedJob,
        options: &CopyOptions,
        context: &JobContext,
    ) -> Result<()> {
        context.set_phase(JobPhase::Planning);
        let target = self.copy_repository(&options.repository).await?;
        let lease = self
            .hold_repository(LeaseKind::Shared, job, context)
            .await?;
        let copied = self.copy_into(&target, job, options, context).await;
        let manifest = lease.over(copied).await?;
        self.catalog()
            .record_copy(&options.repository, &manifest)
            .await?;
        let text = format!(
            "backup {} has a copy in `{}`, at {}",
            options.backup_id,
            options.repository,
            target.store().location().url
        );
        context.log(LogLevel::Info, text).await;
        Ok(())
    }

    /// The work while the original is held.
    async fn copy_into(
        &self,
        target: &Repository,
        job: &ClaimedJob,
        options: &CopyOptions,
        context: &JobContext,
    ) -> Result<Manifest> {
        let manifest = self.usable_manifest(&options.backup_id).await?;
        if let Some(there) = target.manifest(&manifest.begin.id).await? {
            return Ok(there);
        }
        let lease = Held::wait_for(target, LeaseKind::Shared, job, context).await?;
        let limit = own_limit(options.bandwidth_limit, context).await;
        let ends = (self.repository().limited(&limit), target.limited(&limit));
        let carried = self.carry_over((&ends.0, &ends.1), manifest, &lease, context);
        let carried = carried.boxed().await;
        lease.over(carried).await
    }

    /// The work while both repositories are held.
    async fn carry_over(
        &self,
        (from, target): (&Repository, &Repository),
        manifest: Manifest,
        lease: &Held,
        context: &JobContext,
    ) -> Result<Manifest> {
        target.revive(&manifest.begin.id).await?;
        target.begin(&manifest.begin).await?;
        let carrying = Carrying::new(from, target, manifest).await?;
        let totals = carrying.totals().await?;
        context.set_totals(totals.new_bytes, totals.new_files, 0);
        context.set_phase(JobPhase::Copying);
        let route = carrying.route();
        let text = format!(
            "{} of {} files are to be moved, {} bytes; {}",
            totals.new_files,
            totals.files,
            totals.new_bytes,
            if route.is_by_service() {
                "the service copies them by itself"
            } else {
                "they pass through this process"
            }
        );
        context.log(LogLevel::Info, text).await;
        let started = Instant::now();
        let pace = route.pace();
        let arrived = |files, bytes| {
            context.add_files(files);
            context.add_bytes(bytes);
        };
        let mut checkpoint: Checkpoint = context.saved()?.unwrap_or_default();
        let mut told_refusal = false;
        for number in 0..carrying.collections().len() {
            if checkpoint.done.contains_key(&number) {
                continue;
            }
            context.check()?;
            let entry = carrying
                .collection(number, &pace, &arrived, context.cancel_token())
                .await?;
            if let (Some(why), false) = (route.refusal(), told_refusal) {
                told_refusal = true;
                let text = format!(
                    "the service does not copy by itself, so the bytes pass through this process: {why}"
                );
                context.log(LogLevel::Warning, text).await;
            }
            checkpoint.done.insert(number, entry);
            target.store().settle().await?;
            context.save(&checkpoint).await?;
        }
        context.set_phase(JobPhase::Committing);
        context.confirm().await?;
        let collections = checkpoint.done.into_values().collect();
        let manifest = lease.commit(&carrying.manifest(collections)).await?;
        let text = format!(
            "moved in {:.3} s, {}",
            started.elapsed().as_secs_f64(),
            pace.told()
        );
        context.log(LogLevel::Info, text).await;
        Ok(manifest)
    }

    /// A copy ended without success: what arrived is nobody's, unless its manifest was durable after all.
    pub(crate) async fn copy_ended(&self, job: &JobSummary) -> Result<()> {
        let Some(copy) = self.catalog().copy_of_job(&job.id).await? else {
            return Ok(());
        };
        let (id, name) = (&copy.backup_id, copy.repository.as_str());
        let reason = job.reason.clone().or_else(|| {
            (job.state == JobState::Canceled)
                .then(|| Error::new(ErrorCode::Canceled, id.as_str()).into_report())
        });
        self.catalog()
            .copy_failed(id, name, reason.as_ref())
            .await?;
        match self.clear_failed_copy(id, name, job.id.as_str()).await {
            Err(error) if is_out_of_reach(&error) => {
                tracing::warn!(job = %job.id, %error, "what a failed copy left stays; copy again, or delete the copy");
                Ok(())
            }
            cleared => cleared,
        }
    }

    /// Puts the copies into the queue that were asked for with a backup, and those that its cluster's policy wants of
    /// each automatic one, now that it is available. Those that are there or under way are left alone, so that this may
    /// be done twice.
    pub(crate) async fn ask_for_copies(
        &self,
        job: &ClaimedJob,
        id: &BackupId,
        asked: &BackupOptions,
        context: &JobContext,
    ) -> Result<()> {
        let backup = self.backup(id.as_str()).await?;
        let mut wanted: Vec<(String, Option<u32>)> = asked
            .copies
            .iter()
            .map(|name| (name.clone(), None))
            .collect();
        if backup.summary.method == BackupMethod::Auto {
            // What the policy wants now counts: it may have been changed since the backup began.
            let policy = self.catalog().policy(&backup.summary.cluster_id).await?;
            let copies = policy.into_iter().flat_map(|policy| policy.options.copies);
            wanted.extend(copies.map(|copy| (copy.repository, Some(copy.days))));
        }
        let actor = Actor {
            name: job.summary.created_by.clone(),
            origin: job.summary.id.to_string(),
        };
        for (name, keep_days) in wanted {
            let is_there = backup
                .copies
                .iter()
                .any(|copy| copy.repository == name && copy.state != CopyState::Failed);
            if is_there {
                continue;
            }
            let told = CopyJob {
                options: CopyOptions {
                    backup_id: id.clone(),
                    repository: name.clone(),
                    bandwidth_limit: asked.bandwidth_limit,
                },
                keep_days,
            };
            let copy = new_job(&actor, JobKind::Copy, &told, id, None)?;
            match self.catalog().enqueue(&copy, None).await {
                Ok(copy) => {
                    let text = format!("job {} copies it into `{name}`", copy.id);
                    context.log(LogLevel::Info, text).await;
                }
                Err(error) => {
                    let text = format!("no copy into `{name}` was asked for: {error}");
                    context.log(LogLevel::Warning, text).await;
                }
            }
        }
        Ok(())
    }

    async fn clear_failed_copy(&self, id: &BackupId, name: &str, holder: &str) -> Result<()> {
        let target = self.copy_repository(name).await?;
        if let Some(manifest) = target.manifest(id).await? {
            return self.catalog().record_copy(name, &manifest).await;
        }
        target.retire(id).await?;
        sweep_if_free(&target, holder, &|_, _| ()).await.map(drop)
    }

    /// Deletes the copy in a repository: its manifest first, then the bytes that nothing else there names.
    pub(crate) async fn delete_copy(
        &self,
        job: &ClaimedJob,
        id: &BackupId,
        name: &str,
        context: &JobContext,
    ) -> Result<()> {
        context.set_phase(JobPhase::Planning);
        let target = self.copy_repository(name).await?;
        let (own, _) = target.files_only_in(id).await?;
        context.set_totals(own.iter().map(|(_, size)| size).sum(), own.len() as u64, 0);
        context.confirm().await?;
        target.retire(id).await?;
        context.set_phase(JobPhase::Sweeping);
        let progress = |files, bytes| {
            context.add_files(files);
            context.add_bytes(bytes);
        };
        let gone = sweep_if_free(&target, job.summary.id.as_str(), &progress).await?;
        self.catalog().forget_copy(id, name).await?;
        let text = if gone {
            format!("the copy of backup {id} in `{name}` is deleted")
        } else {
            format!(
                "the copy of backup {id} in `{name}` is deleted; its bytes go with a later deletion, because other work goes on there"
            )
        };
        context.log(LogLevel::Info, text).await;
        Ok(())
    }
}

/// Whether nothing can be put right now, and waiting for it would hold up everything else.
fn is_out_of_reach(error: &Error) -> bool {
    matches!(
        error.code(),
        ErrorCode::StorageUnreachable
            | ErrorCode::StorageUnreadable
            | ErrorCode::StorageUnwritable
            | ErrorCode::RepositoryNotFound
            | ErrorCode::RepositoryDamaged
    )
}
