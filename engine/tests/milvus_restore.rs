//! Flush, segments, live rows and import on real servers: the number that is counted is the number that arrives.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod support;

use std::{collections::BTreeSet, time::Duration};

use hozon_engine::{
    ErrorCode,
    model::CollectionName,
    source::{ImportFiles, ImportState},
};
use milvus::proto::schema::DataType;
use support::{
    Server,
    backup::{Cluster, Listed},
    dropping,
    rows::{Keys, Writer, key_schema, vectors},
    unique,
};
use tokio_util::sync::CancellationToken;

fn keys(prefix: &str, range: std::ops::Range<i64>) -> Keys {
    Keys::Texts(range.map(|n| format!("{prefix}{n}")).collect())
}

/// Imports segments into a fresh collection made like `source`, drops it again, and returns the rows that arrived.
async fn imported_rows(
    cluster: &Cluster,
    source: &CollectionName,
    segments: &[Listed],
    cutoff_ms: u64,
) -> u64 {
    let target = unique("hozon_restore");
    let description = cluster.milvus.describe(source).await.unwrap();
    let mut rows = 0;
    cluster
        .milvus
        .create_collection(&target, &description)
        .await
        .unwrap();
    dropping(&cluster.milvus, &[&target], async {
        for listed in segments {
            rows += cluster
                .import_segment(&target, "_default", listed, cutoff_ms)
                .await;
        }
    })
    .await;
    rows
}

async fn rows_up_to_the_cutoff_come_back(server: Server) {
    let writer = Writer::connect(&server).await;
    let cluster = Cluster::of(server).await;
    let source = unique("cutoff");
    dropping(&cluster.milvus, &[&source], async {
        writer.create(&source, DataType::VarChar, false).await;
        writer.insert(&source, "", keys("東京", 0..300)).await;
        writer.insert(&source, "", keys("上海", 0..300)).await;
        writer.delete(&source, keys("東京", 0..10)).await;
        writer.upsert(&source, "", keys("上海", 0..20)).await;
        writer.upsert(&source, "", keys("大阪", 0..5)).await;
        let first = cluster.flush(&source).await;
        assert_eq!(
            cluster.live_rows(&cluster.list(&source).await, first).await,
            595
        );

        // Nothing but deletes: they must be on the storage after the flush, too.
        writer.delete(&source, keys("東京", 10..30)).await;
        let second = cluster.flush(&source).await;
        assert_eq!(
            cluster
                .live_rows(&cluster.list(&source).await, second)
                .await,
            575
        );

        // Written again after a delete, deleted again, replaced.
        writer.insert(&source, "", keys("東京", 0..10)).await;
        writer.delete(&source, keys("東京", 0..5)).await;
        writer.upsert(&source, "", keys("上海", 0..50)).await;
        let third = cluster.flush(&source).await;
        let segments = cluster.list(&source).await;
        for (cutoff_ms, expected) in [(third, 580), (second, 575), (first, 595)] {
            let live = cluster.live_rows(&segments, cutoff_ms).await;
            assert_eq!(live, expected);
            assert_eq!(
                imported_rows(&cluster, &source, &segments, cutoff_ms).await,
                live
            );
        }
        let all = cluster.live_rows(&segments, third + 3_600_000).await;
        assert_eq!(all, 580);
    })
    .await;
}

#[tokio::test]
async fn rows_up_to_the_cutoff_come_back_from_a_local_disk() {
    rows_up_to_the_cutoff_come_back(Server::local()).await;
}

#[tokio::test]
async fn rows_up_to_the_cutoff_come_back_from_s3() {
    rows_up_to_the_cutoff_come_back(Server::s3()).await;
}

/// Milvus's clock stands still for 50 ms at a time; a row acknowledged just before the flush must not fall behind.
#[tokio::test]
async fn a_row_acknowledged_just_before_the_flush_is_part_of_it() {
    let server = Server::local();
    let writer = Writer::connect(&server).await;
    let cluster = Cluster::of(server).await;
    let source = unique("acknowledged");
    dropping(&cluster.milvus, &[&source], async {
        writer.create(&source, DataType::Int64, false).await;
        for round in 0..5 {
            writer.insert(&source, "", round..round + 1).await;
            let cutoff_ms = cluster.flush(&source).await;
            let live = cluster
                .live_rows(&cluster.list(&source).await, cutoff_ms)
                .await;
            assert_eq!(live, round as u64 + 1);
        }
    })
    .await;
}

