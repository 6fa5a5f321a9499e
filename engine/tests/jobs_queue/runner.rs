//! A runner that does what a job's options say, and a place where queues share one catalog file.

use std::{
    collections::HashSet,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use async_trait::async_trait;
use hozon_engine::{
    Error, ErrorCode, Result,
    catalog::{Catalog, ClaimedJob, NewBackup, NewJob, sqlite},
    jobs::{JobContext, JobQueue, JobRunner},
    model::{
        BackupId, BackupMethod, BackupScope, Cluster, ClusterId, DeploymentOption, Job, JobId,
        JobKind, JobPhase, JobState, JobSummary, LogLevel, ProjectId, StorageLocation,
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::{Connection, SqliteConnection};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Short, for tests that wait until it runs out. On a busy machine it may run out where it should not.
pub(crate) const LEASE: Duration = Duration::from_secs(1);
/// For tests in which no lease must run out.
const CALM: Duration = Duration::from_mins(1);

/// What a job is told to do.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Script {
    /// Takes steps, keeping a checkpoint after each.
    Steps { count: u64, pause_ms: u64 },
    /// Waits until told to stop.
    Hold,
    /// Never looks whether it should stop.
    Stubborn,
    /// Finds the disk full.
    Fail,
    /// Breaks.
    Panic,
}

#[derive(Debug, Default)]
pub(crate) struct TestRunner {
    /// Every step that was taken, of all jobs.
    pub(crate) steps: Mutex<Vec<(JobId, u64)>>,
    /// Jobs whose bad end was put right.
    pub(crate) ended: Mutex<Vec<(JobId, JobState)>>,
    /// How often putting right still fails.
    pub(crate) ended_fails: AtomicU32,
    /// How long putting right takes.
    pub(crate) ended_takes_ms: AtomicU32,
    running: Mutex<HashSet<JobId>>,
    /// Jobs that were run twice at a time.
    pub(crate) doubles: AtomicUsize,
    /// The most that ran at a time.
    pub(crate) most: AtomicUsize,
}

/// Counts a run even if it is dropped half-way.
struct Running<'a>(&'a TestRunner, JobId);

impl<'a> Running<'a> {
    fn new(runner: &'a TestRunner, id: &JobId) -> Self {
        let mut running = runner.running.lock().unwrap();
        if !running.insert(id.clone()) {
            runner.doubles.fetch_add(1, SeqCst);
        }
        runner.most.fetch_max(running.len(), SeqCst);
        Self(runner, id.clone())
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.lock().unwrap().remove(&self.1);
    }
}

#[async_trait]
impl JobRunner for TestRunner {
    async fn run(&self, job: &ClaimedJob, context: &JobContext) -> Result<()> {
        let id = &job.summary.id;
        let _running = Running::new(self, id);
        match serde_json::from_value(job.options.clone()).unwrap() {
            Script::Steps { count, pause_ms } => {
                context.set_phase(JobPhase::Copying);
                let done = context.saved::<u64>()?.unwrap_or_default();
                context.set_totals(count * 1000, count, 0);
                context.add_bytes(done * 1000);
                for step in done..count {
                    context.check()?;
                    self.steps.lock().unwrap().push((id.clone(), step));
                    tokio::time::sleep(Duration::from_millis(pause_ms)).await;
                    context.add_bytes(1000);
                    context.add_files(1);
                    context.save(&(step + 1)).await?;
                }
                context
                    .log(LogLevel::Info, "all steps taken".to_owned())
                    .await;
                context.confirm().await
            }
            Script::Hold => {
                context.cancel_token().cancelled().await;
                context.check()
            }
            Script::Stubborn => std::future::pending().await,
            Script::Fail => Err(Error::new(ErrorCode::StorageFull, "disk").hint("make space")),
            Script::Panic => panic!("the script says so"),
        }
    }

    async fn ended(&self, job: &JobSummary) -> Result<()> {
        let fails = &self.ended_fails;
        if fails
            .fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1))
            .is_ok()
        {
            return Err(Error::new(ErrorCode::StorageUnreachable, "repository"));
        }
        self.ended.lock().unwrap().push((job.id.clone(), job.state));
        let takes = self.ended_takes_ms.load(SeqCst);
        tokio::time::sleep(Duration::from_millis(takes.into())).await;
        Ok(())
    }
}

/// A catalog file that any number of queues share, as processes do.
pub(crate) struct Place {
    directory: tempfile::TempDir,
    lease: Duration,
    pub(crate) runner: Arc<TestRunner>,
}

