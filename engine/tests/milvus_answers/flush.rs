//! A flush beside compaction, restarts and clocks that stand still.

use std::{collections::HashMap, time::Duration};

use hozon_engine::ErrorCode;
use milvus::proto::{
    common::{SegmentState, Status as Body},
    milvus::{
        AllocTimestampResponse, FlushResponse, GetFlushStateResponse,
        GetPersistentSegmentInfoResponse, PersistentSegmentInfo,
    },
    schema::LongArray,
};
use tokio_util::sync::CancellationToken;

use crate::{
    collection, flush_error,
    script::{say, say_each, talk_to},
};

#[tokio::test]
async fn a_flush_ends_though_the_clock_stands_still() {
    let clock = AllocTimestampResponse {
        status: None,
        timestamp: 5 << 18,
    };
    let milvus = talk_to(vec![
        (
            "GetPersistentSegmentInfo",
            say(&GetPersistentSegmentInfoResponse::default()),
        ),
        ("AllocTimestamp", say(&clock)),
    ])
    .await;
    let cancel = CancellationToken::new();
    let late = milvus
        .flush(&collection(), Duration::from_millis(300), &cancel)
        .await
        .unwrap_err();
    assert_eq!(late.code(), ErrorCode::TimedOut);
}

fn segments(ids: &[i64]) -> GetPersistentSegmentInfoResponse {
    let flushed = |id: &i64| PersistentSegmentInfo {
        segment_id: *id,
        state: SegmentState::Flushed as i32,
        ..Default::default()
    };
    GetPersistentSegmentInfoResponse {
        status: None,
        infos: ids.iter().map(flushed).collect(),
    }
}

fn clock(ms: u64) -> AllocTimestampResponse {
    AllocTimestampResponse {
        status: None,
        timestamp: ms << 18,
    }
}

fn flush(ms: u64, flushed: i64) -> FlushResponse {
    let ids = LongArray {
        data: vec![flushed],
    };
    FlushResponse {
        flush_coll_seg_i_ds: HashMap::from([("books".to_owned(), ids)]),
        coll_flush_ts: HashMap::from([("books".to_owned(), ms << 18)]),
        ..Default::default()
    }
}

fn flushed() -> GetFlushStateResponse {
    GetFlushStateResponse {
        status: None,
        flushed: true,
    }
}

/// What Milvus 2.3.5 says in the first seconds after its start, shortened.
fn node_not_found() -> Body {
    Body {
        code: 65535,
        reason: "attempt #0: session not found->datanode-1: node not found[node=1]".to_owned(),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_flush_waits_for_the_nodes_of_a_milvus_that_just_started() {
    let refused = FlushResponse {
        status: Some(node_not_found()),
        ..Default::default()
    };
    let milvus = talk_to(vec![
        ("GetPersistentSegmentInfo", say(&segments(&[1]))),
        ("AllocTimestamp", say_each([clock(10), clock(20)])),
        ("Flush", say_each([refused, flush(25, 1)])),
        ("GetFlushState", say(&flushed())),
    ])
    .await;
    let cancel = CancellationToken::new();
    let cutoff_ms = milvus
        .flush(&collection(), Duration::from_secs(20), &cancel)
        .await
        .unwrap();
    assert_eq!(cutoff_ms, 20);

    let milvus = talk_to(vec![("LoadCollection", say(&node_not_found()))]).await;
    let error = milvus.load(&collection(), 1).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::ClusterUnreachable);
    assert!(error.report().hint.contains("starting"), "{error}");
}

/// Compaction during a flush may have applied deletes that are later than the cut-off.
#[tokio::test]
async fn a_flush_starts_over_when_compaction_replaced_a_segment() {
    let milvus = talk_to(vec![
        // Before and after the first flush, before and after the second.
        (
            "GetPersistentSegmentInfo",
            say_each([
                segments(&[1, 2]),
                segments(&[3]),
                segments(&[3]),
                segments(&[3, 4]),
            ]),
        ),
        (
            "AllocTimestamp",
            say_each([clock(10), clock(10), clock(20), clock(30), clock(40)]),
        ),
        ("Flush", say_each([flush(25, 1), flush(45, 3)])),
        ("GetFlushState", say(&flushed())),
    ])
    .await;
    let cancel = CancellationToken::new();
    let cutoff_ms = milvus
        .flush(&collection(), Duration::from_secs(20), &cancel)
        .await
        .unwrap();
    assert_eq!(cutoff_ms, 40);

    let early = talk_to(vec![
        ("GetPersistentSegmentInfo", say(&segments(&[]))),
        ("AllocTimestamp", say_each([clock(10), clock(20)])),
        ("Flush", say(&flush(15, 1))),
    ])
    .await;
    let error = flush_error(&*early).await;
    assert_eq!(error.code(), ErrorCode::MilvusFailed);
    assert!(error.report().hint.contains("clocks"), "{error}");
}
