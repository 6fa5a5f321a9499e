//! Policies: one for each cluster, and every run made once, whoever tries.

use hozon_engine::{
    ErrorCode,
    catalog::{Catalog, NewRun, RunOutcome},
    model::{
        Cluster, JobKind, JobProgress, JobState, JobSummary, Policy, PolicyOptions, PolicyState,
        Retention, RunCause, Schedule,
    },
};

use crate::samples::{
    at, automatic, code, enqueue_backup, job, manifest, new_backup, with_cluster,
};

crate::contract!(
    keeps_one_policy_per_cluster,
    makes_a_due_run_once,
    leaves_out_a_run_beside_an_unfinished_one,
    a_run_asked_for_waits_for_nobody_but_its_like,
    a_run_has_always_a_free_name,
    says_when_automatic_backups_expire,
    a_removed_cluster_takes_its_policy_along,
);

const DAY: i64 = 24 * 3600;

fn policy(cluster: &Cluster) -> Policy {
    Policy {
        cluster_id: cluster.id.clone(),
        cluster_name: cluster.name.clone(),
        state: PolicyState::Enabled,
        options: PolicyOptions {
            schedule: Schedule::Cron {
                expression: "0 * * * *".to_owned(),
            },
            time_zone: "Asia/Tokyo".to_owned(),
            retention: Retention::default(),
            copies: Vec::new(),
        },
        counted_from: at(0),
        changed_at: at(0),
        changed_by: "admin".to_owned(),
    }
}

fn due(policy: &Policy, cause: RunCause, second: i64) -> NewRun {
    NewRun {
        cluster_id: policy.cluster_id.clone(),
        due_at: at(second),
        made_at: at(second + 1),
        cause,
        policy_of: policy.changed_at,
    }
}

/// Tries a run whose backup and job bear the identifier `id`.
async fn run(
    catalog: &dyn Catalog,
    run: &NewRun,
    id: &str,
    cluster: &Cluster,
) -> hozon_engine::Result<RunOutcome> {
    let job = job(&format!("job-{id}"), JobKind::Backup, id, Some(cluster));
    let backup = automatic(id, &format!("auto {id}"), cluster);
    catalog.enqueue_run(run, &job, &backup).await
}

fn made(outcome: RunOutcome) -> JobSummary {
    match outcome {
        RunOutcome::Made(job) => *job,
        other => panic!("{other:?}"),
    }
}

async fn end(catalog: &dyn Catalog, job: &JobSummary) {
    let lease = crate::samples::LEASE;
    let claimed = catalog.claim_job(&job.id, "tester", lease).await.unwrap();
    let progress = JobProgress::default();
    let state = JobState::Successful;
    catalog
        .finish(&job.id, claimed.unwrap().fence, state, None, &progress)
        .await
        .unwrap();
}

async fn keeps_one_policy_per_cluster(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let other = with_cluster(catalog, "別").await;
    assert_eq!(catalog.policy(&main.id).await.unwrap(), None);
    let mut first = policy(&main);
    catalog.set_policy(&policy(&other)).await.unwrap();
    catalog.set_policy(&first).await.unwrap();
    first.state = PolicyState::Paused;
    first.options.schedule = Schedule::Window {
        days: vec![7, 1],
        from: "08:00".parse().unwrap(),
    };
    "秋子".clone_into(&mut first.changed_by);
    first.changed_at = at(9);
    catalog.set_policy(&first).await.unwrap();
    assert_eq!(
        catalog.policies().await.unwrap(),
        [first.clone(), policy(&other)]
    );
    assert_eq!(catalog.policy(&main.id).await.unwrap(), Some(first));

    catalog.remove_policy(&main.id).await.unwrap();
    assert_eq!(catalog.policy(&main.id).await.unwrap(), None);
    let again = catalog.remove_policy(&main.id).await;
    assert_eq!(code(again), ErrorCode::PolicyNotFound);
    let unknown = crate::samples::cluster("unknown");
    let refused = catalog.set_policy(&policy(&unknown)).await;
    assert_eq!(code(refused), ErrorCode::ClusterNotFound);
}

async fn makes_a_due_run_once(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let mut policy = policy(&main);
    let none = run(catalog, &due(&policy, RunCause::Scheduled, 60), "b0", &main).await;
    assert!(matches!(none.unwrap(), RunOutcome::NotDue));
    catalog.set_policy(&policy).await.unwrap();

    let wanted = due(&policy, RunCause::Scheduled, 60);
    let job = made(run(catalog, &wanted, "b1", &main).await.unwrap());
    assert_eq!(job.backup_name.as_deref(), Some("auto b1"));
    end(catalog, &job).await;
    for (cause, second) in [
        (RunCause::Scheduled, 60),
        (RunCause::Missed, 60),
        (RunCause::Scheduled, 59),
    ] {
        let again = run(catalog, &due(&policy, cause, second), "b2", &main).await;
        assert!(matches!(again.unwrap(), RunOutcome::NotDue));
    }
    assert!(catalog.backup("b2").await.unwrap().is_none());
    assert_eq!(
        catalog
            .policy(&main.id)
            .await
            .unwrap()
            .unwrap()
            .counted_from,
        at(60)
    );

    // Whoever looked at the policy before it was changed knows nothing of its plans now.
    let old = due(&policy, RunCause::Scheduled, 120);
    policy.changed_at = at(70);
    catalog.set_policy(&policy).await.unwrap();
    assert!(matches!(
        run(catalog, &old, "b3", &main).await.unwrap(),
        RunOutcome::NotDue
    ));
    policy.state = PolicyState::Paused;
    catalog.set_policy(&policy).await.unwrap();
    let paused = run(
        catalog,
        &due(&policy, RunCause::Scheduled, 120),
        "b3",
        &main,
    )
    .await;
    assert!(matches!(paused.unwrap(), RunOutcome::NotDue));

    let runs = catalog.policy_runs(&main.id, 10).await.unwrap();
    assert_eq!(runs.len(), 1);
    assert_eq!((runs[0].due_at, runs[0].made_at), (at(60), at(61)));
    assert_eq!(runs[0].job_id, Some(job.id));
    assert_eq!(runs[0].job_state, Some(JobState::Successful));
    assert_eq!(runs[0].backup_name.as_deref(), Some("auto b1"));
}

