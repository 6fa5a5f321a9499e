//! Projects, what belongs to them, and the audit.

use hozon_model::{
    AuditLine, AuditProof, AuditQuery, BoundAuditLine, ClusterId, ErrorCode, ErrorReport, Grant,
    Page, Project, ProjectId, ProjectPlan, Resource, Role, Scope,
};
use serde_json::json;

use super::{each, samples};
use crate::{
    pages::{
        self,
        audit::chain::Chain,
        cluster, project,
        project::holders::{Holder, HolderKind, Holding},
    },
    visit::Address,
};

pub(super) fn projects() -> Vec<Project> {
    let one = |id: &str, name: &str, plan| Project {
        id: ProjectId::new(id),
        name: name.to_owned(),
        plan,
        created_at: samples::now(),
        clusters: 1,
    };
    vec![
        one(ProjectId::DEFAULT, "default", ProjectPlan::Standard),
        one("proj-1", "検索", ProjectPlan::BusinessCritical),
    ]
}

/// What the page of a cluster tells, to those who may do everything or only look.
pub(super) fn cluster_told(may: bool, leaving: bool) -> cluster::Told {
    cluster::Told {
        cluster: samples::clusters().remove(0),
        project: Some(projects().remove(0)),
        check: Some(Ok(samples::check())),
        may_edit: may,
        may_remove: may,
        leaving,
    }
}

fn project_told(may: bool, holding: Holding) -> project::Told {
    project::Told {
        project: projects().remove(0),
        clusters: samples::clusters(),
        integrations: samples::integrations(),
        backups: Page {
            items: samples::backups(),
            total: 131,
            page: 1,
            page_size: 5,
        },
        holding,
        rights: project::Rights {
            edit: may,
            remove: may,
            add_cluster: may,
        },
        raise_only: true,
    }
}

fn holding() -> Holding {
    let holder = |name: &str, kind, role, clusters: &[&str]| Holder {
        name: name.to_owned(),
        kind,
        grant: Grant {
            role,
            scope: Some(Scope {
                project_id: ProjectId::default(),
                cluster_ids: clusters.iter().map(|id| ClusterId::new(*id)).collect(),
            }),
        },
    };
    Holding {
        holders: vec![
            Holder {
                name: "admin".to_owned(),
                kind: HolderKind::User,
                grant: Grant::owner(),
            },
            holder("秋子", HolderKind::User, Role::ProjectAdmin, &[]),
            holder(
                "nightly",
                HolderKind::Key,
                Role::Custom("backups only".to_owned()),
                &["in01-0123456789abcde"],
            ),
            holder(
                "old",
                HolderKind::ExpiredKey,
                Role::ReadWrite,
                &["in01-gone"],
            ),
        ],
        missing: Vec::new(),
    }
}

fn lines() -> Vec<AuditLine> {
    let line = |id, action: &str, outcome: &str| AuditLine {
        id,
        at: samples::now(),
        actor: "admin".to_owned(),
        origin: "console 127.0.0.1".to_owned(),
        action: action.to_owned(),
        target: "検索".to_owned(),
        outcome: outcome.to_owned(),
        before: Some(json!({ "name": "検索", "plan": "Standard" })),
        after: Some(json!({ "name": "search", "plan": "Standard" })),
        hash: "5f".repeat(32),
    };
    vec![
        line(4, "backup.sing", "ok"),
        line(3, "project.edit", "ok"),
        line(2, "project.remove", "permission_denied"),
        line(1, "user.add", "no_such_code"),
    ]
}

fn audit_page(lines: Vec<AuditLine>, chain: Chain, address: &str) -> leptos::prelude::AnyView {
    let list = Page {
        total: lines.len() as u64,
        items: lines,
        page: 1,
        page_size: 25,
    };
    let address = Address::of(&address.parse().expect("an address"));
    let query = AuditQuery {
        outcome: Some("failed".to_owned()),
        ..AuditQuery::default()
    };
    pages::audit::page(list, chain, &query, address)
}

