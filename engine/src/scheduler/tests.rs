//! Weeks of schedules on a real catalog, by a clock that the test turns.

use hozon_model::{
    BackupState, Cluster, DeploymentOption, JobId, JobProgress, JobQuery, JobState, NewCluster,
    Page, PolicyOptions, PolicyRun, ProjectId, Retention, Schedule, StorageLocation,
};
use tempfile::TempDir;

use super::*;
use crate::{
    EngineConfig, Error,
    catalog::AuditEntry,
    commands::ClusterSecrets,
    repository::manifest::{Begin, FORMAT, Manifest},
};

const LEASE: std::time::Duration = std::time::Duration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

struct World {
    directory: TempDir,
    engine: Engine,
    cluster: Cluster,
}

impl World {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let engine = Self::server(&directory).await;
        let cluster = Cluster {
            id: ClusterId::new("in01-0123456789abcde"),
            name: "生産".to_owned(),
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
        let secrets = ClusterSecrets::from(&NewCluster::default());
        let plain = serde_json::to_vec(&secrets).unwrap();
        let sealed = engine.core().seal(cluster.id.as_str(), &plain).await;
        let catalog = engine.catalog();
        catalog
            .add_cluster(&cluster, &sealed.unwrap())
            .await
            .unwrap();
        Self {
            directory,
            engine,
            cluster,
        }
    }

    async fn server(directory: &TempDir) -> Engine {
        Engine::open(EngineConfig::local(directory.path()))
            .await
            .unwrap()
    }

    async fn daily(&self) -> hozon_model::PolicyChange {
        let options = PolicyOptions {
            schedule: Schedule::Weekly {
                days: vec![1, 2, 3, 4, 5, 6, 7],
                at: "02:30".parse().unwrap(),
            },
            time_zone: "Asia/Tokyo".to_owned(),
            retention: Retention::default(),
            copies: Vec::new(),
        };
        self.engine
            .set_policy(&operator(), "生産", options)
            .await
            .unwrap()
    }

    async fn runs(&self) -> Vec<PolicyRun> {
        self.engine.policy_runs("生産", 1000).await.unwrap()
    }

    async fn jobs(&self, kind: JobKind, state: JobState) -> Vec<JobId> {
        let query = JobQuery {
            kind: Some(kind),
            state: Some(state),
            page_size: 100,
            ..JobQuery::default()
        };
        let Page { items, .. } = self.engine.jobs(&query).await.unwrap();
        items.into_iter().map(|job| job.id).collect()
    }

    /// Ends every waiting backup as its worker would, with a manifest.
    async fn finish_backups(&self) {
        let catalog = self.engine.catalog();
        for id in self.jobs(JobKind::Backup, JobState::Pending).await {
            let job = catalog.claim_job(&id, "tester", LEASE).await.unwrap();
            let job = job.unwrap();
            let backup_id = job.summary.backup_id.unwrap();
            let backup = self.engine.backup(backup_id.as_str()).await;
            let backup = backup.unwrap().summary;
            let manifest = Manifest {
                begin: Begin {
                    format: FORMAT,
                    id: backup.id,
                    name: backup.name,
                    cluster_id: backup.cluster_id,
                    cluster_name: backup.cluster_name,
                    scope: backup.scope,
                    created_by: "policy".to_owned(),
                    method: backup.method,
                    created_at: backup.created_at,
                    adopted: None,
                },
                finished_at: backup.created_at,
                milvus_version: "v2.3.5".to_owned(),
                collections: Vec::new(),
            };
            catalog.record_manifest(&manifest).await.unwrap();
            let (done, progress) = (JobState::Successful, JobProgress::default());
            catalog
                .finish(&id, job.fence, done, None, &progress)
                .await
                .unwrap();
        }
    }

