//! Every call by every role, in one's own project and in another: answered, or refused with the privilege that is missing.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use hozon_engine::model::{
    Actor, BackupId, ExportFormat, ExportOptions, Grant, NewIntegration, NewProject, ProjectId,
    ProofLevel, Role, VerifyOptions,
};
use tokio_util::sync::CancellationToken;

use crate::{
    API, in_project,
    world::{World, routes::routes},
};

/// Method, path, body, and the privilege that is asked for. What changes something for good comes last.
const CALLS: &[(&str, &str, &str, &str)] = &[
    ("GET", "/clusters/{cluster}", "", "cluster:view"),
    ("GET", "/projects/{project}", "", "project:view"),
    ("GET", "/integrations/{integration}", "", "integration:view"),
    ("GET", "/backups/{backup}", "", "backup:view"),
    ("GET", "/jobs/{job}", "", "job:view"),
    ("PUT", "/policies/{cluster}", POLICY, "policy:edit"),
    ("GET", "/policies/{cluster}", "", "policy:view"),
    ("GET", "/policies/{cluster}/runs", "", "policy:view"),
    ("POST", "/policies/{cluster}/preview", "null", "policy:view"),
    ("POST", "/policies/{cluster}/pause", "", "policy:edit"),
    ("POST", "/policies/{cluster}/resume", "", "policy:edit"),
    ("POST", "/policies/{cluster}/run", "", "policy:run"),
    ("POST", "/plan/backup", BACKUP, "backup:create"),
    ("POST", "/plan/restore", RESTORE, "backup:restore"),
    ("POST", "/plan/export", EXPORT, "backup:export"),
    ("POST", "/plan/adopt", ADOPT, "backup:create"),
    ("POST", "/plan/copy", COPY, "backup:copy"),
    ("POST", "/plan/delete", ONE, "backup:delete"),
    ("POST", "/queue/backup", BACKUP, "backup:create"),
    ("POST", "/queue/verify", VERIFY, "backup:verify"),
    ("POST", "/queue/restore", RESTORE, "backup:restore"),
    ("POST", "/queue/export", EXPORT, "backup:export"),
    ("POST", "/queue/adopt", ADOPT, "backup:create"),
    ("POST", "/queue/copy", COPY, "backup:copy"),
    (
        "POST",
        "/backups/{backup}/rename",
        r#""renamed""#,
        "backup:edit",
    ),
    ("POST", "/backups/{backup}/pin", "true", "backup:edit"),
    ("POST", "/jobs/{job}/cancel", "", "job:cancel"),
    ("POST", "/jobs/{job}/retry", "", "job:retry"),
    ("POST", "/jobs/{export}/sweep", "", "backup:export"),
    ("DELETE", "/policies/{cluster}", "", "policy:delete"),
    ("POST", "/queue/delete", ONE, "backup:delete"),
];

/// Refused to nobody: what belongs to others is left out.
const LISTS: &[(&str, &str)] = &[
    ("GET", "/clusters"),
    ("GET", "/policies"),
    ("POST", "/search/backups"),
    ("POST", "/search/jobs"),
];

const ONE: &str = r#"{"backup_id":"{backup}"}"#;
const VERIFY: &str = r#"{"backup_id":"{backup}","level":"list"}"#;
const COPY: &str = r#"{"backup_id":"{backup}","repository":"nowhere"}"#;
const BACKUP: &str =
    r#"{"cluster_id":"{cluster}","name":null,"database":"nowhere","collections":[]}"#;
const RESTORE: &str = r#"{"backup_id":"{backup}","cluster_id":"{cluster}","collections":[{"database":"no","name":"such"}],
    "suffix":"","load_state":"keep"}"#;
const EXPORT: &str = r#"{"backup_id":"{backup}","integration_id":"{integration}","directory":"../up",
    "format":"milvus-backup"}"#;
const ADOPT: &str = r#"{"integration_id":"{integration}","directory":"nothing","name":null}"#;
const POLICY: &str =
    r#"{"schedule":{"kind":"cron","expression":"@yearly"},"time_zone":"UTC","retention":{}}"#;

