//! Restores a backup: each collection is made whole under a scratch name, then renamed.
//!
//! A target's name appears only when every row arrived, so nothing half done ever looks whole; whatever an
//! interrupted attempt left bears its job's scratch name and is dropped.

use futures::{FutureExt, TryStreamExt};
use hozon_model::{JobId, JobPhase, JobSummary, LogLevel, RestoreAction, RestoreOptions};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    OpenCluster,
    held::Held,
    new_cluster::RestoreJob,
    restore_collection::CollectionRestore,
    restore_names::{aside, is_scratch_of, put_aside, scratch, staging},
    restore_plan::{RestoreItem, action, appeared, refuse_existing, restore_items},
};
use crate::{
    ErrorCode, Result,
    catalog::ClaimedJob,
    core::Core,
    jobs::JobContext,
    repository::{LeaseKind, Repository},
    store::Pace,
};

/// What an earlier attempt did.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    /// Targets that are finished.
    done: Vec<String>,
    publishing: Option<Publishing>,
    /// When the hook was first asked for the cluster.
    #[serde(default)]
    pub(super) asked_at: Option<Timestamp>,
}

/// A collection that was made whole and may have got its name since. Renaming keeps Milvus's number for it.
#[derive(Debug, Serialize, Deserialize)]
struct Publishing {
    target: String,
    id: i64,
}

impl Core {
    pub(crate) async fn run_restore(
        &self,
        job: &ClaimedJob,
        told: &RestoreJob,
        context: &JobContext,
    ) -> Result<()> {
        context.set_phase(JobPhase::Planning);
        let options = &told.options;
        if let Some(order) = &told.new_cluster {
            // Not under a lease: it may take long, and whoever deletes the backup is kept away by the job itself.
            let made = self.have_cluster_made(job, told, order, context);
            made.boxed().await?;
            context.set_phase(JobPhase::Planning);
        }
        let repository = self.restore_source(options).await?;
        let lease = Held::wait_for(&repository, LeaseKind::Shared, job, context).await?;
        let restored = self
            .put_back(&repository, &job.summary.id, options, &lease, context)
            .await;
        lease.over(restored).await
    }

    /// The work between taking the lease and giving it back.
    async fn put_back(
        &self,
        repository: &Repository,
        job: &JobId,
        options: &RestoreOptions,
        lease: &Held,
        context: &JobContext,
    ) -> Result<()> {
        let manifest = self.restorable(repository, options).await?;
        let open = context
            .unless_stopped(self.open_cluster(Self::restore_target(options, &manifest)))
            .await?;
        let mut checkpoint: Checkpoint = context.saved()?.unwrap_or_default();
        let publishing = checkpoint.publishing.take();
        let items: Vec<(usize, RestoreItem)> = restore_items(&manifest, options)?
            .into_iter()
            .enumerate()
            .filter(|(_, item)| !checkpoint.done.contains(&item.target.to_string()))
            .collect();
        if checkpoint.done.is_empty() && publishing.is_none() {
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
        let pace = Pace::of(&[repository.store(), &open.store]);
        for (number, item) in items {
            let target = item.target.to_string();
            let one = CollectionRestore {
                repository,
                manifest: &manifest,
                open: &open,
                context,
                pace: &pace,
                options,
                scratch: scratch(job, &item.target.database, number),
                aside: aside(job, &item.target, number)?,
                staging: format!("{}/{number}", staging(job)),
                item: &item,
            };
            let whole = match &publishing {
                Some(begun) if begun.target == target => one.is_there(begun.id).await?,
                _ => false,
            };
            if !whole {
                match action(&open, &item.target, options.existing).await? {
                    RestoreAction::Make | RestoreAction::Replace => {}
                    RestoreAction::Refuse => return Err(appeared(&open, &item.target)),
                    RestoreAction::Skip => {
                        let text = format!("`{target}` is there already and was left as it is");
                        context.log(LogLevel::Warning, text).await;
                        checkpoint.done.push(target);
                        context.save(&checkpoint).await?;
                        continue;
                    }
                }
                open.milvus.create_database(&item.target.database).await?;
                open.milvus.drop_collection(&one.scratch).await?;
                one.fill().await?;
                checkpoint.publishing = Some(Publishing {
                    target: target.clone(),
                    id: open.milvus.describe(&one.scratch).await?.id,
                });
                context.save(&checkpoint).await?;
                lease.renew().await?;
            }
            one.publish().await?;
            checkpoint.publishing = None;
            checkpoint.done.push(target);
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
                tracing::warn!(job = %job.id, %error, "what a failed restore left stays: drop collections named hozon_restore_*, and give those named hozon_replaced_* their names back");
                return Ok(());
            }
            open => open?,
        };
        put_back_replaced(&open, &job.id).await?;
        drop_scratch(&open, &job.id).await?;
        unstage(&open, &staging(&job.id)).await
    }
}

/// Gives every collection that was put aside its name back, unless the restored one has it by now, whole.
async fn put_back_replaced(open: &OpenCluster, job: &JobId) -> Result<()> {
    let milvus = &open.milvus;
    let databases = milvus.databases().await?;
    for name in super::all_of(&**milvus, databases).await? {
        let Some((number, former)) = put_aside(job, &name) else {
            continue;
        };
        if !milvus.has_collection(&former).await? {
            milvus.rename_collection(&name, &former.name).await?;
        } else if milvus
            .has_collection(&scratch(job, &former.database, number))
            .await?
        {
            tracing::warn!(job = %job, collection = %former, kept = %name, "somebody made a collection of the name of one that was being replaced; the former one is kept");
        } else {
            for alias in milvus.describe(&name).await?.aliases {
                milvus.alter_alias(&former, &alias).await?;
            }
            milvus.drop_collection(&name).await?;
        }
    }
    Ok(())
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
