//! What somebody may look at: the reading side of the one door, narrowed to a caller's rights.

use hozon_model::{
    Action, Backup, BackupQuery, BackupSummary, Cluster, FoundArchives, Integration, Job, JobId,
    JobQuery, JobSummary, Page, Place, Privilege, Project, Resource,
};

use super::{Acts, Caller, place_of_backup, place_of_cluster};
use crate::{Engine, Result};

/// The engine as a caller may see it. Lists leave out what may not be seen; asking for it by name is refused.
#[derive(Clone, Debug)]
pub struct Seen {
    engine: Engine,
    caller: Caller,
}

impl Engine {
    /// What a caller may look at.
    pub fn seen_by(&self, caller: Caller) -> Seen {
        Seen {
            engine: self.clone(),
            caller,
        }
    }
}

impl Seen {
    /// Refuses to show a kind of thing there.
    ///
    /// # Errors
    /// `PermissionDenied` names the privilege that is missing.
    pub fn check(&self, resource: Resource, place: &Place) -> Result<()> {
        self.caller
            .check(Privilege::new(resource, Action::View), place)
    }

    /// Clusters with a kind of thing that may be seen.
    ///
    /// # Errors
    /// Where the catalog does not answer.
    pub async fn clusters_with(&self, resource: Resource) -> Result<Vec<Cluster>> {
        let mut clusters = self.engine.clusters().await?;
        clusters.retain(|cluster| {
            self.caller
                .may(resource, Action::View, &place_of_cluster(cluster))
        });
        Ok(clusters)
    }

    /// Clusters.
    ///
    /// # Errors
    /// As [`Self::clusters_with`].
    pub async fn clusters(&self) -> Result<Vec<Cluster>> {
        self.clusters_with(Resource::Cluster).await
    }

    /// A cluster with a kind of thing that must be visible, by identifier or name.
    ///
    /// # Errors
    /// `ClusterNotFound`, `PermissionDenied`.
    pub async fn cluster_with(&self, resource: Resource, id_or_name: &str) -> Result<Cluster> {
        let cluster = self.engine.cluster(id_or_name).await?;
        self.check(resource, &place_of_cluster(&cluster))?;
        Ok(cluster)
    }

    /// A cluster, by identifier or name.
    ///
    /// # Errors
    /// As [`Self::cluster_with`].
    pub async fn cluster(&self, id_or_name: &str) -> Result<Cluster> {
        self.cluster_with(Resource::Cluster, id_or_name).await
    }

    /// A page of backups.
    ///
    /// # Errors
    /// As [`Engine::backups`].
    pub async fn backups(&self, query: &BackupQuery) -> Result<Page<BackupSummary>> {
        let query = BackupQuery {
            within: self.caller.visible(Resource::Backup),
            ..query.clone()
        };
        self.engine.backups(&query).await
    }

    /// Everything about one backup, by identifier or name.
    ///
    /// # Errors
    /// `BackupNotFound`, `PermissionDenied`.
    pub async fn backup(&self, id_or_name: &str) -> Result<Backup> {
        let backup = self.engine.backup(id_or_name).await?;
        self.check(Resource::Backup, &place_of_backup(&backup.summary))?;
        Ok(backup)
    }

    /// A page of jobs.
    ///
    /// # Errors
    /// As [`Engine::jobs`].
    pub async fn jobs(&self, query: &JobQuery) -> Result<Page<JobSummary>> {
        let query = JobQuery {
            within: self.caller.visible(Resource::Job),
            ..query.clone()
        };
        self.engine.jobs(&query).await
    }

    /// A job with its log.
    ///
    /// # Errors
    /// `JobNotFound`, `PermissionDenied`.
    pub async fn job(&self, id: &JobId) -> Result<Job> {
        let job = self.engine.job(id).await?;
        let place = self.engine.place_of_job(&job.summary).await?;
        self.check(Resource::Job, &place)?;
        Ok(job)
    }

    /// Integrations.
    ///
    /// # Errors
    /// Where the catalog does not answer.
    pub async fn integrations(&self) -> Result<Vec<Integration>> {
        let mut integrations = self.engine.integrations().await?;
        integrations.retain(|integration| {
            let place = Place::Project(integration.project_id.clone());
            self.caller.may(Resource::Integration, Action::View, &place)
        });
        Ok(integrations)
    }

    /// An integration, by identifier or name.
    ///
    /// # Errors
    /// `IntegrationNotFound`, `PermissionDenied`.
    pub async fn integration(&self, id_or_name: &str) -> Result<Integration> {
        let integration = self.engine.integration(id_or_name).await?;
        let place = Place::Project(integration.project_id.clone());
        self.check(Resource::Integration, &place)?;
        Ok(integration)
    }

    /// The archives in a directory at the place of an integration: for whoever may make backups of them.
    ///
    /// # Errors
    /// `PermissionDenied`, and as [`Engine::archives`].
    pub async fn archives(&self, integration: &str, directory: &str) -> Result<FoundArchives> {
        let integration = self.integration(integration).await?;
        let place = Place::Project(integration.project_id);
        self.caller
            .check(Privilege::new(Resource::Backup, Action::Create), &place)?;
        self.engine
            .archives(integration.id.as_str(), directory)
            .await
    }

    /// Projects that may be seen, in whole or in part.
    ///
    /// # Errors
    /// Where the catalog does not answer.
    pub async fn projects(&self) -> Result<Vec<Project>> {
        let visible = self.caller.projects();
        let mut projects = self.engine.projects().await?;
        projects.retain(|project| visible.as_ref().is_none_or(|ids| ids.contains(&project.id)));
        Ok(projects)
    }

    /// A project, by identifier or name.
    ///
    /// # Errors
    /// `ProjectNotFound`, `PermissionDenied`.
    pub async fn project(&self, id_or_name: &str) -> Result<Project> {
        let project = self.engine.project(id_or_name).await?;
        let visible = self.caller.projects();
        if visible.is_some_and(|ids| !ids.contains(&project.id)) {
            self.check(Resource::Project, &Place::Project(project.id.clone()))?;
        }
        Ok(project)
    }
}
