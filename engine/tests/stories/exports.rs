//! Backups leave: to a directory and to S3, in two formats, and what did not leave whole is never mistaken for it.

use std::{fs, path::Path};

use futures::TryStreamExt;
use hozon_engine::{
    ErrorCode,
    model::{
        BackupState, ExportFormat, ExportOptions, Integration, JobState, JobSummary, NewIntegration,
    },
    repository::Repository,
};
use tokio_util::sync::CancellationToken;

use crate::{
    outside::{MilvusBackup, checked, compare_rows_and_drop},
    world::{Server, World, backup, directory_integration, directory_store, snapshot, suffix},
};

/// Partitions, a partition key, dynamic fields, deleted and upserted rows: all loaded, so that rows can be compared.
pub(crate) const CHOSEN: [&str; 3] = ["medium_articles", "hello_milvus", "weather_by_city"];

pub(crate) fn export(made: &JobSummary, to: &Integration, directory: &str) -> ExportOptions {
    ExportOptions {
        backup_id: made.backup_id.clone().unwrap(),
        integration_id: to.id.clone(),
        directory: directory.to_owned(),
        format: ExportFormat::MilvusBackup,
        bandwidth_limit: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn to_a_directory_where_the_checker_and_milvus_backup_read_it() {
    let (world, server) = (World::new().await, Server::local());
    let cluster = world.add(&server).await;
    let made = world.back_up(&cluster, "出庫", &CHOSEN).await;
    let (integration, directory) = directory_integration(&world).await;
    let options = export(&made, &integration, "exports/2026/");
    let plan = world.engine.plan_export(&options).await.unwrap();
    assert!(plan.files > 0 && plan.present_files == 0, "{plan:#?}");
    assert!(snapshot(&directory).is_empty(), "a plan writes nothing");
    world
        .succeed(
            world
                .engine
                .export_backup(&world.actor, options.clone())
                .await,
        )
        .await;
    let id = made.backup_id.clone().unwrap();
    let archives = directory.join("exports/2026");
    let said = checked(&archives.join(id.as_str()));
    assert!(said.starts_with("3 collections"), "{said}");
    assert!(said.contains(&format!(" {} files", plan.files)), "{said}");

    let before = snapshot(&directory);
    let plan = world.engine.plan_export(&options).await.unwrap();
    assert_eq!(plan.present_files, plan.files);
    world
        .succeed(world.engine.export_backup(&world.actor, options).await)
        .await;
    assert_eq!(snapshot(&directory), before, "the same again");

    if let Some(program) = MilvusBackup::find(&server, &archives, world.directory.path()) {
        let listed = program.run(&["list"]);
        assert!(listed.contains(id.as_str()), "{listed}");
        let suffix = suffix();
        program.run(&[
            "restore",
            "-n",
            id.as_str(),
            "-s",
            &suffix,
            "--rebuild_index",
        ]);
        compare_rows_and_drop(&server, &suffix, &CHOSEN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn to_s3_and_byte_for_byte_right() {
    let server = Server::s3();
    let world = World::with_repository(server.repository()).await;
    let cluster = world.add(&server).await;
    let made = world.back_up(&cluster, "b", &["medium_articles"]).await;
    let new = NewIntegration {
        name: "bucket".into(),
        ..server.integration()
    };
    let integration = world
        .engine
        .add_integration(&world.actor, new)
        .await
        .unwrap();
    let options = export(&made, &integration, "");
    world
        .succeed(world.engine.export_backup(&world.actor, options).await)
        .await;
    let store = server.store_at(&integration.storage.url);
    let copy = world.directory.path().join("copy");
    let objects: Vec<_> = store.list("").try_collect().await.unwrap();
    for object in objects {
        let file = copy.join(&object.path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, store.get(&object.path).await.unwrap()).unwrap();
    }
    let said = checked(&copy.join(made.backup_id.unwrap().as_str()));
    assert!(said.starts_with("1 collections"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn as_a_repository_of_its_own() {
    let world = World::new().await;
    let cluster = world.add(&Server::local()).await;
    let made = world.back_up(&cluster, "b", &["medium_articles"]).await;
    let (integration, directory) = directory_integration(&world).await;
    let options = ExportOptions {
        format: ExportFormat::Repository,
        ..export(&made, &integration, "")
    };
    world
        .succeed(
            world
                .engine
                .export_backup(&world.actor, options.clone())
                .await,
        )
        .await;
    let id = made.backup_id.clone().unwrap();
    let directory = directory.join(id.as_str());
    let store = directory_store(&directory);
    let manifest = Repository::open(store).await.unwrap().manifest(&id).await;
    let manifest = manifest.unwrap().expect("the export is whole");
    assert_eq!(manifest.begin.name, "b");
    let (ours, theirs) = (
        world.repository_directory().join("data"),
        directory.join("data"),
    );
    let relative = |root: &Path| {
        let mut files: Vec<_> = snapshot(root)
            .into_iter()
            .map(|(path, bytes)| (path.strip_prefix(root).unwrap().to_owned(), bytes))
            .collect();
        files.sort();
        files
    };
    assert!(relative(&ours) == relative(&theirs), "the files differ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canceled_one_is_not_whole_and_can_be_removed_or_gone_on_with() {
    let world = World::new().await;
    let cluster = world.add(&Server::local()).await;
    let made = world.back_up(&cluster, "b", &[]).await;
    let (integration, directory) = directory_integration(&world).await;
    let options = export(&made, &integration, "");
    let job = canceled_when_something_is_there(&world, &options, &directory).await;
    let left = snapshot(&directory);
    assert!(!left.is_empty());
    assert!(
        !left
            .keys()
            .any(|path| path.to_string_lossy().contains("/meta/")),
        "{left:?}"
    );
    let removed = world
        .engine
        .remove_export(&world.actor, &job.id)
        .await
        .unwrap();
    assert_eq!(removed.files, left.len() as u64);
    assert!(snapshot(&directory).is_empty());

    canceled_when_something_is_there(&world, &options, &directory).await;
    let again = world
        .succeed(world.engine.export_backup(&world.actor, options).await)
        .await;
    let archive = directory.join(made.backup_id.unwrap().as_str());
    checked(&archive);
    let whole = snapshot(&directory);
    for id in [&job.id, &again.id] {
        let refused = world.engine.remove_export(&world.actor, id).await;
        assert_eq!(
            refused.unwrap_err().code(),
            ErrorCode::ExportTargetTaken,
            "a whole export is not removed"
        );
    }
    assert_eq!(snapshot(&directory), whole);
}

/// An export that is told to stop as soon as its first file lies there.
async fn canceled_when_something_is_there(
    world: &World,
    options: &ExportOptions,
    directory: &Path,
) -> JobSummary {
    let job = world
        .engine
        .export_backup(&world.actor, options.clone())
        .await
        .unwrap();
    let (engine, id) = (world.engine.clone(), job.id.clone());
    let running =
        tokio::spawn(async move { engine.run_job(&id, CancellationToken::new()).await.unwrap() });
    while snapshot(directory).is_empty() && !running.is_finished() {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    world
        .engine
        .cancel_job(&world.actor, &job.id)
        .await
        .unwrap();
    let ended = running.await.unwrap();
    assert_eq!(ended.state, JobState::Canceled, "{ended:#?}");
    ended
}

#[tokio::test(flavor = "multi_thread")]
async fn not_onto_something_else() {
    let world = World::new().await;
    let cluster = world.add(&Server::local()).await;
    let made = world.back_up(&cluster, "b", &["medium_articles"]).await;
    let (integration, directory) = directory_integration(&world).await;
    let meta = directory
        .join(made.backup_id.as_ref().unwrap().as_str())
        .join("meta");
    fs::create_dir_all(&meta).unwrap();
    fs::write(meta.join("full_meta.json"), "{}").unwrap();
    let before = snapshot(&directory);
    let created = world
        .engine
        .export_backup(&world.actor, export(&made, &integration, ""))
        .await;
    let error = world.fail(created).await;
    assert_eq!(error.code(), ErrorCode::ExportTargetTaken, "{error}");
    assert_eq!(snapshot(&directory), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn not_from_a_backup_that_is_not_available_nor_to_a_place_outside() {
    let world = World::new().await;
    let cluster = world.add(&Server::local()).await;
    let (integration, directory) = directory_integration(&world).await;
    let creating = world
        .engine
        .create_backup(&world.actor, backup(&cluster, "b", &["medium_articles"]))
        .await
        .unwrap();
    let refused = |options| {
        let world = &world;
        async move {
            let refused = world.engine.export_backup(&world.actor, options).await;
            let error = refused.unwrap_err();
            assert!(!error.report().hint.is_empty(), "{error:?}");
            error
        }
    };
    let error = refused(export(&creating, &integration, "")).await;
    assert_eq!(error.code(), ErrorCode::BackupNotAvailable);
    assert!(error.to_string().contains("CREATING"), "{error}");
    world.succeed(Ok(creating.clone())).await;
    for outside in ["../up", "/etc", "a/../../b", "a//b"] {
        let error = refused(export(&creating, &integration, outside)).await;
        assert_eq!(error.code(), ErrorCode::InvalidInput, "{outside}");
        assert_eq!(error.report().subject, "directory", "{outside}");
    }
    let mut options = export(&creating, &integration, "");
    options.integration_id = hozon_engine::model::IntegrationId::new("integ-gone");
    assert_eq!(
        refused(options).await.code(),
        ErrorCode::IntegrationNotFound
    );
    assert!(snapshot(&directory).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_meanwhile_is_named() {
    let world = World::new().await;
    let cluster = world.add(&Server::local()).await;
    let made = world.back_up(&cluster, "b", &["medium_articles"]).await;
    let (integration, directory) = directory_integration(&world).await;
    let options = export(&made, &integration, "");
    let waiting = world
        .engine
        .export_backup(&world.actor, options.clone())
        .await;
    let id = waiting.as_ref().unwrap().id.clone();

    let twice = world
        .engine
        .export_backup(&world.actor, options.clone())
        .await;
    assert_eq!(twice.unwrap_err().code(), ErrorCode::BackupInUse);
    let removal = world
        .engine
        .remove_integration(&world.actor, &integration.id)
        .await
        .unwrap_err();
    assert_eq!(removal.code(), ErrorCode::IntegrationInUse);
    assert!(removal.to_string().contains(id.as_str()), "{removal}");

    fs::remove_dir(&directory).unwrap();
    let error = world.fail(waiting).await;
    assert_eq!(error.code(), ErrorCode::StorageUnreadable, "{error}");
    assert!(
        !directory.exists(),
        "a disk that is not mounted is not made"
    );

    fs::create_dir(&directory).unwrap();
    let waiting = world.engine.export_backup(&world.actor, options).await;
    let backup = made.backup_id.unwrap();
    let kept = world
        .repository_directory()
        .join("backups")
        .join(backup.as_str());
    fs::remove_file(kept.join("manifest.json")).unwrap();
    let error = world.fail(waiting).await;
    assert!(
        error.to_string().contains("backup") && !error.report().hint.is_empty(),
        "{error:?}"
    );
    assert!(snapshot(&directory).is_empty());
    world
        .engine
        .remove_integration(&world.actor, &integration.id)
        .await
        .unwrap();
    assert!(world.engine.integrations().await.unwrap().is_empty());
    assert_eq!(
        world
            .engine
            .backup(backup.as_str())
            .await
            .unwrap()
            .summary
            .state,
        BackupState::Available
    );
}