/// A route that somebody adds must be added here, too.
#[test]
fn no_route_is_left_out() {
    let calls = CALLS.iter().map(|(method, path, ..)| {
        let path = path.replace("{export}", "{job}");
        ((*method).to_owned(), path)
    });
    let lists = LISTS
        .iter()
        .map(|(method, path)| ((*method).to_owned(), (*path).to_owned()));
    let tried: BTreeSet<_> = calls.chain(lists).collect();
    assert_eq!(tried, routes(include_str!("../../src/own/mod.rs")));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_by_every_role_in_ones_own_and_in_another_project() {
    for role in Role::BUILT_IN {
        for own in [true, false] {
            // An owner owns everything.
            if own || role != Role::OrganizationOwner {
                try_all(&role, own).await;
            }
        }
    }
}

async fn try_all(role: &Role, own: bool) {
    let world = World::holding(API, &["backup0_1"]).await;
    let (names, other) = things(&world).await;
    let grant = match (role, own) {
        (Role::OrganizationOwner, _) => Grant::owner(),
        (_, true) => in_project(role.clone(), ProjectId::DEFAULT),
        (_, false) => in_project(role.clone(), other.as_str()),
    };
    let world = world.with_key("somebody", vec![grant]).await;
    let held: BTreeSet<String> = role
        .privileges()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    for (method, path, body, privilege) in CALLS {
        let filled = |text: &str| {
            names
                .iter()
                .fold(text.to_owned(), |text, (name, is)| text.replace(name, is))
        };
        let method: Method = method.parse().unwrap();
        let reply = world.ask(method.clone(), &filled(path), filled(body)).await;
        let allowed = own && held.contains(*privilege);
        let told = format!("{role}, own: {own}: {method} {path}: {reply:?}");
        assert!(!reply.status.is_server_error(), "{told}");
        assert_eq!(reply.status != StatusCode::FORBIDDEN, allowed, "{told}");
        if !allowed {
            let error = &reply.json()["error"];
            assert_eq!(error["code"], "permission_denied", "{told}");
            assert_eq!(error["subject"], *privilege, "{told}");
        }
    }
    for (method, path) in LISTS {
        let method = method.parse().unwrap();
        let reply = world.ask(method, path, "{}".to_owned()).await;
        assert_eq!(reply.status, StatusCode::OK, "{role}, own: {own}: {path}");
    }
}

/// What stands for the names in paths and bodies, all of it in the project that is always there; and another project.
async fn things(world: &World) -> (BTreeMap<&'static str, String>, ProjectId) {
    let (engine, actor) = (
        &world.engine,
        Actor {
            name: "test".into(),
            origin: "test".into(),
        },
    );
    let cluster = world.register_empty("registered").await;
    let place = world.directory().join("exports");
    std::fs::create_dir(&place).unwrap();
    let integration = NewIntegration {
        name: "exports".into(),
        storage_url: format!("file://{}", place.display()),
        ..NewIntegration::default()
    };
    let integration = engine.add_integration(&actor, integration).await.unwrap();
    let verify = VerifyOptions {
        backup_id: BackupId::new("backup0_1"),
        level: ProofLevel::List,
    };
    let job = engine.verify_backup(&actor, verify).await.unwrap();
    let export = ExportOptions {
        backup_id: BackupId::new("backup0_1"),
        integration_id: integration.id.clone(),
        directory: String::new(),
        format: ExportFormat::Repository,
        bandwidth_limit: None,
    };
    let export = engine.export_backup(&actor, export).await.unwrap();
    for started in [&job, &export] {
        let never = CancellationToken::new();
        let ended = engine.run_job(&started.id, never).await.unwrap();
        assert!(ended.state.is_final(), "{ended:?}");
    }
    let other = NewProject {
        name: "other".into(),
        ..NewProject::default()
    };
    let other = engine.create_project(&actor, other).await.unwrap();
    let names = BTreeMap::from([
        ("{backup}", "backup0_1".to_owned()),
        ("{cluster}", cluster.id.to_string()),
        ("{export}", export.id.to_string()),
        ("{integration}", integration.id.to_string()),
        ("{job}", job.id.to_string()),
        ("{project}", ProjectId::DEFAULT.to_owned()),
    ]);
    (names, other.id)
}