/// An upsert is a delete and an insert; a cut-off that parts them would lose the row.
#[tokio::test]
async fn a_flush_during_upserts_loses_none_of_their_rows() {
    const ROWS: i64 = 200;
    let server = Server::local();
    let writer = Writer::connect(&server).await;
    let cluster = Cluster::of(server).await;
    let source = unique("upserts");
    dropping(&cluster.milvus, &[&source], async {
        writer.create(&source, DataType::Int64, false).await;
        writer.insert(&source, "", 0..ROWS).await;
        let stop = CancellationToken::new();
        let writing = async {
            let mut at = 0;
            while !stop.is_cancelled() {
                writer.upsert(&source, "", at..at + 10).await;
                at = (at + 10) % ROWS;
            }
        };
        let flushing = async {
            for _ in 0..3 {
                let cutoff_ms = cluster.flush(&source).await;
                let segments = cluster.list(&source).await;
                assert_eq!(cluster.live_rows(&segments, cutoff_ms).await, ROWS as u64);
            }
            stop.cancel();
        };
        tokio::join!(writing, flushing);
    })
    .await;
}

#[tokio::test]
async fn many_partitions_are_imported_at_once_with_their_dynamic_fields() {
    let server = Server::local();
    let writer = Writer::connect(&server).await;
    let cluster = Cluster::of(server).await;
    let (source, target) = (unique("partition_key"), unique("hozon_restore"));
    dropping(&cluster.milvus, &[&source, &target], async {
        let mut schema = key_schema(&source, DataType::Int64, true);
        schema.fields[0].is_partition_key = false;
        let mut tenant = support::rows::field("tenant", DataType::Int64);
        tenant.is_partition_key = true;
        schema.fields.push(tenant);
        writer.create_with(&source, schema, 16).await;
        writer.insert_tenants(&source, 0..1600).await;
        let cutoff_ms = cluster.flush(&source).await;
        let segments = cluster.list(&source).await;
        let description = cluster.milvus.describe(&source).await.unwrap();
        assert!(description.has_partition_key);
        assert_eq!(description.partitions.len(), 16);
        // The dynamic field is not in the schema, but its logs are the segment's.
        assert!(description.fields.iter().all(|field| field.name != "$meta"));
        assert!(
            segments
                .iter()
                .all(|listed| listed.files.iter().any(|file| file.path.contains("/103/")))
        );

        cluster
            .milvus
            .create_collection(&target, &description)
            .await
            .unwrap();
        let again = cluster.milvus.describe(&target).await.unwrap();
        let names = |description: &hozon_engine::source::CollectionDescription| -> Vec<String> {
            description
                .partitions
                .iter()
                .map(|partition| partition.name.clone())
                .collect()
        };
        assert_eq!(names(&again), names(&description));
        let imports = segments.iter().map(|listed| {
            let partition = description
                .partitions
                .iter()
                .find(|partition| partition.id == listed.segment.partition_id)
                .unwrap();
            cluster.import_segment(&target, &partition.name, listed, cutoff_ms)
        });
        let began = std::time::Instant::now();
        let rows: u64 = futures::future::join_all(imports).await.into_iter().sum();
        println!(
            "{} imports at once in {:?}",
            segments.len(),
            began.elapsed()
        );
        assert_eq!(rows, 1600);
        cluster.index_and_load(&target).await;
        assert_eq!(cluster.milvus.count_rows(&target).await.unwrap(), 1600);
        assert_eq!(
            writer.numbers(&target, "n >= 1590").await,
            (1590..1600).collect::<Vec<_>>()
        );
        assert_eq!(writer.numbers(&target, "tenant == 7 and n < 20").await, [7]);
    })
    .await;
}

/// Keys that Milvus made itself must come back as they were: others refer to them.
#[tokio::test]
async fn keys_that_milvus_made_are_kept() {
    let server = Server::local();
    let writer = Writer::connect(&server).await;
    let cluster = Cluster::of(server).await;
    let (source, target) = (unique("own_keys"), unique("hozon_restore"));
    dropping(&cluster.milvus, &[&source, &target], async {
        let mut schema = key_schema(&source, DataType::Int64, false);
        schema.fields[0].auto_id = true;
        writer.create_with(&source, schema, 0).await;
        writer
            .insert_columns(&source, "", 20, vec![vectors("v", 20)])
            .await;
        let cutoff_ms = cluster.flush(&source).await;
        let mut description = cluster.milvus.describe(&source).await.unwrap();
        // Half a day, so that no row ends during the test.
        description
            .properties
            .insert("collection.ttl.seconds".to_owned(), "43200".to_owned());
        cluster
            .milvus
            .create_collection(&target, &description)
            .await
            .unwrap();
        let made = cluster.milvus.describe(&target).await.unwrap();
        assert_eq!(made.properties["collection.ttl.seconds"], "43200");
        for listed in cluster.list(&source).await {
            cluster
                .import_segment(&target, "_default", &listed, cutoff_ms)
                .await;
        }
        cluster.index_and_load(&source).await;
        cluster.index_and_load(&target).await;
        let keys = writer.numbers(&source, "pk >= 0").await;
        assert_eq!(keys.len(), 20);
        assert_eq!(writer.numbers(&target, "pk >= 0").await, keys);
    })
    .await;
}

