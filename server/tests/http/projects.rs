//! Projects in the console: made, changed and removed by those who may, left out and refused for others.

use axum::{body::Body, http::StatusCode};
use hozon_engine::model::{
    Actor, Grant, NewProject, NewUser, Project, ProjectId, ProjectPlan, Role, Scope,
};

use crate::world::{Answer, PASSWORD, World, form, page, with_cookie};

async fn open(world: &World, session: &str, path: &str) -> Answer {
    let request = page(path).body(Body::empty()).unwrap();
    world.ask(with_cookie(request, session)).await
}

async fn send(world: &World, session: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    world.ask(with_cookie(form(path, fields), session)).await
}

async fn made(world: &World, name: &str) -> Project {
    let owner = Actor {
        name: "owner".to_owned(),
        origin: "tests".to_owned(),
    };
    let new = NewProject {
        name: name.to_owned(),
        ..NewProject::default()
    };
    world.engine.create_project(&owner, new).await.unwrap()
}

#[tokio::test]
async fn a_project_is_made_changed_and_removed_by_forms() {
    let world = World::new().await;
    let session = world.sign_in().await;
    let fields = [("name", "検索"), ("plan", "Enterprise")];
    let answer = send(&world, &session, "/api/create_project", &fields).await;
    let project = world.engine.project("検索").await.unwrap();
    assert_eq!(project.plan, ProjectPlan::Enterprise);
    let own_page = format!("/projects/{}", project.id);
    assert_eq!(answer.location(), own_page);

    let fields = [
        ("id", project.id.as_str()),
        ("name", "search"),
        ("plan", "Standard"),
    ];
    let answer = send(&world, &session, "/api/edit_project", &fields).await;
    assert_eq!(answer.location(), own_page);
    let edited = world.engine.project("search").await.unwrap();
    assert_eq!(
        (edited.id, edited.plan),
        (project.id.clone(), ProjectPlan::Standard)
    );

    let fields = [("id", project.id.as_str())];
    let answer = send(&world, &session, "/api/remove_project", &fields).await;
    assert_eq!(answer.location(), "/projects");
    let gone = open(&world, &session, &own_page).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);

    let fields = [("id", ProjectId::DEFAULT)];
    let answer = send(&world, &session, "/api/remove_project", &fields).await;
    assert!(answer.location().contains("dialog=remove"));
    assert_eq!(world.engine.projects().await.unwrap().len(), 1);
}

#[tokio::test]
async fn somebody_of_one_project_sees_and_changes_no_other() {
    let world = World::new().await;
    let own = made(&world, "own-project").await;
    let foreign = made(&world, "foreign-project").await;
    let owner = Actor {
        name: "owner".to_owned(),
        origin: "tests".to_owned(),
    };
    let alice = NewUser {
        name: "alice".to_owned(),
        grants: vec![Grant {
            role: Role::ReadOnly,
            scope: Some(Scope {
                project_id: own.id.clone(),
                cluster_ids: Vec::new(),
            }),
        }],
        password: Some(PASSWORD.to_owned()),
    };
    world.engine.create_user(&owner, alice).await.unwrap();
    let fields = [("name", "alice"), ("password", PASSWORD)];
    let signed_in = world.ask(form("/api/sign_in", &fields)).await;
    let session = signed_in.session().unwrap();

    let list = open(&world, &session, "/projects").await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(list.body.contains("own-project"), "{}", list.body);
    assert!(!list.body.contains("foreign-project"), "{}", list.body);
    assert!(list.body.contains("project:create"), "{}", list.body);
    let own_page = open(&world, &session, &format!("/projects/{}", own.id)).await;
    assert_eq!(own_page.status, StatusCode::OK);
    for right in ["project:edit", "project:delete", "user:view"] {
        assert!(own_page.body.contains(right), "{right}: {}", own_page.body);
    }
    for (path, right) in [
        (format!("/projects/{}", foreign.id), "project:view"),
        ("/projects/new".to_owned(), "project:create"),
        ("/clusters/new".to_owned(), "cluster:create"),
    ] {
        let answer = open(&world, &session, &path).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(answer.body.contains(right), "{path}: {}", answer.body);
    }
    for (path, fields) in [
        (
            "/api/create_project",
            vec![("name", "new-project"), ("plan", "Standard")],
        ),
        (
            "/api/edit_project",
            vec![("id", own.id.as_str()), ("name", "x"), ("plan", "Standard")],
        ),
        ("/api/remove_project", vec![("id", own.id.as_str())]),
    ] {
        let answer = send(&world, &session, path, &fields).await;
        assert!(answer.location().starts_with("/projects/"), "{path}");
    }
    let mut names: Vec<_> = world
        .engine
        .projects()
        .await
        .unwrap()
        .into_iter()
        .map(|project| project.name)
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["default", "foreign-project", "own-project"]);
}
