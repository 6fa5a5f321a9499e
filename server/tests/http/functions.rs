//! Every server function of the console, by every role, in one's own project and in another: let through, or refused. What
//! came of it is read in the audit, which names every attempt.
//!
//! `make test` starts the Milvus that is registered, and names it in `HOZON_TEST_MILVUS_LOCAL`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use hozon_engine::{
    Engine,
    model::{
        Actor, AuditQuery, BackupOptions, ExportFormat, ExportOptions, Grant, JobState, NewApiKey,
        NewCluster, NewIntegration, NewProject, NewUser, ProjectId, ProofLevel, Role, Scope,
        VerifyOptions,
    },
};
use tokio_util::sync::CancellationToken;

use crate::{
    events::milvus,
    world::{PASSWORD, World, form, with_cookie},
};

/// A function, its fields, and the privilege that it asks for.
type Call = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

/// What is gone for good comes last.
const CALLS: &[Call] = &[
    (
        "create_backup",
        &[
            ("cluster", "{cluster}"),
            ("scope", "database"),
            ("database", "nowhere"),
        ],
        "backup:create",
    ),
    (
        "adopt_backup",
        &[("integration", "{integration}"), ("directory", "nothing")],
        "backup:create",
    ),
    (
        "rename_backup",
        &[("id", "{backup}"), ("name", "renamed")],
        "backup:edit",
    ),
    (
        "pin_backup",
        &[("id", "{backup}"), ("pinned", "true")],
        "backup:edit",
    ),
    (
        "verify_backup",
        &[("id", "{backup}"), ("level", "list")],
        "backup:verify",
    ),
    (
        "restore_backup",
        &[("id", "{backup}"), ("cluster", "{cluster}")],
        "backup:restore",
    ),
    (
        "copy_backup",
        &[("id", "{backup}"), ("to", "nowhere")],
        "backup:copy",
    ),
    (
        "export_backup",
        &[
            ("id", "{backup}"),
            ("integration", "{integration}"),
            ("directory", "../up"),
        ],
        "backup:export",
    ),
    ("sweep_export", &[("id", "{export}")], "backup:export"),
    ("cancel_job", &[("id", "{job}")], "job:cancel"),
    ("retry_job", &[("id", "{job}")], "job:retry"),
    (
        "set_policy",
        &[
            ("cluster", "{cluster}"),
            ("kind", "cron"),
            ("cron", "@yearly"),
            ("zone", "UTC"),
            ("keep_days", "7"),
        ],
        "policy:edit",
    ),
    ("pause_policy", &[("cluster", "{cluster}")], "policy:edit"),
    ("resume_policy", &[("cluster", "{cluster}")], "policy:edit"),
    ("run_policy", &[("cluster", "{cluster}")], "policy:run"),
    (
        "add_cluster",
        &[
            ("name", "another"),
            ("address", "no address"),
            ("project", "{project}"),
            ("storage_url", "s3://nowhere"),
        ],
        "cluster:create",
    ),
    (
        "edit_cluster",
        &[
            ("id", "{cluster}"),
            ("name", "own-cluster"),
            ("address", "{address}"),
            ("username", "{username}"),
            ("storage_url", "{storage}"),
            ("cloud_region", "here"),
        ],
        "cluster:edit",
    ),
    (
        "add_integration",
        &[
            ("provider", ""),
            ("name", "another"),
            ("project", "{project}"),
            ("bucket", "No Bucket"),
        ],
        "integration:create",
    ),
    (
        "create_key",
        &[
            ("name", "another"),
            ("role", "read_only"),
            ("place", "project"),
            ("project", "{project}"),
            ("expires", "never"),
        ],
        "key:create",
    ),
    (
        "add_member",
        &[
            ("name", "newcomer"),
            ("role", "read_only"),
            ("place", "everywhere"),
            ("password", PASSWORD),
        ],
        "user:create",
    ),
    ("make_link", &[("name", "victim")], "user:edit"),
    (
        "grant_role",
        &[
            ("name", "victim"),
            ("role", "read_write"),
            ("place", "everywhere"),
        ],
        "user:edit",
    ),
    (
        "revoke_role",
        &[("name", "victim"), ("role", "read_only")],
        "user:edit",
    ),
    ("remove_totp", &[("name", "victim")], "user:edit"),
    (
        "create_role",
        &[("name", "checker"), ("privileges[]", "backup:verify")],
        "role:create",
    ),
    (
        "edit_role",
        &[("name", "checker"), ("privileges[]", "backup:view")],
        "role:edit",
    ),
    ("create_project", &[("name", "third")], "project:create"),
    (
        "edit_project",
        &[("id", "{project}"), ("name", "first")],
        "project:edit",
    ),
    (
        "remove_policy",
        &[("cluster", "{cluster}")],
        "policy:delete",
    ),
    ("remove_key", &[("id", "{key}")], "key:delete"),
    ("remove_role", &[("name", "checker")], "role:delete"),
    ("remove_member", &[("name", "victim")], "user:delete"),
    ("delete_backup", &[("id", "{backup}")], "backup:delete"),
    (
        "remove_integration",
        &[("id", "{integration}")],
        "integration:delete",
    ),
    ("remove_cluster", &[("id", "{cluster}")], "cluster:delete"),
    ("remove_project", &[("id", "{project}")], "project:delete"),
];

