//! Makes a backup: plan, run, record, and what becomes of one that failed.

use std::time::Duration;

use hozon_model::{
    BackupId, BackupOptions, BackupPlan, BackupQuery, BackupState, ClusterId, JobPhase, JobState,
    JobSummary, LogLevel, PlannedCollection, Proof, ProofLevel,
};
use jiff::Timestamp;

use super::{
    OpenCluster,
    backup_files::{Survey, sizes},
    backup_work::Work,
    held::Held,
    own_limit, selection,
};
use crate::{
    Error, ErrorCode, Result,
    catalog::ClaimedJob,
    core::Core,
    jobs::JobContext,
    repository::{
        KnownFiles, LeaseKind,
        manifest::{Begin, FORMAT, Manifest},
    },
    store::Pace,
};

/// How long Milvus may take to write what it holds in memory.
pub(crate) const FLUSH_DEADLINE: Duration = Duration::from_mins(10);

impl Core {
    /// What a backup would take.
    pub(crate) async fn backup_plan(
        &self,
        options: &BackupOptions,
        name: String,
    ) -> Result<BackupPlan> {
        let open = self.open_cluster(options.cluster_id.as_str()).await?;
        let known = self.trusted_files(&open.cluster.id).await?;
        let survey = Survey {
            open: &open,
            repository: self.repository(),
            known: &known,
        };
        let mut collections = Vec::new();
        for name in selection::resolve(&*open.milvus, options).await? {
            let plan = survey.look(&name, None).await?;
            let (files, bytes, new_bytes) = sizes(plan.files());
            let (segments, rows) = (plan.segments.len() as u64, plan.rows());
            collections.push(PlannedCollection {
                collection: name,
                segments,
                rows,
                files,
                bytes,
                new_bytes,
            });
        }
        Ok(BackupPlan { name, collections })
    }

    pub(crate) async fn run_backup(
        &self,
        job: &ClaimedJob,
        options: &BackupOptions,
        context: &JobContext,
    ) -> Result<()> {
        let begin = self.begin_record(job).await?;
        if let Some(manifest) = self.repository().manifest(&begin.id).await? {
            self.record(&manifest).await?;
            return self.ask_for_copies(job, &begin.id, options, context).await;
        }
        context.set_phase(JobPhase::Planning);
        let (open, version) = context
            .unless_stopped(async {
                let open = self.open_cluster(options.cluster_id.as_str()).await?;
                let version = open.milvus.version().await?;
                Ok((open, version))
            })
            .await?;
        let lease = self
            .hold_repository(LeaseKind::Shared, job, context)
            .await?;
        let made = self
            .make(&open, &version, &begin, options, &lease, context)
            .await;
        let manifest = lease.over(made).await?;
        self.record(&manifest).await?;
        self.catalog()
            .set_milvus_version(&open.cluster.id, &version)
            .await?;
        let totals = manifest.totals();
        context
            .log(
                LogLevel::Info,
                format!(
                    "backup {} is available: {} rows, {} files, {} bytes of which {} are new",
                    begin.id, totals.rows, totals.files, totals.bytes, totals.new_bytes
                ),
            )
            .await;
        self.ask_for_copies(job, &begin.id, options, context)
            .await?;
        self.let_older_ones_expire(&open.cluster.id, context).await;
        Ok(())
    }

    /// The backup is good, whatever becomes of older ones: what fails here is tried again within the hour.
    async fn let_older_ones_expire(&self, cluster: &ClusterId, context: &JobContext) {
        match self.expire_of(cluster, Timestamp::now()).await {
            Ok(expired) => {
                for id in expired {
                    let text = format!("backup {id} expired: its deletion is in the queue");
                    context.log(LogLevel::Info, text).await;
                }
            }
            Err(error) => {
                let text = format!("expired backups could not be looked for: {error}");
                context.log(LogLevel::Warning, text).await;
            }
        }
    }

