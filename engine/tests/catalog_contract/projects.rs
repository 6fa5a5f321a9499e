//! Projects: one is always there, names are unique, and what belongs to one keeps it and shows in its lists alone.

use hozon_engine::{
    ErrorCode,
    catalog::Catalog,
    model::{BackupQuery, BackupState, Cluster, JobQuery, Project, ProjectId, ProjectPlan, Scope},
};

use crate::samples::{at, cluster, code, enqueue_backup, manifest, new_backup};

crate::contract!(
    has_one_from_the_start,
    keeps_projects,
    keeps_one_that_something_belongs_to,
    narrows_lists,
);

fn project(name: &str) -> Project {
    Project {
        id: ProjectId::new(format!("proj-{name}")),
        name: name.to_owned(),
        plan: ProjectPlan::Enterprise,
        created_at: at(0),
        clusters: 0,
    }
}

async fn with_project(catalog: &dyn Catalog, name: &str) -> Project {
    let project = project(name);
    catalog.add_project(&project).await.unwrap();
    project
}

async fn with_cluster_in(catalog: &dyn Catalog, project: &Project, name: &str) -> Cluster {
    let cluster = Cluster {
        project_id: project.id.clone(),
        ..cluster(name)
    };
    catalog.add_cluster(&cluster, b"sealed").await.unwrap();
    cluster
}

async fn has_one_from_the_start(catalog: &dyn Catalog) {
    let projects = catalog.projects().await.unwrap();
    assert_eq!(projects.len(), 1);
    assert_eq!(projects[0].id, ProjectId::default());
    assert_eq!(projects[0].name, "default");
    assert!(projects[0].created_at > at(0));
    let by_name = catalog.project("default").await.unwrap().unwrap();
    assert_eq!(by_name, projects[0]);
}

async fn keeps_projects(catalog: &dyn Catalog) {
    let mut one = with_project(catalog, "検索").await;
    with_project(catalog, "two").await;
    let mut same_name = project("检索");
    "検索".clone_into(&mut same_name.name);
    assert_eq!(
        code(catalog.add_project(&same_name).await),
        ErrorCode::ProjectNameTaken
    );
    "two".clone_into(&mut one.name);
    assert_eq!(
        code(catalog.edit_project(&one).await),
        ErrorCode::ProjectNameTaken
    );
    "renamed".clone_into(&mut one.name);
    one.plan = ProjectPlan::Standard;
    catalog.edit_project(&one).await.unwrap();
    for key in ["renamed", "proj-検索"] {
        assert_eq!(catalog.project(key).await.unwrap(), Some(one.clone()));
    }
    assert_eq!(catalog.project("検索").await.unwrap(), None);

    catalog.remove_project(&one.id).await.unwrap();
    for gone in [
        catalog.remove_project(&one.id).await,
        catalog.edit_project(&one).await,
    ] {
        assert_eq!(code(gone), ErrorCode::ProjectNotFound);
    }
    let mut late = cluster("late");
    late.project_id = one.id;
    assert_eq!(
        code(catalog.add_cluster(&late, b"x").await),
        ErrorCode::ProjectNotFound
    );
    assert!(catalog.clusters().await.unwrap().is_empty());
}

async fn keeps_one_that_something_belongs_to(catalog: &dyn Catalog) {
    let project = with_project(catalog, "search").await;
    let main = with_cluster_in(catalog, &project, "main").await;
    let found = catalog.project("search").await.unwrap().unwrap();
    assert_eq!(found.clusters, 1);
    catalog
        .record_manifest(&manifest("b1", "nightly", &main, 1))
        .await
        .unwrap();

    let refused = catalog.remove_project(&project.id).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ProjectInUse);
    assert!(refused.report().detail.contains("`main`"), "{refused}");

    // The backups stay when the cluster goes, and stay in the project.
    catalog.remove_cluster(&main.id).await.unwrap();
    let backup = catalog.backup("b1").await.unwrap().unwrap().summary;
    assert_eq!(backup.project_id, project.id);
    let refused = catalog.remove_project(&project.id).await.unwrap_err();
    assert!(refused.report().detail.contains("`nightly`"), "{refused}");

    catalog
        .set_backup_state(&backup.id, BackupState::Deleted, None)
        .await
        .unwrap();
    catalog.remove_project(&project.id).await.unwrap();
}

async fn narrows_lists(catalog: &dyn Catalog) {
    let project = with_project(catalog, "search").await;
    let here = with_cluster_in(catalog, &project, "here").await;
    let beside = with_cluster_in(catalog, &project, "beside").await;
    let elsewhere = cluster("elsewhere");
    catalog.add_cluster(&elsewhere, b"x").await.unwrap();
    for (id, cluster) in [("b1", &here), ("b2", &beside), ("b3", &elsewhere)] {
        enqueue_backup(catalog, &new_backup(id, id, cluster), cluster)
            .await
            .unwrap();
    }
    let whole = |project: &ProjectId| Scope {
        project_id: project.clone(),
        cluster_ids: Vec::new(),
    };
    let part = Scope {
        cluster_ids: vec![here.id.clone()],
        ..whole(&project.id)
    };
    // A cluster of another project does not come in by being named.
    let wrong = Scope {
        cluster_ids: vec![elsewhere.id.clone()],
        ..whole(&project.id)
    };
    let default = ProjectId::default();
    for (project_id, within, expected) in [
        (None, None, vec!["b1", "b2", "b3"]),
        (Some(project.id.clone()), None, vec!["b1", "b2"]),
        (None, Some(vec![whole(&default)]), vec!["b3"]),
        (None, Some(vec![part.clone()]), vec!["b1"]),
        (None, Some(vec![wrong]), vec![]),
        (None, Some(vec![part, whole(&default)]), vec!["b1", "b3"]),
        (Some(default), Some(vec![whole(&project.id)]), vec![]),
        (None, Some(vec![]), vec![]),
    ] {
        let query = BackupQuery {
            project_id: project_id.clone(),
            within: within.clone(),
            ..BackupQuery::default()
        };
        let found = catalog.backups(&query).await.unwrap();
        let mut names: Vec<_> = found.items.iter().map(|backup| &*backup.name).collect();
        names.sort_unstable();
        assert_eq!(names, expected);
        assert_eq!(found.total, expected.len() as u64);
        let query = JobQuery {
            project_id,
            within,
            ..JobQuery::default()
        };
        let found = catalog.jobs(&query).await.unwrap();
        let mut names: Vec<_> = found
            .items
            .iter()
            .map(|job| &job.id.as_str()[4..])
            .collect();
        names.sort_unstable();
        assert_eq!(names, expected);
        assert_eq!(found.total, expected.len() as u64);
    }
}
