//! An archive is somebody else's word. What contradicts itself, or points elsewhere, is refused before a byte is copied.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

use std::{fs, path::Path, sync::Arc};

use hozon_engine::{
    ErrorCode, Result,
    archive::{self, Archive},
    model::{StorageCredentials, StorageLocation},
    store::{Store, Stores},
};
use serde_json::{Value, json};
use tempfile::TempDir;

const FIELDS: [i64; 4] = [0, 1, 100, 101];

fn logs(field: i64) -> Value {
    json!({ "fieldID": field, "binlogs": [
        { "log_path": "../../../../etc/passwd", "log_size": 4, "log_id": 7 },
    ] })
}

/// One collection with one segment, whole and right.
fn whole() -> Value {
    json!({
        "name": "plain", "size": 16, "milvus_version": "v2.3.5",
        "collection_backups": [{
            "collection_id": 1, "db_name": "default", "collection_name": "書", "shards_num": 2, "size": 16,
            "has_index": false, "load_state": "NotLoad",
            "schema": { "name": "書", "fields": [
                { "fieldID": 100, "name": "id", "data_type": 5, "is_primary_key": true },
                { "fieldID": 101, "name": "v", "data_type": 101, "type_params": [{ "key": "dim", "value": "2" }] },
            ] },
            "partition_backups": [{
                "partition_id": 2, "partition_name": "_default", "collection_id": 1, "size": 16,
                "segment_backups": [{
                    "segment_id": 3, "collection_id": 1, "partition_id": 2, "num_of_rows": 1, "group_id": 3, "size": 16,
                    "binlogs": FIELDS.map(logs),
                }],
            }],
        }],
    })
}

struct Place {
    directory: TempDir,
    store: Arc<dyn Store>,
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let location = StorageLocation {
            url: format!("file://{}", directory.path().display()),
            endpoint: None,
            region: None,
        };
        let store = Stores::default()
            .open(&location, &StorageCredentials::Machine)
            .unwrap();
        let place = Self { directory, store };
        for field in FIELDS {
            place.write(
                format!("binlogs/insert_log/1/2/3/3/{field}/7"),
                b"four".as_slice(),
            );
        }
        place
    }

    fn write(&self, path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
        let file = self.directory.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }

    async fn read(&self, full: &Value) -> Result<Archive> {
        let mut brief = full.clone();
        brief.as_object_mut().unwrap().remove("collection_backups");
        self.write("meta/full_meta.json", full.to_string());
        self.write("meta/backup_meta.json", brief.to_string());
        archive::read(&*self.store).await
    }
}

#[tokio::test]
async fn one_that_is_right_is_read_by_its_numbers_alone() {
    let place = Place::new();
    place.write("binlogs/insert_log/1/2/9/9/100/1", "left over");
    let archive = place.read(&whole()).await.unwrap();
    assert_eq!((archive.name.as_str(), archive.unnamed_files), ("plain", 1));
    let segment = &archive.collections[0].segments[0];
    assert_eq!((segment.id, segment.partition_id, segment.rows), (3, 2, 1));
    for file in &segment.files {
        assert!(file.path.starts_with("binlogs/insert_log/1/2/3/3/"));
        assert!(file.log.source_path().starts_with("insert_log/1/2/3/"));
    }
}

#[tokio::test]
async fn the_oldest_had_no_groups_and_no_numbers_of_logs() {
    let place = Place::new();
    fs::remove_dir_all(place.directory.path().join("binlogs")).unwrap();
    let mut old = whole();
    let segment = &mut old["collection_backups"][0]["partition_backups"][0]["segment_backups"][0];
    segment.as_object_mut().unwrap().remove("group_id");
    for (at, field) in FIELDS.into_iter().enumerate() {
        place.write(format!("binlogs/insert_log/1/2/3/{field}/7"), "four");
        segment["binlogs"][at]["binlogs"] =
            json!([{ "log_path": format!("files/insert_log/1/2/3/{field}/7"), "log_size": 4 }]);
    }
    let archive = place.read(&old).await.unwrap();
    assert_eq!(archive.collections[0].segments[0].files.len(), FIELDS.len());
    assert_eq!(archive.unnamed_files, 0);
}

