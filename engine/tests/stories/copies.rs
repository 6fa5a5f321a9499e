//! Copies in other repositories: of every kind, and restored when nothing is left of the original.

use std::fs;

use hozon_engine::{
    EngineConfig, ErrorCode, RepositoryConfig,
    model::{
        BackupMethod, BackupQuery, BackupState, CopyOptions, CopyState, DeleteOptions, JobKind,
        JobState, NewCopyRepository, PolicyCopy, PolicyOptions, RestoreOptions, Retention,
        Schedule, StorageCredentials, StorageLocation,
    },
};
use jiff::{SignedDuration, Timestamp};

use crate::world::{Server, World, backup, drop_all, names, restore, suffix};

const COLLECTION: &str = "medium_articles";

fn in_directory(path: &std::path::Path, name: &str) -> NewCopyRepository {
    NewCopyRepository {
        name: name.to_owned(),
        storage: StorageLocation {
            url: format!("file://{}", path.display()),
            ..StorageLocation::default()
        },
        credentials: StorageCredentials::Machine,
    }
}

fn in_bucket(server: &Server, name: &str) -> NewCopyRepository {
    let RepositoryConfig {
        location,
        credentials,
    } = server.repository();
    NewCopyRepository {
        name: name.to_owned(),
        storage: location,
        credentials,
    }
}

