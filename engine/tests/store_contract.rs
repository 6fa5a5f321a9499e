//! What every store promises, asked of each: a directory, two servers that speak S3, one that speaks Azure's protocol
//! and one that speaks Google Cloud Storage's.
#![allow(clippy::unwrap_used)]

mod store_places;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use hozon_engine::{
    ErrorCode,
    store::{Digest, Store, copy, digest},
};
use store_places::{Place, azure, bytes, clear, google, local, paths, s3, second_s3};
use tokio_util::sync::CancellationToken;

/// Makes a test of each function for one store.
macro_rules! asked_of {
    ($module:ident, $place:expr, $($name:ident)*) => {
        mod $module {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let place = $place;
                super::$name(&*place.store).await;
                super::clear(&*place.store).await;
            })*
        }
    };
}

/// Makes a test of each function for each store.
macro_rules! contract {
    ($($name:ident)*) => {
        asked_of!(directory, super::local().await, $($name)*);
        asked_of!(seaweedfs, super::s3(), $($name)*);
        asked_of!(second_s3, super::second_s3(), $($name)*);
        asked_of!(azure, super::azure(), $($name)*);
        asked_of!(google, super::google(), $($name)*);
    };
}

contract! {
    what_is_put_is_read
    the_second_put_replaces
    put_new_writes_once
    only_one_of_many_put_new_wins
    a_missing_object_is_named
    a_range_outside_is_refused
    big_objects_are_written_in_pieces
    an_unfinished_object_is_never_seen
    a_listing_knows_where_its_prefix_ends
    a_listing_goes_past_a_thousand
    deleting_is_final_and_repeatable
    no_path_leads_outside
    a_digest_tells_size_and_hash
    a_copy_that_is_not_as_expected_does_not_appear
    a_canceled_copy_leaves_nothing
}

async fn read_all(store: &dyn Store, path: &str) -> Vec<u8> {
    let pieces: Vec<Bytes> = store.read(path).await.unwrap().try_collect().await.unwrap();
    pieces.concat()
}

async fn what_is_put_is_read(store: &dyn Store) {
    let long = bytes(3_500_000, 1);
    for (path, content) in [
        ("plain", &b"abc"[..]),
        ("empty", b""),
        ("deep/er/than/one", b"x"),
        ("集合/コレクション 1/データ.json", "値".as_bytes()),
        ("odd +&=%41#?'/name", b"odd"),
        ("long", &long),
    ] {
        store
            .put(path, Bytes::copy_from_slice(content))
            .await
            .unwrap();
        assert_eq!(
            store.size(path).await.unwrap(),
            Some(content.len() as u64),
            "{path}"
        );
        assert_eq!(store.get(path).await.unwrap(), content, "{path}");
        assert_eq!(read_all(store, path).await, content, "{path}");
    }
    let middle = store.get_range("long", 1_000_001..3_000_000).await.unwrap();
    assert_eq!(middle, &long[1_000_001..3_000_000]);
    store.settle().await.unwrap();
}

async fn the_second_put_replaces(store: &dyn Store) {
    store
        .put("a", Bytes::from_static(b"the first, longer"))
        .await
        .unwrap();
    store.put("a", Bytes::from_static(b"second")).await.unwrap();
    assert_eq!(store.get("a").await.unwrap(), &b"second"[..]);
    assert_eq!(paths(store, "").await, ["a"]);
}

async fn put_new_writes_once(store: &dyn Store) {
    assert!(
        store
            .put_new("d/a", Bytes::from_static(b"first"))
            .await
            .unwrap()
    );
    assert!(
        !store
            .put_new("d/a", Bytes::from_static(b"second"))
            .await
            .unwrap()
    );
    assert_eq!(store.get("d/a").await.unwrap(), &b"first"[..]);
    store.delete("d/a").await.unwrap();
    assert!(
        store
            .put_new("d/a", Bytes::from_static(b"third"))
            .await
            .unwrap()
    );
    assert_eq!(paths(store, "").await, ["d/a"]);
}

async fn only_one_of_many_put_new_wins(store: &dyn Store) {
    for round in 0..5 {
        let path = format!("race/{round}");
        let tries = (0..8).map(|number| {
            let path = path.clone();
            async move {
                (
                    number,
                    store
                        .put_new(&path, vec![number; 1000].into())
                        .await
                        .unwrap(),
                )
            }
        });
        let done = futures::future::join_all(tries).await;
        let winners: Vec<u8> = done
            .iter()
            .filter(|(_, won)| *won)
            .map(|(n, _)| *n)
            .collect();
        assert_eq!(winners.len(), 1, "{done:?}");
        assert_eq!(store.get(&path).await.unwrap(), vec![winners[0]; 1000]);
    }
}

