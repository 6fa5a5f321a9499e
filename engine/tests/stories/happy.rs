//! All goes well: on a directory, on S3, and from one to the other.

use std::fs;

use hozon_engine::model::{
    BackupOptions, BackupState, DeleteOptions, LoadStateWish, ProofLevel, RestoreAction,
    RestoreOptions, VerifyOptions,
};

use crate::world::{Server, World, backup, drop_all, names, restore, snapshot, suffix};

/// What `tools/sample_data.py` makes. Other stories restore beside it meanwhile.
const SAMPLE: [&str; 7] = [
    "medium_articles",
    "hello_milvus",
    "weather_by_city",
    "tenant_documents",
    "image_fingerprints",
    "drafts",
    "east_asian_library.books",
];

async fn whole_story(world: World, server: Server) {
    let cluster = world.add(&server).await;
    let options = BackupOptions {
        cluster_id: cluster.id.clone(),
        name: None,
        database: None,
        collections: Vec::new(),
        copies: Vec::new(),
        bandwidth_limit: None,
    };
    let planned = world.engine.plan_backup(&options).await.unwrap();
    assert!(planned.collections.len() >= 7, "{planned:#?}");

    let first = world
        .succeed(
            world
                .engine
                .create_backup(&world.actor, options.clone())
                .await,
        )
        .await;
    let made = world
        .engine
        .backup(first.backup_id.as_ref().unwrap().as_str())
        .await
        .unwrap();
    assert_eq!(made.summary.state, BackupState::Available);
    assert_eq!(made.summary.proof.unwrap().level, ProofLevel::List);
    assert_eq!(made.summary.new_bytes, made.summary.bytes);
    assert!(made.summary.rows > 5_000);

    for level in [ProofLevel::List, ProofLevel::Read] {
        let verify = VerifyOptions {
            backup_id: made.summary.id.clone(),
            level,
        };
        world
            .succeed(world.engine.verify_backup(&world.actor, verify).await)
            .await;
    }
    let proof = world
        .engine
        .backup(made.summary.id.as_str())
        .await
        .unwrap()
        .summary
        .proof
        .unwrap();
    assert_eq!(proof.level, ProofLevel::Read);

    let suffix = suffix();
    let wish = RestoreOptions {
        collections: names(&SAMPLE),
        ..restore(&first, &suffix)
    };
    let plan = world.engine.plan_restore(&wish).await.unwrap();
    assert_eq!(plan.collections.len(), SAMPLE.len());
    assert!(
        plan.collections
            .iter()
            .all(|one| one.action == RestoreAction::Make)
    );
    let milvus = server.connect().await;
    world
        .succeed(world.engine.restore_backup(&world.actor, wish).await)
        .await;
    for one in &plan.collections {
        assert!(
            milvus.has_collection(&one.target).await.unwrap(),
            "{}",
            one.target
        );
        let (before, after) = (
            milvus.describe(&one.source).await.unwrap(),
            milvus.describe(&one.target).await.unwrap(),
        );
        assert_eq!(before.load_state, after.load_state, "{}", one.target);
        assert_eq!(before.indexes.len(), after.indexes.len(), "{}", one.target);
        let names = |description: &hozon_engine::source::CollectionDescription| {
            let mut names: Vec<_> = description
                .partitions
                .iter()
                .map(|partition| partition.name.clone())
                .collect();
            names.sort();
            names
        };
        assert_eq!(names(&before), names(&after), "{}", one.target);
        let rows: u64 = milvus
            .segments(&one.target)
            .await
            .unwrap()
            .iter()
            .map(|segment| segment.rows)
            .sum();
        assert_eq!(Some(rows), one.rows, "{}", one.target);
    }
    let targets: Vec<_> = plan.collections.into_iter().map(|one| one.target).collect();
    drop_all(&*milvus, &targets).await;

    let delete = DeleteOptions {
        backup_id: made.summary.id.clone(),
        repository: None,
    };
    let plan = world.engine.plan_delete(&delete).await.unwrap();
    assert_eq!((plan.bytes, plan.shared_files), (made.summary.bytes, 0));
    world
        .succeed(world.engine.delete_backup(&world.actor, delete).await)
        .await;
    assert!(world.engine.backup(&made.summary.name).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_directory_to_a_directory() {
    whole_story(World::new().await, Server::local()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_s3_to_s3() {
    whole_story(
        World::with_repository(Server::s3().repository()).await,
        Server::s3(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_s3_to_a_directory_and_into_another_cluster() {
    let world = World::new().await;
    let source = world.add(&Server::s3()).await;
    let other = world
        .engine
        .add_cluster(&world.actor, Server::local().registration("other"))
        .await
        .unwrap();
    let chosen = ["medium_articles", "hello_milvus"];
    let job = world.back_up(&source, "across", &chosen).await;
    let suffix = suffix();
    let wish = RestoreOptions {
        cluster_id: Some(other.id),
        load_state: LoadStateWish::Release,
        ..restore(&job, &suffix)
    };
    world
        .succeed(world.engine.restore_backup(&world.actor, wish).await)
        .await;
    let milvus = Server::local().connect().await;
    let targets: Vec<_> = names(
        &chosen
            .map(|name| format!("{name}{suffix}"))
            .each_ref()
            .map(String::as_str),
    );
    for target in &targets {
        let state = milvus.describe(target).await.unwrap().load_state;
        assert_eq!(state, hozon_engine::model::LoadState::NotLoaded, "{target}");
    }
    drop_all(&*milvus, &targets).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_collection_moves_no_byte_and_survives_the_first_backup() {
    let world = World::new().await;
    let cluster = world.add(&Server::local()).await;
    let chosen = ["medium_articles", "hello_milvus"];
    let first = world.back_up(&cluster, "first", &chosen).await;
    let data = world.repository_directory().join("data");
    let before = snapshot(&data);
    let second = world.back_up(&cluster, "second", &chosen).await;
    assert_eq!(snapshot(&data), before);
    let second = world
        .engine
        .backup(second.backup_id.unwrap().as_str())
        .await
        .unwrap()
        .summary;
    assert_eq!(second.new_bytes, 0);

    let delete = DeleteOptions {
        backup_id: first.backup_id.unwrap(),
        repository: None,
    };
    let plan = world.engine.plan_delete(&delete).await.unwrap();
    assert_eq!((plan.files, plan.shared_files), (0, second.files));
    world
        .succeed(world.engine.delete_backup(&world.actor, delete).await)
        .await;
    assert_eq!(snapshot(&data), before);
    let verify = VerifyOptions {
        backup_id: second.id.clone(),
        level: ProofLevel::Read,
    };
    world
        .succeed(world.engine.verify_backup(&world.actor, verify).await)
        .await;

    world
        .succeed(
            world
                .engine
                .delete_backup(
                    &world.actor,
                    DeleteOptions {
                        backup_id: second.id,
                        repository: None,
                    },
                )
                .await,
        )
        .await;
    assert!(snapshot(&data).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn names_in_chinese_and_japanese() {
    let world = World::new().await;
    let cluster = world.add(&Server::local()).await;
    for name in ["每日备份・夜间", "毎日のバックアップ（夜）"] {
        world.back_up(&cluster, name, &["medium_articles"]).await;
        assert_eq!(world.engine.backup(name).await.unwrap().summary.name, name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_database_alone_with_keys_in_chinese_and_japanese() {
    let world = World::new().await;
    let server = Server::local();
    let cluster = world.add(&server).await;
    let milvus = server.connect().await;
    let database = milvus
        .databases()
        .await
        .unwrap()
        .into_iter()
        .find(|name| name != "default")
        .unwrap();
    let options = BackupOptions {
        cluster_id: cluster.id.clone(),
        name: None,
        database: Some(database.clone()),
        collections: Vec::new(),
        copies: Vec::new(),
        bandwidth_limit: None,
    };
    let job = world
        .succeed(world.engine.create_backup(&world.actor, options).await)
        .await;
    let suffix = suffix();
    world
        .succeed(
            world
                .engine
                .restore_backup(&world.actor, restore(&job, &suffix))
                .await,
        )
        .await;
    let backup = world
        .engine
        .backup(job.backup_id.unwrap().as_str())
        .await
        .unwrap();
    assert!(
        backup
            .collection_list
            .iter()
            .all(|one| one.database == database)
    );
    for one in &backup.collection_list {
        let target = format!("{database}.{}{suffix}", one.name).parse().unwrap();
        milvus.load(&target, 1).await.unwrap();
        while milvus.load_progress(&target).await.unwrap() < 100 {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert_eq!(milvus.count_rows(&target).await.unwrap(), one.rows);
        drop_all(&*milvus, &[target]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_changes_nothing() {
    let world = World::new().await;
    let cluster = world.add(&Server::local()).await;
    let before = snapshot(world.directory.path()).len();
    world
        .engine
        .plan_backup(&backup(&cluster, "dry", &[]))
        .await
        .unwrap();
    assert_eq!(snapshot(world.directory.path()).len(), before);
    assert!(fs::read_dir(world.repository_directory().join("backups")).is_err());
}

#[tokio::test]
async fn backups_without_a_name_do_not_stand_in_each_others_way() {
    let world = World::new().await;
    let cluster = world.add(&Server::local()).await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let options = BackupOptions {
            name: None,
            ..backup(&cluster, "", &["drafts"])
        };
        let created = world.engine.create_backup(&world.actor, options).await;
        seen.extend(world.succeed(created).await.backup_name);
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
}
