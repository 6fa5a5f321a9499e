//! Every call that names something of a project, by every role, in one's own project and in another: it is answered, or
//! refused with the privilege that is missing, and what is refused changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use hozon_engine::model::{Grant, ProjectId, Role, Scope};
use serde_json::{Value, json};

use crate::{
    flow::{done, good},
    holding,
    world::{CLUSTER, Reply, World, routes::routes},
};

/// Method, path, body, and the privilege that is asked for first. Bodies are such that whoever may call changes nothing:
/// what is wrong with them is told after the right was looked at. Only the last ones really do something.
const CALLS: &[(&str, &str, &str, &str)] = &[
    ("GET", "{backup}", "", "backup:view"),
    (
        "POST",
        "{backup}/rename",
        r#"{"backupName":""}"#,
        "backup:edit",
    ),
    (
        "POST",
        "{backup}/verify",
        r#"{"level":"closely"}"#,
        "backup:verify",
    ),
    (
        "POST",
        "{backup}/copy",
        r#"{"regionId":"nowhere"}"#,
        "backup:copy",
    ),
    ("POST", "{backup}/export", "{}", "backup:export"),
    ("POST", "{backup}/restoreCollection", "{}", "backup:view"),
    ("POST", "{backup}/restoreCluster", "{}", "backup:view"),
    ("GET", "/jobs/{job}", "", "job:view"),
    ("POST", "/jobs/{job}/cancel", "", "job:cancel"),
    ("POST", "/jobs/{job}/retry", "", "job:retry"),
    (
        "GET",
        "/storageIntegrations/{integration}",
        "",
        "integration:view",
    ),
    ("GET", "/projects/{project}", "", "project:view"),
    ("GET", "/clusters/{cluster}", "", "cluster:view"),
    (
        "POST",
        "/clusters/{cluster}/backups/create",
        "{}",
        "backup:create",
    ),
    (
        "GET",
        "/clusters/{cluster}/backups/policy",
        "",
        "policy:view",
    ),
    (
        "POST",
        "/clusters/{cluster}/backups/policy",
        r#"{"enabled":"perhaps"}"#,
        "policy:edit",
    ),
    (
        "POST",
        "/backups/adopt",
        r#"{"integrationId":"{integration}","directory":"nothing"}"#,
        "backup:create",
    ),
    (
        "GET",
        "/storageIntegrations/{integration}/archives",
        "",
        "backup:create",
    ),
    (
        "POST",
        "/storageIntegrations",
        INTEGRATION,
        "integration:create",
    ),
    (
        "POST",
        "/storageIntegrations/create",
        INTEGRATION,
        "integration:create",
    ),
    (
        "POST",
        "/storageIntegrations/validate",
        INTEGRATION,
        "integration:create",
    ),
    (
        "POST",
        "/projects",
        r#"{"projectName":""}"#,
        "project:create",
    ),
    (
        "PATCH",
        "/projects/{project}/plan",
        r#"{"plan":"Gold"}"#,
        "project:edit",
    ),
    ("DELETE", "/projects/{project}", "", "project:delete"),
    (
        "DELETE",
        "/storageIntegrations/{integration}",
        "",
        "integration:delete",
    ),
    ("DELETE", "{backup}", "", "backup:delete"),
];

/// An integration at no place, in the project.
const INTEGRATION: &str =
    r#"{"projectId":"{project}","name":"another","storageUrl":"nowhere at all"}"#;

/// Refused to nobody: what belongs to others is left out.
const LISTS: &[&str] = &[
    "/backups",
    "/clouds",
    "/clusters",
    "/jobs",
    "/projects",
    "/regions",
    "/storageIntegrations",
];

/// A route that somebody adds must be added here, too.
#[test]
fn no_route_is_left_out() {
    let calls = CALLS.iter().map(|(method, path, ..)| {
        let path = path.replace("{backup}", "/clusters/{cluster}/backups/{backup}");
        ((*method).to_owned(), path)
    });
    let lists = LISTS
        .iter()
        .map(|path| ("GET".to_owned(), (*path).to_owned()));
    let tried: BTreeSet<_> = calls.chain(lists).collect();
    assert_eq!(tried, routes(include_str!("../../src/v2/mod.rs")));
}

