//! What only a bucket can meet: wrong keys, no bucket, no server; and answers that a healthy server never gives, from
//! one that gives nothing else.
#![allow(clippy::unwrap_used)]

mod store_places;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures::TryStreamExt;
use hozon_engine::{
    Error, ErrorCode, Result,
    store::{Digest, Route, Store, copy, digest},
};
use hozon_model::StorageCredentials;
use store_places::{Server, bytes, clear, fresh_name, keys, local, location, paths, s3, stores};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_util::sync::CancellationToken;

const ACCESS: &str = "AKIDEXAMPLEEXAMPLE";
const SECRET: &str = "hush-hush-secret-key";

/// Every way to read.
async fn reading(store: &dyn Store) -> Vec<Result<()>> {
    let cancel = CancellationToken::new();
    vec![
        store.get("a").await.map(drop),
        store.size("a").await.map(drop),
        store.get_range("a", 0..1).await.map(drop),
        store.read("a").await.map(drop),
        store.list("").try_next().await.map(drop),
        digest((store, "a"), &|_| {}, &cancel).await.map(drop),
    ]
}

/// Every way to write.
async fn writing(store: &dyn Store) -> Vec<Result<()>> {
    let mut big = store.writer("big", 20 << 20).await.unwrap();
    vec![
        store.put("a", Bytes::from_static(b"x")).await,
        store.put_new("a", Bytes::from_static(b"x")).await.map(drop),
        store.writer("a", 1).await.unwrap().finish().await,
        big.write(bytes(20 << 20, 1).into()).await,
        store.delete("a").await,
    ]
}

fn assert_told(result: Result<()>, code: ErrorCode, words: &str, secrets: &[&str]) {
    let error: Error = result.unwrap_err();
    let all = format!("{error} {error:?} {:?}", error.report());
    assert_eq!(error.code(), code, "{all}");
    assert!(all.contains(words), "`{words}` is not in: {all}");
    assert!(!error.report().hint.is_empty(), "{all}");
    for secret in secrets {
        assert!(!all.contains(secret), "{all}");
    }
}

async fn assert_refused(store: &dyn Store, words: &str, secrets: &[&str]) {
    for result in reading(store).await {
        assert_told(result, ErrorCode::StorageUnreadable, words, secrets);
    }
    for result in writing(store).await {
        assert_told(result, ErrorCode::StorageUnwritable, words, secrets);
    }
}

#[tokio::test]
async fn a_wrong_access_key_is_named() {
    let server = Server::s3();
    let url = format!("{}/x", server.bucket_url);
    let store = server.open_with(&url, &keys(ACCESS, SECRET));
    assert_refused(&*store, "access key", &[SECRET, &server.secret]).await;
}

#[tokio::test]
async fn a_wrong_secret_key_is_named() {
    let server = Server::s3();
    let url = format!("{}/x", server.bucket_url);
    let StorageCredentials::S3Keys { access_key, .. } = &server.credentials else {
        panic!("the S3 server has keys");
    };
    let store = server.open_with(&url, &keys(access_key, SECRET));
    assert_refused(&*store, "secret key", &[SECRET, &server.secret]).await;
}

/// The role of a server, asked for with keys of this secret.
fn role(server: &Server, secret: &str) -> StorageCredentials {
    let StorageCredentials::S3Keys { access_key, .. } = &server.credentials else {
        panic!("the S3 server has keys");
    };
    StorageCredentials::S3Role {
        role_arn: server.role_arn.clone().unwrap(),
        external_id: Some("hozon-test".to_owned()),
        access_key: Some(access_key.clone()),
        secret_key: Some(secret.to_owned()),
    }
}

#[tokio::test]
async fn the_keys_that_a_role_lends_open_a_bucket() {
    let server = Server::second_s3();
    let role = role(&server, &server.secret);
    let open = |bucket: &str| server.open_with(&format!("{bucket}/{}", fresh_name()), &role);
    let (here, there) = (open(&server.bucket_url), open(&server.other_url));
    let content = bytes(20 << 20, 1);
    let mut writer = here.writer("a/long", 20 << 20).await.unwrap();
    writer.write(content.clone().into()).await.unwrap();
    writer.finish().await.unwrap();
    assert!(here.put_new("a/b", Bytes::from_static(b"x")).await.unwrap());
    assert!(here.get("a/long").await.unwrap() == content);
    assert_eq!(paths(&*here, "a/").await, ["a/b", "a/long"]);
    let route = Route::new(here.clone(), there.clone());
    assert!(route.is_by_service());
    let expected = Digest {
        size: 20 << 20,
        blake3: blake3::hash(&content).to_hex().to_string(),
    };
    let cancel = CancellationToken::new();
    route
        .carry("a/long", "b", &expected, &|_| {}, &cancel)
        .await
        .unwrap();
    assert_eq!(route.refusal(), None);
    assert!(there.get("b").await.unwrap() == content);
    clear(&*here).await;
    clear(&*there).await;
}

#[tokio::test]
async fn a_role_that_lends_no_keys_is_named() {
    let server = Server::second_s3();
    let role = role(&server, SECRET);
    let store = server.open_with(&format!("{}/x", server.bucket_url), &role);
    assert_refused(&*store, "lends no keys", &[SECRET, &server.secret]).await;
    let arn = server.role_arn.clone().unwrap();
    let error = store.get("a").await.unwrap_err();
    assert_eq!(error.report().subject, arn);
}