async fn a_missing_object_is_named(store: &dyn Store) {
    store
        .put("there/a", Bytes::from_static(b"x"))
        .await
        .unwrap();
    for path in ["none", "there/b", "there/a/below", "there", "なし"] {
        assert_eq!(store.size(path).await.unwrap(), None, "{path}");
        let cancel = CancellationToken::new();
        let errors = [
            store.get(path).await.map(drop).unwrap_err(),
            store.get_range(path, 0..1).await.map(drop).unwrap_err(),
            store.read(path).await.map(drop).unwrap_err(),
            digest((store, path), &|_| {}, &cancel).await.unwrap_err(),
            copy((store, path), (store, "copy"), None, &|_| {}, &cancel)
                .await
                .unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.code(), ErrorCode::FileMissing, "{path}: {error}");
            assert!(error.report().subject.ends_with(path), "{path}: {error}");
        }
    }
    assert_eq!(paths(store, "").await, ["there/a"]);
}

async fn a_range_outside_is_refused(store: &dyn Store) {
    store
        .put("ten", Bytes::from_static(b"0123456789"))
        .await
        .unwrap();
    assert_eq!(store.get_range("ten", 7..10).await.unwrap(), &b"789"[..]);
    for range in [5..11, 10..11, 20..30] {
        let error = store.get_range("ten", range.clone()).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::FileDamaged, "{range:?}: {error}");
    }
}

async fn write(store: &dyn Store, path: &str, content: &[u8], told: u64, piece: usize) {
    let mut writer = store.writer(path, told).await.unwrap();
    for piece in content.chunks(piece) {
        writer.write(Bytes::copy_from_slice(piece)).await.unwrap();
    }
    writer.finish().await.unwrap();
}

async fn big_objects_are_written_in_pieces(store: &dyn Store) {
    let content = bytes(28_000_003, 7);
    let size = content.len() as u64;
    for (path, told, piece) in [
        ("exact", size, 1 << 20),
        ("told too little", 10, 777_777),
        ("told too much", 2 * size, 3 << 20),
        ("one piece", size, content.len()),
    ] {
        write(store, path, &content, told, piece).await;
        assert_eq!(store.size(path).await.unwrap(), Some(size), "{path}");
        assert!(read_all(store, path).await == content, "{path}");
    }
    write(store, "small", b"small", 5, 2).await;
    write(store, "empty", b"", 0, 1).await;
    assert_eq!(store.get("small").await.unwrap(), &b"small"[..]);
    assert_eq!(store.get("empty").await.unwrap(), &b""[..]);
    write(store, "exact", b"replaced", 8, 8).await;
    assert_eq!(store.get("exact").await.unwrap(), &b"replaced"[..]);
}

async fn an_unfinished_object_is_never_seen(store: &dyn Store) {
    store.put("old", Bytes::from_static(b"old")).await.unwrap();
    for path in ["old", "d/new"] {
        let mut writer = store.writer(path, 30 << 20).await.unwrap();
        for number in 0..30 {
            writer.write(vec![number; 1 << 20].into()).await.unwrap();
        }
        assert_eq!(paths(store, "").await, ["old"]);
        assert_eq!(store.size("d/new").await.unwrap(), None);
        drop(writer);
    }
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(paths(store, "").await, ["old"]);
    assert_eq!(store.get("old").await.unwrap(), &b"old"[..]);
}

async fn a_listing_knows_where_its_prefix_ends(store: &dyn Store) {
    for path in ["a/1", "a/b/2", "ab/3", "a.4", "日/本/5"] {
        store.put(path, Bytes::from_static(b"12345")).await.unwrap();
    }
    assert_eq!(paths(store, "a/").await, ["a/1", "a/b/2"]);
    assert_eq!(paths(store, "a/b/").await, ["a/b/2"]);
    assert_eq!(paths(store, "日/").await, ["日/本/5"]);
    assert_eq!(
        paths(store, "").await,
        ["a.4", "a/1", "a/b/2", "ab/3", "日/本/5"]
    );
    assert!(paths(store, "none/").await.is_empty());
    let sizes: Vec<_> = store.list("a/").try_collect().await.unwrap();
    assert!(sizes.iter().all(|object| object.size == 5));
    let error = store.list("a").try_next().await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidInput);
}

async fn a_listing_goes_past_a_thousand(store: &dyn Store) {
    let names: Vec<String> = (0..2_300)
        .map(|number| format!("many/{number:05}"))
        .collect();
    stream::iter(&names)
        .map(|name| store.put(name, Bytes::from_static(b"x")))
        .buffer_unordered(32)
        .try_collect::<Vec<()>>()
        .await
        .unwrap();
    assert_eq!(paths(store, "many/").await, names);
    stream::iter(&names)
        .map(|name| store.delete(name))
        .buffer_unordered(32)
        .try_collect::<Vec<()>>()
        .await
        .unwrap();
    assert!(paths(store, "").await.is_empty());
}

async fn deleting_is_final_and_repeatable(store: &dyn Store) {
    store.put("d/a", Bytes::from_static(b"x")).await.unwrap();
    store.put("d/b", Bytes::from_static(b"x")).await.unwrap();
    store.delete("d/a").await.unwrap();
    store.delete("d/a").await.unwrap();
    store.delete("never/there").await.unwrap();
    assert_eq!(store.size("d/a").await.unwrap(), None);
    assert_eq!(paths(store, "").await, ["d/b"]);
}

