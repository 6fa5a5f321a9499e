//! One file per verb. A verb is `Options → Plan → run`: the plan is data, the run is a job.

mod adopt;
mod adopt_archive;
mod adopt_repository;
mod backup;
mod backup_files;
mod backup_work;
mod copy;
mod delete;
mod each;
mod export;
mod export_archive;
mod export_files;
mod export_repository;
mod found;
mod gone;
mod held;
mod new_cluster;
mod opened;
mod opened_repository;
mod restore;
mod restore_collection;
mod restore_names;
mod restore_plan;
mod selection;
mod verify;

use async_trait::async_trait;
use hozon_model::{ByteRate, JobKind, JobSummary, LogLevel};
use serde::de::DeserializeOwned;

pub(crate) use adopt::AdoptJob;
pub(crate) use copy::CopyJob;
pub(crate) use delete::DeleteJob;
pub(crate) use new_cluster::{ClusterOrder, RestoreJob};
pub(crate) use opened::{ClusterSecrets, OpenCluster, milvus_address};
pub(crate) use restore_names::STAGING;
pub(crate) use restore_plan::{refuse_existing, restore_items};
pub(crate) use selection::{all_of, resolve, scope};

use crate::{
    Error, ErrorCode, Result,
    catalog::ClaimedJob,
    core::Core,
    jobs::{JobContext, JobRunner},
    store::Bandwidth,
};

/// How many segments are counted at a time: few on one disk, more where each waits for a network.
pub(crate) fn parallel(local: bool) -> usize {
    if local { 4 } else { 16 }
}

/// The limit of a job's own, told in its log.
async fn own_limit(rate: Option<ByteRate>, context: &JobContext) -> Bandwidth {
    if let Some(rate) = rate {
        let text = format!("at most {rate} pass through this process, in each direction");
        context.log(LogLevel::Info, text).await;
    }
    Bandwidth::new(rate)
}

fn options<T: DeserializeOwned>(job: &ClaimedJob) -> Result<T> {
    serde_json::from_value(job.options.clone()).map_err(|error| {
        Error::new(ErrorCode::CatalogFailed, job.summary.id.as_str()).caused_by(error)
    })
}

#[async_trait]
impl JobRunner for Core {
    async fn run(&self, job: &ClaimedJob, context: &JobContext) -> Result<()> {
        match job.summary.kind {
            JobKind::Backup => self.run_backup(job, &options(job)?, context).await,
            JobKind::Restore => self.run_restore(job, &options(job)?, context).await,
            JobKind::Verify => self.run_verify(job, &options(job)?, context).await,
            JobKind::Delete => self.run_delete(job, &options(job)?, context).await,
            JobKind::Export => self.run_export(job, &options(job)?, context).await,
            JobKind::Adopt => self.run_adopt(job, &options(job)?, context).await,
            JobKind::Copy => self.run_copy(job, &options(job)?, context).await,
        }
    }

    async fn ended(&self, job: &JobSummary) -> Result<()> {
        match job.kind {
            JobKind::Backup | JobKind::Adopt => self.backup_ended(job).await,
            JobKind::Restore => self.restore_ended(job).await,
            JobKind::Export => self.export_ended(job).await,
            JobKind::Verify => Ok(()),
            JobKind::Delete => self.delete_ended(job).await,
            JobKind::Copy => self.copy_ended(job).await,
        }
    }
}
