//! What becomes of answers that a healthy Milvus 2.3 does not give: a small server says whatever a test wants.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};

use bytes::{BufMut as _, Bytes, BytesMut};
use futures::future::BoxFuture;
use hozon_engine::{
    Error, ErrorCode,
    model::CollectionName,
    source::{
        Milvus,
        milvus::{MilvusAddress, connect},
    },
};
use http_body_util::Full;
use milvus::proto::{
    common::{SegmentLevel, SegmentState, Status as Body},
    milvus::{
        AllocTimestampResponse, DescribeCollectionResponse, FlushResponse, GetFlushStateResponse,
        GetPersistentSegmentInfoResponse, GetVersionResponse, ImportResponse,
        PersistentSegmentInfo,
    },
    schema::{CollectionSchema, DataType, FieldSchema, LongArray},
};
use prost::Message;
use tokio_util::sync::CancellationToken;
use tonic::{
    Code,
    transport::{Identity, Server, ServerTlsConfig, server::TcpIncoming},
};

/// What to answer to an RPC.
#[derive(Clone)]
enum Say {
    Message(Vec<u8>),
    /// One after another; the last again and again.
    Each(Arc<Mutex<VecDeque<Vec<u8>>>>),
    Status(Code, &'static str),
    Nothing,
}

/// Answers each RPC by its name, and those it does not know as a server without them does.
#[derive(Clone)]
struct Scripted(Arc<HashMap<&'static str, Say>>);

impl tonic::server::NamedService for Scripted {
    const NAME: &'static str = "milvus.proto.milvus.MilvusService";
}

impl tonic::codegen::Service<http::Request<tonic::body::Body>> for Scripted {
    type Response = http::Response<tonic::body::Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<tonic::body::Body>) -> Self::Future {
        let rpc = request.uri().path().rsplit('/').next().unwrap_or_default();
        let say = self
            .0
            .get(rpc)
            .cloned()
            .unwrap_or(Say::Status(Code::Unimplemented, "unknown method"));
        Box::pin(async move {
            let (code, message, body) = match say {
                Say::Message(bytes) => (Code::Ok, "", frame(&bytes)),
                Say::Each(answers) => {
                    let mut answers = answers.lock().unwrap();
                    let next = answers.pop_front().unwrap();
                    if answers.is_empty() {
                        answers.push_back(next.clone());
                    }
                    (Code::Ok, "", frame(&next))
                }
                Say::Status(code, message) => (code, message, Bytes::new()),
                Say::Nothing => std::future::pending().await,
            };
            let response = http::Response::builder()
                .header("content-type", "application/grpc")
                .header("grpc-status", i32::from(code))
                .header("grpc-message", message)
                .body(tonic::body::Body::new(Full::new(body)))
                .unwrap();
            Ok(response)
        })
    }
}

fn frame(message: &[u8]) -> Bytes {
    let mut frame = BytesMut::new();
    frame.put_u8(0);
    frame.put_u32(u32::try_from(message.len()).unwrap());
    frame.put_slice(message);
    frame.freeze()
}

/// Starts a server and returns its address without the scheme.
fn serve(script: Vec<(&'static str, Say)>, identity: Option<Identity>) -> String {
    let version = GetVersionResponse {
        status: None,
        version: "v2.3.5".to_owned(),
    };
    let mut answers = HashMap::from([("GetVersion", Say::Message(version.encode_to_vec()))]);
    answers.extend(script);
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = incoming.local_addr().unwrap();
    let mut server = Server::builder();
    if let Some(identity) = identity {
        server = server
            .tls_config(ServerTlsConfig::new().identity(identity))
            .unwrap();
    }
    tokio::spawn(
        server
            .add_service(Scripted(Arc::new(answers)))
            .serve_with_incoming(incoming),
    );
    address.to_string().replace("127.0.0.1", "localhost")
}

fn plain(script: Vec<(&'static str, Say)>) -> MilvusAddress {
    MilvusAddress {
        url: format!("http://{}", serve(script, None)),
        user: None,
        token: None,
        ca_certificate: None,
    }
}

async fn talk_to(script: Vec<(&'static str, Say)>) -> Arc<dyn Milvus> {
    connect(&plain(script)).await.unwrap()
}

fn say(message: &impl Message) -> Say {
    Say::Message(message.encode_to_vec())
}

fn say_each<M: Message>(messages: impl IntoIterator<Item = M>) -> Say {
    let answers = messages
        .into_iter()
        .map(|message| message.encode_to_vec())
        .collect();
    Say::Each(Arc::new(Mutex::new(answers)))
}

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

/// A certificate for `localhost`, with the authority that signed it.
fn certificate() -> (Identity, String) {
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::new(vec![]).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_certificate = authority.self_signed(&authority_key).unwrap();
    let issuer = rcgen::Issuer::from_params(&authority, &authority_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let leaf = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    (
        Identity::from_pem(leaf.pem(), key.serialize_pem()),
        authority_certificate.pem(),
    )
}

#[tokio::test]
async fn a_private_authority_is_trusted_only_when_it_is_given() {
    // The test's own server has to be told; the client under test chooses by itself.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (identity, authority) = certificate();
    let host = serve(vec![], Some(identity));
    let address = |ca: Option<String>, host: &str| MilvusAddress {
        url: format!("https://{host}"),
        user: None,
        token: Some("secret".to_owned()),
        ca_certificate: ca,
    };
    let trusted = connect(&address(Some(authority.clone()), &host))
        .await
        .unwrap();
    assert_eq!(trusted.version().await.unwrap(), "v2.3.5");

    let (_, other_authority) = certificate();
    for (ca, host, hint) in [
        (None, host.clone(), "authority this machine does not know"),
        (Some(other_authority), host.clone(), "another authority"),
        (
            Some(authority),
            host.replace("localhost", "127.0.0.1"),
            "another host name",
        ),
    ] {
        let error = connect(&address(ca, &host)).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::ClusterUnreachable, "{error}");
        assert!(
            error.report().hint.contains(hint),
            "{error} (hint: {})",
            error.report().hint
        );
    }
    let error = connect(&address(Some("no certificate".to_owned()), &host))
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidInput);
}