    /// Ends every waiting deletion, as its worker would.
    async fn finish_deletions(&self) -> usize {
        let catalog = self.engine.catalog();
        let waiting = self.jobs(JobKind::Delete, JobState::Pending).await;
        for id in &waiting {
            let job = catalog.claim_job(id, "tester", LEASE).await.unwrap();
            let job = job.unwrap();
            let backup = job.summary.backup_id.unwrap();
            catalog
                .set_backup_state(&backup, BackupState::Deleted, None)
                .await
                .unwrap();
            let (done, progress) = (JobState::Successful, JobProgress::default());
            catalog
                .finish(id, job.fence, done, None, &progress)
                .await
                .unwrap();
        }
        waiting.len()
    }

    async fn there(&self) -> usize {
        let backups = self.engine.catalog().cluster_backups(&self.cluster.id);
        backups.await.unwrap().len()
    }

    async fn audit(&self) -> Vec<String> {
        let lines = self.engine.catalog().audit_tail(100).await.unwrap();
        let text = |AuditEntry {
                        actor,
                        action,
                        target,
                        outcome,
                        ..
                    }| { format!("{actor} {action} {target} {outcome}") };
        lines.into_iter().map(text).rev().collect()
    }
}

fn operator() -> Actor {
    Actor {
        name: "秋子".to_owned(),
        origin: "test".to_owned(),
    }
}

fn code<T: std::fmt::Debug>(outcome: Result<T>) -> ErrorCode {
    outcome.map_err(|error: Error| error.code()).unwrap_err()
}

#[tokio::test]
async fn switching_on_makes_a_first_backup_at_once() {
    let world = World::new().await;
    assert_eq!(
        code(world.engine.policy("生産").await),
        ErrorCode::PolicyNotFound
    );
    let change = world.daily().await;
    let first = change.job.unwrap();
    assert_eq!(first.created_by, "秋子");
    assert!(first.backup_name.unwrap().starts_with("生産_auto_"));
    let backup = world.engine.backup(first.backup_id.unwrap().as_str()).await;
    let backup = backup.unwrap().summary;
    assert_eq!(backup.method, hozon_model::BackupMethod::Auto);
    assert!(backup.expires_at.is_some());

    // Setting it again changes it, and makes no second one; nor does the clock.
    assert_eq!(world.daily().await.job, None);
    let now = Timestamp::now();
    assert_eq!(world.engine.make_due_runs(now).await.unwrap(), 0);
    assert_eq!(world.runs().await.len(), 1);
    world
        .engine
        .remove_policy(&operator(), "生産")
        .await
        .unwrap();
    assert_eq!(world.runs().await, []);
    world.finish_backups().await;
    assert!(world.daily().await.job.is_some());
    assert_eq!(
        world.audit().await,
        [
            "秋子 policy.set 生産 ok",
            "秋子 policy.set 生産 ok",
            "秋子 policy.remove 生産 ok",
            "秋子 policy.set 生産 ok"
        ]
    );
}

