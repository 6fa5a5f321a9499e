//! Projects, and what belongs to them.

use hozon_model::{ClusterId, Grant, Page, Project, ProjectId, ProjectPlan, Resource, Role, Scope};

use super::{each, samples};
use crate::{
    pages::{
        self, project,
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
