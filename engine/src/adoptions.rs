//! Asking for adoptions: what lies at a place, and making a backup of it.

use hozon_model::{
    Action, AdoptOptions, AdoptPlan, BackupId, BackupMethod, Cluster, FoundArchives, Integration,
    JobKind, JobQuery, JobSummary, Place, Resource,
};

use crate::{
    Engine, Error, ErrorCode, Feature, Result,
    access::{Acts, ask},
    backups::{backup_name, new_job},
    catalog::NewBackup,
    commands::AdoptJob,
    id,
    integrations::check_directory,
};

impl Engine {
    /// The archives in a directory at the place of an integration, by identifier or name, and below it. Their documents
    /// are read, and nothing is changed.
    pub async fn archives(&self, integration: &str, directory: &str) -> Result<FoundArchives> {
        let directory = check_directory(directory)?;
        let integration = self.integration(integration).await?;
        self.core().found_archives(&integration.id, directory).await
    }

    /// What an adoption would take.
    pub async fn plan_adopt(&self, options: &AdoptOptions) -> Result<AdoptPlan> {
        let (options, integration, _) = self.settled_adopt(options.clone()).await?;
        let project = &integration.project_id;
        Ok(self.core().adopt_plan(&options, project).await?.plan)
    }

    /// Puts an adoption into the queue, after reading the archive's documents and listing its files. A backup of another
    /// repository that was adopted before, for the same cluster, is not adopted twice: then this is the job that did it.
    pub async fn adopt_backup(&self, by: &dyn Acts, options: AdoptOptions) -> Result<JobSummary> {
        let target = options.directory.clone();
        let created = self.try_adopt_backup(by, options).await;
        self.audit(by.actor(), "backup.adopt", &target, &created)
            .await?;
        created
    }

    async fn try_adopt_backup(&self, by: &dyn Acts, options: AdoptOptions) -> Result<JobSummary> {
        let (options, integration, cluster) = self.settled_adopt(options).await?;
        let project = integration.project_id;
        let here = Place::Project(project.clone());
        ask(by, Resource::Backup, Action::Create, &here)?;
        if let Some(cluster) = &cluster {
            self.entitled(Feature::Backup, cluster).await?;
        }
        let planned = self.core().adopt_plan(&options, &project).await?;
        if let Some(id) = &planned.plan.adopted_as {
            return self.adoption_of(id).await;
        }
        // Its files get a directory of their own: what an archive says of a file must not stand for a registered cluster's.
        let (cluster_id, cluster_name) = match cluster {
            Some(cluster) => (cluster.id, cluster.name),
            None => (planned.kept_under.clone(), planned.cluster_name),
        };
        let backup = NewBackup {
            id: id::backup(planned.scope)?,
            name: backup_name(Some(&planned.plan.name))?,
            cluster_id,
            cluster_name,
            scope: planned.scope,
            method: BackupMethod::Manual,
        };
        let told = AdoptJob {
            options,
            kept_under: Some(planned.kept_under),
            adopted: Some(planned.adopted),
        };
        let job = new_job(by.actor(), JobKind::Adopt, &told, &backup.id, None)?;
        self.queue().enqueue(&job, Some(&backup)).await
    }

    /// The job that made a backup by adopting it.
    async fn adoption_of(&self, id: &BackupId) -> Result<JobSummary> {
        let query = JobQuery {
            kind: Some(JobKind::Adopt),
            backup_id: Some(id.clone()),
            page_size: 1,
            ..JobQuery::default()
        };
        let job = self.jobs(&query).await?.items.into_iter().next();
        job.ok_or_else(|| {
            Error::new(ErrorCode::BackupNameTaken, id.as_str())
                .because("it was adopted before, and its job is not known any more")
                .hint("use that backup, or delete it first")
        })
    }

    /// The same options by identifiers, with what they are about.
    async fn settled_adopt(
        &self,
        mut options: AdoptOptions,
    ) -> Result<(AdoptOptions, Integration, Option<Cluster>)> {
        options.directory = check_directory(&options.directory)?;
        let integration = self.integration(options.integration_id.as_str()).await?;
        options.integration_id = integration.id.clone();
        let cluster = match &options.cluster_id {
            Some(id) => Some(self.cluster(id.as_str()).await?),
            None => None,
        };
        if let Some(cluster) = &cluster {
            if cluster.project_id != integration.project_id {
                return Err(Error::new(ErrorCode::InvalidInput, "cluster")
                    .because(format!(
                        "`{}` belongs to project `{}`, integration `{}` to project `{}`",
                        cluster.name, cluster.project_id, integration.name, integration.project_id
                    ))
                    .hint("choose a cluster of the integration's project"));
            }
            options.cluster_id = Some(cluster.id.clone());
        }
        Ok((options, integration, cluster))
    }
}