#[tokio::test]
async fn a_policy_that_was_set_before_a_crash_gets_its_first_backup() {
    let world = World::new().await;
    let Policy { options, .. } = world.daily().await.policy;
    world.finish_backups().await;
    let catalog = world.engine.catalog();
    catalog.remove_policy(&world.cluster.id).await.unwrap();
    let now = Timestamp::now();
    let policy = Policy {
        cluster_id: world.cluster.id.clone(),
        cluster_name: world.cluster.name.clone(),
        state: PolicyState::Enabled,
        options,
        counted_from: now,
        changed_at: now,
        changed_by: "秋子".to_owned(),
    };
    catalog.set_policy(&policy).await.unwrap();
    assert_eq!(world.engine.make_due_runs(now).await.unwrap(), 1);
    assert_eq!(world.engine.make_due_runs(now).await.unwrap(), 0);
    assert_eq!(world.runs().await[0].cause, RunCause::First);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_make_every_run_once_and_keep_a_week() {
    let world = World::new().await;
    let other = World::server(&world.directory).await;
    let policy = world.daily().await.policy;
    world.finish_backups().await;
    let mut deleted = 0;
    let mut now = policy.counted_from;
    for _ in 0..20 {
        now = world.engine.next_run(&policy, now).unwrap().unwrap();
        let early = now - SignedDuration::from_mins(1);
        assert_eq!(world.engine.make_due_runs(early).await.unwrap(), 0);
        let (one, two) = tokio::join!(world.engine.make_due_runs(now), other.make_due_runs(now));
        assert_eq!(one.unwrap() + two.unwrap(), 1);
        world.finish_backups().await;
        let (one, two) = tokio::join!(world.engine.expire_backups(now), other.expire_backups(now));
        let expired = one.unwrap() + two.unwrap();
        assert_eq!(world.finish_deletions().await, expired);
        deleted += expired;
    }
    let runs = world.runs().await;
    assert_eq!(runs.len(), 21);
    for run in &runs[..20] {
        assert_eq!(run.cause, RunCause::Scheduled, "{run:?}");
        let wall = run.due_at.strftime("%H:%M").to_string();
        assert_eq!(wall, "17:30", "half past two in Tokyo");
        assert_eq!(run.made_at, run.due_at);
    }
    let there = world.there().await;
    assert!((7..=8).contains(&there), "{there}");
    assert_eq!(there + deleted, 21);
}

#[tokio::test]
async fn missed_runs_are_made_once_at_start() {
    let world = World::new().await;
    let begin = world.daily().await.policy.counted_from;
    world.finish_backups().await;
    let now = begin + HOUR * (24 * 9);
    assert_eq!(world.engine.make_due_runs(now).await.unwrap(), 1);
    assert_eq!(world.engine.make_due_runs(now).await.unwrap(), 0);
    let runs = world.runs().await;
    assert_eq!((runs.len(), runs[0].cause), (2, RunCause::Missed));
    // The last backup is nine days old, and stays until the new one is good.
    assert_eq!(world.engine.expire_backups(now).await.unwrap(), 0);
    world.finish_backups().await;
    assert_eq!(world.engine.expire_backups(now).await.unwrap(), 1);
    assert_eq!(world.engine.expire_backups(now).await.unwrap(), 0);
}

#[tokio::test]
async fn a_pause_stops_runs_and_expiry_and_is_not_made_up_for() {
    let world = World::new().await;
    let begin = world.daily().await.policy.counted_from;
    world.finish_backups().await;
    let asked = world.engine.run_policy(&operator(), "生産").await.unwrap();
    let busy = world.engine.run_policy(&operator(), "生産").await;
    assert_eq!(code(busy), ErrorCode::BackupBusy);
    world.finish_backups().await;
    world
        .engine
        .pause_policy(&operator(), "生産")
        .await
        .unwrap();
    let later = begin + HOUR * (24 * 30);
    assert_eq!(world.engine.make_due_runs(later).await.unwrap(), 0);
    assert_eq!(world.engine.expire_backups(later).await.unwrap(), 0);
    let policy = world
        .engine
        .resume_policy(&operator(), "生産")
        .await
        .unwrap();
    let now = policy.counted_from;
    assert_eq!(world.engine.make_due_runs(now).await.unwrap(), 0);
    assert_eq!(world.engine.expire_backups(later).await.unwrap(), 1);
    let last = world.engine.backup(asked.backup_id.unwrap().as_str()).await;
    assert_eq!(last.unwrap().summary.state, BackupState::Available);
    assert_eq!(world.there().await, 1);
}

#[tokio::test]
async fn a_bad_policy_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let mut options = world.daily().await.policy.options;
    options.retention.days = 0;
    let refused = world.engine.set_policy(&operator(), "生産", options).await;
    let report = refused.unwrap_err().into_report();
    assert_eq!(report.code, ErrorCode::InvalidInput);
    assert_eq!(report.subject, "retention.days");
    let kept = world.engine.policy("生産").await.unwrap();
    assert_eq!(kept.options.retention, Retention::default());
    assert_eq!(
        world.audit().await.last().unwrap(),
        "秋子 policy.set 生産 invalid_input"
    );
}
