//! The cluster that a restore is to have made first: the provisioning hook is asked for it until it is there, it is
//! tried like any other that is registered, and must be empty.
//!
//! One request identifier goes with it through every attempt and every retry, so a process that is killed at any moment
//! asks for the same cluster again. It is registered in one step, with its job's line and the audit's.

use std::time::Duration;

use futures::FutureExt;
use hozon_model::{
    Cluster, ClusterId, JobPhase, LoadStateWish, LogLevel, NewCluster, Project, ProjectId,
    RestoreOptions,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::{ClusterSecrets, all_of, milvus_address, restore::Checkpoint, restore_items};
use crate::{
    Error, ErrorCode, Result,
    catalog::{AuditEntry, ClaimedJob, word},
    cluster_check::Check,
    clusters::described,
    core::Core,
    jobs::JobContext,
    provisioning::{Answer, Provisioning, Question},
    source::milvus::connect,
};

/// A wait is told in the log at most this often.
const TELL_EVERY: Duration = Duration::from_mins(1);

/// What a restore's job is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RestoreJob {
    #[serde(flatten)]
    pub(crate) options: RestoreOptions,
    /// The cluster that is to be made for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) new_cluster: Option<ClusterOrder>,
}

/// A cluster to be made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ClusterOrder {
    /// By which the hook knows it, in every attempt and in every job that does this one again.
    pub(crate) request_id: String,
    /// By which it will be known here.
    pub(crate) id: ClusterId,
    pub(crate) name: String,
    pub(crate) project_id: ProjectId,
    pub(crate) region: String,
    pub(crate) cu_size: u32,
    /// Whether it must have the version of the cluster that was backed up.
    pub(crate) same_version: bool,
    /// From where it was asked for, for the audit.
    pub(crate) origin: String,
}

impl Core {
    /// The hook, if there is one.
    pub(crate) fn provisioning(&self) -> Result<&Provisioning> {
        self.config().provisioning.as_ref().ok_or_else(|| {
            Error::new(ErrorCode::ProvisioningFailed, "provisioning")
                .because("no provisioning hook is configured")
                .hint("set `url` or `command` under `[provisioning]`; or register an empty cluster with `hozon cluster add`")
        })
    }

    /// Sees to it that the cluster is registered: an earlier attempt may have got so far.
    pub(crate) async fn have_cluster_made(
        &self,
        job: &ClaimedJob,
        told: &RestoreJob,
        order: &ClusterOrder,
        context: &JobContext,
    ) -> Result<()> {
        if self.registered(order).await? {
            return Ok(());
        }
        let made = self.make_cluster(job, told, order, context).await;
        let Err(error) = &made else {
            return Ok(());
        };
        match error.code() {
            ErrorCode::Canceled => {
                let text = format!(
                    "what the provisioning hook began for request `{}` stays with it; a retry of this job asks for it again",
                    order.request_id
                );
                context.log(LogLevel::Warning, text).await;
            }
            // Somebody goes on with the job.
            ErrorCode::LeaseLost | ErrorCode::JobInterrupted => {}
            code => {
                let entry = line(job, order, word(&code), None);
                self.catalog().audit(&entry).await?;
            }
        }
        made
    }

    async fn registered(&self, order: &ClusterOrder) -> Result<bool> {
        let found = self.catalog().cluster(order.id.as_str()).await?;
        Ok(found.is_some_and(|(cluster, _)| cluster.id == order.id))
    }

    async fn make_cluster(
        &self,
        job: &ClaimedJob,
        told: &RestoreJob,
        order: &ClusterOrder,
        context: &JobContext,
    ) -> Result<()> {
        let hook = self.provisioning()?;
        let options = &told.options;
        let repository = self.restore_source(options).await?;
        let manifest = self.restorable(&repository, options).await?;
        restore_items(&manifest, options)?;
        let project = self.catalog().project(order.project_id.as_str()).await?;
        let project = project
            .ok_or_else(|| Error::new(ErrorCode::ProjectNotFound, order.project_id.as_str()))?;
        context.set_phase(JobPhase::Provisioning);
        let question = question(order, &project, options, &manifest.milvus_version);
        let new = self.asked_for(hook, &question, order, context).await?;
        let new = NewCluster {
            name: order.name.clone(),
            cloud_region: Some(order.region.clone()),
            ..new
        };
        let mut cluster = Cluster {
            id: order.id.clone(),
            ..described(&new, order.project_id.clone()).map_err(|error| unusable(order, &error))?
        };
        let secrets = ClusterSecrets::from(&new);
        let wanted = order.same_version.then_some(&*manifest.milvus_version);
        let tried = self.tried(&cluster, &secrets, wanted).boxed();
        let version = context.unless_stopped(tried).await?;
        cluster.milvus_version = version;
        let sealed = self.seal_cluster(&cluster.id, &secrets).await?;
        context.confirm().await?;
        let entry = line(job, order, "ok".to_owned(), Some(&cluster));
        self.catalog()
            .add_cluster_of_job(&job.summary.id, job.fence, &cluster, &sealed, &entry)
            .await?;
        let text = format!("cluster `{}` was made and registered", cluster.name);
        context.log(LogLevel::Info, text).await;
        Ok(())
    }

