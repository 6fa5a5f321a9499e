//! Exports that are repositories of their own come in: as backups of a registered cluster, each file once.

use std::fs;

use hozon_engine::{
    ErrorCode,
    model::{
        AdoptOptions, BackupState, DeleteOptions, ExportFormat, ExportOptions, Integration,
        JobState, JobSummary, NewProject,
    },
};

use crate::{
    adoption::{adopt, restored_rows_are_equal},
    exports::{CHOSEN, export},
    world::{Server, World, directory_integration, snapshot},
};

/// Exports a backup as a repository, into the integration's directory.
async fn export_repository(world: &World, made: &JobSummary, integration: &Integration) -> String {
    let options = ExportOptions {
        format: ExportFormat::Repository,
        ..export(made, integration, "")
    };
    world
        .succeed(world.engine.export_backup(&world.actor, options).await)
        .await;
    made.backup_id.as_ref().unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn becomes_a_backup_of_a_registered_cluster_and_is_moved_once() {
    let (here, there, server) = (World::new().await, World::new().await, Server::local());
    let cluster = here.add(&server).await;
    let (integration, exports) = directory_integration(&here).await;
    let first = here.back_up(&cluster, "一", &CHOSEN).await;
    let second = here.back_up(&cluster, "二", &CHOSEN).await;
    let first = export_repository(&here, &first, &integration).await;
    let second = export_repository(&here, &second, &integration).await;
    let (integration, directory) = directory_integration(&there).await;
    fs::remove_dir(&directory).unwrap();
    fs::rename(&exports, &directory).unwrap();
    let before = snapshot(&directory);
    let cluster = there.add(&server).await;
    let for_cluster = |directory: &str| AdoptOptions {
        cluster_id: Some(cluster.id.clone()),
        ..adopt(&integration, directory)
    };

    let found = there.engine.archives("exports", "").await.unwrap();
    let names: Vec<_> = found.archives.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["二", "一"], "newest first");

    let plan = there.engine.plan_adopt(&for_cluster(&first)).await.unwrap();
    assert_eq!(plan.format, ExportFormat::Repository);
    assert!(plan.new_files == plan.files && plan.files > 0, "{plan:#?}");
    let adopted = there
        .succeed(
            there
                .engine
                .adopt_backup(&there.actor, for_cluster(&first))
                .await,
        )
        .await;
    let id = adopted.backup_id.clone().unwrap();
    let backup = there.engine.backup(id.as_str()).await.unwrap();
    assert_eq!(backup.summary.cluster_id, cluster.id);
    assert_eq!(backup.summary.name, "一");
    let own = there
        .repository_directory()
        .join("data")
        .join(cluster.id.as_str());
    assert!(!own.exists(), "its files lie apart from the cluster's own");

    let again = there
        .engine
        .adopt_backup(&there.actor, for_cluster(&first))
        .await
        .unwrap();
    assert_eq!(again.id, adopted.id, "the same again is the same job");
    assert_eq!(again.state, JobState::Successful);

    let plan = there
        .engine
        .plan_adopt(&for_cluster(&second))
        .await
        .unwrap();
    assert_eq!(
        plan.new_files, 0,
        "the first one brought every file: {plan:#?}"
    );
    let data = snapshot(&there.repository_directory().join("data"));
    let other = there
        .succeed(
            there
                .engine
                .adopt_backup(&there.actor, for_cluster(&second))
                .await,
        )
        .await;
    assert!(snapshot(&there.repository_directory().join("data")) == data);
    assert_eq!(snapshot(&directory), before, "an archive is only read");

    let delete = DeleteOptions {
        backup_id: id,
        repository: None,
    };
    there
        .succeed(there.engine.delete_backup(&there.actor, delete).await)
        .await;
    restored_rows_are_equal(&there, &server, &cluster, &other).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_agree_with_its_checksum_stays_outside() {
    let (world, server) = (World::new().await, Server::local());
    let cluster = world.add(&server).await;
    let made = world.back_up(&cluster, "b", &["medium_articles"]).await;
    let (integration, directory) = directory_integration(&world).await;
    let name = export_repository(&world, &made, &integration).await;
    let data = directory.join(&name).join("data");
    let options = AdoptOptions {
        name: Some("adopted".into()),
        ..adopt(&integration, &name)
    };
    let held = snapshot(&world.repository_directory().join("data"));

    let (file, bytes) = snapshot(&data).into_iter().next().unwrap();
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 1;
    fs::write(&file, flipped).unwrap();
    let adopting = world.engine.adopt_backup(&world.actor, options.clone());
    let error = world.fail(adopting.await).await;
    assert_eq!(error.code(), ErrorCode::FileDamaged, "{error}");
    let left = snapshot(&world.repository_directory().join("data"));
    assert!(left == held, "what was copied is swept");
    fs::write(&file, bytes).unwrap();

    let manifest = directory
        .join(&name)
        .join("backups")
        .join(&name)
        .join("manifest.json");
    let kept = fs::read(&manifest).unwrap();
    fs::write(&manifest, b"{}").unwrap();
    let found = world.engine.archives("exports", "").await.unwrap();
    assert!(found.archives[0].damage.is_some(), "{found:#?}");
    let refused = world
        .engine
        .adopt_backup(&world.actor, options.clone())
        .await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::RepositoryDamaged);
    fs::remove_file(&manifest).unwrap();
    let refused = world
        .engine
        .adopt_backup(&world.actor, options.clone())
        .await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::ArchiveNotFound);
    fs::write(&manifest, kept).unwrap();

    let ended = world
        .succeed(world.engine.adopt_backup(&world.actor, options).await)
        .await;
    let backup = world
        .engine
        .backup(ended.backup_id.unwrap().as_str())
        .await
        .unwrap();
    assert_eq!(backup.summary.state, BackupState::Available);
    assert_eq!(backup.summary.cluster_name, cluster.name);
    assert_ne!(backup.summary.cluster_id, cluster.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_of_another_project_is_refused() {
    let (world, server) = (World::new().await, Server::local());
    let made = {
        let cluster = world.add(&server).await;
        world.back_up(&cluster, "b", &["medium_articles"]).await
    };
    let (integration, _) = directory_integration(&world).await;
    let name = export_repository(&world, &made, &integration).await;
    let project = NewProject {
        name: "other".into(),
        ..NewProject::default()
    };
    let project = world
        .engine
        .create_project(&world.actor, project)
        .await
        .unwrap();
    let new = hozon_engine::model::NewCluster {
        project: Some(project.name),
        ..server.registration("elsewhere")
    };
    let elsewhere = world.engine.add_cluster(&world.actor, new).await.unwrap();
    let options = AdoptOptions {
        cluster_id: Some(elsewhere.id),
        ..adopt(&integration, &name)
    };
    let error = world.engine.adopt_backup(&world.actor, options).await;
    let error = error.unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidInput);
    assert_eq!(error.report().subject, "cluster");
}
