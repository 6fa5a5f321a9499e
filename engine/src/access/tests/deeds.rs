//! Every mutation of the engine, and the privilege that it must ask for.

use std::collections::BTreeSet;

use hozon_model::{
    AdoptOptions, BackupOptions, ClusterEdit, CopyOptions, DeleteOptions, ExportFormat,
    ExportOptions, Grant, NewApiKey, NewCluster, NewCopyRepository, NewIntegration, NewProject,
    NewUser, Privilege, ProjectEdit, ProofLevel, RestoreOptions, Role, StorageLocation,
    VerifyOptions,
};

use super::world::{Part, World, policy};
use crate::{ErrorCode, WantedCluster, access::Acts};

/// Where the thing lies that something is done to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Organization,
    Project,
}

pub(super) struct Deed {
    pub(super) name: &'static str,
    pub(super) privilege: &'static str,
    pub(super) level: Level,
}

const fn deed(name: &'static str, privilege: &'static str) -> Deed {
    Deed {
        name,
        privilege,
        level: Level::Project,
    }
}

const fn of_all(name: &'static str, privilege: &'static str) -> Deed {
    Deed {
        level: Level::Organization,
        ..deed(name, privilege)
    }
}

/// In an order in which nothing is gone that a later one needs.
pub(super) const DEEDS: &[Deed] = &[
    of_all("create_user", "user:create"),
    of_all("set_user_grants", "user:edit"),
    of_all("set_password", "user:edit"),
    of_all("one_time_link", "user:edit"),
    of_all("remove_user", "user:delete"),
    of_all("create_role", "role:create"),
    of_all("edit_role", "role:edit"),
    of_all("remove_role", "role:delete"),
    of_all("create_project", "project:create"),
    of_all("rotate_secret_key", "organization:edit"),
    of_all("add_repository", "repository:create"),
    of_all("remove_repository", "repository:delete"),
    deed("create_key", "key:create"),
    deed("remove_key", "key:delete"),
    deed("edit_project", "project:edit"),
    deed("check_new_cluster", "cluster:create"),
    deed("add_cluster", "cluster:create"),
    deed("edit_cluster", "cluster:edit"),
    deed("check_new_integration", "integration:create"),
    deed("add_integration", "integration:create"),
    deed("create_backup", "backup:create"),
    deed("adopt_backup", "backup:create"),
    deed("rename_backup", "backup:edit"),
    deed("pin_backup", "backup:edit"),
    deed("verify_backup", "backup:verify"),
    deed("restore_backup", "backup:restore"),
    deed("restore_into_new_cluster", "cluster:create"),
    deed("copy_backup", "backup:copy"),
    deed("export_backup", "backup:export"),
    deed("set_policy", "policy:edit"),
    deed("pause_policy", "policy:edit"),
    deed("resume_policy", "policy:edit"),
    deed("run_policy", "policy:run"),
    deed("remove_policy", "policy:delete"),
    deed("retry_job", "job:retry"),
    deed("cancel_job", "job:cancel"),
    deed("delete_backup", "backup:delete"),
    deed("remove_integration", "integration:delete"),
    deed("remove_cluster", "cluster:delete"),
    deed("remove_project", "project:delete"),
];

