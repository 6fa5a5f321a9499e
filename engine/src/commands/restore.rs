//! Restores a backup: each collection is made whole under a scratch name, then renamed.
//!
//! A target's name appears only when every row arrived, so nothing half done ever looks whole; whatever an
//! interrupted attempt left bears its job's scratch name and is dropped.

use futures::TryStreamExt;
use hozon_model::{JobPhase, JobSummary, LogLevel, RestoreOptions};
use serde::{Deserialize, Serialize};

use super::{
    OpenCluster,
    restore_collection::CollectionRestore,
    restore_names::{is_scratch_of, scratch, staging},
    restore_plan::{RestoreItem, refuse_existing, refuse_if_there, restore_items},
};
use crate::{
    ErrorCode, Result, catalog::ClaimedJob, core::Core, jobs::JobContext, repository::LeaseKind,
    repository::manifest::Manifest,
};

/// Targets that an earlier attempt finished.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Checkpoint {
    done: Vec<String>,
    renaming: Option<String>,
}

impl Core {
    pub(crate) async fn run_restore(
        &self,
        job: &ClaimedJob,
        options: &RestoreOptions,
        context: &JobContext,
    ) -> Result<()> {
        context.set_phase(JobPhase::Planning);
        let manifest = self.usable_manifest(&options.backup_id).await?;
        let open = self
            .open_cluster(Self::restore_target(options, &manifest))
            .await?;
        let mut checkpoint: Checkpoint = context.saved()?.unwrap_or_default();
        if let Some(target) = checkpoint.renaming.take() {
            // The scratch is gone only if the rename went through.
            if self
                .renamed(&open, job, &manifest, options, &target)
                .await?
            {
                checkpoint.done.push(target);
            }
        }
        let items: Vec<(usize, RestoreItem)> = restore_items(&manifest, options)?
            .into_iter()
            .enumerate()
            .filter(|(_, item)| !checkpoint.done.contains(&item.target.to_string()))
            .collect();
        if checkpoint.done.is_empty() {
            refuse_existing(&self.restore_plan(options).await?)?;
        }
        let lease = self
            .hold_repository(LeaseKind::Shared, job, context)
            .await?;
        clear(&open, job.summary.id.clone(), context).await?;
        let sum = |part: fn(&RestoreItem) -> u64| items.iter().map(|(_, item)| part(item)).sum();
        context.set_totals(
            sum(|item| item.entry.summary.bytes),
            sum(|item| item.entry.summary.files),
            sum(|item| item.entry.summary.rows),
        );
        for (number, item) in items {
            refuse_if_there(&open, &item.target).await?;
            open.milvus.create_database(&item.target.database).await?;
            let one = CollectionRestore {
                repository: self.repository(),
                manifest: &manifest,
                open: &open,
                context,
                scratch: scratch(&job.summary.id, &item.target.database, number),
                staging: format!("{}/{number}", staging(&job.summary.id)),
                item: &item,
            };
            let document = one.fill(options.load_state).await?;
            checkpoint.renaming = Some(item.target.to_string());
            context.save(&checkpoint).await?;
            lease.renew().await?;
            one.publish(&document, &options.suffix).await?;
            checkpoint.renaming = None;
            checkpoint.done.push(item.target.to_string());
            context.save(&checkpoint).await?;
        }
        lease.release().await
    }

    /// Whether an interrupted rename went through: the scratch is gone and the target is there.
    async fn renamed(
        &self,
        open: &OpenCluster,
        job: &ClaimedJob,
        manifest: &Manifest,
        options: &RestoreOptions,
        target: &str,
    ) -> Result<bool> {
        for (number, item) in restore_items(manifest, options)?.into_iter().enumerate() {
            if item.target.to_string() == target {
                let scratch = scratch(&job.summary.id, &item.target.database, number);
                return Ok(!open.milvus.has_collection(&scratch).await?
                    && open.milvus.has_collection(&item.target).await?);
            }
        }
        Ok(false)
    }

    /// A restore ended without success: its scratch goes, what was published whole stays.
    pub(crate) async fn restore_ended(&self, job: &JobSummary) -> Result<()> {
        let Some(cluster) = &job.cluster_id else {
            return Ok(());
        };
        let open = match self.open_cluster(cluster.as_str()).await {
            Err(error)
                if matches!(
                    error.code(),
                    ErrorCode::ClusterUnreachable
                        | ErrorCode::ClusterNotFound
                        | ErrorCode::ClusterCredentialsRefused
                ) =>
            {
                tracing::warn!(job = %job.id, %error, "scratch of a failed restore stays; drop collections named hozon_restore_*");
                return Ok(());
            }
            open => open?,
        };
        drop_scratch(&open, &job.id).await?;
        unstage(&open, &staging(&job.id)).await
    }
}

/// Drops what an earlier attempt of the same job left.
async fn clear(open: &OpenCluster, job: hozon_model::JobId, context: &JobContext) -> Result<()> {
    let dropped = drop_scratch(open, &job).await?;
    if dropped > 0 {
        context
            .log(
                LogLevel::Info,
                format!("dropped {dropped} unfinished collections of an earlier attempt"),
            )
            .await;
    }
    unstage(open, &staging(&job)).await
}

async fn drop_scratch(open: &OpenCluster, job: &hozon_model::JobId) -> Result<usize> {
    let mut dropped = 0;
    let databases = open.milvus.databases().await?;
    for name in super::all_of(&*open.milvus, databases).await? {
        if is_scratch_of(job, &name.name) {
            open.milvus.drop_collection(&name).await?;
            dropped += 1;
        }
    }
    Ok(dropped)
}

/// Removes staged files.
pub(crate) async fn unstage(open: &OpenCluster, directory: &str) -> Result<()> {
    let staged: Vec<_> = open
        .store
        .list(&format!("{directory}/"))
        .try_collect()
        .await?;
    for object in staged {
        open.store.delete(&object.path).await?;
    }
    Ok(())
}