    /// The work between taking the lease and giving it back.
    async fn make(
        &self,
        open: &OpenCluster,
        version: &str,
        begin: &Begin,
        options: &BackupOptions,
        lease: &Held,
        context: &JobContext,
    ) -> Result<Manifest> {
        self.repository().begin(begin).await?;
        let known = self.trusted_files(&open.cluster.id).await?;
        let limit = own_limit(options.bandwidth_limit, context).await;
        let (open, repository) = (open.limited(&limit), self.repository().limited(&limit));
        let work = Work {
            repository: &repository,
            open: &open,
            known: &known,
            begin,
            context,
            pace: &Pace::of(&[&open.store, repository.store()]),
        };
        let collections = context.unless_stopped(work.run(options)).await?;
        context.set_phase(JobPhase::Committing);
        context.confirm().await?;
        let manifest = Manifest {
            begin: begin.clone(),
            finished_at: Timestamp::now(),
            milvus_version: version.to_owned(),
            collections,
        };
        lease.commit(&manifest).await
    }

    /// What the repository keeps of a cluster, but for what damaged backups name: such files are stored again, which
    /// heals those backups as long as Milvus still has the files.
    async fn trusted_files(&self, cluster: &ClusterId) -> Result<KnownFiles> {
        let damaged = self.damaged_backups(Some(cluster)).await?;
        self.repository().known_files(cluster, &damaged).await
    }

    /// The backups that were found damaged, of one cluster or of all: their files are not to be relied on.
    pub(super) async fn damaged_backups(
        &self,
        cluster: Option<&ClusterId>,
    ) -> Result<Vec<BackupId>> {
        let mut query = BackupQuery {
            cluster_id: cluster.cloned(),
            state: Some(BackupState::Damaged),
            page: 1,
            page_size: 100,
            ..BackupQuery::default()
        };
        let mut damaged: Vec<BackupId> = Vec::new();
        loop {
            let page = self.catalog().backups(&query).await?;
            damaged.extend(page.items.into_iter().map(|backup| backup.id));
            if query.page * query.page_size >= page.total {
                return Ok(damaged);
            }
            query.page += 1;
        }
    }

    /// What is known of the backup that a job is to make.
    pub(crate) async fn begin_record(&self, job: &ClaimedJob) -> Result<Begin> {
        let id = job
            .summary
            .backup_id
            .clone()
            .unwrap_or_else(|| hozon_model::BackupId::new(""));
        let backup = self.backup(id.as_str()).await?.summary;
        Ok(Begin {
            format: FORMAT,
            id,
            name: backup.name,
            cluster_id: backup.cluster_id,
            cluster_name: backup.cluster_name,
            scope: backup.scope,
            created_by: job.summary.created_by.clone(),
            method: backup.method,
            created_at: job.summary.created_at,
            adopted: None,
        })
    }

    /// A manifest is durable: tell the catalog. Every file was just listed or written, which is the first proof.
    pub(crate) async fn record(&self, manifest: &Manifest) -> Result<()> {
        self.catalog().record_manifest(manifest).await?;
        self.catalog()
            .add_proof(
                &manifest.begin.id,
                Proof {
                    level: ProofLevel::List,
                    at: manifest.finished_at,
                },
            )
            .await
    }

    /// A backup job ended without success: what it left is nobody's, unless its manifest was durable after all.
    pub(crate) async fn backup_ended(&self, job: &JobSummary) -> Result<()> {
        let Some(id) = &job.backup_id else {
            return Ok(());
        };
        if let Some(manifest) = self.repository().manifest(id).await? {
            return self.record(&manifest).await;
        }
        let reason = job.reason.clone().or_else(|| {
            (job.state == JobState::Canceled)
                .then(|| Error::new(ErrorCode::Canceled, id.as_str()).into_report())
        });
        self.catalog()
            .set_backup_state(id, BackupState::Failed, reason.as_ref())
            .await?;
        self.repository().retire(id).await?;
        self.sweep_if_free(job.id.as_str(), &|_, _| ())
            .await
            .map(|_| ())
    }
}
