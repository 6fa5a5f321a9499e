//! Where a command does its work: the engine in this process, or a Hozon elsewhere. Both take and give the same types, so a
//! command does not see the difference.

use std::time::{Duration, Instant};

use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use hozon_engine::{Engine, Error, ErrorCode, RemovedExport, Result};
use hozon_model::{
    Actor, AdoptOptions, AdoptPlan, Backup, BackupOptions, BackupPlan, BackupQuery, BackupSummary,
    Cluster, CopyOptions, CopyPlan, DeleteOptions, DeletePlan, ExportOptions, ExportPlan,
    Integration, Job, JobId, JobQuery, JobSummary, Page, Policy, PolicyChange, PolicyOptions,
    PolicyPreview, PolicyRun, Project, RestoreOptions, RestorePlan, VerifyOptions,
};
use jiff::Timestamp;

use super::{output::Output, remote::Remote};

/// How often a job elsewhere is looked at, and how long its server may be away meanwhile.
const LOOK: Duration = Duration::from_millis(500);
const AWAY: Duration = Duration::from_mins(1);

/// What a command works with that can be done elsewhere.
pub(super) struct Desk {
    pub(super) door: Door,
    pub(super) output: Output,
}

/// Where the work is done.
pub(super) enum Door {
    /// By this process, which may do everything.
    Here { engine: Engine, actor: Actor },
    /// By another, which lets this one do what its key may.
    There(Remote),
}

impl Door {
    /// The engine of this process, for what is not done from afar.
    pub(super) fn here(&self, command: &str) -> Result<(&Engine, &Actor)> {
        match self {
            Self::Here { engine, actor } => Ok((engine, actor)),
            Self::There(_) => Err(only_here(command)),
        }
    }

    pub(super) async fn clusters(&self) -> Result<Vec<Cluster>> {
        match self {
            Self::Here { engine, .. } => engine.clusters().await,
            Self::There(remote) => remote.get(&["clusters"]).await,
        }
    }

    pub(super) async fn cluster(&self, cluster: &str) -> Result<Cluster> {
        match self {
            Self::Here { engine, .. } => engine.cluster(cluster).await,
            Self::There(remote) => remote.get(&["clusters", cluster]).await,
        }
    }

    pub(super) async fn project(&self, project: &str) -> Result<Project> {
        match self {
            Self::Here { engine, .. } => engine.project(project).await,
            Self::There(remote) => remote.get(&["projects", project]).await,
        }
    }

    pub(super) async fn integration(&self, integration: &str) -> Result<Integration> {
        match self {
            Self::Here { engine, .. } => engine.integration(integration).await,
            Self::There(remote) => remote.get(&["integrations", integration]).await,
        }
    }

    pub(super) async fn backups(&self, query: &BackupQuery) -> Result<Page<BackupSummary>> {
        match self {
            Self::Here { engine, .. } => engine.backups(query).await,
            Self::There(remote) => remote.post(&["search", "backups"], query).await,
        }
    }

    pub(super) async fn backup(&self, backup: &str) -> Result<Backup> {
        match self {
            Self::Here { engine, .. } => engine.backup(backup).await,
            Self::There(remote) => remote.get(&["backups", backup]).await,
        }
    }

    pub(super) async fn rename_backup(&self, backup: &str, name: &str) -> Result<BackupSummary> {
        match self {
            Self::Here { engine, actor } => engine.rename_backup(actor, backup, name).await,
            Self::There(remote) => remote.post(&["backups", backup, "rename"], &name).await,
        }
    }

    pub(super) async fn pin_backup(&self, backup: &str, pinned: bool) -> Result<BackupSummary> {
        match self {
            Self::Here { engine, actor } => engine.pin_backup(actor, backup, pinned).await,
            Self::There(remote) => remote.post(&["backups", backup, "pin"], &pinned).await,
        }
    }

    pub(super) async fn plan_backup(&self, options: &BackupOptions) -> Result<BackupPlan> {
        match self {
            Self::Here { engine, .. } => engine.plan_backup(options).await,
            Self::There(remote) => remote.post(&["plan", "backup"], options).await,
        }
    }

    pub(super) async fn create_backup(&self, options: BackupOptions) -> Result<JobSummary> {
        match self {
            Self::Here { engine, actor } => engine.create_backup(actor, options).await,
            Self::There(remote) => remote.post(&["queue", "backup"], &options).await,
        }
    }

    pub(super) async fn verify_backup(&self, options: VerifyOptions) -> Result<JobSummary> {
        match self {
            Self::Here { engine, actor } => engine.verify_backup(actor, options).await,
            Self::There(remote) => remote.post(&["queue", "verify"], &options).await,
        }
    }