#[tokio::test]
async fn what_contradicts_itself_is_refused() {
    const COLLECTION: &str = "/collection_backups/0";
    const PARTITION: &str = "/collection_backups/0/partition_backups/0";
    const SEGMENT: &str = "/collection_backups/0/partition_backups/0/segment_backups/0";
    let place = Place::new();
    for (parent, key, value, code) in [
        (
            "",
            "format",
            json!("snapshot"),
            ErrorCode::CollectionUnsupported,
        ),
        (
            COLLECTION,
            "collection_id",
            json!(0),
            ErrorCode::ArchiveDamaged,
        ),
        (
            COLLECTION,
            "collection_id",
            json!(-1),
            ErrorCode::ArchiveDamaged,
        ),
        (
            COLLECTION,
            "collection_name",
            json!(""),
            ErrorCode::ArchiveDamaged,
        ),
        (
            COLLECTION,
            "collection_name",
            json!("a\nb"),
            ErrorCode::ArchiveDamaged,
        ),
        (
            COLLECTION,
            "collection_name",
            json!("a".repeat(256)),
            ErrorCode::ArchiveDamaged,
        ),
        (COLLECTION, "schema", Value::Null, ErrorCode::ArchiveDamaged),
        (
            COLLECTION,
            "schema",
            json!({ "name": "x" }),
            ErrorCode::ArchiveDamaged,
        ),
        (
            COLLECTION,
            "l0_segments",
            json!([{ "segment_id": 5 }]),
            ErrorCode::CollectionUnsupported,
        ),
        (
            COLLECTION,
            "partition_backups",
            json!([
                { "partition_id": 2, "partition_name": "a" }, { "partition_id": 2, "partition_name": "b" },
            ]),
            ErrorCode::ArchiveDamaged,
        ),
        (
            PARTITION,
            "partition_name",
            json!(""),
            ErrorCode::ArchiveDamaged,
        ),
        (
            PARTITION,
            "collection_id",
            json!(8),
            ErrorCode::ArchiveDamaged,
        ),
        (
            PARTITION,
            "partition_id",
            json!(-2),
            ErrorCode::ArchiveDamaged,
        ),
        (SEGMENT, "segment_id", json!(0), ErrorCode::ArchiveDamaged),
        (SEGMENT, "partition_id", json!(8), ErrorCode::ArchiveDamaged),
        (SEGMENT, "num_of_rows", json!(-1), ErrorCode::ArchiveDamaged),
        (
            SEGMENT,
            "storage_version",
            json!(2),
            ErrorCode::CollectionUnsupported,
        ),
        (
            SEGMENT,
            "binlogs",
            json!([logs(0), logs(1), logs(100)]),
            ErrorCode::ArchiveDamaged,
        ),
        (
            SEGMENT,
            "binlogs",
            json!([logs(0), logs(1), logs(100), logs(101), logs(101)]),
            ErrorCode::ArchiveDamaged,
        ),
        (
            SEGMENT,
            "binlogs",
            json!([logs(0), logs(1), logs(100), logs(-5)]),
            ErrorCode::ArchiveDamaged,
        ),
        (SEGMENT, "segment_id", json!(4), ErrorCode::FileMissing),
    ] {
        let mut archive = whole();
        let at = if parent.is_empty() {
            &mut archive
        } else {
            archive.pointer_mut(parent).unwrap()
        };
        at[key] = value.clone();
        let error = place.read(&archive).await.unwrap_err();
        assert_eq!(error.code(), code, "{parent}/{key} = {value}: {error}");
        assert!(!error.report().subject.is_empty(), "{error:?}");
    }
}

#[tokio::test]
async fn a_file_of_another_size_is_refused() {
    let place = Place::new();
    place.write("binlogs/insert_log/1/2/3/3/100/7", "not four");
    let error = place.read(&whole()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::FileDamaged, "{error}");
}

#[tokio::test]
async fn a_note_that_knows_otherwise_is_refused() {
    let place = Place::new();
    place.write("meta/hozon.json", "{\"format\":1}");
    let error = place.read(&whole()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::ArchiveDamaged, "{error}");
    place.write("meta/hozon.json", "{\"format\":99}");
    let error = place.read(&whole()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::RepositoryNewer, "{error}");
}

#[tokio::test]
async fn without_the_document_that_makes_it_whole_there_is_no_archive() {
    let place = Place::new();
    place.write("meta/full_meta.json", whole().to_string());
    let error = archive::read(&*place.store).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::ArchiveNotFound, "{error}");
    assert!(!error.report().hint.is_empty());
}

#[tokio::test]
async fn the_documents_of_each_level_do_where_the_whole_one_is_missing() {
    let (place, full) = (Place::new(), whole());
    place.read(&full).await.unwrap();
    fs::remove_file(place.directory.path().join("meta/full_meta.json")).unwrap();
    let error = archive::read(&*place.store).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::ArchiveNotFound, "{error}");
    let mut collections = full["collection_backups"].clone();
    let mut partitions = collections[0]["partition_backups"].take();
    let segments = partitions[0]["segment_backups"].take();
    for value in [&mut collections[0], &mut partitions[0]] {
        let object = value.as_object_mut().unwrap();
        object.retain(|_, value| !value.is_null());
    }
    for (level, infos) in [
        ("collection", collections),
        ("partition", partitions),
        ("segment", segments),
    ] {
        place.write(
            format!("meta/{level}_meta.json"),
            json!({ "infos": infos }).to_string(),
        );
    }
    let archive = archive::read(&*place.store).await.unwrap();
    assert_eq!(archive.collections[0].segments[0].files.len(), FIELDS.len());
}
