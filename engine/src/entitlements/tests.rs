use hozon_model::{
    Actor, BackupId, BackupMethod, BackupOptions, BackupScope, ClusterId, CopyOptions, ErrorReport,
    ExportOptions, IntegrationId, NewProject, PolicyOptions, ProjectEdit, RestoreOptions,
    Retention, Schedule, StorageLocation,
};
use jiff::Timestamp;

use super::*;
use crate::{
    EngineConfig,
    commands::ClusterSecrets,
    repository::manifest::{Begin, FORMAT, Manifest},
};

/// Every cell of the vendor's table, written out once more.
#[test]
fn the_vendors_table() {
    use DeploymentOption::{Dedicated, Free, Serverless};
    use ProjectPlan::{BusinessCritical, Enterprise, Standard};
    let vendor = Entitlements::vendor();
    for feature in Feature::ALL {
        let plans: &[_] = match feature {
            Feature::Backup | Feature::Policy | Feature::Restore => {
                &[Standard, Enterprise, BusinessCritical]
            }
            Feature::Export => &[Enterprise, BusinessCritical],
            Feature::Copy => &[BusinessCritical],
        };
        for plan in ProjectPlan::ALL {
            for kind in [Some(Dedicated), Some(Serverless), Some(Free), None] {
                let included = plans.contains(&plan) && kind.is_none_or(|kind| kind == Dedicated);
                let found = vendor.check(feature, "main", kind, plan);
                assert_eq!(found.is_ok(), included, "{feature:?} {kind:?} {plan}");
                assert!(
                    Entitlements::open()
                        .check(feature, "main", kind, plan)
                        .is_ok()
                );
                if let Err(error) = found {
                    let report = error.into_report();
                    assert_eq!(report.code, ErrorCode::NotEntitled);
                    assert_eq!(report.subject, "main");
                    assert!(!report.detail.is_empty() && !report.hint.is_empty());
                }
            }
        }
    }
}

