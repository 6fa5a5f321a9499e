//! Somebody whose role holds for one project: what the console shows them, and what it refuses to.
//!
//! `make test` starts the Milvus that is registered, and names it in `HOZON_TEST_MILVUS_LOCAL`.

use axum::{body::Body, http::StatusCode};
use hozon_engine::model::{
    Actor, BackupOptions, Grant, NewCluster, NewProject, NewUser, ProjectPlan, Role, Scope,
};

use crate::{
    events::milvus,
    world::{PASSWORD, World, form, get, page, with_cookie},
};

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_others_is_left_out_and_refused() {
    let world = World::new().await;
    let (engine, owner) = (&world.engine, owner());
    let project = |name: &str| NewProject {
        name: name.to_owned(),
        plan: ProjectPlan::Standard,
    };
    let search = engine
        .create_project(&owner, project("search"))
        .await
        .unwrap();
    engine
        .create_project(&owner, project("other"))
        .await
        .unwrap();
    let cluster = |name: &str, project: &str| NewCluster {
        name: name.to_owned(),
        project: Some(project.to_owned()),
        ..milvus()
    };
    let own = engine
        .add_cluster(&owner, cluster("own-cluster", "search"))
        .await
        .unwrap();
    let others = engine
        .add_cluster(&owner, cluster("foreign-cluster", "other"))
        .await
        .unwrap();
    let mut jobs = Vec::new();
    for (cluster, name) in [(&own, "own-backup"), (&others, "foreign-backup")] {
        let options = BackupOptions {
            cluster_id: cluster.id.clone(),
            name: Some(name.to_owned()),
            database: None,
            collections: Vec::new(),
            copies: Vec::new(),
            bandwidth_limit: None,
        };
        jobs.push(engine.create_backup(&owner, options).await.unwrap());
    }
    let alice = NewUser {
        name: "alice".to_owned(),
        grants: vec![Grant {
            role: Role::ReadOnly,
            scope: Some(Scope {
                project_id: search.id,
                cluster_ids: Vec::new(),
            }),
        }],
        password: Some(PASSWORD.to_owned()),
    };
    engine.create_user(&owner, alice).await.unwrap();
    let signed_in = form("/api/sign_in", &[("name", "alice"), ("password", PASSWORD)]);
    let session = world.ask(signed_in).await.session().expect("a session");
    let open = async |path: &str| {
        let request = page(path)
            .header("cookie", &session)
            .body(Body::empty())
            .unwrap();
        world.ask(request).await
    };

    for path in ["/backups", "/jobs", "/clusters", "/policies"] {
        let answer = open(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.body.contains("own-"), "{path}: {}", answer.body);
        assert!(!answer.body.contains("foreign-"), "{path}: {}", answer.body);
    }
    let [own_job, others_job] = jobs.try_into().unwrap();
    let backup = others_job.backup_id.unwrap();
    for path in [
        format!("/backups/{backup}"),
        format!("/jobs/{}", others_job.id),
        format!("/clusters/{}", others.id),
        format!("/policies/{}", others.name),
    ] {
        let answer = open(&path).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(answer.body.contains(":view"), "{path}: {}", answer.body);
    }
    let follow = async |id: &str| {
        let request = with_cookie(get(&format!("/events/jobs/{id}")), &session);
        world.send(request).await.status()
    };
    assert_eq!(follow(own_job.id.as_str()).await, StatusCode::OK);
    assert_eq!(follow(others_job.id.as_str()).await, StatusCode::FORBIDDEN);
}

fn owner() -> Actor {
    Actor {
        name: "owner".to_owned(),
        origin: "tests".to_owned(),
    }
}