async fn leaves_out_a_run_beside_an_unfinished_one(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let policy = policy(&main);
    catalog.set_policy(&policy).await.unwrap();
    enqueue_backup(catalog, &new_backup("m1", "by hand", &main), &main)
        .await
        .unwrap();
    let first = run(catalog, &due(&policy, RunCause::Scheduled, 60), "b1", &main).await;
    let first = made(first.unwrap());
    let second = run(
        catalog,
        &due(&policy, RunCause::Scheduled, 120),
        "b2",
        &main,
    )
    .await;
    assert!(matches!(second.unwrap(), RunOutcome::LeftOut));
    end(catalog, &first).await;
    let third = run(catalog, &due(&policy, RunCause::Missed, 180), "b3", &main).await;
    made(third.unwrap());
    let runs: Vec<_> = catalog
        .policy_runs(&main.id, 10)
        .await
        .unwrap()
        .into_iter()
        .map(|run| (run.cause, run.due_at, run.job_id.is_some()))
        .collect();
    assert_eq!(
        runs,
        [
            (RunCause::Missed, at(180), true),
            (RunCause::Scheduled, at(120), false),
            (RunCause::Scheduled, at(60), true)
        ]
    );
    assert_eq!(catalog.policy_runs(&main.id, 1).await.unwrap().len(), 1);
}

async fn a_run_asked_for_waits_for_nobody_but_its_like(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let mut policy = policy(&main);
    policy.state = PolicyState::Paused;
    catalog.set_policy(&policy).await.unwrap();
    enqueue_backup(catalog, &new_backup("m1", "by hand", &main), &main)
        .await
        .unwrap();
    let first = run(catalog, &due(&policy, RunCause::Asked, 60), "b1", &main).await;
    made(first.unwrap());
    let second = run(catalog, &due(&policy, RunCause::Asked, 61), "b2", &main).await;
    let report = second.unwrap_err().into_report();
    assert_eq!(report.code, ErrorCode::BackupBusy);
    assert!(report.detail.contains("job-b1"), "{report:?}");
    assert_eq!(
        catalog
            .policy(&main.id)
            .await
            .unwrap()
            .unwrap()
            .counted_from,
        at(0)
    );
}

async fn a_run_has_always_a_free_name(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let policy = policy(&main);
    catalog.set_policy(&policy).await.unwrap();
    catalog
        .record_manifest(&manifest("m1", "auto b1", &main, 1))
        .await
        .unwrap();
    let job = run(catalog, &due(&policy, RunCause::First, 60), "b1", &main).await;
    assert_eq!(
        made(job.unwrap()).backup_name.as_deref(),
        Some("auto b1 (b1)")
    );
}

async fn says_when_automatic_backups_expire(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let mut policy = policy(&main);
    catalog.set_policy(&policy).await.unwrap();
    catalog
        .record_manifest(&manifest("m1", "by hand", &main, 1))
        .await
        .unwrap();
    let wanted = due(&policy, RunCause::Scheduled, 60);
    made(run(catalog, &wanted, "b1", &main).await.unwrap());
    let end = async |id: &str| {
        let backup = catalog.backup(id).await.unwrap().unwrap().summary;
        backup
            .expires_at
            .map(|end| end.as_second() - backup.created_at.as_second())
    };
    assert_eq!(end("b1").await, Some(7 * DAY));
    policy.options.retention.days = 30;
    catalog.set_policy(&policy).await.unwrap();
    assert_eq!(end("b1").await, Some(30 * DAY));
    policy.state = PolicyState::Paused;
    catalog.set_policy(&policy).await.unwrap();
    assert_eq!(end("b1").await, None);
    policy.state = PolicyState::Enabled;
    catalog.set_policy(&policy).await.unwrap();
    catalog.remove_policy(&main.id).await.unwrap();
    assert_eq!(end("b1").await, None);
    assert_eq!(end("m1").await, None);
}

async fn a_removed_cluster_takes_its_policy_along(catalog: &dyn Catalog) {
    let main = with_cluster(catalog, "main").await;
    let policy = policy(&main);
    catalog.set_policy(&policy).await.unwrap();
    let wanted = due(&policy, RunCause::Scheduled, 60);
    let job = made(run(catalog, &wanted, "b1", &main).await.unwrap());
    end(catalog, &job).await;
    catalog.remove_cluster(&main.id).await.unwrap();
    assert_eq!(catalog.policies().await.unwrap(), []);
    assert_eq!(catalog.policy_runs(&main.id, 10).await.unwrap(), []);
    let backup = catalog.backup("b1").await.unwrap().unwrap().summary;
    assert_eq!(backup.expires_at, None);
}