/// How many of them, the last ones, change something where they are allowed.
const DEEDS: usize = 2;

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
    let told = format!("{role:?}, own project: {own}");
    let owner = holding(&["backup0_1"]).await;
    let names = names(&owner).await;
    let other = good(
        &owner
            .post("/projects", r#"{"projectName":"elsewhere"}"#)
            .await,
    );
    let project = if own {
        ProjectId::default()
    } else {
        ProjectId::new(other.as_str().unwrap())
    };
    let scope = (*role != Role::OrganizationOwner).then(|| Scope {
        project_id: project,
        cluster_ids: Vec::new(),
    });
    let grant = Grant {
        role: role.clone(),
        scope,
    };
    let before = what_is_there(&owner).await;
    let caller = owner.again().await.without_headers();
    let caller = caller.with_key("somebody", vec![grant]).await;
    let held: BTreeSet<String> = role
        .privileges()
        .expect("a role that is always there")
        .iter()
        .map(ToString::to_string)
        .collect();

    for (number, (method, path, body, privilege)) in CALLS.iter().enumerate() {
        if number == CALLS.len() - DEEDS {
            assert_eq!(what_is_there(&owner).await, before, "{told}");
        }
        let filled = |text: &str| {
            names
                .iter()
                .fold(text.to_owned(), |text, (name, is)| text.replace(name, is))
        };
        let (path, body) = (filled(path), filled(body));
        let allowed = own && held.contains(*privilege);
        let reply = send(&caller, method, &path, &body).await;
        let answer = reply.json();
        let call = format!("{told}: {method} {path}: {answer}");
        assert!(!reply.status.is_server_error(), "{call}");
        assert_eq!(answer["code"] != json!(96016), allowed, "{call}");
        if !allowed {
            assert_eq!(reply.status, StatusCode::OK, "{call}");
            let message = answer["message"].as_str().unwrap();
            let names_it = message.contains(*privilege) || message.contains("outside the scope");
            assert!(names_it, "{call}");
        }
    }
    let may = |privilege: &str| own && held.contains(privilege);
    let after = what_is_there(&owner).await;
    let unchanged = !may("backup:delete") && !may("integration:delete");
    assert_eq!(after == before, unchanged, "{told}: {after}");

    // Lists leave out what belongs to others, and are never refused.
    for path in LISTS {
        good(&caller.get(path).await);
    }
    for (path, kind) in [
        ("/backups", "backups"),
        ("/storageIntegrations", "integrations"),
    ] {
        let seen = good(&caller.get(path).await)["count"].clone();
        let expected = if own { after[kind].clone() } else { json!(0) };
        assert_eq!(seen, expected, "{told}: {path}");
    }
}

/// What stands for the names in paths: a backup, a job about it that has ended, an integration, and their project.
async fn names(owner: &World) -> BTreeMap<&'static str, String> {
    let backup = format!("/clusters/{CLUSTER}/backups/backup0_1");
    let verify = owner
        .post(&format!("{backup}/verify"), r#"{"level":"list"}"#)
        .await;
    let job = done(owner, &good(&verify)).await["jobId"]
        .as_str()
        .unwrap()
        .to_owned();
    let place = owner.directory().join("exports");
    std::fs::create_dir(&place).unwrap();
    let body = json!({ "name": "exports", "storageUrl": format!("file://{}", place.display()) });
    let made = good(&owner.post("/storageIntegrations", &body).await);
    let cluster = owner.register_empty("registered").await;
    BTreeMap::from([
        ("{backup}", backup),
        ("{cluster}", cluster.id.to_string()),
        ("{job}", job),
        (
            "{integration}",
            made["integrationId"].as_str().unwrap().to_owned(),
        ),
        ("{project}", ProjectId::DEFAULT.to_owned()),
    ])
}

/// How much there is, and what the backup is called.
async fn what_is_there(owner: &World) -> Value {
    let backups = good(&owner.get("/backups").await);
    let jobs = good(&owner.get("/jobs?kind=VERIFY").await);
    let integrations = good(&owner.get("/storageIntegrations").await);
    json!({
        "backups": backups["count"],
        "name": backups["backups"][0]["backupName"],
        "verifications": jobs["count"],
        "integrations": integrations["count"],
    })
}

async fn send(world: &World, method: &str, path: &str, body: &str) -> Reply {
    match method {
        "GET" => world.get(path).await,
        "DELETE" => world.delete(path).await,
        "PATCH" => world.ask(Method::PATCH, path, body.to_owned()).await,
        _ => world.post(path, body).await,
    }
}