async fn restored_rows(world: &World, server: &Server, wish: RestoreOptions) -> u64 {
    let target = names(&[&format!("{COLLECTION}{}", wish.suffix)]);
    world
        .succeed(world.engine.restore_backup(&world.actor, wish).await)
        .await;
    let milvus = server.connect().await;
    let segments = milvus.segments(&target[0]).await.unwrap();
    let rows = segments.iter().map(|segment| segment.rows).sum();
    drop_all(&*milvus, &target).await;
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_restored_when_the_original_s_files_are_gone() {
    let (server, on_s3) = (Server::local(), Server::s3());
    let world = World::new().await;
    let cluster = world.add(&server).await;
    let place = world.directory.path().join("大阪");
    for new in [
        in_directory(&place, "osaka"),
        in_bucket(&on_s3, "us-east-1"),
    ] {
        world
            .engine
            .add_repository(&world.actor, new)
            .await
            .unwrap();
    }
    let mut options = backup(&cluster, "copied", &[COLLECTION]);
    options.copies = vec!["osaka".to_owned()];
    let made = world
        .succeed(world.engine.create_backup(&world.actor, options).await)
        .await;
    let id = made.backup_id.clone().unwrap();
    let found = world.engine.backup("copied").await.unwrap();
    let rows = found.collection_list[0].rows;
    assert_eq!(found.copies.len(), 1, "the backup asked for its copy");
    let job = found.copies[0].job_id.clone().unwrap();
    let job = world.engine.job(&job).await.unwrap().summary;
    assert_eq!(job.kind, JobKind::Copy);
    world.succeed(Ok(job)).await;
    let to_s3 = CopyOptions {
        backup_id: id.clone(),
        repository: "us-east-1".to_owned(),
        bandwidth_limit: None,
    };
    let plan = world.engine.plan_copy(&to_s3).await.unwrap();
    assert_eq!(plan.new_bytes, found.summary.bytes);
    assert!(!plan.by_service);
    world
        .succeed(world.engine.copy_backup(&world.actor, to_s3.clone()).await)
        .await;
    let plan = world.engine.plan_copy(&to_s3).await.unwrap();
    assert_eq!(plan.new_files, 0, "a second copy moves nothing");
    let copies = world.engine.backup("copied").await.unwrap().copies;
    assert!(copies.iter().all(|copy| copy.state == CopyState::Available));
    assert_eq!(copies.len(), 2);
    let held = world.engine.check_repository("osaka").await.unwrap();
    assert_eq!(held.copies[0].backup_name, "copied");

    fs::remove_dir_all(world.repository_directory()).unwrap();
    for repository in ["osaka", "us-east-1"] {
        let wish = RestoreOptions {
            repository: Some(repository.to_owned()),
            ..restore(&made, &suffix())
        };
        assert_eq!(restored_rows(&world, &server, wish).await, rows);
    }

    let delete = DeleteOptions {
        backup_id: id.clone(),
        repository: Some("us-east-1".to_owned()),
    };
    world
        .succeed(world.engine.delete_backup(&world.actor, delete).await)
        .await;
    let left = world.engine.backup("copied").await.unwrap();
    assert_eq!(left.summary.state, BackupState::Available);
    assert_eq!(left.copies.len(), 1);
    let held = world.engine.check_repository("us-east-1").await.unwrap();
    assert!(held.copies.is_empty());

    // The copy takes the place of the lost repository, for a Hozon that knows nothing.
    let config = EngineConfig {
        repository: RepositoryConfig {
            location: in_directory(&place, "").storage,
            credentials: StorageCredentials::Machine,
        },
        ..EngineConfig::local(world.directory.path().join("new"))
    };
    let next = World::open(tempfile::tempdir().unwrap(), config)
        .await
        .unwrap();
    next.add(&server).await;
    assert_eq!(
        next.engine.backup("copied").await.unwrap().summary.id,
        id,
        "a new catalog finds what the repository holds"
    );
    let wish = RestoreOptions {
        cluster_id: Some(next.engine.cluster("milvus").await.unwrap().id),
        ..restore(&made, &suffix())
    };
    assert_eq!(restored_rows(&next, &server, wish).await, rows);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn within_one_service_no_byte_passes_through() {
    let server = Server::s3();
    let world = World::with_repository(server.repository()).await;
    let cluster = world.add(&server).await;
    let made = world
        .back_up(&cluster, "by the service", &[COLLECTION])
        .await;
    let new = in_bucket(&server, "other");
    world
        .engine
        .add_repository(&world.actor, new)
        .await
        .unwrap();
    let options = CopyOptions {
        backup_id: made.backup_id.clone().unwrap(),
        repository: "other".to_owned(),
        bandwidth_limit: None,
    };
    assert!(world.engine.plan_copy(&options).await.unwrap().by_service);
    let job = world
        .succeed(world.engine.copy_backup(&world.actor, options).await)
        .await;
    let log = world.engine.job(&job.id).await.unwrap().log;
    assert!(
        log.iter()
            .any(|line| line.text.contains("the service copies them by itself")),
        "{log:#?}"
    );
    assert!(!log.iter().any(|line| line.text.contains("does not copy")));
    let rows = world
        .engine
        .backup("by the service")
        .await
        .unwrap()
        .summary
        .rows;
    let wish = RestoreOptions {
        repository: Some("other".to_owned()),
        ..restore(&made, &suffix())
    };
    assert_eq!(restored_rows(&world, &server, wish).await, rows);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_makes_no_sense_is_refused() {
    let world = World::new().await;
    let engine = &world.engine;
    let add = |new| engine.add_repository(&world.actor, new);
    let place = world.directory.path().join("copies");
    add(in_directory(&place, "one")).await.unwrap();
    for (new, code) in [
        (in_directory(&place, "two"), ErrorCode::RepositoryNameTaken),
        (
            in_directory(&place.join("x"), "one"),
            ErrorCode::RepositoryNameTaken,
        ),
        (
            in_directory(&world.repository_directory(), "home"),
            ErrorCode::RepositoryNameTaken,
        ),
        (in_directory(&place.join("y"), " "), ErrorCode::InvalidInput),
        (
            in_directory(world.directory.path(), "full"),
            ErrorCode::InvalidInput,
        ),
    ] {
        let name = new.name.clone();
        let error = add(new).await.unwrap_err();
        assert_eq!(error.code(), code, "{name}: {error}");
    }
    let error = engine.repository("none").await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::RepositoryNotFound);
    let options = CopyOptions {
        backup_id: hozon_engine::model::BackupId::new("none"),
        repository: "one".to_owned(),
        bandwidth_limit: None,
    };
    let error = engine.copy_backup(&world.actor, options).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::BackupNotFound);

    fs::remove_dir_all(&place).unwrap();
    let error = engine.check_repository("one").await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::StorageUnreadable, "{error}");
    engine.remove_repository(&world.actor, "one").await.unwrap();
    assert!(engine.repositories().await.unwrap().is_empty());
    let error = engine
        .remove_repository(&world.actor, "one")
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::RepositoryNotFound);
}

