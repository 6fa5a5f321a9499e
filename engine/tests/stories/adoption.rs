//! Archives come in: ours, one made by hand, one of milvus-backup; what is not whole stays outside.

use std::{
    fs,
    path::{Path, PathBuf},
};

use hozon_engine::{
    ErrorCode,
    model::{
        AdoptOptions, BackupQuery, BackupState, Cluster, Integration, JobSummary, ProofLevel,
        RestoreOptions, VerifyOptions,
    },
};

use crate::{
    exports::{CHOSEN, export},
    outside::{MilvusBackup, compare_rows_and_drop, tool},
    world::{Server, World, directory_integration, restore, snapshot, suffix},
};

pub(crate) fn adopt(from: &Integration, directory: &str) -> AdoptOptions {
    AdoptOptions {
        integration_id: from.id.clone(),
        directory: directory.to_owned(),
        backup_id: None,
        name: None,
        cluster_id: None,
    }
}

pub(crate) async fn restored_rows_are_equal(
    world: &World,
    server: &Server,
    cluster: &Cluster,
    adopted: &JobSummary,
) {
    let verify = VerifyOptions {
        backup_id: adopted.backup_id.clone().unwrap(),
        level: ProofLevel::Read,
    };
    world
        .succeed(world.engine.verify_backup(&world.actor, verify).await)
        .await;
    let suffix = suffix();
    let wish = RestoreOptions {
        cluster_id: Some(cluster.id.clone()),
        ..restore(adopted, &suffix)
    };
    world
        .succeed(world.engine.restore_backup(&world.actor, wish).await)
        .await;
    compare_rows_and_drop(server, &suffix, &CHOSEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_of_ours_becomes_the_same_backup_elsewhere() {
    let (here, there, server) = (World::new().await, World::new().await, Server::local());
    let cluster = here.add(&server).await;
    let made = here.back_up(&cluster, "元のバックアップ", &CHOSEN).await;
    let (integration, exports) = directory_integration(&here).await;
    here.succeed(
        here.engine
            .export_backup(&here.actor, export(&made, &integration, ""))
            .await,
    )
    .await;
    let (integration, directory) = directory_integration(&there).await;
    fs::remove_dir(&directory).unwrap();
    fs::rename(&exports, &directory).unwrap();
    let archive = directory.join(made.backup_id.as_ref().unwrap().as_str());
    let before = snapshot(&archive);

    let options = adopt(&integration, made.backup_id.as_ref().unwrap().as_str());
    let found = there.engine.archives("exports", "").await.unwrap();
    assert!(found.complete);
    let [found] = &found.archives[..] else {
        panic!("one archive lies there: {found:#?}");
    };
    assert_eq!(found.directory, options.directory);
    assert_eq!(found.collections.len(), CHOSEN.len());
    assert!(
        found.made_at.is_some() && found.damage.is_none(),
        "{found:#?}"
    );
    let plan = there.engine.plan_adopt(&options).await.unwrap();
    assert!(plan.has_checksums && plan.unnamed_files == 0, "{plan:#?}");
    let adopted = there
        .succeed(there.engine.adopt_backup(&there.actor, options).await)
        .await;
    assert_eq!(snapshot(&archive), before, "an archive is only read");
    let (ours, theirs) = (
        here.engine
            .backup(made.backup_id.unwrap().as_str())
            .await
            .unwrap(),
        there
            .engine
            .backup(adopted.backup_id.as_ref().unwrap().as_str())
            .await
            .unwrap(),
    );
    assert_eq!(theirs.summary.state, BackupState::Available);
    assert_eq!(theirs.summary.name, ours.summary.name);
    assert_eq!(theirs.summary.cluster_name, ours.summary.cluster_name);
    assert_eq!(theirs.collection_list, ours.collection_list);
    let facts =
        |summary: &hozon_engine::model::BackupSummary| (summary.rows, summary.bytes, summary.files);
    assert_eq!(facts(&theirs.summary), facts(&ours.summary));
    let cluster = there.add(&server).await;
    restored_rows_are_equal(&there, &server, &cluster, &adopted).await;
}

/// An archive that shares nothing with what we write.
fn made_by_hand(server: &Server, directory: &Path) -> PathBuf {
    let archive = directory.join("by_hand");
    let (place, names) = (
        archive.display().to_string(),
        CHOSEN.map(|name| format!("default.{name}")),
    );
    let mut arguments = vec!["--milvus", server.file(), "--directory", &place];
    arguments.extend(names.iter().map(String::as_str));
    tool("make_archive.py", &arguments);
    archive
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_made_by_hand() {
    let (world, server) = (World::new().await, Server::local());
    let (integration, directory) = directory_integration(&world).await;
    made_by_hand(&server, &directory);
    let options = AdoptOptions {
        name: Some("取り込み".into()),
        ..adopt(&integration, "by_hand/")
    };
    assert!(
        !world
            .engine
            .plan_adopt(&options)
            .await
            .unwrap()
            .has_checksums
    );
    let adopted = world
        .succeed(world.engine.adopt_backup(&world.actor, options).await)
        .await;
    assert_eq!(adopted.backup_name.as_deref(), Some("取り込み"));
    let cluster = world.add(&server).await;
    restored_rows_are_equal(&world, &server, &cluster, &adopted).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_milvus_backup_itself() {
    // On a disk it does not find what Milvus 2.3 wrote, and calls that a success.
    let (world, server) = (World::new().await, Server::s3());
    let (integration, directory) = directory_integration(&world).await;
    let Some(program) = MilvusBackup::find(&server, &directory, world.directory.path()) else {
        return;
    };
    let name = format!("by_tool{}", suffix());
    program.run(&["create", "-n", &name, "-c", &CHOSEN.join(",")]);
    let adopted = world
        .succeed(
            world
                .engine
                .adopt_backup(&world.actor, adopt(&integration, &name))
                .await,
        )
        .await;
    let cluster = world.add(&server).await;
    restored_rows_are_equal(&world, &server, &cluster, &adopted).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_whole_stays_outside() {
    let (world, server) = (World::new().await, Server::local());
    let cluster = world.add(&server).await;
    let made = world.back_up(&cluster, "b", &["medium_articles"]).await;
    let (integration, directory) = directory_integration(&world).await;
    world
        .succeed(
            world
                .engine
                .export_backup(&world.actor, export(&made, &integration, ""))
                .await,
        )
        .await;
    let name = made.backup_id.unwrap().to_string();
    let archive = directory.join(&name);
    let refused = |directory: &str| {
        let options = adopt(&integration, directory);
        let world = &world;
        async move {
            let refused = world.engine.adopt_backup(&world.actor, options).await;
            refused.unwrap_err()
        }
    };
    assert_eq!(refused("nothing").await.code(), ErrorCode::ArchiveNotFound);
    assert_eq!(refused("../x").await.code(), ErrorCode::InvalidInput);

    let marker = archive.join("meta/backup_meta.json");
    let kept = fs::read(&marker).unwrap();
    fs::remove_file(&marker).unwrap();
    let error = refused(&name).await;
    assert_eq!(error.code(), ErrorCode::ArchiveNotFound, "{error}");
    fs::write(&marker, "[1, 2").unwrap();
    assert_eq!(refused(&name).await.code(), ErrorCode::ArchiveDamaged);
    fs::write(&marker, kept).unwrap();

    let mut files: Vec<_> = snapshot(&archive.join("binlogs")).into_iter().collect();
    files.sort();
    let (file, bytes) = files.pop().expect("the archive has files");
    fs::remove_file(&file).unwrap();
    assert_eq!(refused(&name).await.code(), ErrorCode::FileMissing);
    fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
    assert_eq!(refused(&name).await.code(), ErrorCode::FileDamaged);

    let (backups, data) = (
        world.engine.backups(&BackupQuery::default()).await.unwrap(),
        snapshot(&world.repository_directory().join("data")),
    );
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 1;
    fs::write(&file, flipped).unwrap();
    let options = AdoptOptions {
        name: Some("flipped".into()),
        ..adopt(&integration, &name)
    };
    let error = world
        .fail(world.engine.adopt_backup(&world.actor, options).await)
        .await;
    assert_eq!(error.code(), ErrorCode::FileDamaged, "{error}");
    let after = world.engine.backups(&BackupQuery::default()).await.unwrap();
    let available = |page: &hozon_engine::model::Page<hozon_engine::model::BackupSummary>| {
        let of =
            |backup: &&hozon_engine::model::BackupSummary| backup.state == BackupState::Available;
        page.items.iter().filter(of).count()
    };
    assert_eq!(available(&after), available(&backups));
    let left = snapshot(&world.repository_directory().join("data"));
    assert!(left == data, "what was copied is swept");
}
