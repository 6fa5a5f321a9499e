//! Asking for a restore into a cluster that is not there yet: a provisioning hook is to make it.

use hozon_model::{
    Action, ClusterId, DeploymentOption, JobId, JobKind, JobSummary, Place, ProjectId, Resource,
    RestoreOptions,
};

use crate::{
    Engine, Error, ErrorCode, Feature, Result,
    access::{Acts, ask, place_of_backup},
    backups::new_job,
    clusters::{checked_name, checked_region},
    commands::{ClusterOrder, RestoreJob, restore_items},
    id,
};

/// Letters of a request's identifier, 5 bits each.
const REQUEST: usize = 26;
/// The largest cluster that may be asked for.
const LARGEST: u32 = 1024;

/// A cluster that a restore wants made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedCluster {
    /// What it shall be called; no cluster bears the name.
    pub name: String,
    /// The project that it shall belong to.
    pub project_id: ProjectId,
    /// Where it shall run, as people name it.
    pub region: String,
    /// How large it shall be, in the vendor's compute units: 1 to 1024.
    pub cu_size: u32,
    /// Whether it must have the version of the cluster that was backed up.
    pub same_version: bool,
}

/// A restore that waits for its cluster.
#[derive(Clone, Debug)]
pub struct RestoreIntoNew {
    /// The job; its cluster is none until that is registered.
    pub job: JobSummary,
    /// By which the cluster will be known.
    pub cluster_id: ClusterId,
}

impl Engine {
    /// Whether a provisioning hook is configured.
    pub fn makes_clusters(&self) -> bool {
        self.core().config().provisioning.is_some()
    }

    /// Puts a restore into the queue whose job has a cluster made first. The cluster of the options counts for nothing.
    ///
    /// # Errors
    /// `ProvisioningFailed` without a hook; `ClusterNameTaken`, also where another job has one of the name made;
    /// `InvalidInput` on `name`, `cloud region` or `cuSize`; `PermissionDenied` for whoever may not register a cluster in
    /// the project, or not restore there.
    pub async fn restore_into_new_cluster(
        &self,
        by: &dyn Acts,
        options: RestoreOptions,
        wanted: WantedCluster,
    ) -> Result<RestoreIntoNew> {
        let target = options.backup_id.to_string();
        let order = ClusterOrder {
            request_id: format!("req-{}", id::secret(REQUEST)?),
            id: id::cluster()?,
            name: wanted.name.trim().to_owned(),
            project_id: wanted.project_id,
            region: wanted.region,
            cu_size: wanted.cu_size,
            same_version: wanted.same_version,
            origin: by.actor().origin.clone(),
        };
        let cluster_id = order.id.clone();
        let created = self
            .try_restore_into_new_cluster(by, options, order, None)
            .await;
        self.audit(by.actor(), "backup.restore", &target, &created)
            .await?;
        Ok(RestoreIntoNew {
            job: created?,
            cluster_id,
        })
    }

    pub(crate) async fn try_restore_into_new_cluster(
        &self,
        by: &dyn Acts,
        mut options: RestoreOptions,
        mut order: ClusterOrder,
        retry_of: Option<JobId>,
    ) -> Result<JobSummary> {
        let backup = self.backup(options.backup_id.as_str()).await?.summary;
        let there = place_of_backup(&backup);
        ask(by, Resource::Backup, Action::Restore, &there)?;
        let project = self.project(order.project_id.as_str()).await?;
        let here = Place::Project(project.id.clone());
        ask(by, Resource::Cluster, Action::Create, &here)?;
        ask(by, Resource::Backup, Action::Restore, &here)?;
        self.core().provisioning()?;
        checked_name(&order.name)?;
        checked_region(Some(&order.region))?;
        if !(1..=LARGEST).contains(&order.cu_size) {
            return Err(Error::new(ErrorCode::InvalidInput, "cuSize")
                .because(format!("{} is not between 1 and {LARGEST}", order.cu_size)));
        }
        self.entitlements().check(
            Feature::Restore,
            &order.name,
            Some(DeploymentOption::Dedicated),
            project.plan,
        )?;
        let repository = self.core().restore_source(&options).await?;
        let manifest = self.core().restorable(&repository, &options).await?;
        restore_items(&manifest, &options)?;
        options.backup_id = manifest.begin.id;
        options.cluster_id = Some(order.id.clone());
        order.project_id = project.id;
        order.origin.clone_from(&by.actor().origin);
        let told = RestoreJob {
            options,
            new_cluster: Some(order),
        };
        let mut job = new_job(
            by.actor(),
            JobKind::Restore,
            &told,
            &told.options.backup_id,
            None,
        )?;
        job.retry_of = retry_of;
        self.queue().enqueue(&job, None).await
    }
}