/// A queue at work, as a process would be.
pub(crate) struct Worker {
    pub(crate) stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Worker {
    /// Stops as a server does.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }

    /// Ends without a word, as by `kill -9`.
    pub(crate) async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }
}

impl Place {
    /// A place where leases are long.
    pub(crate) async fn new() -> Self {
        Self::with(CALM).await
    }

    /// A place where leases last for [`LEASE`].
    pub(crate) async fn hasty() -> Self {
        Self::with(LEASE).await
    }

    async fn with(lease: Duration) -> Self {
        let place = Self {
            directory: tempfile::tempdir().unwrap(),
            lease,
            runner: Arc::default(),
        };
        let cluster = Cluster {
            id: ClusterId::new("in01-a"),
            name: "main".to_owned(),
            project_id: ProjectId::default(),
            deployment_option: DeploymentOption::Dedicated,
            cloud_region: None,
            address: "http://127.0.0.1:19530".to_owned(),
            username: None,
            storage: StorageLocation {
                url: "file:///nowhere".to_owned(),
                endpoint: None,
                region: None,
            },
            created_at: Timestamp::now(),
            milvus_version: None,
        };
        place
            .catalog()
            .await
            .add_cluster(&cluster, b"")
            .await
            .unwrap();
        place
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("catalog.db")
    }

    /// Behind the catalog's back.
    pub(crate) async fn connection(&self) -> SqliteConnection {
        let url = format!("sqlite://{}", self.file().display());
        SqliteConnection::connect(&url).await.unwrap()
    }

    pub(crate) async fn catalog(&self) -> Arc<dyn Catalog> {
        sqlite::open(&self.file()).await.unwrap()
    }

    /// What another process would open.
    pub(crate) async fn queue(&self, workers: usize) -> JobQueue {
        let runner = self.runner.clone();
        JobQueue::new(self.catalog().await, runner, self.lease, workers).unwrap()
    }

    pub(crate) async fn worker(&self, workers: usize) -> Worker {
        start(&self.queue(workers).await)
    }

    /// Puts a backup job into the queue that does what the script says.
    pub(crate) async fn add(&self, queue: &JobQueue, name: &str, script: Script) -> JobId {
        self.add_kind(queue, name, JobKind::Backup, script).await
    }

    pub(crate) async fn add_kind(
        &self,
        queue: &JobQueue,
        name: &str,
        kind: JobKind,
        script: Script,
    ) -> JobId {
        let cluster_id = ClusterId::new("in01-a");
        let backup = NewBackup {
            id: BackupId::new(format!("backup-{name}")),
            name: name.to_owned(),
            cluster_id: cluster_id.clone(),
            cluster_name: "main".to_owned(),
            scope: BackupScope::Cluster,
            method: BackupMethod::Auto,
        };
        let job = NewJob {
            retry_of: None,
            id: JobId::new(format!("job-{name}")),
            kind,
            options: serde_json::to_value(script).unwrap(),
            backup_id: backup.id.clone(),
            cluster_id: Some(cluster_id),
            created_by: "tester".to_owned(),
            created_at: Timestamp::now(),
        };
        queue.enqueue(&job, Some(&backup)).await.unwrap().id
    }

    pub(crate) async fn job(&self, id: &JobId) -> Job {
        self.catalog().await.job(id).await.unwrap().unwrap()
    }

    /// Waits until the job is in this state, and gives it.
    pub(crate) async fn until(&self, id: &JobId, state: JobState) -> Job {
        let catalog = self.catalog().await;
        for _ in 0..1500 {
            let job = catalog.job(id).await.unwrap().unwrap();
            if job.summary.state == state {
                return job;
            }
            assert!(!job.summary.state.is_final(), "{:?}", job.summary);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{id} did not become {state:?}: {:?}", self.job(id).await);
    }

    /// Waits until this many bad ends were put right.
    pub(crate) async fn until_settled(&self, count: usize) -> Vec<(JobId, JobState)> {
        for _ in 0..1500 {
            let ended = self.runner.ended.lock().unwrap().clone();
            if ended.len() >= count {
                return ended;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("bad ends were not put right");
    }
}

pub(crate) fn start(queue: &JobQueue) -> Worker {
    let stop = CancellationToken::new();
    let task = {
        let (queue, stop) = (queue.clone(), stop.clone());
        tokio::spawn(async move { queue.work(&stop).await })
    };
    Worker { stop, task }
}
