//! Disks fill, files vanish, bytes flip: it is found, said, and nothing that was whole is lost.

use std::{fs, path::PathBuf, process::Command};

use hozon_engine::{
    EngineConfig, ErrorCode, RepositoryConfig,
    model::{
        BackupState, NewCluster, ProofLevel, StorageCredentials, StorageLocation, VerifyOptions,
    },
};

use crate::world::{Server, World, backup, names, restore, snapshot, suffix};

/// A registration whose storage is a copy of the real one, so that it can be harmed.
async fn copied(world: &World, server: &Server, collection: &str) -> (NewCluster, PathBuf) {
    let new = server.registration("copied");
    let id = server
        .connect()
        .await
        .describe(&names(&[collection])[0])
        .await
        .unwrap()
        .id;
    let (from, to) = (
        PathBuf::from(new.storage_url.trim_start_matches("file://")),
        world.directory.path().join("copy"),
    );
    for kind in ["insert_log", "delta_log"] {
        let source = from.join(kind);
        fs::create_dir_all(to.join(kind)).unwrap();
        let copied = Command::new("cp")
            .arg("-r")
            .arg(source)
            .arg(&to)
            .status()
            .unwrap();
        assert!(copied.success());
    }
    let storage_url = format!("file://{}", to.display());
    (
        NewCluster { storage_url, ..new },
        to.join("insert_log").join(id.to_string()),
    )
}

/// A binlog of a user's field, of the segment that counts.
async fn some_binlog(server: &Server, collection: &str, directory: &std::path::Path) -> PathBuf {
    let segments = server
        .connect()
        .await
        .segments(&names(&[collection])[0])
        .await
        .unwrap();
    let live = |path: &PathBuf| {
        segments
            .iter()
            .any(|one| path.to_string_lossy().contains(&format!("/{}/10", one.id)))
    };
    let mut files: Vec<_> = snapshot(directory).into_keys().filter(live).collect();
    files.sort();
    files.pop().expect("the sample has flushed segments")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_vanished_from_the_source() {
    let (world, server) = (World::new().await, Server::local());
    let (new, directory) = copied(&world, &server, "medium_articles").await;
    let cluster = world.engine.add_cluster(&world.actor, new).await.unwrap();
    fs::remove_file(some_binlog(&server, "medium_articles", &directory).await).unwrap();
    let created = world
        .engine
        .create_backup(&world.actor, backup(&cluster, "b", &["medium_articles"]))
        .await;
    let id = created.as_ref().unwrap().backup_id.clone().unwrap();
    let error = world.fail(created).await;
    assert_eq!(error.code(), ErrorCode::SourceFileVanished, "{error}");
    assert!(!error.report().hint.is_empty());
    assert_eq!(
        world
            .engine
            .backup(id.as_str())
            .await
            .unwrap()
            .summary
            .state,
        BackupState::Failed
    );
    assert!(
        snapshot(&world.repository_directory().join("data")).is_empty(),
        "a failed backup leaves no data"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_byte_is_found_before_milvus_reads_it() {
    let (world, server) = (World::new().await, Server::local());
    let cluster = world.add(&server).await;
    let job = world.back_up(&cluster, "b", &["medium_articles"]).await;
    let other = world
        .back_up(&cluster, "shares the file", &["medium_articles"])
        .await;
    let data = world.repository_directory().join("data");
    let victim = snapshot(&data)
        .into_keys()
        .find(|path| path.to_string_lossy().contains("insert_log"))
        .unwrap();
    let mut bytes = fs::read(&victim).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&victim, &bytes).unwrap();

    let suffix = suffix();
    let error = world
        .fail(
            world
                .engine
                .restore_backup(&world.actor, restore(&job, &suffix))
                .await,
        )
        .await;
    assert_eq!(error.code(), ErrorCode::FileDamaged, "{error}");
    let milvus = server.connect().await;
    let left = milvus.collections("default").await.unwrap();
    assert!(!left.iter().any(|name| name.ends_with(&suffix)), "{left:?}");
    assert!(milvus.version().await.is_ok(), "Milvus still answers");

    let verify = VerifyOptions {
        backup_id: job.backup_id.clone().unwrap(),
        level: ProofLevel::Read,
    };
    let error = world
        .fail(world.engine.verify_backup(&world.actor, verify).await)
        .await;
    assert_eq!(error.code(), ErrorCode::FileDamaged, "{error}");
    for id in [job.backup_id, other.backup_id] {
        let state = world
            .engine
            .backup(id.unwrap().as_str())
            .await
            .unwrap()
            .summary
            .state;
        assert_eq!(state, BackupState::Damaged);
    }

    world.back_up(&cluster, "heals", &["medium_articles"]).await;
    bytes[middle] ^= 1;
    assert_eq!(
        fs::read(&victim).unwrap(),
        bytes,
        "a new backup stores a damaged file again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_file_is_found_by_listing() {
    let (world, server) = (World::new().await, Server::local());
    let cluster = world.add(&server).await;
    let job = world.back_up(&cluster, "b", &["medium_articles"]).await;
    let victim = snapshot(&world.repository_directory().join("data"))
        .into_keys()
        .next()
        .unwrap();
    fs::remove_file(victim).unwrap();
    let verify = VerifyOptions {
        backup_id: job.backup_id.unwrap(),
        level: ProofLevel::List,
    };
    let error = world
        .fail(world.engine.verify_backup(&world.actor, verify).await)
        .await;
    assert_eq!(error.code(), ErrorCode::FileMissing, "{error}");
}

/// A file system of a few megabytes, unmounted when dropped.
struct SmallDisk(PathBuf);

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk() {
    let directory = tempfile::tempdir().unwrap();
    let disk = directory.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
        .arg(&disk)
        .status();
    assert!(
        mounted.is_ok_and(|status| status.success()),
        "this test mounts a small file system and needs root"
    );
    let _disk = SmallDisk(disk.clone());
    let location = StorageLocation {
        url: format!("file://{}/repository", disk.display()),
        endpoint: None,
        region: None,
    };
    let repository = RepositoryConfig {
        location,
        credentials: StorageCredentials::Machine,
    };
    let config = EngineConfig {
        repository,
        ..EngineConfig::local(directory.path().join("data"))
    };
    let world = World::open(directory, config).await.unwrap();
    let cluster = world.add(&Server::local()).await;
    let created = world
        .engine
        .create_backup(&world.actor, backup(&cluster, "b", &[]))
        .await;
    let error = world.fail(created).await;
    assert_eq!(error.code(), ErrorCode::StorageFull, "{error}");
    assert!(!error.report().hint.is_empty());
    let data = snapshot(&disk.join("repository/data"));
    assert!(
        data.is_empty(),
        "a failed backup gives the space back: {:?}",
        data.keys()
    );
}
