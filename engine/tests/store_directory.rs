//! What only a directory can meet: full and read-only disks, missing mounts, missing rights, files that change.
#![allow(clippy::unwrap_used)]

mod store_places;

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::Path,
    process::Command,
};

use bytes::Bytes;
use futures::TryStreamExt;
use hozon_engine::{
    Error, ErrorCode,
    store::{copy, digest},
};
use store_places::{bytes, directory_store, local, paths};
use tokio_util::sync::CancellationToken;

const NOBODY: u32 = 65_534;

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// Says loudly that a test needs rights it does not have.
fn skipped(test: &str) {
    eprintln!("SKIPPED {test}: it mounts a file system or changes the user, which needs root");
}

/// A small file system of its own, gone at the end.
struct Disk(tempfile::TempDir);

impl Disk {
    fn mount(size: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let disk = Self(directory);
        disk.run(Command::new("mount").args([
            "-t",
            "tmpfs",
            "-o",
            &format!("size={size}"),
            "test",
        ]));
        disk
    }

    fn run(&self, command: &mut Command) {
        assert!(command.arg(self.0.path()).status().unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

fn assert_told(error: &Error, code: ErrorCode) {
    assert_eq!(error.code(), code, "{error}");
    assert!(!error.report().hint.is_empty(), "{error}");
    assert!(!error.report().detail.is_empty(), "{error}");
}

#[tokio::test]
async fn a_full_disk_is_named_and_nothing_is_left() {
    if !is_root() {
        return skipped("a_full_disk_is_named_and_nothing_is_left");
    }
    let disk = Disk::mount("4m");
    let full = directory_store(disk.0.path());
    let source = local().await;
    let eight = Bytes::from(bytes(8 << 20, 1));
    source.store.put("a", eight.clone()).await.unwrap();
    full.put("old", Bytes::from_static(b"old")).await.unwrap();
    let cancel = CancellationToken::new();
    for target in ["new/file", "old"] {
        let (from, to) = ((&*source.store, "a"), (&*full, target));
        let copied = copy(from, to, None, &|_| {}, &cancel).await;
        assert_told(&copied.unwrap_err(), ErrorCode::StorageFull);
        let put = full.put(target, eight.clone()).await;
        assert_told(&put.unwrap_err(), ErrorCode::StorageFull);
        let reserved = full.writer(target, 8 << 20).await;
        assert_told(&reserved.map(drop).unwrap_err(), ErrorCode::StorageFull);
        let mut writer = full.writer(target, 0).await.unwrap();
        let written = writer.write(eight.clone()).await;
        assert_told(&written.unwrap_err(), ErrorCode::StorageFull);
    }
    assert_eq!(full.get("old").await.unwrap(), &b"old"[..]);
    assert_eq!(paths(&*full, "").await, ["old"]);
    let left = fs::read_dir(disk.0.path()).unwrap().count();
    assert!(left <= 2, "only `old` and the directory `new` may be left");
    full.put("fits", Bytes::from(bytes(3 << 20, 2)))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_read_only_disk_is_named() {
    if !is_root() {
        return skipped("a_read_only_disk_is_named");
    }
    let disk = Disk::mount("4m");
    let store = directory_store(disk.0.path());
    store.put("a", Bytes::from_static(b"a")).await.unwrap();
    disk.run(Command::new("mount").args(["-o", "remount,ro"]));
    for result in [
        store.put("b", Bytes::new()).await,
        store.put_new("b", Bytes::new()).await.map(drop),
        store.writer("b", 0).await.map(drop),
        store.delete("a").await,
    ] {
        assert_told(&result.unwrap_err(), ErrorCode::StorageUnwritable);
    }
    assert_eq!(store.get("a").await.unwrap(), &b"a"[..]);
}

#[tokio::test]
async fn a_missing_root_is_not_made_by_writing() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("not mounted");
    let store = directory_store(&root);
    let cancel = CancellationToken::new();
    for result in [
        store.get("a").await.map(drop),
        store.size("a").await.map(drop),
        store.read("a").await.map(drop),
        store.list("").try_next().await.map(drop),
        store.list("a/").try_next().await.map(drop),
        digest((&*store, "a"), &|_| {}, &cancel).await.map(drop),
    ] {
        assert_told(&result.unwrap_err(), ErrorCode::StorageUnreadable);
    }
    for result in [
        store.put("a/b", Bytes::new()).await,
        store.put_new("a", Bytes::new()).await.map(drop),
        store.writer("a", 5).await.map(drop),
        store.delete("a").await,
        store.settle().await,
    ] {
        assert_told(&result.unwrap_err(), ErrorCode::StorageUnwritable);
    }
    assert!(!root.exists());
    store.prepare().await.unwrap();
    store.put("a/b", Bytes::new()).await.unwrap();
}

#[tokio::test]
async fn a_root_that_was_replaced_while_written_to_does_not_settle() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("root");
    let store = directory_store(&root);
    store.prepare().await.unwrap();
    store.put("a", Bytes::new()).await.unwrap();
    store.settle().await.unwrap();
    fs::rename(&root, directory.path().join("away")).unwrap();
    fs::create_dir(&root).unwrap();
    assert_told(
        &store.settle().await.unwrap_err(),
        ErrorCode::StorageUnwritable,
    );
    store.put("a", Bytes::new()).await.unwrap();
    store.settle().await.unwrap();
}

/// Root may do everything, so this test starts itself again as nobody.
#[tokio::test]
async fn missing_rights_are_named() {
    const ROOT: &str = "HOZON_TEST_ROOT_WITHOUT_RIGHTS";
    if let Some(root) = std::env::var_os(ROOT) {
        return look_without_rights(Path::new(&root)).await;
    }
    let directory = tempfile::tempdir().unwrap();
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let root = directory.path().join("root");
    fs::create_dir_all(root.join("closed")).unwrap();
    fs::write(root.join("closed/a"), "a").unwrap();
    fs::write(root.join("secret"), "a").unwrap();
    fs::write(root.join("open"), "a").unwrap();
    mode(directory.path(), 0o755);
    mode(&root.join("secret"), 0o000);
    mode(&root.join("closed"), 0o000);
    mode(&root, 0o555);
    if is_root() {
        let program = directory.path().join("test");
        fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        mode(&program, 0o755);
        let done = Command::new(&program)
            .args(["--exact", "missing_rights_are_named", "--nocapture"])
            .env(ROOT, &root)
            .uid(NOBODY)
            .gid(NOBODY)
            .current_dir("/")
            .status()
            .unwrap();
        assert!(done.success());
    } else {
        look_without_rights(&root).await;
    }
    mode(&root, 0o755);
    mode(&root.join("closed"), 0o755);
}

async fn look_without_rights(root: &Path) {
    assert!(!is_root());
    let store = directory_store(root);
    assert_eq!(store.get("open").await.unwrap(), &b"a"[..]);
    for result in [
        store.get("secret").await.map(drop),
        store.get("closed/a").await.map(drop),
        store.size("closed/a").await.map(drop),
        store.read("secret").await.map(drop),
        store.list("").try_collect::<Vec<_>>().await.map(drop),
        store.list("closed/").try_next().await.map(drop),
    ] {
        assert_told(&result.unwrap_err(), ErrorCode::StorageUnreadable);
    }
    for result in [
        store.put("new", Bytes::new()).await,
        store.put_new("new", Bytes::new()).await.map(drop),
        store.writer("deep/new", 1).await.map(drop),
        store.delete("open").await,
    ] {
        assert_told(&result.unwrap_err(), ErrorCode::StorageUnwritable);
    }
    let inside = directory_store(&root.join("new"));
    assert_told(
        &inside.prepare().await.unwrap_err(),
        ErrorCode::StorageUnwritable,
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_changes_while_it_is_read_is_noticed() {
    let place = local().await;
    let store = &*place.store;
    let file = store.local_file("a").unwrap();
    let cancel = CancellationToken::new();
    for change in [
        (|file| drop(fs::write(file, "short"))) as fn(&Path),
        |file| {
            drop(
                fs::File::options()
                    .append(true)
                    .open(file)
                    .unwrap()
                    .set_len(600 << 20),
            );
        },
    ] {
        fs::File::create(&file).unwrap().set_len(300 << 20).unwrap();
        let once = std::sync::Once::new();
        let progress = |_| once.call_once(|| change(&file));
        let copied = copy((store, "a"), (store, "b"), None, &progress, &cancel).await;
        assert_eq!(copied.unwrap_err().code(), ErrorCode::FileDamaged);

        fs::File::create(&file).unwrap().set_len(300 << 20).unwrap();
        let mut pieces = store.read("a").await.unwrap();
        pieces.try_next().await.unwrap();
        change(&file);
        let end = async {
            while pieces.try_next().await?.is_some() {}
            Ok::<_, Error>(())
        };
        assert_eq!(end.await.unwrap_err().code(), ErrorCode::FileDamaged);
    }
    assert_eq!(paths(store, "").await, ["a"]);
}

#[tokio::test]
async fn what_a_dead_writer_left_is_hidden_and_can_be_cleared() {
    let place = local().await;
    let store = &*place.store;
    store.put("data/a", Bytes::from_static(b"a")).await.unwrap();
    let left = store
        .local_file("data/.hozon-part-0123456789abcdef")
        .unwrap();
    fs::write(&left, "half of something").unwrap();
    assert_eq!(paths(store, "").await, ["data/a"]);
    assert_eq!(
        store
            .get("data/.hozon-part-0123456789abcdef")
            .await
            .unwrap_err()
            .code(),
        ErrorCode::InvalidInput
    );
    store.clear_unfinished("backups/").await.unwrap();
    assert!(left.exists());
    store.clear_unfinished("data/").await.unwrap();
    assert!(!left.exists());
    assert_eq!(paths(store, "").await, ["data/a"]);
}

#[tokio::test]
async fn empty_directories_go_with_their_last_file() {
    let place = local().await;
    let store = &*place.store;
    let root = store.local_file("").unwrap();
    store.put("a/b/c/1", Bytes::new()).await.unwrap();
    store.put("a/2", Bytes::new()).await.unwrap();
    store.delete("a/b/c/1").await.unwrap();
    assert!(!root.join("a/b").exists() && root.join("a").exists());
    store.delete("a/2").await.unwrap();
    assert!(!root.join("a").exists() && root.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writing_beside_a_deletion_that_clears_the_directory_succeeds() {
    let place = local().await;
    let store = &*place.store;
    for round in 0..300 {
        let doomed = format!("d/{}/old", round % 3);
        let fresh = format!("d/{}/new{round}", round % 3);
        store.put(&doomed, Bytes::new()).await.unwrap();
        let (deleted, put) = tokio::join!(store.delete(&doomed), store.put(&fresh, Bytes::new()));
        deleted.unwrap();
        put.unwrap();
        store.delete(&fresh).await.unwrap();
    }
    assert!(paths(store, "").await.is_empty());
}

#[tokio::test]
async fn links_lead_only_where_the_operator_put_them() {
    let directory = tempfile::tempdir().unwrap();
    let place = local().await;
    let store = &*place.store;
    let root = store.local_file("").unwrap();
    fs::write(directory.path().join("1"), "one").unwrap();
    std::os::unix::fs::symlink(directory.path(), root.join("other-disk")).unwrap();
    std::os::unix::fs::symlink(&root, root.join("circle")).unwrap();
    assert_eq!(paths(store, "other-disk/").await, ["other-disk/1"]);
    assert!(paths(store, "").await.is_empty());
    assert_eq!(store.get("other-disk/1").await.unwrap(), &b"one"[..]);
}