#[test]
fn a_refusal_says_what_would_include_it() {
    let vendor = Entitlements::vendor();
    let told = |feature, kind, plan| {
        let error = vendor.check(feature, "main", Some(kind), plan).unwrap_err();
        format!("{error}; {}", error.report().hint)
    };
    insta::assert_snapshot!([
        told(Feature::Backup, DeploymentOption::Serverless, ProjectPlan::Standard),
        told(Feature::Policy, DeploymentOption::Free, ProjectPlan::Standard),
        told(Feature::Export, DeploymentOption::Dedicated, ProjectPlan::Standard),
        told(Feature::Copy, DeploymentOption::Dedicated, ProjectPlan::Enterprise),
    ]
    .join("\n"), @r"
    not included in the plan: `main`: the cluster is Serverless; backups are for Dedicated clusters; migrate it to Dedicated first
    not included in the plan: `main`: the cluster is Free; automatic backups are for Dedicated clusters; upgrade it to Dedicated first
    not included in the plan: `main`: the plan of the project is Standard; exports are for Enterprise, BusinessCritical; change the plan of the project (Enterprise, BusinessCritical)
    not included in the plan: `main`: the plan of the project is Enterprise; copies in other repositories are for BusinessCritical; change the plan of the project (BusinessCritical)
    ");
    let nothing = Rule {
        plans: Vec::new(),
        deployment_options: DeploymentOption::ALL.to_vec(),
    };
    let off = Entitlements {
        export: nothing,
        ..Entitlements::open()
    };
    let refused = off.check(Feature::Export, "main", None, ProjectPlan::BusinessCritical);
    assert!(refused.unwrap_err().report().hint.contains("configuration"));
}

/// A cluster of a kind, in a project with a plan, with a backup that is there.
struct World {
    _directory: tempfile::TempDir,
    engine: Engine,
    cluster: Cluster,
    backup: BackupId,
    actor: Actor,
}

impl World {
    async fn new(kind: DeploymentOption, plan: ProjectPlan) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let config = EngineConfig {
            entitlements: Entitlements::vendor(),
            ..EngineConfig::local(directory.path())
        };
        let engine = Engine::open(config).await.unwrap();
        let actor = Actor {
            name: "cli:root".to_owned(),
            origin: "cli".to_owned(),
        };
        let project = NewProject {
            name: "search".to_owned(),
            plan,
        };
        let project = engine.create_project(&actor, project).await.unwrap();
        let cluster = Cluster {
            id: ClusterId::new("in01-a"),
            name: "main".to_owned(),
            project_id: project.id,
            deployment_option: kind,
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
        let sealed = engine
            .core()
            .seal_cluster(&cluster.id, &ClusterSecrets::default())
            .await
            .unwrap();
        engine
            .catalog()
            .add_cluster(&cluster, &sealed)
            .await
            .unwrap();
        let backup = BackupId::new("backup0_1");
        let manifest = Manifest {
            begin: Begin {
                format: FORMAT,
                id: backup.clone(),
                name: "nightly".to_owned(),
                cluster_id: cluster.id.clone(),
                cluster_name: cluster.name.clone(),
                scope: BackupScope::Cluster,
                created_by: "admin".to_owned(),
                method: BackupMethod::Manual,
                created_at: Timestamp::now(),
                adopted: None,
            },
            finished_at: Timestamp::now(),
            milvus_version: "v2.3.5".to_owned(),
            collections: Vec::new(),
        };
        engine.catalog().record_manifest(&manifest).await.unwrap();
        Self {
            _directory: directory,
            engine,
            cluster,
            backup,
            actor,
        }
    }

    fn policy(days: u32) -> PolicyOptions {
        PolicyOptions {
            schedule: Schedule::Cron {
                expression: "@daily".to_owned(),
            },
            time_zone: "UTC".to_owned(),
            retention: Retention {
                days,
                ..Retention::default()
            },
            copies: Vec::new(),
        }
    }

    /// What comes of each verb: none where the table lets it through (then it fails later, for want of servers).
    async fn verbs(&self) -> Vec<(Feature, Option<ErrorReport>)> {
        let (engine, actor) = (&self.engine, &self.actor);
        let backup = BackupOptions {
            cluster_id: self.cluster.id.clone(),
            name: None,
            database: None,
            collections: Vec::new(),
            copies: Vec::new(),
            bandwidth_limit: None,
        };
        let copies = BackupOptions {
            copies: vec!["far".to_owned()],
            ..backup.clone()
        };
        let export = ExportOptions {
            backup_id: self.backup.clone(),
            integration_id: IntegrationId::new("integ-none"),
            directory: String::new(),
            format: hozon_model::ExportFormat::MilvusBackup,
            bandwidth_limit: None,
        };
        let copy = CopyOptions {
            backup_id: self.backup.clone(),
            repository: "far".to_owned(),
            bandwidth_limit: None,
        };
        let restore = RestoreOptions::whole(self.backup.clone());
        let outcomes = [
            (Feature::Backup, engine.create_backup(actor, backup).await),
            (Feature::Copy, engine.create_backup(actor, copies).await),
            (
                Feature::Restore,
                engine.restore_backup(actor, restore).await,
            ),
            (Feature::Export, engine.export_backup(actor, export).await),
            (Feature::Copy, engine.copy_backup(actor, copy).await),
        ];
        let policy = engine
            .set_policy(actor, "main", Self::policy(7))
            .await
            .map(|_| ())
            .err();
        let mut refused: Vec<_> = outcomes
            .into_iter()
            .map(|(feature, outcome)| (feature, outcome.err()))
            .collect();
        refused.push((Feature::Policy, policy));
        refused
            .into_iter()
            .map(|(feature, error)| {
                let report = error.map(Error::into_report);
                (
                    feature,
                    report.filter(|report| report.code == ErrorCode::NotEntitled),
                )
            })
            .collect()
    }
}

#[tokio::test]
async fn every_verb_asks_the_table() {
    for (kind, plan, included) in [
        (
            DeploymentOption::Serverless,
            ProjectPlan::BusinessCritical,
            &[][..],
        ),
        (
            DeploymentOption::Free,
            ProjectPlan::BusinessCritical,
            &[][..],
        ),
        (
            DeploymentOption::Dedicated,
            ProjectPlan::Standard,
            &[Feature::Backup, Feature::Restore, Feature::Policy][..],
        ),
        (
            DeploymentOption::Dedicated,
            ProjectPlan::Enterprise,
            &[
                Feature::Backup,
                Feature::Restore,
                Feature::Policy,
                Feature::Export,
            ][..],
        ),
        (
            DeploymentOption::Dedicated,
            ProjectPlan::BusinessCritical,
            &Feature::ALL[..],
        ),
    ] {
        let world = World::new(kind, plan).await;
        for (feature, refused) in world.verbs().await {
            assert_eq!(
                refused.is_none(),
                included.contains(&feature),
                "{feature:?} on {kind} in {plan}: {refused:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_run_that_is_not_included_is_not_made() {
    let world = World::new(DeploymentOption::Dedicated, ProjectPlan::Standard).await;
    let (engine, actor) = (&world.engine, &world.actor);
    engine
        .set_policy(actor, "main", World::policy(30))
        .await
        .unwrap();
    let too_long = engine.set_policy(actor, "main", World::policy(31)).await;
    assert_eq!(too_long.unwrap_err().code(), ErrorCode::InvalidInput);

    let edit = hozon_model::ClusterEdit {
        deployment_option: Some(DeploymentOption::Serverless),
        ..hozon_model::ClusterEdit::default()
    };
    engine.edit_cluster(actor, "main", edit).await.unwrap();
    let asked = engine.run_policy(actor, "main").await;
    assert_eq!(asked.unwrap_err().code(), ErrorCode::NotEntitled);
    let tomorrow = Timestamp::now() + jiff::SignedDuration::from_hours(25);
    assert_eq!(engine.make_due_runs(tomorrow).await.unwrap(), 0);
}

#[tokio::test]
async fn a_plan_may_only_be_raised_by_the_vendors_rules() {
    let world = World::new(DeploymentOption::Dedicated, ProjectPlan::Enterprise).await;
    let (engine, actor) = (&world.engine, &world.actor);
    let to = |plan| ProjectEdit {
        name: None,
        plan: Some(plan),
    };
    let lowered = engine
        .edit_project(actor, "search", to(ProjectPlan::Standard))
        .await;
    assert_eq!(lowered.unwrap_err().code(), ErrorCode::NotEntitled);
    for plan in [ProjectPlan::Enterprise, ProjectPlan::BusinessCritical] {
        let raised = engine.edit_project(actor, "search", to(plan)).await;
        assert_eq!(raised.unwrap().plan, plan);
    }
}

/// What a cluster left that is gone is judged by the plan of its project.
#[tokio::test]
async fn backups_of_a_removed_cluster_keep_their_plan() {
    let world = World::new(DeploymentOption::Serverless, ProjectPlan::Standard).await;
    let (engine, actor) = (&world.engine, &world.actor);
    engine
        .remove_cluster(actor, &world.cluster.id)
        .await
        .unwrap();
    let backup = engine.backup("nightly").await.unwrap().summary;
    let refused = engine.backup_entitled(Feature::Export, &backup).await;
    let detail = refused.unwrap_err().into_report().detail;
    assert!(
        detail.contains("plan of the project is Standard"),
        "{detail}"
    );
    let restorable = engine.backup_entitled(Feature::Restore, &backup).await;
    restorable.unwrap();
}
