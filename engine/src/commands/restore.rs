//! Restores a backup: each collection is made whole under a scratch name, then renamed.
//!
//! A target's name appears only when every row arrived, so nothing half done ever looks whole; whatever an
//! interrupted attempt left bears its job's scratch name and is dropped.

use futures::TryStreamExt;
use hozon_model::{JobId, JobPhase, JobSummary, RestoreOptions};
use serde::{Deserialize, Serialize};

use super::{
    OpenCluster,
    held::Held,
    restore_collection::CollectionRestore,
    restore_names::{is_scratch_of, scratch, staging},
    restore_plan::{RestoreItem, refuse_existing, refuse_if_there, restore_items},
};
use crate::{
    ErrorCode, Result, catalog::ClaimedJob, core::Core, jobs::JobContext, repository::LeaseKind,
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
        let lease = self
            .hold_repository(LeaseKind::Shared, job, context)
            .await?;
        let restored = self
            .put_back(&job.summary.id, options, &lease, context)
            .await;
        lease.over(restored).await
    }

    /// The work between taking the lease and giving it back.
    async fn put_back(
        &self,
        job: &JobId,
        options: &RestoreOptions,
        lease: &Held,
        context: &JobContext,
    ) -> Result<()> {
        let manifest = self.usable_manifest(&options.backup_id).await?;
        let open = context
            .unless_stopped(self.open_cluster(Self::restore_target(options, &manifest)))
            .await?;
        let mut checkpoint: Checkpoint = context.saved()?.unwrap_or_default();
        let renaming = checkpoint.renaming.take();
        let items: Vec<(usize, RestoreItem)> = restore_items(&manifest, options)?
            .into_iter()
            .enumerate()
            .filter(|(_, item)| !checkpoint.done.contains(&item.target.to_string()))
            .collect();
        if checkpoint.done.is_empty() && renaming.is_none() {
            let plan = context.unless_stopped(self.restore_plan(options)).await?;
            refuse_existing(&plan)?;
        }
        unstage(&open, &staging(job)).await?;
        let sum = |part: fn(&RestoreItem) -> u64| items.iter().map(|(_, item)| part(item)).sum();
        context.set_totals(
            sum(|item| item.entry.summary.bytes),
            sum(|item| item.entry.summary.files),
            sum(|item| item.entry.summary.rows),
        );
        for (number, item) in items {
            let one = CollectionRestore {
                repository: self.repository(),
                manifest: &manifest,
                open: &open,
                context,
                scratch: scratch(job, &item.target.database, number),
                staging: format!("{}/{number}", staging(job)),
                item: &item,
            };
            if renaming.as_ref() == Some(&item.target.to_string()) && one.is_published().await? {
                one.make_aliases(&options.suffix).await?;
            } else {
                open.milvus.create_database(&item.target.database).await?;
                open.milvus.drop_collection(&one.scratch).await?;
                refuse_if_there(&open, &item.target).await?;
                one.fill(options.load_state).await?;
                checkpoint.renaming = Some(item.target.to_string());
                context.save(&checkpoint).await?;
                lease.renew().await?;
                one.publish(&options.suffix).await?;
            }
            checkpoint.renaming = None;
            checkpoint.done.push(item.target.to_string());
            context.save(&checkpoint).await?;
        }
        Ok(())
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

/// Drops every scratch collection of a job.
async fn drop_scratch(open: &OpenCluster, job: &JobId) -> Result<()> {
    let databases = open.milvus.databases().await?;
    for name in super::all_of(&*open.milvus, databases).await? {
        if is_scratch_of(job, &name.name) {
            open.milvus.drop_collection(&name).await?;
        }
    }
    Ok(())
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