fn yearly(copies: &[&str]) -> PolicyOptions {
    PolicyOptions {
        schedule: Schedule::Cron {
            expression: "@yearly".to_owned(),
        },
        time_zone: "UTC".to_owned(),
        retention: Retention::default(),
        copies: copies.iter().map(|copy| copy.parse().unwrap()).collect(),
    }
}

/// Runs every job of a kind that waits; how many there were.
async fn run_waiting(world: &World, kind: JobKind) -> usize {
    let query = hozon_engine::model::JobQuery {
        kind: Some(kind),
        state: Some(JobState::Pending),
        ..hozon_engine::model::JobQuery::default()
    };
    let waiting = world.engine.jobs(&query).await.unwrap().items;
    let count = waiting.len();
    for job in waiting {
        world.succeed(Ok(job)).await;
    }
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_copies_each_backup_and_lets_copies_expire_on_their_own() {
    let (server, world) = (Server::local(), World::new().await);
    let cluster = world.add(&server).await;
    let place = world.directory.path().join("osaka");
    let new = in_directory(&place, "osaka");
    let engine = &world.engine;
    engine.add_repository(&world.actor, new).await.unwrap();
    let refused = |copies: &'static [&'static str]| {
        let (engine, actor) = (engine.clone(), world.actor.clone());
        async move {
            let set = engine.set_policy(&actor, "milvus", yearly(copies)).await;
            let report = set.unwrap_err().into_report();
            (report.code, report.subject)
        }
    };
    let days = (ErrorCode::InvalidInput, "copies.days".to_owned());
    assert_eq!(refused(&["osaka:31"]).await, days);
    assert_eq!(refused(&["osaka:0"]).await, days);
    let twice = refused(&["osaka:7", "osaka:8"]).await;
    assert_eq!(twice, (ErrorCode::InvalidInput, "copies".to_owned()));
    assert_eq!(refused(&["kyoto"]).await.0, ErrorCode::RepositoryNotFound);

    let options = yearly(&["osaka:2"]);
    let change = engine.set_policy(&world.actor, "milvus", options).await;
    world.succeed(Ok(change.unwrap().job.unwrap())).await;
    assert_eq!(run_waiting(&world, JobKind::Copy).await, 1);
    let second = engine.run_policy(&world.actor, "milvus").await;
    let second = world.succeed(second).await.backup_id.unwrap();
    assert_eq!(run_waiting(&world, JobKind::Copy).await, 1);
    let copies = engine.repository("osaka").await.unwrap().copies;
    assert_eq!(copies.len(), 2);
    for copy in &copies {
        let backup = engine.backup(copy.backup_id.as_str()).await.unwrap();
        assert_eq!(backup.summary.method, BackupMethod::Auto);
        assert!(copy.automatic && copy.expires_at.is_some(), "{copy:#?}");
    }
    let asked = PolicyCopy {
        repository: "osaka".to_owned(),
        days: 2,
    };
    assert_eq!(
        engine.policy("milvus").await.unwrap().options.copies,
        [asked]
    );

    let later = Timestamp::now() + SignedDuration::from_hours(3 * 24);
    assert_eq!(engine.expire_backups(later).await.unwrap(), 1);
    assert_eq!(engine.expire_backups(later).await.unwrap(), 0);
    assert_eq!(run_waiting(&world, JobKind::Delete).await, 1);
    let left = engine.repository("osaka").await.unwrap().copies;
    assert_eq!(left.len(), 1, "the newest copy never expires by itself");
    assert_eq!(left[0].backup_id, second);
    let every = BackupQuery::default();
    let originals = engine.backups(&every).await.unwrap().items;
    assert_eq!(originals.len(), 2, "a copy's retention deletes copies only");
    assert!(
        originals
            .iter()
            .all(|backup| backup.state == BackupState::Available)
    );
    let used = engine.remove_repository(&world.actor, "osaka").await;
    assert_eq!(used.unwrap_err().code(), ErrorCode::RepositoryInUse);
    assert_eq!(cluster.name, "milvus");
}
