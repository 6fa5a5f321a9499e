//! Setting the policies of clusters, and looking at what they do and would do.

use hozon_model::{
    Action, Actor, BackupMethod, BackupOptions, BackupScope, ClusterId, JobKind, Policy,
    PolicyChange, PolicyOptions, PolicyPreview, PolicyRun, PolicyState, Resource, RunCause,
};
use jiff::Timestamp;

use crate::{
    Engine, Error, ErrorCode, Feature, Result,
    access::{Acts, ask, place_of_cluster},
    audit::Change,
    backups::new_job,
    catalog::{NewBackup, NewRun, RunOutcome},
    id,
    policy::{self, Timetable, retention},
};

/// How many runs a preview shows.
const RUNS_SHOWN: usize = 5;

impl Engine {
    /// Sets a cluster's policy. Where there was none it is switched on, and a first backup is made at once; one that is
    /// paused stays so.
    ///
    /// # Errors
    /// `InvalidInput` names the field that is not acceptable; `RepositoryNotFound` one that copies shall go to.
    pub async fn set_policy(
        &self,
        by: &dyn Acts,
        cluster: &str,
        options: PolicyOptions,
    ) -> Result<PolicyChange> {
        let before = self.policy(cluster).await.ok();
        let set = self.try_set_policy(by, cluster, options).await;
        let now = set.as_ref().ok().map(|change| &change.policy);
        self.audit_change(
            by.actor(),
            "policy.set",
            cluster,
            Change::from(before.as_ref()).now(now),
            &set,
        )
        .await?;
        set
    }

    async fn try_set_policy(
        &self,
        by: &dyn Acts,
        cluster: &str,
        options: PolicyOptions,
    ) -> Result<PolicyChange> {
        let cluster = self.cluster(cluster).await?;
        ask(
            by,
            Resource::Policy,
            Action::Edit,
            &place_of_cluster(&cluster),
        )?;
        self.entitled(Feature::Policy, &cluster).await?;
        self.check_policy(&options, &cluster.id)?;
        if !options.copies.is_empty() {
            self.entitled(Feature::Copy, &cluster).await?;
        }
        let now = Timestamp::now();
        let before = self.catalog().policy(&cluster.id).await?;
        let policy = Policy {
            cluster_id: cluster.id,
            cluster_name: cluster.name,
            state: before.map_or(PolicyState::Enabled, |policy| policy.state),
            options,
            counted_from: now,
            changed_at: now,
            changed_by: by.actor().name.clone(),
        };
        self.catalog().set_policy(&policy).await?;
        let first = match policy.state {
            PolicyState::Enabled => {
                self.make_run(by.actor(), &policy, RunCause::First, now)
                    .await?
            }
            PolicyState::Paused => RunOutcome::NotDue,
        };
        Ok(PolicyChange {
            job: match first {
                RunOutcome::Made(job) => Some(*job),
                RunOutcome::LeftOut | RunOutcome::NotDue => None,
            },
            policy,
        })
    }

    /// Stops a policy for a while: it makes no backups, and none of its backups expire.
    pub async fn pause_policy(&self, by: &dyn Acts, cluster: &str) -> Result<Policy> {
        let paused = self.switch_policy(by, cluster, PolicyState::Paused).await;
        self.audit(by.actor(), "policy.pause", cluster, &paused)
            .await?;
        paused
    }

    /// Puts a paused policy to work again. What fell into the pause is not made up for.
    pub async fn resume_policy(&self, by: &dyn Acts, cluster: &str) -> Result<Policy> {
        let resumed = self.switch_policy(by, cluster, PolicyState::Enabled).await;
        self.audit(by.actor(), "policy.resume", cluster, &resumed)
            .await?;
        resumed
    }

    async fn switch_policy(
        &self,
        by: &dyn Acts,
        cluster: &str,
        state: PolicyState,
    ) -> Result<Policy> {
        let cluster = self.cluster(cluster).await?;
        ask(
            by,
            Resource::Policy,
            Action::Edit,
            &place_of_cluster(&cluster),
        )?;
        let mut policy = self.policy(cluster.id.as_str()).await?;
        if policy.state != state {
            let now = Timestamp::now();
            policy.state = state;
            policy.counted_from = now;
            policy.changed_at = now;
            policy.changed_by.clone_from(&by.actor().name);
            self.catalog().set_policy(&policy).await?;
        }
        Ok(policy)
    }

    /// Switches a policy off. Its backups stay, and do not expire any more.
    pub async fn remove_policy(&self, by: &dyn Acts, cluster: &str) -> Result<()> {
        let removed = self.try_remove_policy(by, cluster).await;
        self.audit(by.actor(), "policy.remove", cluster, &removed)
            .await?;
        removed
    }

    async fn try_remove_policy(&self, by: &dyn Acts, cluster: &str) -> Result<()> {
        let cluster = self.cluster(cluster).await?;
        ask(
            by,
            Resource::Policy,
            Action::Delete,
            &place_of_cluster(&cluster),
        )?;
        self.policy(cluster.id.as_str()).await?;
        self.catalog().remove_policy(&cluster.id).await
    }

    /// Makes an automatic backup now, also while the policy is paused.
    ///
    /// # Errors
    /// `BackupBusy` while an automatic backup of the cluster has not ended.
    pub async fn run_policy(
        &self,
        by: &dyn Acts,
        cluster: &str,
    ) -> Result<hozon_model::JobSummary> {
        let made = self.try_run_policy(by, cluster).await;
        self.audit(by.actor(), "policy.run", cluster, &made).await?;
        made
    }

