//! Looking at jobs, canceling them, and working on them.

use futures::stream::BoxStream;
use hozon_model::{Action, ErrorCode, Job, JobId, JobQuery, JobSummary, Page, Resource};
use tokio_util::sync::CancellationToken;

use crate::{
    Engine, Error, Result,
    access::{Acts, ask},
};

impl Engine {
    /// A page of the jobs list, newest first.
    pub async fn jobs(&self, query: &JobQuery) -> Result<Page<JobSummary>> {
        self.queue().reclaim().await?;
        self.catalog().jobs(query).await
    }

    /// Everything about one job.
    pub async fn job(&self, id: &JobId) -> Result<Job> {
        self.queue().reclaim().await?;
        self.catalog().job(id).await?.ok_or_else(|| {
            Error::new(ErrorCode::JobNotFound, id.as_str())
                .hint("run `hozon job list` to see the jobs")
        })
    }

    /// Asks a job to stop. A waiting one is canceled at once.
    pub async fn cancel_job(&self, by: &dyn Acts, id: &JobId) -> Result<JobSummary> {
        let outcome = self.try_cancel_job(by, id).await;
        self.audit(by.actor(), "job.cancel", id.as_str(), &outcome)
            .await?;
        outcome
    }

    async fn try_cancel_job(&self, by: &dyn Acts, id: &JobId) -> Result<JobSummary> {
        let job = self.job(id).await?.summary;
        ask(
            by,
            Resource::Job,
            Action::Cancel,
            &self.place_of_job(&job).await?,
        )?;
        self.queue().cancel(id).await
    }

    /// The job now, then each time it changes, whoever works on it; ends after its final state.
    pub fn watch_job(&self, id: &JobId) -> BoxStream<'static, Result<JobSummary>> {
        self.queue().watch(id)
    }

    /// Works on the queue until told to stop; then lets running jobs checkpoint and gives them back.
    pub async fn run_workers(&self, stop: CancellationToken) -> Result<()> {
        self.queue().work(&stop).await;
        Ok(())
    }

    /// Works on this one job in this process, or, if another process has it, waits for it to end. Once `stop` fires the
    /// job is given back and returned as it is then, which is not a final state.
    pub async fn run_job(&self, id: &JobId, stop: CancellationToken) -> Result<JobSummary> {
        self.queue().run_one(id, &stop).await
    }
}

#[cfg(test)]
mod tests {
    use futures::StreamExt;
    use hozon_model::{
        Actor, BackupId, BackupMethod, BackupScope, BackupState, Cluster, ClusterId,
        DeploymentOption, JobKind, JobState, ProjectId, StorageLocation,
    };
    use jiff::Timestamp;

    use super::*;
    use crate::{
        EngineConfig,
        catalog::{NewBackup, NewJob},
    };

    fn operator() -> Actor {
        Actor {
            name: "cli:root".to_owned(),
            origin: "cli".to_owned(),
        }
    }

    async fn waiting_backup(engine: &Engine) -> JobId {
        let cluster = Cluster {
            id: ClusterId::new("in01-a"),
            name: "main".to_owned(),
            project_id: ProjectId::default(),
            deployment_option: DeploymentOption::Dedicated,
            cloud_region: None,
            address: "http://127.0.0.1:1".to_owned(),
            username: None,
            storage: StorageLocation {
                url: "file:///nowhere".to_owned(),
                endpoint: None,
                region: None,
            },
            created_at: Timestamp::now(),
            milvus_version: None,
        };
        engine.catalog().add_cluster(&cluster, b"").await.unwrap();
        let backup = NewBackup {
            id: BackupId::new("backup0_1"),
            name: "夜間".to_owned(),
            cluster_id: cluster.id.clone(),
            cluster_name: cluster.name,
            scope: BackupScope::Cluster,
            method: BackupMethod::Manual,
        };
        let job = NewJob {
            id: JobId::new("job-1"),
            retry_of: None,
            kind: JobKind::Backup,
            options: serde_json::Value::Null,
            backup_id: backup.id.clone(),
            cluster_id: Some(cluster.id),
            created_by: "admin".to_owned(),
            created_at: Timestamp::now(),
        };
        engine
            .queue()
            .enqueue(&job, Some(&backup))
            .await
            .unwrap()
            .id
    }

    #[tokio::test]
    async fn canceling_is_audited_and_puts_the_backup_right() {
        let directory = tempfile::tempdir().unwrap();
        let engine = Engine::open(EngineConfig::local(directory.path()))
            .await
            .unwrap();
        let id = waiting_backup(&engine).await;
        let canceled = engine.cancel_job(&operator(), &id).await.unwrap();
        assert_eq!(canceled.state, JobState::Canceled);
        let again = engine.cancel_job(&operator(), &id).await.unwrap_err();
        assert_eq!(again.code(), ErrorCode::JobNotCancelable);
        let outcomes: Vec<_> = engine
            .catalog()
            .audit_tail(2)
            .await
            .unwrap()
            .into_iter()
            .map(|line| (line.action, line.target, line.outcome))
            .collect();
        let line = |outcome: &str| {
            (
                "job.cancel".to_owned(),
                "job-1".to_owned(),
                outcome.to_owned(),
            )
        };
        assert_eq!(outcomes, [line("job_not_cancelable"), line("ok")]);

        let backup = engine.backup("夜間").await.unwrap();
        assert_eq!(backup.summary.state, BackupState::Failed);
        assert_eq!(backup.reason.unwrap().code, ErrorCode::Canceled);
        assert_eq!(engine.jobs(&JobQuery::default()).await.unwrap().total, 1);
        assert_eq!(engine.job(&id).await.unwrap().summary, canceled);
        assert_eq!(engine.watch_job(&id).collect::<Vec<_>>().await.len(), 1);
        let ran = engine.run_job(&id, CancellationToken::new()).await;
        assert_eq!(ran.unwrap(), canceled);
        let unknown = engine.job(&JobId::new("none")).await.unwrap_err();
        assert_eq!(unknown.code(), ErrorCode::JobNotFound);
    }
}
