//! A backup is carried into another repository, and either end is cut off at every single call. The original is never
//! touched, the copy is whole or not there, and doing the same again finishes.
#![allow(clippy::unwrap_used)]

mod repository_world;
mod store_places;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use hozon_engine::{
    ErrorCode, Result,
    repository::{Carrying, LeaseKind, Repository, manifest::Manifest},
    store::Store,
};
use repository_world::{
    Failing, LEASE, Last, assert_whole, back_up, begin, cluster, delete, document, file_path,
    leases_run_out, snapshot, stored, sweep,
};
use store_places::{clear, local, paths};
use tokio_util::sync::CancellationToken;

fn numbers(range: std::ops::Range<u32>) -> BTreeSet<u32> {
    range.collect()
}

async fn repository(store: &Arc<dyn Store>) -> Repository {
    Repository::open(store.clone()).await.unwrap()
}

/// Copies the way the command does; files and bytes that were moved.
async fn copy(from: &Repository, to: &Repository, id: &str) -> Result<(Manifest, (u64, u64))> {
    let moved = Mutex::new((0, 0));
    let arrived = |files, bytes| {
        let mut moved = moved.lock().unwrap();
        *moved = (moved.0 + files, moved.1 + bytes);
    };
    let (own, theirs) = (
        from.lease(LeaseKind::Shared, id, LEASE).await?,
        to.lease(LeaseKind::Shared, id, LEASE).await?,
    );
    let manifest = from.manifest(&begin(id).id).await?.unwrap();
    to.revive(&manifest.begin.id).await?;
    to.begin(&manifest.begin).await?;
    let carrying = Carrying::new(from, to, manifest).await?;
    let (mut collections, pace) = (Vec::new(), carrying.route().pace());
    for number in 0..carrying.collections().len() {
        let cancel = CancellationToken::new();
        let entry = carrying
            .collection(number, &pace, &arrived, &cancel)
            .await?;
        collections.push(entry);
    }
    let manifest = carrying.manifest(collections);
    let counts = to.commit_under_lease(&manifest, &theirs).await?;
    to.release(&theirs).await?;
    from.release(&own).await?;
    Ok((counts, moved.into_inner().unwrap()))
}