#[tokio::test]
async fn a_missing_bucket_is_named() {
    let server = Server::s3();
    // Some servers make a bucket when they are written to, so this one is only read.
    let bucket = format!("none-{}", std::process::id());
    let store = server.open(&format!("s3://{bucket}/x"));
    for result in reading(&*store).await {
        let words = "there is no such bucket";
        assert_told(
            result,
            ErrorCode::StorageUnreadable,
            words,
            &[&server.secret],
        );
    }
}

#[tokio::test]
async fn nobody_there_is_told_soon() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let store = open_at(&address);
    let started = Instant::now();
    let (reading, writing) = tokio::join!(store.get("a"), store.put("a", Bytes::new()));
    for result in [reading.map(drop), writing] {
        assert_told(result, ErrorCode::StorageUnreachable, &address, &[SECRET]);
    }
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn a_name_nobody_knows_is_unreachable() {
    let store = open_at("http://no-such-host.invalid:9000");
    let result = store.get("a").await.map(drop);
    assert_told(
        result,
        ErrorCode::StorageUnreachable,
        "no-such-host",
        &[SECRET],
    );
}

#[tokio::test]
async fn a_given_up_upload_is_taken_back_and_the_next_succeeds() {
    let place = s3();
    let store = &*place.store;
    let source = local().await;
    source
        .store
        .put("a", bytes(30 << 20, 3).into())
        .await
        .unwrap();
    let cancel = CancellationToken::new();
    let stop = |_| cancel.cancel();
    let from = (&*source.store, "a");
    let stopped = copy(from, (store, "b"), None, &stop, &cancel).await;
    assert_eq!(stopped.unwrap_err().code(), ErrorCode::Canceled);
    assert!(paths(store, "").await.is_empty());
    let again = CancellationToken::new();
    copy(from, (store, "b"), None, &|_| {}, &again)
        .await
        .unwrap();
    assert_eq!(store.size("b").await.unwrap(), Some(30 << 20));
    clear(store).await;
}

fn open_at(endpoint: &str) -> Arc<dyn Store> {
    let location = location(format!("s3://bucket/{}", fresh_name()), Some(endpoint));
    stores().open(&location, &keys(ACCESS, SECRET)).unwrap()
}

/// Gives the same answer to every request, and counts them.
async fn always(answer: String) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (answer, counted) = (answer.clone(), counted.clone());
            tokio::spawn(async move {
                let mut buffer = vec![0; 1 << 16];
                if stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {
                    counted.fetch_add(1, Ordering::Relaxed);
                    let _ = stream.write_all(answer.as_bytes()).await;
                    let _ = stream.shutdown().await;
                    while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
                }
            });
        }
    });
    (address, count)
}

fn answer(status: &str, code: &str) -> String {
    let body = format!(
        "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>words of the server</Message>\
         <StringToSign>{SECRET}</StringToSign></Error>"
    );
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}

#[tokio::test]
async fn rare_answers_are_put_into_words() {
    use ErrorCode as Code;

    for (status, code, reading, writing, words) in [
        (
            "403 Forbidden",
            "AccessDenied",
            Code::StorageUnreadable,
            Code::StorageUnwritable,
            "AccessDenied: words",
        ),
        (
            "401 Unauthorized",
            "",
            Code::StorageUnreadable,
            Code::StorageUnwritable,
            "401",
        ),
        (
            "403 Forbidden",
            "RequestTimeTooSkewed",
            Code::StorageUnreadable,
            Code::StorageUnwritable,
            "clock",
        ),
        (
            "400 Bad Request",
            "AuthorizationHeaderMalformed",
            Code::StorageUnreadable,
            Code::StorageUnwritable,
            "region",
        ),
        (
            "400 Bad Request",
            "Odd",
            Code::StorageUnreadable,
            Code::StorageUnwritable,
            "Odd: words",
        ),
        (
            "507 Insufficient Storage",
            "",
            Code::StorageFull,
            Code::StorageFull,
            "free space",
        ),
        (
            "403 Forbidden",
            "QuotaExceeded",
            Code::StorageFull,
            Code::StorageFull,
            "quota",
        ),
    ] {
        let (address, _) = always(answer(status, code)).await;
        let store = open_at(&address);
        assert_told(store.get("a").await.map(drop), reading, words, &[SECRET]);
        let put = store.put("a", Bytes::from_static(b"x")).await;
        assert_told(put, writing, words, &[SECRET]);
    }
}

#[tokio::test]
async fn a_server_in_trouble_is_asked_again_and_then_called_unreachable() {
    let (address, count) = always(answer("503 Service Unavailable", "SlowDown")).await;
    let result = open_at(&address).get("a").await.map(drop);
    assert_told(result, ErrorCode::StorageUnreachable, "SlowDown", &[SECRET]);
    assert!(count.load(Ordering::Relaxed) > 2);
}

#[tokio::test]
async fn what_is_no_s3_server_is_not_understood() {
    let page = "HTTP/1.1 418 I'm a teapot\r\nContent-Length: 3\r\nConnection: close\r\n\r\ntea";
    let (address, _) = always(page.to_owned()).await;
    let result = open_at(&address).get("a").await.map(drop);
    assert_told(result, ErrorCode::StorageUnreadable, "418", &[SECRET]);
}