    pub(super) async fn plan_restore(&self, options: &RestoreOptions) -> Result<RestorePlan> {
        match self {
            Self::Here { engine, .. } => engine.plan_restore(options).await,
            Self::There(remote) => remote.post(&["plan", "restore"], options).await,
        }
    }

    pub(super) async fn restore_backup(&self, options: RestoreOptions) -> Result<JobSummary> {
        match self {
            Self::Here { engine, actor } => engine.restore_backup(actor, options).await,
            Self::There(remote) => remote.post(&["queue", "restore"], &options).await,
        }
    }

    pub(super) async fn plan_export(&self, options: &ExportOptions) -> Result<ExportPlan> {
        match self {
            Self::Here { engine, .. } => engine.plan_export(options).await,
            Self::There(remote) => remote.post(&["plan", "export"], options).await,
        }
    }

    pub(super) async fn export_backup(&self, options: ExportOptions) -> Result<JobSummary> {
        match self {
            Self::Here { engine, actor } => engine.export_backup(actor, options).await,
            Self::There(remote) => remote.post(&["queue", "export"], &options).await,
        }
    }

    pub(super) async fn plan_adopt(&self, options: &AdoptOptions) -> Result<AdoptPlan> {
        match self {
            Self::Here { engine, .. } => engine.plan_adopt(options).await,
            Self::There(remote) => remote.post(&["plan", "adopt"], options).await,
        }
    }

    pub(super) async fn adopt_backup(&self, options: AdoptOptions) -> Result<JobSummary> {
        match self {
            Self::Here { engine, actor } => engine.adopt_backup(actor, options).await,
            Self::There(remote) => remote.post(&["queue", "adopt"], &options).await,
        }
    }

    pub(super) async fn plan_copy(&self, options: &CopyOptions) -> Result<CopyPlan> {
        match self {
            Self::Here { engine, .. } => engine.plan_copy(options).await,
            Self::There(remote) => remote.post(&["plan", "copy"], options).await,
        }
    }

    pub(super) async fn copy_backup(&self, options: CopyOptions) -> Result<JobSummary> {
        match self {
            Self::Here { engine, actor } => engine.copy_backup(actor, options).await,
            Self::There(remote) => remote.post(&["queue", "copy"], &options).await,
        }
    }

    pub(super) async fn plan_delete(&self, options: &DeleteOptions) -> Result<DeletePlan> {
        match self {
            Self::Here { engine, .. } => engine.plan_delete(options).await,
            Self::There(remote) => remote.post(&["plan", "delete"], options).await,
        }
    }

    pub(super) async fn delete_backup(&self, options: DeleteOptions) -> Result<JobSummary> {
        match self {
            Self::Here { engine, actor } => engine.delete_backup(actor, options).await,
            Self::There(remote) => remote.post(&["queue", "delete"], &options).await,
        }
    }

    /// Policies with their next runs after `now`.
    pub(super) async fn policies(
        &self,
        now: Timestamp,
    ) -> Result<Vec<(Policy, Option<Timestamp>)>> {
        match self {
            Self::Here { engine, .. } => {
                let mut policies = Vec::new();
                for policy in engine.policies().await? {
                    let next_run = engine.next_run(&policy, now)?;
                    policies.push((policy, next_run));
                }
                Ok(policies)
            }
            Self::There(remote) => remote.get(&["policies"]).await,
        }
    }

    pub(super) async fn policy(&self, cluster: &str) -> Result<Policy> {
        match self {
            Self::Here { engine, .. } => engine.policy(cluster).await,
            Self::There(remote) => remote.get(&["policies", cluster]).await,
        }
    }

    pub(super) async fn policy_runs(&self, cluster: &str) -> Result<Vec<PolicyRun>> {
        match self {
            Self::Here { engine, .. } => {
                engine.policy_runs(cluster, hozon_api::own::RUNS_TOLD).await
            }
            Self::There(remote) => remote.get(&["policies", cluster, "runs"]).await,
        }
    }

    pub(super) async fn preview_policy(
        &self,
        cluster: &str,
        options: Option<&PolicyOptions>,
    ) -> Result<PolicyPreview> {
        match self {
            Self::Here { engine, .. } => engine.preview_policy(cluster, options).await,
            Self::There(remote) => {
                remote
                    .post(&["policies", cluster, "preview"], &options)
                    .await
            }
        }
    }