    async fn try_run_policy(
        &self,
        by: &dyn Acts,
        cluster: &str,
    ) -> Result<hozon_model::JobSummary> {
        let cluster = self.cluster(cluster).await?;
        ask(
            by,
            Resource::Policy,
            Action::Run,
            &place_of_cluster(&cluster),
        )?;
        let policy = self.policy(cluster.id.as_str()).await?;
        let now = Timestamp::now();
        match self
            .make_run(by.actor(), &policy, RunCause::Asked, now)
            .await?
        {
            RunOutcome::Made(job) => Ok(*job),
            RunOutcome::LeftOut | RunOutcome::NotDue => Err(no_policy(&policy.cluster_name)),
        }
    }

    /// Every policy, by the cluster's name.
    pub async fn policies(&self) -> Result<Vec<Policy>> {
        self.catalog().policies().await
    }

    /// A cluster's policy; `PolicyNotFound` where none is switched on.
    pub async fn policy(&self, cluster: &str) -> Result<Policy> {
        let cluster = self.cluster(cluster).await?;
        self.catalog()
            .policy(&cluster.id)
            .await?
            .ok_or_else(|| no_policy(&cluster.name))
    }

    /// The newest runs of a cluster's policy, at most `limit`.
    pub async fn policy_runs(&self, cluster: &str, limit: u64) -> Result<Vec<PolicyRun>> {
        let cluster = self.cluster(cluster).await?;
        self.catalog().policy_runs(&cluster.id, limit).await
    }

    /// The next five runs, and what becomes of every backup of the cluster: by the options given, or by those it has.
    pub async fn preview_policy(
        &self,
        cluster: &str,
        options: Option<&PolicyOptions>,
    ) -> Result<PolicyPreview> {
        let cluster = self.cluster(cluster).await?;
        let current;
        let options = if let Some(options) = options {
            options
        } else {
            current = self.policy(cluster.id.as_str()).await?.options;
            &current
        };
        let timetable = self.check_policy(options, &cluster.id)?;
        let backups = self.catalog().cluster_backups(&cluster.id).await?;
        let now = Timestamp::now();
        Ok(PolicyPreview {
            next_runs: timetable.next_runs(now, RUNS_SHOWN),
            backups: retention::outlook(&options.retention, timetable.zone(), &backups, now),
        })
    }

    fn check_policy(&self, options: &PolicyOptions, cluster: &ClusterId) -> Result<Timetable> {
        let most_days = self.entitlements().longest_retention_days;
        policy::check(options, cluster, most_days)
    }

    /// For how many days at most a policy may keep every backup.
    pub fn longest_retention(&self) -> u32 {
        let allowed = self.entitlements().longest_retention_days;
        allowed.unwrap_or(policy::MOST_KEPT)
    }

    /// When a policy runs next; none while it is paused.
    pub fn next_run(&self, policy: &Policy, now: Timestamp) -> Result<Option<Timestamp>> {
        if policy.state == PolicyState::Paused {
            return Ok(None);
        }
        Ok(timetable(policy)?.next(now))
    }

    /// Puts a run's backup into the queue.
    pub(crate) async fn make_run(
        &self,
        actor: &Actor,
        policy: &Policy,
        cause: RunCause,
        now: Timestamp,
    ) -> Result<RunOutcome> {
        self.make_run_due(actor, policy, cause, now, now).await
    }

    /// The same for one that was due at another moment.
    pub(crate) async fn make_run_due(
        &self,
        actor: &Actor,
        policy: &Policy,
        cause: RunCause,
        due_at: Timestamp,
        now: Timestamp,
    ) -> Result<RunOutcome> {
        let cluster = self.cluster(policy.cluster_id.as_str()).await?;
        self.entitled(Feature::Policy, &cluster).await?;
        let wall = due_at.to_zoned(timetable(policy)?.zone().clone());
        let backup = NewBackup {
            id: id::backup(BackupScope::Cluster)?,
            name: format!(
                "{}_auto_{}",
                policy.cluster_name,
                wall.strftime("%Y-%m-%d_%H-%M")
            ),
            cluster_id: policy.cluster_id.clone(),
            cluster_name: policy.cluster_name.clone(),
            scope: BackupScope::Cluster,
            method: BackupMethod::Auto,
        };
        let options = BackupOptions {
            cluster_id: policy.cluster_id.clone(),
            name: Some(backup.name.clone()),
            database: None,
            collections: Vec::new(),
            copies: Vec::new(),
            bandwidth_limit: None,
        };
        let cluster = Some(policy.cluster_id.clone());
        let mut job = new_job(actor, JobKind::Backup, &options, &backup.id, cluster)?;
        job.created_at = now;
        let run = NewRun {
            cluster_id: policy.cluster_id.clone(),
            due_at,
            made_at: now,
            cause,
            policy_of: policy.changed_at,
        };
        self.queue().enqueue_run(&run, &job, &backup).await
    }
}

/// The timetable of a policy that was checked when it was set.
pub(crate) fn timetable(policy: &Policy) -> Result<Timetable> {
    let options = &policy.options;
    Timetable::new(&options.schedule, &options.time_zone, &policy.cluster_id)
}

fn no_policy(cluster: &str) -> Error {
    Error::new(ErrorCode::PolicyNotFound, cluster)
        .hint("set one with `hozon policy set`, or on the page Policies")
}
