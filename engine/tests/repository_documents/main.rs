//! What lies in a repository, byte by byte; and what is answered to what should not lie there.
#![allow(clippy::unwrap_used)]

mod damage;
#[path = "../repository_world/mod.rs"]
mod repository_world;
#[path = "../store_places/mod.rs"]
mod store_places;

use std::collections::BTreeSet;

use bytes::Bytes;
use hozon_engine::{ErrorCode, repository::Repository};
use hozon_model::BackupId;
use repository_world::{
    assert_whole, back_up, begin, cluster, content, delete, document, file_path, seal, snapshot,
    stored, sweep, unseal,
};
use serde_json::{Value, json};
use store_places::{Place, clear, local, paths, s3};

fn numbers(range: std::ops::Range<u32>) -> BTreeSet<u32> {
    range.collect()
}

async fn open(place: &Place) -> Repository {
    Repository::open(place.store.clone()).await.unwrap()
}

/// The whole story, on any store.
async fn story(place: &Place) {
    let repository = open(place).await;
    assert_eq!(open(place).await.id(), repository.id());
    let first = back_up(&repository, "backup0_a", &numbers(0..5))
        .await
        .unwrap();
    let again = back_up(&repository, "backup0_a", &numbers(0..5))
        .await
        .unwrap();
    assert_eq!(first, again, "the manifest that is there counts");
    back_up(&repository, "backup0_b", &numbers(3..8))
        .await
        .unwrap();
    let found = assert_whole(&repository).await;
    assert_eq!(found["backup0_a"], numbers(0..5));
    assert_eq!(found["backup0_b"], numbers(3..8));
    let (own, shared) = repository
        .files_only_in(&BackupId::new("backup0_a"))
        .await
        .unwrap();
    assert_eq!((own.len(), shared.len()), (3, 2));
    let path = Repository::data_path(&cluster(), &file_path(0));
    assert!(own.contains(&(path, content(0).len() as u64)));
    for stray in [
        "backups/.DS_Store",
        "backups/@eaDir/x",
        "trash/x.txt",
        "leases/.DS_Store",
    ] {
        place
            .store
            .put(stray, Bytes::from_static(b"stray"))
            .await
            .unwrap();
    }
    delete(&repository, "backup0_a").await.unwrap();
    for path in [
        "backups/.DS_Store",
        "backups/@eaDir/x",
        "trash/x.txt",
        "leases/.DS_Store",
    ] {
        place.store.delete(path).await.unwrap();
    }
    assert_eq!(stored(&*place.store).await, numbers(3..8));
    assert_eq!(repository.manifests().await.unwrap().len(), 1);
    delete(&repository, "backup0_b").await.unwrap();
    assert_eq!(paths(&*place.store, "").await, ["hozon.json"]);
    delete(&repository, "backup0_b").await.unwrap();
    let nothing = repository
        .files_only_in(&BackupId::new("backup0_b"))
        .await
        .unwrap();
    assert_eq!(nothing, (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn the_story_in_a_directory() {
    story(&local().await).await;
}

#[tokio::test]
async fn the_story_in_a_bucket() {
    let place = s3();
    story(&place).await;
    clear(&*place.store).await;
}

/// A reader that knows only the description of the format finds everything.
#[tokio::test]
async fn a_stranger_can_read_it() {
    let place = local().await;
    let manifest = back_up(&open(&place).await, "backup0_a", &numbers(0..4))
        .await
        .unwrap();
    let all = snapshot(&*place.store).await;
    let header = unseal(&all["hozon.json"]);
    assert_eq!(header["format"], 1);
    let read = unseal(&all["backups/backup0_a/manifest.json"]);
    assert_eq!(read["name"], manifest.begin.name);
    assert_eq!(
        unseal(&all["backups/backup0_a/begin.json"])["cluster_id"],
        read["cluster_id"]
    );
    let mut files = 0;
    for entry in read["collections"].as_array().unwrap() {
        let bytes = &all[entry["document"].as_str().unwrap()];
        assert_eq!(entry["document_size"], bytes.len());
        assert_eq!(
            entry["document_blake3"],
            blake3::hash(bytes).to_hex().as_str()
        );
        let json = zstd::decode_all(&bytes[..]).unwrap();
        let collection: Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(collection["description"]["name"], entry["name"]);
        for segment in collection["segments"].as_array().unwrap() {
            for file in segment["files"].as_array().unwrap() {
                let cluster = read["cluster_id"].as_str().unwrap();
                let bytes = &all[&format!("data/{cluster}/{}", file["path"].as_str().unwrap())];
                assert_eq!(file["size"], bytes.len());
                assert_eq!(file["blake3"], blake3::hash(bytes).to_hex().as_str());
                files += 1;
            }
        }
    }
    assert_eq!(files, 4);
    assert_eq!(all.len(), 3 + 2 + 4, "{:?}", all.keys());
}

#[tokio::test]
async fn an_entry_tells_what_people_want_to_know() {
    let place = local().await;
    let repository = open(&place).await;
    let id = BackupId::new("backup0_a");
    let entry = repository
        .write_collection(&id, 7, &document(&numbers(0..3)), 11)
        .await
        .unwrap();
    let size: usize = (0..3).map(|number| content(number).len()).sum();
    assert_eq!(entry.new_bytes, 11);
    assert!(
        entry
            .document
            .starts_with("backups/backup0_a/collections/7-")
    );
    let summary = entry.summary.clone();
    assert_eq!(
        (summary.rows, summary.files, summary.bytes),
        (27, 3, size as u64)
    );
    assert_eq!(
        summary.fields,
        ["id: Int64 (primary key)", "vector: FloatVector"]
    );
    assert_eq!(summary.indexes, ["vector: HNSW"]);
    assert_eq!(
        repository.collection(&entry).await.unwrap(),
        document(&numbers(0..3))
    );
}

#[tokio::test]
async fn a_newer_repository_is_left_as_it_is() {
    let place = local().await;
    let newer = json!({"format": 2, "id": "x", "other": true});
    place.store.put("hozon.json", seal(&newer)).await.unwrap();
    let before = snapshot(&*place.store).await;
    let error = Repository::open(place.store.clone()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::RepositoryNewer);
    assert!(error.report().hint.contains("newer Hozon"));
    assert_eq!(snapshot(&*place.store).await, before);
}

#[tokio::test]
async fn a_newer_manifest_is_not_touched_and_stops_sweeps() {
    let place = local().await;
    let repository = open(&place).await;
    back_up(&repository, "backup0_a", &numbers(0..3))
        .await
        .unwrap();
    let newer = Bytes::from_static(b"{\"format\": 2, \"tables\": []}");
    place
        .store
        .put("backups/backup0_n/manifest.json", newer)
        .await
        .unwrap();
    repository
        .retire(&BackupId::new("backup0_a"))
        .await
        .unwrap();
    let before = snapshot(&*place.store).await;
    let id = BackupId::new("backup0_n");
    for error in [
        repository.manifests().await.map(drop).unwrap_err(),
        repository.manifest(&id).await.map(drop).unwrap_err(),
        repository.retire(&id).await.unwrap_err(),
        repository
            .known_files(&cluster(), &[])
            .await
            .map(drop)
            .unwrap_err(),
        sweep(&repository).await.unwrap_err(),
    ] {
        assert_eq!(error.code(), ErrorCode::RepositoryNewer, "{error}");
        assert!(error.report().subject.contains("backup0_n"), "{error}");
    }
    repository_world::leases_run_out(&*place.store).await;
    assert_eq!(snapshot(&*place.store).await, before);
}

#[tokio::test]
async fn only_an_empty_place_becomes_a_repository() {
    let place = local().await;
    place
        .store
        .put("holiday/photo.jpg", Bytes::new())
        .await
        .unwrap();
    let error = Repository::open(place.store.clone()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidInput);
    assert!(error.report().detail.contains("holiday/photo.jpg"));
    assert_eq!(paths(&*place.store, "").await, ["holiday/photo.jpg"]);

    let place = local().await;
    back_up(&open(&place).await, "backup0_a", &numbers(0..2))
        .await
        .unwrap();
    place.store.delete("hozon.json").await.unwrap();
    let error = Repository::open(place.store.clone()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::RepositoryDamaged);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_that_begin_together_share_one_repository() {
    for _ in 0..20 {
        let place = local().await;
        let (one, other) = tokio::join!(
            Repository::open(place.store.clone()),
            Repository::open(place.store.clone())
        );
        assert_eq!(one.unwrap().id(), other.unwrap().id());
    }
}

#[tokio::test]
async fn the_newest_word_on_a_segment_counts() {
    let place = local().await;
    let repository = open(&place).await;
    for (id, live_rows) in [("backup0_z", 9), ("backup0_a", 5)] {
        let mut document = document(&numbers(1..2));
        document.segments[0].live_rows = live_rows;
        place
            .store
            .put(
                &Repository::data_path(&cluster(), &file_path(1)),
                content(1),
            )
            .await
            .unwrap();
        let begin = begin(id);
        repository.begin(&begin).await.unwrap();
        let entry = repository
            .write_collection(&begin.id, 0, &document, 0)
            .await
            .unwrap();
        let manifest = hozon_engine::repository::manifest::Manifest {
            begin,
            finished_at: jiff::Timestamp::now(),
            milvus_version: "v2.3.5".to_owned(),
            collections: vec![entry],
        };
        repository.commit(&manifest).await.unwrap();
    }
    let known = repository.known_files(&cluster(), &[]).await.unwrap();
    assert_eq!(known.segments[&1].live_rows, 5);
}
