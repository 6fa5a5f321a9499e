//! What becomes of answers that a healthy Milvus 2.3 does not give: a small server says whatever a test wants.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod flush;
mod script;
mod trust;

use std::time::Duration;

use hozon_engine::{
    Error, ErrorCode,
    model::CollectionName,
    source::{Milvus, milvus::connect},
};
use milvus::proto::{
    common::{SegmentLevel, SegmentState, Status as Body},
    milvus::{
        DescribeCollectionResponse, GetPersistentSegmentInfoResponse, ImportResponse,
        PersistentSegmentInfo,
    },
    schema::{CollectionSchema, DataType, FieldSchema},
};
use tokio_util::sync::CancellationToken;
use tonic::Code;

use crate::script::{Say, plain, say, talk_to};

fn collection() -> CollectionName {
    CollectionName {
        database: "default".to_owned(),
        name: "books".to_owned(),
    }
}

async fn flush_error(milvus: &dyn Milvus) -> Error {
    let cancel = CancellationToken::new();
    milvus
        .flush(&collection(), Duration::from_secs(5), &cancel)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_server_without_a_call_is_told_apart_by_the_calls_name() {
    let milvus = talk_to(vec![]).await;
    let errors = [
        (
            "GetPersistentSegmentInfo",
            milvus.segments(&collection()).await.unwrap_err(),
        ),
        ("GetPersistentSegmentInfo", flush_error(&*milvus).await),
        (
            "DescribeCollection",
            milvus.describe(&collection()).await.unwrap_err(),
        ),
        ("GetImportState", milvus.import_state(1).await.unwrap_err()),
    ];
    for (rpc, error) in errors {
        assert_eq!(error.code(), ErrorCode::MilvusUnsupported, "{error}");
        assert!(error.report().detail.contains(rpc), "{error}");
        assert!(error.report().hint.contains("2.3"), "{error}");
    }
}

#[tokio::test]
#[allow(deprecated)] // old servers set only the old number
async fn refusals_in_the_answer_or_beside_it_get_their_own_codes() {
    let refusal = |code| Body {
        code,
        reason: "no".to_owned(),
        ..Default::default()
    };
    let old = |error_code| Body {
        error_code,
        reason: "no".to_owned(),
        ..Default::default()
    };
    let cases = [
        (say(&refusal(100)), ErrorCode::CollectionNotFound),
        (say(&old(4)), ErrorCode::CollectionNotFound),
        (say(&refusal(800)), ErrorCode::DatabaseNotFound),
        (say(&refusal(1401)), ErrorCode::ClusterCredentialsRefused),
        (say(&old(3)), ErrorCode::ClusterCredentialsRefused),
        (say(&refusal(1)), ErrorCode::ClusterUnreachable),
        (say(&refusal(8)), ErrorCode::MilvusFailed),
        (say(&refusal(65535)), ErrorCode::MilvusFailed),
        (
            Say::Status(Code::Unauthenticated, "no"),
            ErrorCode::ClusterCredentialsRefused,
        ),
        (
            Say::Status(Code::PermissionDenied, "no"),
            ErrorCode::ClusterCredentialsRefused,
        ),
        (
            Say::Status(Code::Unavailable, "no"),
            ErrorCode::ClusterUnreachable,
        ),
        (
            Say::Status(Code::DeadlineExceeded, "no"),
            ErrorCode::TimedOut,
        ),
        (Say::Status(Code::Internal, "no"), ErrorCode::MilvusFailed),
    ];
    for (answer, expected) in cases {
        let milvus = talk_to(vec![("LoadCollection", answer)]).await;
        let error = milvus.load(&collection(), 1).await.unwrap_err();
        assert_eq!(error.code(), expected, "{error}");
        assert!(
            error.report().detail.starts_with("LoadCollection: no"),
            "{error}"
        );
        assert!(!error.report().hint.is_empty());
    }
}

#[tokio::test]
async fn an_answer_that_never_comes_is_not_waited_for() {
    let milvus = talk_to(vec![
        ("ListDatabases", Say::Nothing),
        ("LoadCollection", Say::Nothing),
    ])
    .await;
    tokio::time::pause();
    for error in [
        milvus.databases().await.unwrap_err(),
        milvus.load(&collection(), 1).await.unwrap_err(),
    ] {
        assert_eq!(error.code(), ErrorCode::TimedOut, "{error}");
    }
}

#[tokio::test]
async fn a_server_that_is_no_milvus_is_refused_when_connecting() {
    let error = connect(&plain(vec![(
        "GetVersion",
        Say::Status(Code::Unimplemented, "unknown service"),
    )]))
    .await
    .unwrap_err();
    assert_eq!(error.code(), ErrorCode::MilvusUnsupported);
}

/// Newer servers keep deletes in segments of their own: leaving them out would bring deleted rows back.
#[tokio::test]
async fn segments_that_hold_no_plain_binlogs_are_refused() {
    let info = |level: SegmentLevel, storage_version| {
        let segment = PersistentSegmentInfo {
            segment_id: 7,
            partition_id: 2,
            num_rows: 3,
            state: SegmentState::Flushed as i32,
            level: level as i32,
            storage_version,
            ..Default::default()
        };
        let growing = PersistentSegmentInfo {
            segment_id: 8,
            state: SegmentState::Growing as i32,
            ..Default::default()
        };
        say(&GetPersistentSegmentInfoResponse {
            status: None,
            infos: vec![segment, growing],
        })
    };
    let segments = async |answer| {
        talk_to(vec![("GetPersistentSegmentInfo", answer)])
            .await
            .segments(&collection())
            .await
    };
    let legacy = segments(info(SegmentLevel::Legacy, 0)).await.unwrap();
    assert_eq!(
        legacy
            .iter()
            .map(|segment| (segment.id, segment.rows))
            .collect::<Vec<_>>(),
        [(7, 3)]
    );
    let deletes = segments(info(SegmentLevel::L0, 0)).await.unwrap_err();
    assert_eq!(deletes.code(), ErrorCode::MilvusUnsupported);
    let format = segments(info(SegmentLevel::L1, 2)).await.unwrap_err();
    assert_eq!(format.code(), ErrorCode::MilvusUnsupported);
}

#[tokio::test]
async fn a_collection_that_cannot_be_preserved_is_refused_with_the_reason() {
    let field = FieldSchema {
        name: "embedding".to_owned(),
        data_type: DataType::SparseFloatVector as i32,
        ..Default::default()
    };
    let described = DescribeCollectionResponse {
        schema: Some(CollectionSchema {
            name: "books".to_owned(),
            fields: vec![field],
            ..Default::default()
        }),
        ..Default::default()
    };
    let milvus = talk_to(vec![("DescribeCollection", say(&described))]).await;
    let error = milvus.describe(&collection()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::CollectionUnsupported);
    insta::assert_snapshot!(error, @"collection cannot be preserved: `default.books`: field `embedding` has the type SparseFloatVector");
}

#[tokio::test]
async fn an_import_without_a_task_is_a_failure() {
    let milvus = talk_to(vec![("Import", say(&ImportResponse::default()))]).await;
    let files = hozon_engine::source::ImportFiles {
        target: collection(),
        partition: "_default".to_owned(),
        insert_path: "/i".to_owned(),
        delta_path: None,
        end_ts_ms: 1,
    };
    assert_eq!(
        milvus.import(&files).await.unwrap_err().code(),
        ErrorCode::ImportFailed
    );
}