async fn no_path_leads_outside(store: &dyn Store) {
    for path in [
        "",
        "/etc/passwd",
        "../out",
        "a/../../out",
        "a//b",
        "a/",
        "./a",
        "a\0b",
    ] {
        let refused = [
            store.size(path).await.map(drop),
            store.get(path).await.map(drop),
            store.get_range(path, 0..1).await.map(drop),
            store.read(path).await.map(drop),
            store.put(path, Bytes::from_static(b"x")).await,
            store
                .put_new(path, Bytes::from_static(b"x"))
                .await
                .map(drop),
            store.writer(path, 1).await.map(drop),
            store.delete(path).await,
        ];
        for result in refused {
            assert_eq!(
                result.unwrap_err().code(),
                ErrorCode::InvalidInput,
                "{path:?}"
            );
        }
    }
    let error = store.list("../").try_next().await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidInput);
    assert!(paths(store, "").await.is_empty());
}

async fn a_digest_tells_size_and_hash(store: &dyn Store) {
    let cancel = CancellationToken::new();
    for length in [0, 1, 1 << 20, 9_999_999] {
        let content = bytes(length, 3);
        store.put("a", content.clone().into()).await.unwrap();
        let told = AtomicU64::new(0);
        let count = |bytes| {
            told.fetch_add(bytes, Ordering::Relaxed);
        };
        let found = digest((store, "a"), &count, &cancel).await.unwrap();
        let expected = Digest {
            size: length as u64,
            blake3: blake3::hash(&content).to_hex().to_string(),
        };
        assert_eq!(found, expected);
        assert_eq!(told.load(Ordering::Relaxed), length as u64);
    }
}

async fn a_copy_that_is_not_as_expected_does_not_appear(store: &dyn Store) {
    let cancel = CancellationToken::new();
    let content = bytes(12_345_678, 9);
    store.put("from", content.clone().into()).await.unwrap();
    store.put("old", Bytes::from_static(b"old")).await.unwrap();
    let right = digest((store, "from"), &|_| {}, &cancel).await.unwrap();
    let wrong_hash = Digest {
        blake3: "0".repeat(64),
        ..right.clone()
    };
    let wrong_size = Digest {
        size: right.size + 1,
        ..right.clone()
    };
    for wrong in [wrong_hash, wrong_size] {
        for target in ["old", "new"] {
            let to = (store, target);
            let error = copy((store, "from"), to, Some(&wrong), &|_| {}, &cancel)
                .await
                .unwrap_err();
            assert_eq!(error.code(), ErrorCode::FileDamaged, "{error}");
        }
    }
    assert_eq!(store.get("old").await.unwrap(), &b"old"[..]);
    assert_eq!(paths(store, "").await, ["from", "old"]);
    let copied = copy(
        (store, "from"),
        (store, "new"),
        Some(&right),
        &|_| {},
        &cancel,
    )
    .await;
    assert_eq!(copied.unwrap(), right);
    assert!(read_all(store, "new").await == content);
}

async fn a_canceled_copy_leaves_nothing(store: &dyn Store) {
    write(store, "from", &bytes(40 << 20, 5), 40 << 20, 1 << 20).await;
    let cancel = CancellationToken::new();
    let told = AtomicU64::new(0);
    let stop = |bytes| {
        told.fetch_add(bytes, Ordering::Relaxed);
        cancel.cancel();
    };
    let error = copy((store, "from"), (store, "to"), None, &stop, &cancel)
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::Canceled);
    assert!(told.load(Ordering::Relaxed) < 40 << 20);
    let error = digest((store, "from"), &|_| {}, &cancel).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Canceled);
    assert_eq!(paths(store, "").await, ["from"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_pass_between_every_two_stores() {
    let places: Vec<Arc<Place>> = vec![
        local().await.into(),
        local().await.into(),
        s3().into(),
        second_s3().into(),
        azure().into(),
        google().into(),
    ];
    let cancel = CancellationToken::new();
    for (length, path) in [(0, "空"), (5, "a"), (20_000_001, "データ/b")] {
        let content = bytes(length, 11);
        for from in &places {
            from.store.put(path, content.clone().into()).await.unwrap();
            for to in &places {
                let told = AtomicU64::new(0);
                let count = |bytes| {
                    told.fetch_add(bytes, Ordering::Relaxed);
                };
                let (from, to) = (&*from.store, &*to.store);
                let found = copy((from, path), (to, "to/x"), None, &count, &cancel)
                    .await
                    .unwrap();
                assert_eq!(found.blake3, blake3::hash(&content).to_hex().as_str());
                assert_eq!(found.size, length as u64);
                assert_eq!(told.load(Ordering::Relaxed), length as u64);
                assert!(read_all(to, "to/x").await == content);
            }
        }
    }
    for place in &places {
        clear(&*place.store).await;
    }
}
