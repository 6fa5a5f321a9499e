use hozon_model::{Actor, ErrorCode, ProjectPlan};

use super::*;
use crate::EngineConfig;

async fn engine() -> (tempfile::TempDir, Engine) {
    let directory = tempfile::tempdir().unwrap();
    let engine = Engine::open(EngineConfig::local(directory.path()))
        .await
        .unwrap();
    (directory, engine)
}

fn operator() -> Actor {
    Actor {
        name: "cli:root".to_owned(),
        origin: "cli".to_owned(),
    }
}

fn named(name: &str) -> NewProject {
    NewProject {
        name: name.to_owned(),
        plan: ProjectPlan::Standard,
    }
}

#[tokio::test]
async fn a_project_is_made_changed_and_removed() {
    let (_directory, engine) = engine().await;
    let actor = operator();
    let made = engine
        .create_project(&actor, named(" 検索 "))
        .await
        .unwrap();
    assert_eq!((&*made.name, made.plan), ("検索", ProjectPlan::Standard));
    let digits = made.id.as_str().strip_prefix("proj-").unwrap();
    assert_eq!(digits.len(), 22);
    assert!(digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
    assert_eq!(engine.projects().await.unwrap().len(), 2);

    let edit = ProjectEdit {
        name: Some("search".to_owned()),
        plan: Some(ProjectPlan::Enterprise),
    };
    let edited = engine.edit_project(&actor, "検索", edit).await.unwrap();
    assert_eq!(engine.project("search").await.unwrap(), edited);
    let nothing = engine
        .edit_project(&actor, "search", ProjectEdit::default())
        .await;
    assert_eq!(nothing.unwrap(), edited);

    engine.remove_project(&actor, "search").await.unwrap();
    let gone = engine.project("search").await.unwrap_err();
    assert_eq!(gone.code(), ErrorCode::ProjectNotFound);
    let actions: Vec<_> = engine
        .catalog()
        .audit_tail(10)
        .await
        .unwrap()
        .into_iter()
        .map(|line| format!("{} {} {}", line.action, line.target, line.outcome))
        .collect();
    assert_eq!(
        actions,
        [
            "project.remove search ok",
            "project.edit search ok",
            "project.edit 検索 ok",
            "project.create  検索  ok"
        ]
    );
}

#[tokio::test]
async fn what_is_not_acceptable_changes_nothing() {
    let (_directory, engine) = engine().await;
    let actor = operator();
    let long = "長".repeat(65);
    for name in ["", "  ", "a\nb", &*long] {
        let refused = engine.create_project(&actor, named(name)).await;
        assert_eq!(refused.unwrap_err().code(), ErrorCode::InvalidInput);
        let edit = ProjectEdit {
            name: Some(name.to_owned()),
            plan: None,
        };
        let refused = engine.edit_project(&actor, "default", edit).await;
        assert_eq!(refused.unwrap_err().report().subject, "name");
    }
    let taken = engine.create_project(&actor, named("default")).await;
    assert_eq!(taken.unwrap_err().code(), ErrorCode::ProjectNameTaken);
    for gone in [
        engine.remove_project(&actor, "nowhere").await,
        engine
            .edit_project(&actor, "nowhere", ProjectEdit::default())
            .await,
    ] {
        assert_eq!(gone.unwrap_err().code(), ErrorCode::ProjectNotFound);
    }
    let stays = engine.remove_project(&actor, ProjectId::DEFAULT).await;
    assert_eq!(stays.unwrap_err().code(), ErrorCode::ProjectInUse);
    let projects = engine.projects().await.unwrap();
    assert_eq!(projects.len(), 1);
    assert_eq!(projects[0].name, "default");
}