impl World {
    /// Tries a deed on the things of a project. None: it was done; else why not.
    pub(super) async fn attempt(
        &self,
        deed: &str,
        by: &dyn Acts,
        part: &Part,
    ) -> Option<ErrorCode> {
        let engine = &self.engine;
        let cluster = part.cluster.as_str();
        let backup = || part.backup.clone();
        let some: BTreeSet<Privilege> = BTreeSet::from(["backup:view".parse().unwrap()]);
        let outcome = match deed {
            "create_user" => {
                let new = NewUser {
                    name: "newcomer".to_owned(),
                    ..NewUser::default()
                };
                engine.create_user(by, new).await.map(drop)
            }
            "set_user_grants" => engine.set_user_grants(by, "victim", vec![]).await.map(drop),
            "set_password" => engine.set_password(by, "victim", "twelve chars").await,
            "one_time_link" => engine.one_time_link(by, "victim").await.map(drop),
            "remove_user" => engine.remove_user(by, "victim").await,
            "create_role" => engine.create_role(by, "r", "", some).await.map(drop),
            "edit_role" => {
                let edited = engine.edit_role(by, "r", Some("changed"), None).await;
                edited.map(drop)
            }
            "remove_role" => engine.remove_role(by, "r").await,
            "create_project" => {
                let new = NewProject {
                    name: "third".to_owned(),
                    ..NewProject::default()
                };
                engine.create_project(by, new).await.map(drop)
            }
            "rotate_secret_key" => engine.rotate_secret_key(by, None).await.map(drop),
            "add_repository" => {
                let copies = self.directory.path().join("copies");
                let new = NewCopyRepository {
                    name: "far".to_owned(),
                    storage: StorageLocation {
                        url: format!("file://{}", copies.display()),
                        ..StorageLocation::default()
                    },
                    ..NewCopyRepository::default()
                };
                engine.add_repository(by, new).await.map(drop)
            }
            "remove_repository" => engine.remove_repository(by, "far").await,
            "create_key" => {
                let new = NewApiKey {
                    name: format!("key-{}", part.project),
                    grants: vec![Grant {
                        role: Role::ReadOnly,
                        scope: Some(part.scope.clone()),
                    }],
                    expires_at: None,
                };
                engine.create_key(by, new).await.map(drop)
            }
            "remove_key" => {
                let name = format!("key-{}", part.project);
                if engine.key(&name).await.is_err() {
                    let made = Box::pin(self.attempt("create_key", &self.operator, part)).await;
                    assert_eq!(made, None);
                }
                engine.remove_key(by, &name).await.map(drop)
            }
            "edit_project" => {
                let nothing = ProjectEdit::default();
                let edited = engine.edit_project(by, &part.project, nothing).await;
                edited.map(drop)
            }
            "check_new_cluster" => {
                let new = NewCluster {
                    project: Some(part.project.clone()),
                    ..NewCluster::default()
                };
                engine.check_new_cluster(by, &new).await.map(drop)
            }
            "check_new_integration" => {
                let new = NewIntegration {
                    project: Some(part.project.clone()),
                    ..NewIntegration::default()
                };
                engine.check_new_integration(by, &new).await.map(drop)
            }
            "add_cluster" => {
                let new = NewCluster {
                    name: "another".to_owned(),
                    address: "no address".to_owned(),
                    project: Some(part.project.clone()),
                    storage_url: "s3://nowhere".to_owned(),
                    ..NewCluster::default()
                };
                engine.add_cluster(by, new).await.map(drop)
            }
            "edit_cluster" => {
                let edit = ClusterEdit {
                    cloud_region: Some("here".to_owned()),
                    ..ClusterEdit::default()
                };
                engine.edit_cluster(by, cluster, edit).await.map(drop)
            }
            "add_integration" => {
                let new = NewIntegration {
                    name: "another".to_owned(),
                    project: Some(part.project.clone()),
                    storage_url: "nowhere at all".to_owned(),
                    ..NewIntegration::default()
                };
                engine.add_integration(by, new).await.map(drop)
            }
            "create_backup" => {
                let options = BackupOptions {
                    cluster_id: part.cluster.clone(),
                    name: None,
                    database: None,
                    collections: Vec::new(),
                    copies: Vec::new(),
                    bandwidth_limit: None,
                };
                engine.create_backup(by, options).await.map(drop)
            }
            "adopt_backup" => {
                let options = AdoptOptions {
                    integration_id: part.integration.clone(),
                    directory: "nothing".to_owned(),
                    backup_id: None,
                    name: None,
                    cluster_id: None,
                };
                engine.adopt_backup(by, options).await.map(drop)
            }
            "rename_backup" => {
                let name = format!("renamed-{}", part.project);
                let renamed = engine.rename_backup(by, part.backup.as_str(), &name).await;
                renamed.map(drop)
            }
            "pin_backup" => {
                let pinned = engine.pin_backup(by, part.backup.as_str(), true).await;
                pinned.map(drop)
            }
            "verify_backup" => {
                let options = VerifyOptions {
                    backup_id: backup(),
                    level: ProofLevel::List,
                };
                engine.verify_backup(by, options).await.map(drop)
            }
            "restore_backup" => {
                let restored = engine.restore_backup(by, RestoreOptions::whole(backup()));
                restored.await.map(drop)
            }
            "restore_into_new_cluster" => {
                let wanted = WantedCluster {
                    name: "new".to_owned(),
                    project_id: part.scope.project_id.clone(),
                    region: "here".to_owned(),
                    cu_size: 1,
                    same_version: false,
                };
                let options = RestoreOptions::whole(backup());
                let restored = engine.restore_into_new_cluster(by, options, wanted);
                restored.await.map(drop)
            }
            "copy_backup" => {
                let options = CopyOptions {
                    backup_id: backup(),
                    repository: "nowhere".to_owned(),
                    bandwidth_limit: None,
                };
                engine.copy_backup(by, options).await.map(drop)
            }
            "export_backup" => {
                let options = ExportOptions {
                    backup_id: backup(),
                    integration_id: part.integration.clone(),
                    directory: String::new(),
                    format: ExportFormat::MilvusBackup,
                    bandwidth_limit: None,
                };
                engine.export_backup(by, options).await.map(drop)
            }
            "set_policy" => engine.set_policy(by, cluster, policy()).await.map(drop),
            "pause_policy" => engine.pause_policy(by, cluster).await.map(drop),
            "resume_policy" => engine.resume_policy(by, cluster).await.map(drop),
            "run_policy" => engine.run_policy(by, cluster).await.map(drop),
            "remove_policy" => engine.remove_policy(by, cluster).await,
            "retry_job" => engine.retry_job(by, &part.canceled).await.map(drop),
            "cancel_job" => engine.cancel_job(by, &part.waiting).await.map(drop),
            "delete_backup" => {
                let options = DeleteOptions {
                    backup_id: backup(),
                    repository: None,
                };
                engine.delete_backup(by, options).await.map(drop)
            }
            "remove_integration" => engine.remove_integration(by, &part.integration).await,
            "remove_cluster" => engine.remove_cluster(by, &part.cluster).await,
            "remove_project" => engine.remove_project(by, &part.project).await.map(drop),
            unknown => panic!("no deed is called {unknown}"),
        };
        outcome.err().map(|error| error.code())
    }
}