#[test]
fn the_audit() {
    let whole = Chain::Whole(AuditProof {
        lines: 4,
        head: "5f".repeat(32),
    });
    each(
        "audit",
        "/audit?outcome=failed",
        None,
        move || audit_page(lines(), whole.clone(), "/audit?outcome=failed"),
        |_, html| {
            assert!(html.contains("backup.sing") && html.contains("no_such_code"));
            assert!(html.contains("/audit/export?format=csv"));
        },
    );
    let report = ErrorReport {
        code: ErrorCode::AuditBroken,
        subject: "line 3".to_owned(),
        detail: "it is missing".to_owned(),
        hint: String::new(),
    };
    each(
        "audit-broken",
        "/audit",
        None,
        move || audit_page(Vec::new(), Chain::Broken(report.clone(), Some(3)), "/audit"),
        |_, html| assert!(html.contains("href=\"/audit/3\"") && html.contains("role=\"alert\"")),
    );
    each(
        "audit-unchecked",
        "/audit?who=nobody",
        None,
        || audit_page(Vec::new(), Chain::Unchecked, "/audit?who=nobody"),
        |_, html| assert!(html.contains("value=\"nobody\"")),
    );
}

#[test]
fn a_line_of_the_audit() {
    for (index, name) in [(1, "audit-line"), (2, "audit-line-refused")] {
        let found = BoundAuditLine {
            line: lines().remove(index),
            hash_before: (index == 1).then(|| "6e".repeat(32)),
        };
        each(
            name,
            "/audit/3",
            None,
            move || pages::audit_line::page(found.clone()),
            |_, html| assert!(html.contains("search") && html.contains("5f5f5f")),
        );
    }
}

#[test]
fn projects_and_one_project() {
    for (may, name) in [(true, "projects"), (false, "projects-seen")] {
        let lines = || {
            let line = |project| pages::projects::Line {
                project,
                clusters: 2,
                backups: 131,
            };
            projects().into_iter().map(line).collect()
        };
        each(
            name,
            "/projects",
            None,
            move || pages::projects::page(lines(), may),
            move |_, html| {
                assert!(html.contains("検索"));
                assert_eq!(html.contains("project:create"), !may);
            },
        );
    }
    each(
        "project-add",
        "/projects/new",
        None,
        || pages::project_add::page(&Address::new("/").with("plan", "Enterprise").query),
        |_, html| assert!(html.contains("hozon project create --plan Enterprise")),
    );
    each(
        "project",
        "/projects/x",
        None,
        || project::page(project_told(true, holding()), &Address::new("/projects/x")),
        |_, html| assert!(html.contains("in01-gone") && html.contains("秋子")),
    );
    let missing = || Holding {
        holders: Vec::new(),
        missing: vec![Resource::User, Resource::Key],
    };
    each(
        "project-seen",
        "/projects/x",
        None,
        move || project::page(project_told(false, missing()), &Address::new("/projects/x")),
        |_, html| {
            for right in ["project:edit", "project:delete", "user:view", "key:view"] {
                assert!(html.contains(right), "{right}");
            }
        },
    );
    for dialog in ["edit", "remove"] {
        each(
            if dialog == "edit" {
                "project-edit"
            } else {
                "project-remove"
            },
            "/projects/x",
            None,
            move || {
                let address = Address::new("/projects/x").with("dialog", dialog);
                project::page(project_told(true, holding()), &address)
            },
            move |_, html| assert!(html.contains(&format!("hozon project {dialog} default"))),
        );
    }
}

#[test]
fn clusters_and_changing_one() {
    each(
        "clusters",
        "/clusters",
        None,
        || pages::clusters::page(samples::clusters(), projects(), false),
        |_, html| assert!(html.contains("cluster:create") && html.contains("/projects/proj-0")),
    );
    each(
        "cluster-remove",
        "/clusters/x?dialog=remove",
        None,
        || cluster::page(cluster_told(true, true)),
        |_, html| assert!(html.contains("hozon cluster remove demo")),
    );
    each(
        "cluster-edit",
        "/clusters/x/edit",
        None,
        || pages::cluster_edit::page(&samples::clusters()[0], &Address::new("/").query),
        |_, html| {
            assert!(html.contains("value=\"s3://milvus/files\""));
            assert!(
                html.contains("hozon cluster edit demo<"),
                "nothing changed yet"
            );
        },
    );
}