/// Why segments are taken from Milvus and never from a listing: what compaction replaced stays on the storage.
/// (The test server on S3 compacts; the one on a local disk does not.)
#[tokio::test]
async fn segments_that_compaction_replaced_are_not_listed() {
    let server = Server::s3();
    let writer = Writer::connect(&server).await;
    let cluster = Cluster::of(server).await;
    let source = unique("compacted");
    dropping(&cluster.milvus, &[&source], async {
        writer.create(&source, DataType::Int64, false).await;
        for round in 0..3 {
            writer
                .insert(&source, "", round * 100..round * 100 + 100)
                .await;
            cluster.flush(&source).await;
        }
        // Compaction waits for an index.
        cluster.index_and_load(&source).await;
        let description = cluster.milvus.describe(&source).await.unwrap();
        writer.compact(description.id).await;
        let on_storage =
            |files: Vec<hozon_engine::repository::manifest::FileEntry>| -> BTreeSet<String> {
                files
                    .iter()
                    .filter_map(|file| file.path.split('/').nth(3).map(str::to_owned))
                    .collect()
            };
        for _ in 0..120 {
            let live = cluster.milvus.segments(&source).await.unwrap();
            let lying = on_storage(
                cluster
                    .files(&format!("insert_log/{}/", description.id))
                    .await,
            );
            if live.len() < lying.len() {
                let cutoff_ms = cluster.flush(&source).await;
                let segments = cluster.list(&source).await;
                assert_eq!(cluster.live_rows(&segments, cutoff_ms).await, 300);
                assert_eq!(
                    imported_rows(&cluster, &source, &segments, cutoff_ms).await,
                    300
                );
                return;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        panic!("no compaction within two minutes");
    })
    .await;
}

#[tokio::test]
async fn an_import_that_finds_nothing_completes_with_no_rows() {
    let server = Server::local();
    let writer = Writer::connect(&server).await;
    let cluster = Cluster::of(server).await;
    let target = unique("nothing");
    dropping(&cluster.milvus, &[&target], async {
        writer.create(&target, DataType::Int64, false).await;
        for insert_path in ["insert_log/1/2/3", "/nowhere/insert_log/1/2/3"] {
            let files = ImportFiles {
                target: target.clone(),
                partition: "_default".to_owned(),
                insert_path: insert_path.to_owned(),
                delta_path: None,
                end_ts_ms: 4_000_000_000_000,
            };
            let task = cluster.milvus.import(&files).await.unwrap();
            assert_eq!(cluster.imported(task).await, ImportState::Completed(0));
        }
    })
    .await;
}

#[tokio::test]
async fn an_import_into_an_unknown_partition_is_refused() {
    let server = Server::local();
    let writer = Writer::connect(&server).await;
    let cluster = Cluster::of(server).await;
    let target = unique("unknown_partition");
    dropping(&cluster.milvus, &[&target], async {
        writer.create(&target, DataType::Int64, false).await;
        let files = ImportFiles {
            target: target.clone(),
            partition: "nowhere".to_owned(),
            insert_path: "/nowhere".to_owned(),
            delta_path: None,
            end_ts_ms: 4_000_000_000_000,
        };
        let refused = cluster.milvus.import(&files).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::ImportFailed);
        assert!(
            refused.to_string().contains("partition not found"),
            "{refused}"
        );
        let unknown = cluster.milvus.import_state(7).await.unwrap_err();
        println!("{unknown}");
        assert_eq!(unknown.code(), ErrorCode::ImportFailed);
    })
    .await;
}

#[tokio::test]
async fn a_flush_ends_when_it_is_canceled_or_late() {
    let server = Server::local();
    let writer = Writer::connect(&server).await;
    let cluster = Cluster::of(server).await;
    let source = unique("late");
    dropping(&cluster.milvus, &[&source], async {
        writer.create(&source, DataType::Int64, false).await;
        writer.insert(&source, "", 0..10).await;
        let cancel = CancellationToken::new();
        let late = cluster
            .milvus
            .flush(&source, Duration::from_millis(400), &cancel)
            .await
            .unwrap_err();
        assert_eq!(late.code(), ErrorCode::TimedOut);
        let (canceled, ()) = tokio::join!(
            cluster
                .milvus
                .flush(&source, Duration::from_mins(1), &cancel),
            async {
                tokio::time::sleep(Duration::from_millis(200)).await;
                cancel.cancel();
            }
        );
        assert_eq!(canceled.unwrap_err().code(), ErrorCode::Canceled);
    })
    .await;
}