    pub(super) async fn set_policy(
        &self,
        cluster: &str,
        options: PolicyOptions,
    ) -> Result<PolicyChange> {
        match self {
            Self::Here { engine, actor } => engine.set_policy(actor, cluster, options).await,
            Self::There(remote) => remote.put(&["policies", cluster], &options).await,
        }
    }

    pub(super) async fn remove_policy(&self, cluster: &str) -> Result<()> {
        match self {
            Self::Here { engine, actor } => engine.remove_policy(actor, cluster).await,
            Self::There(remote) => remote.delete(&["policies", cluster]).await,
        }
    }

    pub(super) async fn pause_policy(&self, cluster: &str) -> Result<Policy> {
        match self {
            Self::Here { engine, actor } => engine.pause_policy(actor, cluster).await,
            Self::There(remote) => remote.post(&["policies", cluster, "pause"], &()).await,
        }
    }

    pub(super) async fn resume_policy(&self, cluster: &str) -> Result<Policy> {
        match self {
            Self::Here { engine, actor } => engine.resume_policy(actor, cluster).await,
            Self::There(remote) => remote.post(&["policies", cluster, "resume"], &()).await,
        }
    }

    pub(super) async fn run_policy(&self, cluster: &str) -> Result<JobSummary> {
        match self {
            Self::Here { engine, actor } => engine.run_policy(actor, cluster).await,
            Self::There(remote) => remote.post(&["policies", cluster, "run"], &()).await,
        }
    }

    pub(super) async fn jobs(&self, query: &JobQuery) -> Result<Page<JobSummary>> {
        match self {
            Self::Here { engine, .. } => engine.jobs(query).await,
            Self::There(remote) => remote.post(&["search", "jobs"], query).await,
        }
    }

    pub(super) async fn job(&self, id: &JobId) -> Result<Job> {
        match self {
            Self::Here { engine, .. } => engine.job(id).await,
            Self::There(remote) => remote.get(&["jobs", id.as_str()]).await,
        }
    }

    pub(super) async fn cancel_job(&self, id: &JobId) -> Result<JobSummary> {
        match self {
            Self::Here { engine, actor } => engine.cancel_job(actor, id).await,
            Self::There(remote) => remote.post(&["jobs", id.as_str(), "cancel"], &()).await,
        }
    }

    pub(super) async fn retry_job(&self, id: &JobId) -> Result<JobSummary> {
        match self {
            Self::Here { engine, actor } => engine.retry_job(actor, id).await,
            Self::There(remote) => remote.post(&["jobs", id.as_str(), "retry"], &()).await,
        }
    }

    pub(super) async fn remove_export(&self, id: &JobId) -> Result<RemovedExport> {
        match self {
            Self::Here { engine, actor } => engine.remove_export(actor, id).await,
            Self::There(remote) => remote.post(&["jobs", id.as_str(), "sweep"], &()).await,
        }
    }

    /// The job now, then each time it changes; ends after its final state.
    pub(super) fn watch_job(&self, id: &JobId) -> BoxStream<'static, Result<JobSummary>> {
        match self {
            Self::Here { engine, .. } => engine.watch_job(id),
            Self::There(remote) => watch(remote.clone(), id.clone()),
        }
    }
}

/// What a command is told that needs the server's own machine.
pub(super) fn only_here(command: &str) -> Error {
    Error::new(ErrorCode::InvalidInput, command)
        .because("it is done on the server's own machine alone")
        .hint("run it there, without `--server` and `HOZON_SERVER`; or use the console")
}

struct Watch {
    remote: Remote,
    id: JobId,
    shown: Option<JobSummary>,
    over: bool,
}

fn watch(remote: Remote, id: JobId) -> BoxStream<'static, Result<JobSummary>> {
    let watch = Watch {
        remote,
        id,
        shown: None,
        over: false,
    };
    stream::unfold(watch, |mut watch| async move {
        let item = watch.next().await?;
        Some((item, watch))
    })
    .boxed()
}

impl Watch {
    /// A server that starts anew in the meantime does not end it.
    async fn next(&mut self) -> Option<Result<JobSummary>> {
        let mut heard = Instant::now();
        while !self.over {
            if self.shown.is_some() {
                tokio::time::sleep(LOOK).await;
            }
            match self.remote.get::<Job>(&["jobs", self.id.as_str()]).await {
                Ok(Job { summary, .. }) => {
                    heard = Instant::now();
                    if self.shown.as_ref() != Some(&summary) {
                        self.over = summary.state.is_final();
                        self.shown = Some(summary.clone());
                        return Some(Ok(summary));
                    }
                }
                Err(error)
                    if error.code() == ErrorCode::ServerUnreachable
                        && self.shown.is_some()
                        && heard.elapsed() < AWAY => {}
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}