/// Anybody's, or about nobody's account but one's own.
const FREE: &[&str] = &[
    "begin_totp",
    "change_password",
    "confirm_totp",
    "end_other_sessions",
    "end_session",
    "end_totp",
    "set_language",
    "set_theme",
    "set_up",
    "sign_in",
    "sign_in_by_link",
    "sign_in_code",
    "sign_out",
];

/// A function that somebody adds must be added here, too.
#[test]
fn no_function_is_left_out() {
    let mut written = BTreeSet::new();
    let app = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src");
    find_functions(&app, &mut written);
    let tried: BTreeSet<String> = CALLS
        .iter()
        .map(|(name, ..)| *name)
        .chain(FREE.iter().copied())
        .map(str::to_owned)
        .collect();
    assert_eq!(tried, written);
}

fn find_functions(directory: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find_functions(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for part in text.split("#[server(").skip(1) {
            // Of an argument, not of a function.
            if part.starts_with("default") {
                continue;
            }
            let name = part.split_once("endpoint = \"").unwrap().1;
            found.insert(name.split_once('"').unwrap().0.to_owned());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_by_every_role_in_ones_own_and_in_another_project() {
    let world = World::new().await;
    let owner = Actor {
        name: "operator".to_owned(),
        origin: "tests".to_owned(),
    };
    let names = things(&world.engine, &owner).await;
    let other = NewProject {
        name: "other".to_owned(),
        ..NewProject::default()
    };
    let other = world.engine.create_project(&owner, other).await.unwrap().id;
    // Who may do most comes last: what they remove, others were refused before.
    let mut everybody = Vec::new();
    for project in [other, ProjectId::default()] {
        for role in [Role::ReadOnly, Role::ReadWrite, Role::ProjectAdmin] {
            let scope = Scope {
                project_id: project.clone(),
                cluster_ids: Vec::new(),
            };
            everybody.push((role, Some(scope)));
        }
    }
    everybody.push((Role::OrganizationOwner, None));
    for (number, (role, scope)) in everybody.into_iter().enumerate() {
        let name = format!("user-{number}");
        let own = scope
            .as_ref()
            .is_none_or(|scope| scope.project_id == ProjectId::default());
        let user = NewUser {
            name: name.clone(),
            grants: vec![Grant {
                role: role.clone(),
                scope,
            }],
            password: Some(PASSWORD.to_owned()),
        };
        world.engine.create_user(&owner, user).await.unwrap();
        let signed_in = form("/api/sign_in", &[("name", &name), ("password", PASSWORD)]);
        let session = world.ask(signed_in).await.session().expect("a session");
        let held = role.privileges().unwrap();
        for (function, fields, privilege) in CALLS {
            let allowed = own && held.contains(&privilege.parse().unwrap());
            let fields: Vec<(&str, String)> = fields
                .iter()
                .map(|(field, value)| {
                    (
                        *field,
                        names
                            .get(value)
                            .cloned()
                            .unwrap_or_else(|| (*value).to_owned()),
                    )
                })
                .collect();
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(field, value)| (*field, value.as_str()))
                .collect();
            let before = attempts(&world.engine, &owner, &name).await.len();
            let request = with_cookie(form(&format!("/api/{function}"), &fields), &session);
            let answer = world.ask(request).await;
            let after = attempts(&world.engine, &owner, &name).await;
            let new = &after[..after.len() - before];
            let told = format!(
                "{role}, own project: {own}: {function}: {new:?} {}",
                answer.status
            );
            assert!(!answer.status.is_server_error(), "{told}");
            // A form may look at the thing first, and is refused there: then there is nothing in the audit.
            let let_through = new.iter().any(|outcome| outcome != "permission_denied");
            assert_eq!(let_through, allowed, "{told}");
        }
    }
}

/// What came of everything that somebody tried, newest first.
async fn attempts(engine: &Engine, owner: &Actor, who: &str) -> Vec<String> {
    let mut outcomes = Vec::new();
    for page in 1.. {
        let query = AuditQuery {
            actor: Some(who.to_owned()),
            page,
            page_size: 100,
            ..AuditQuery::default()
        };
        let lines = engine.audit_lines(owner, &query).await.unwrap().items;
        let last = lines.len() < 100;
        outcomes.extend(lines.into_iter().map(|line| line.outcome));
        if last {
            break;
        }
    }
    outcomes
}

/// What stands for the names in fields, all of it in the project that is always there. No worker runs, so what is asked
/// for waits.
async fn things(engine: &Engine, owner: &Actor) -> BTreeMap<&'static str, String> {
    let victim = NewUser {
        name: "victim".to_owned(),
        grants: vec![Grant {
            role: Role::ReadOnly,
            scope: None,
        }],
        password: None,
    };
    engine.create_user(owner, victim).await.unwrap();
    let cluster = NewCluster {
        name: "own-cluster".to_owned(),
        ..milvus()
    };
    let cluster = engine.add_cluster(owner, cluster).await.unwrap();
    let options = BackupOptions {
        cluster_id: cluster.id.clone(),
        name: None,
        database: None,
        collections: vec!["hello_milvus".parse().unwrap()],
        copies: Vec::new(),
        bandwidth_limit: None,
    };
    let made = engine.create_backup(owner, options).await.unwrap();
    let made = engine
        .run_job(&made.id, CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(made.state, JobState::Successful, "{made:#?}");
    let backup = made.backup_id.unwrap();
    let place = tempfile::tempdir().unwrap();
    let integration = NewIntegration {
        name: "exports".to_owned(),
        storage_url: format!("file://{}", place.path().display()),
        ..NewIntegration::default()
    };
    let integration = engine.add_integration(owner, integration).await.unwrap();
    let verify = VerifyOptions {
        backup_id: backup.clone(),
        level: ProofLevel::List,
    };
    let job = engine.verify_backup(owner, verify).await.unwrap().id;
    let export = ExportOptions {
        backup_id: backup.clone(),
        integration_id: integration.id.clone(),
        directory: String::new(),
        format: ExportFormat::Repository,
        bandwidth_limit: None,
    };
    let export = engine.export_backup(owner, export).await.unwrap().id;
    // The export goes on waiting, and keeps the integration from being removed: forms look for that first.
    engine.cancel_job(owner, &job).await.unwrap();
    let key = NewApiKey {
        name: "script".to_owned(),
        grants: vec![Grant {
            role: Role::ReadOnly,
            scope: Some(Scope {
                project_id: ProjectId::default(),
                cluster_ids: Vec::new(),
            }),
        }],
        expires_at: None,
    };
    let key = engine.create_key(owner, key).await.unwrap().key;
    BTreeMap::from([
        ("{address}", cluster.address),
        ("{backup}", backup.to_string()),
        ("{cluster}", cluster.id.to_string()),
        ("{export}", export.to_string()),
        ("{integration}", integration.id.to_string()),
        ("{job}", job.to_string()),
        ("{key}", key.id.to_string()),
        ("{project}", ProjectId::DEFAULT.to_owned()),
        ("{storage}", cluster.storage.url),
        ("{username}", cluster.username.unwrap_or_default()),
    ])
}