    /// Asks until there is a cluster, or the time is over.
    async fn asked_for(
        &self,
        hook: &Provisioning,
        question: &Question<'_>,
        order: &ClusterOrder,
        context: &JobContext,
    ) -> Result<NewCluster> {
        let mut checkpoint: Checkpoint = context.saved()?.unwrap_or_default();
        let since = *checkpoint.asked_at.get_or_insert_with(Timestamp::now);
        context.save(&checkpoint).await?;
        let text = format!(
            "asking the provisioning hook for cluster `{}`, request `{}`",
            order.name, order.request_id
        );
        context.log(LogLevel::Info, text).await;
        let private = self.config().stores.private_endpoints;
        let mut told: Option<Instant> = None;
        loop {
            context.check()?;
            self.refuse_taken(order).await?;
            let pause = match context.unless_stopped(hook.ask(question, private)).await? {
                Answer::Made(new) => return Ok(*new),
                Answer::Wait(pause) => pause,
            };
            let passed = Timestamp::now().duration_since(since)
                + SignedDuration::from_secs(pause.as_secs() as i64);
            if passed.as_secs() > hook.deadline.as_secs() as i64 {
                return Err(Error::new(ErrorCode::ProvisioningFailed, order.name.as_str())
                    .because(format!(
                        "request `{}`: the provisioning hook wants to be asked again later than {} seconds after it was asked first",
                        order.request_id,
                        hook.deadline.as_secs()
                    ))
                    .hint("retry the job once the cluster is there, or raise `deadline_seconds` under `[provisioning]`"));
            }
            if told.is_none_or(|at| at.elapsed() >= TELL_EVERY) {
                told = Some(Instant::now());
                let text = format!(
                    "the provisioning hook wants to be asked again in {} s",
                    pause.as_secs()
                );
                context.log(LogLevel::Info, text).await;
            }
            let waited = async {
                tokio::time::sleep(pause).await;
                Ok(())
            };
            context.unless_stopped(waited).await?;
        }
    }

    /// Somebody may have registered a cluster of this name since.
    async fn refuse_taken(&self, order: &ClusterOrder) -> Result<()> {
        match self.catalog().cluster(&order.name).await? {
            Some((other, _)) if other.name == order.name => Err(Error::new(
                ErrorCode::ClusterNameTaken,
                order.name.as_str(),
            )
            .because(format!(
                "cluster `{}` was registered under it meanwhile",
                other.id
            ))
            .hint(format!(
                "restore into that cluster, or under another name; what the provisioning hook made for request `{}` is not used",
                order.request_id
            ))),
            _ => Ok(()),
        }
    }

    /// Tries what a registered cluster must do, and that nothing is in it. Returns its version.
    async fn tried(
        &self,
        cluster: &Cluster,
        secrets: &ClusterSecrets,
        wanted: Option<&str>,
    ) -> Result<Option<String>> {
        let check = Check::run(self.stores(), cluster, secrets).await;
        let version = check.version.clone();
        check.into_error().map_or(Ok(()), Err)?;
        let unfit = |why: String| {
            Err(
                Error::new(ErrorCode::ProvisioningFailed, cluster.name.as_str())
                    .because(why)
                    .hint("correct what the provisioning hook answers, then retry the job"),
            )
        };
        if let Some(wanted) = wanted
            && version.as_deref() != Some(wanted)
        {
            return unfit(format!(
                "the cluster has Milvus {}, and {wanted} was asked for",
                version.as_deref().unwrap_or("of an unknown version")
            ));
        }
        let milvus = connect(&milvus_address(cluster, secrets)).await?;
        let databases = milvus.databases().await?;
        match all_of(&*milvus, databases).await?.first() {
            None => Ok(version),
            Some(one) => unfit(format!("the cluster is not empty: it has `{one}`")),
        }
    }
}

fn question<'a>(
    order: &'a ClusterOrder,
    project: &'a Project,
    options: &'a RestoreOptions,
    milvus_version: &'a str,
) -> Question<'a> {
    Question {
        request_id: &order.request_id,
        project_id: &project.id,
        project_name: &project.name,
        plan: project.plan.as_str(),
        region_id: &order.region,
        cluster_id: &order.id,
        cluster_name: &order.name,
        cu_size: order.cu_size,
        collection_status: match options.load_state {
            LoadStateWish::Keep => "KEEP",
            LoadStateWish::Release => "RELEASE",
        },
        restore_version_policy: if order.same_version {
            "ORIGINAL"
        } else {
            "LATEST"
        },
        backup_id: &options.backup_id,
        milvus_version,
    }
}

/// What was answered, and makes no cluster that could be reached.
fn unusable(order: &ClusterOrder, error: &Error) -> Error {
    let report = error.report();
    Error::new(ErrorCode::ProvisioningFailed, order.name.as_str())
        .because(format!(
            "request `{}`: the provisioning hook answered with an unusable `{}`: {}",
            order.request_id, report.subject, report.detail
        ))
        .hint("correct the hook, then retry the job")
}

/// A line of the audit, in the name of whoever asked for the job.
fn line(
    job: &ClaimedJob,
    order: &ClusterOrder,
    outcome: String,
    made: Option<&Cluster>,
) -> AuditEntry {
    AuditEntry {
        at: Timestamp::now(),
        actor: job.summary.created_by.clone(),
        origin: order.origin.clone(),
        action: "cluster.provision".to_owned(),
        target: order.name.clone(),
        outcome,
        before: None,
        after: made.and_then(|cluster| serde_json::to_value(cluster).ok()),
    }
}