#[tokio::test]
async fn a_copy_moves_what_is_missing_and_lives_on_its_own() {
    let (here, there) = (local().await, local().await);
    let (from, to) = (
        repository(&here.store).await,
        repository(&there.store).await,
    );
    back_up(&from, "backup0_a", &numbers(0..4)).await.unwrap();
    back_up(&from, "backup0_b", &numbers(2..6)).await.unwrap();
    let (first, moved) = copy(&from, &to, "backup0_a").await.unwrap();
    assert_eq!(moved.0, 4);
    assert_eq!(first.totals().new_bytes, moved.1);
    let (second, moved) = copy(&from, &to, "backup0_b").await.unwrap();
    assert_eq!(moved.0, 2, "two files were there already");
    assert_eq!(second.totals().new_bytes, moved.1);
    let original = from
        .manifest(&begin("backup0_b").id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(second.totals().bytes, original.totals().bytes);
    assert_eq!(second.finished_at, original.finished_at);

    clear(&*here.store).await;
    let found = assert_whole(&to).await;
    assert_eq!(found["backup0_a"], numbers(0..4));
    assert_eq!(found["backup0_b"], numbers(2..6));
    delete(&to, "backup0_a").await.unwrap();
    assert_eq!(stored(&*there.store).await, numbers(2..6));
    assert_whole(&to).await;
}

#[tokio::test]
async fn a_copy_cut_off_anywhere_is_whole_or_not_there() {
    for (last, far_end) in [
        (Last::Lost, true),
        (Last::Unanswered, true),
        (Last::Lost, false),
    ] {
        for calls in 0.. {
            let (here, there) = (local().await, local().await);
            let (from, to) = (
                repository(&here.store).await,
                repository(&there.store).await,
            );
            back_up(&from, "backup0_a", &numbers(0..4)).await.unwrap();
            back_up(&from, "backup0_b", &numbers(2..6)).await.unwrap();
            copy(&from, &to, "backup0_a").await.unwrap();
            let before = snapshot(&*here.store).await;

            let cable = if far_end { &there.store } else { &here.store };
            let failing = Failing::after(calls, last, cable);
            let result = match Repository::open(failing.clone()).await {
                Ok(cut_off) if far_end => copy(&from, &cut_off, "backup0_b").await,
                Ok(cut_off) => copy(&cut_off, &to, "backup0_b").await,
                Err(error) => Err(error),
            };
            let found = assert_whole(&to).await;
            assert_eq!(found["backup0_a"], numbers(0..4), "{last:?} {calls}");
            match &result {
                Ok(_) => assert!(found.contains_key("backup0_b"), "{last:?} {calls}"),
                Err(error) => assert_eq!(
                    error.code(),
                    ErrorCode::StorageUnreachable,
                    "{last:?} {calls}: {error}"
                ),
            }

            leases_run_out(&*here.store).await;
            leases_run_out(&*there.store).await;
            assert_eq!(snapshot(&*here.store).await, without_leases(before));
            // Between two attempts a sweep may come by.
            sweep(&to).await.unwrap();
            copy(&from, &to, "backup0_b").await.unwrap();
            let found = assert_whole(&to).await;
            assert_eq!(found["backup0_b"], numbers(2..6), "{last:?} {calls}");
            assert!(to.unfinished().await.unwrap().is_empty());
            if !failing.has_failed() {
                assert!(calls > 6, "a copy takes more calls than {calls}");
                break;
            }
        }
    }
}

fn without_leases(mut objects: BTreeMap<String, Bytes>) -> BTreeMap<String, Bytes> {
    objects.retain(|path, _| !path.starts_with("leases/"));
    objects
}

#[tokio::test]
async fn a_given_up_copy_leaves_nothing_behind() {
    let (here, there) = (local().await, local().await);
    let (from, to) = (
        repository(&here.store).await,
        repository(&there.store).await,
    );
    back_up(&from, "backup0_a", &numbers(0..9)).await.unwrap();
    let cut_off = Failing::after(16, Last::Lost, &there.store);
    let cut_off = Repository::open(cut_off).await.unwrap();
    copy(&from, &cut_off, "backup0_a").await.unwrap_err();
    assert!(!stored(&*there.store).await.is_empty());
    leases_run_out(&*there.store).await;
    delete(&to, "backup0_a").await.unwrap();
    assert_eq!(paths(&*there.store, "").await, ["hozon.json"]);
}

#[tokio::test]
async fn a_deleted_copy_is_made_again_even_before_its_bytes_are_swept() {
    for calls in 0.. {
        let (here, there) = (local().await, local().await);
        let (from, to) = (
            repository(&here.store).await,
            repository(&there.store).await,
        );
        back_up(&from, "backup0_a", &numbers(0..4)).await.unwrap();
        copy(&from, &to, "backup0_a").await.unwrap();
        to.retire(&begin("backup0_a").id).await.unwrap();
        let failing = Failing::after(calls, Last::Lost, &there.store);
        if let Ok(cut_off) = Repository::open(failing.clone()).await {
            let _ = sweep(&cut_off).await;
        }
        leases_run_out(&*there.store).await;
        assert!(assert_whole(&to).await.is_empty(), "{calls}");

        copy(&from, &to, "backup0_a").await.unwrap();
        assert_eq!(assert_whole(&to).await["backup0_a"], numbers(0..4));
        sweep(&to).await.unwrap();
        assert_eq!(assert_whole(&to).await["backup0_a"], numbers(0..4));
        if !failing.has_failed() {
            break;
        }
    }
}

#[tokio::test]
async fn a_file_of_the_same_name_and_other_content_is_not_overwritten() {
    let (here, there) = (local().await, local().await);
    let (from, to) = (
        repository(&here.store).await,
        repository(&there.store).await,
    );
    back_up(&from, "backup0_a", &numbers(0..2)).await.unwrap();
    copy(&from, &to, "backup0_a").await.unwrap();
    let path = Repository::data_path(&cluster(), &file_path(1));
    let before = there.store.get(&path).await.unwrap();

    // Another Milvus under the same registration, whose file has the name by chance.
    let elsewhere = local().await;
    let other = repository(&elsewhere.store).await;
    let changed = Bytes::from_static(b"another file");
    elsewhere.store.put(&path, changed.clone()).await.unwrap();
    let mut document = document(&numbers(1..2));
    let file = &mut document.segments[0].files[0];
    file.size = changed.len() as u64;
    file.blake3 = blake3::hash(&changed).to_hex().to_string();
    let begin = begin("backup0_b");
    other.begin(&begin).await.unwrap();
    let entry = other
        .write_collection(&begin.id, 0, &document, 0)
        .await
        .unwrap();
    let manifest = Manifest {
        begin,
        finished_at: jiff::Timestamp::now(),
        milvus_version: "v2.3.5".to_owned(),
        collections: vec![entry],
    };
    other.commit(&manifest).await.unwrap();

    let error = copy(&other, &to, "backup0_b").await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::RepositoryDamaged, "{error}");
    assert_eq!(there.store.get(&path).await.unwrap(), before);
    assert_whole(&to).await;
}

#[tokio::test]
async fn a_damaged_file_of_the_original_does_not_arrive() {
    let (here, there) = (local().await, local().await);
    let (from, to) = (
        repository(&here.store).await,
        repository(&there.store).await,
    );
    back_up(&from, "backup0_a", &numbers(0..4)).await.unwrap();
    let path = Repository::data_path(&cluster(), &file_path(3));
    let mut bytes = here.store.get(&path).await.unwrap().to_vec();
    bytes[0] ^= 1;
    here.store.put(&path, bytes.into()).await.unwrap();
    let error = copy(&from, &to, "backup0_a").await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::FileDamaged, "{error}");
    assert!(error.to_string().contains(&file_path(3)), "{error}");
    assert!(to.manifest(&begin("backup0_a").id).await.unwrap().is_none());
    assert!(!stored(&*there.store).await.contains(&3));
}
