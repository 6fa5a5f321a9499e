//! Files between two stores of one service: the service copies, and where it refuses, bytes stream all the same.
#![allow(clippy::unwrap_used)]

mod store_places;

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use hozon_engine::{
    ErrorCode,
    store::{Digest, Route},
};
use store_places::{Place, Server, bytes, clear, local, paths};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_util::sync::CancellationToken;

fn digest_of(content: &[u8]) -> Digest {
    Digest {
        size: content.len() as u64,
        blake3: blake3::hash(content).to_hex().to_string(),
    }
}

async fn carry(
    route: &Route,
    path: &str,
    to: &str,
    expected: &Digest,
) -> hozon_engine::Result<u64> {
    let told = AtomicU64::new(0);
    let count = |bytes| {
        told.fetch_add(bytes, Ordering::Relaxed);
    };
    let cancel = CancellationToken::new();
    route.carry(path, to, expected, &count, &cancel).await?;
    Ok(told.into_inner())
}

/// Files of every size from one bucket to another of a server, by the server itself.
async fn copies_between_buckets(server: Server) {
    let (from, to) = (server.fresh(), server.fresh_elsewhere());
    let route = Route::new(from.store.clone(), to.store.clone());
    assert!(route.is_by_service());
    to.store.put("b", bytes(9, 1).into()).await.unwrap();
    for (length, path) in [
        (0, "空"),
        (5, "odd +&=%41#?'/name"),
        (5 << 20, "b"),
        // More than one request may copy.
        ((130 << 20) + 7, "データ/long"),
    ] {
        let content = bytes(length, 3);
        from.store.put(path, content.clone().into()).await.unwrap();
        let expected = digest_of(&content);
        let told = carry(&route, path, path, &expected).await.unwrap();
        assert_eq!(route.refusal(), None, "{path}");
        assert_eq!(told, length as u64);
        assert!(to.store.get(path).await.unwrap() == content, "{path}");
    }
    clear(&*from.store).await;
    clear(&*to.store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seaweedfs_copies_between_buckets() {
    copies_between_buckets(Server::s3()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_s3_server_copies_between_buckets() {
    copies_between_buckets(Server::second_s3()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn azure_copies_between_containers() {
    copies_between_buckets(Server::azure()).await;
}

/// The longest takes several requests.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn google_cloud_storage_copies_between_buckets() {
    copies_between_buckets(Server::google()).await;
}

/// What is not as expected, or not there, does not arrive.
async fn refuses_what_is_not_as_expected(server: Server) {
    let (from, to) = (server.fresh(), server.fresh_elsewhere());
    let route = Route::new(from.store.clone(), to.store.clone());
    from.store.put("a", bytes(100, 1).into()).await.unwrap();
    let longer = digest_of(&bytes(101, 1));
    let error = carry(&route, "a", "a", &longer).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::FileDamaged, "{error}");
    let error = carry(&route, "none", "a", &longer).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::FileMissing, "{error}");
    assert!(paths(&*to.store, "").await.is_empty());
    assert!(route.is_by_service());
    clear(&*from.store).await;
}

#[tokio::test]
async fn a_file_of_another_size_does_not_arrive() {
    for server in [
        Server::s3(),
        Server::second_s3(),
        Server::azure(),
        Server::google(),
    ] {
        refuses_what_is_not_as_expected(server).await;
    }
}

#[tokio::test]
async fn stores_of_different_services_share_none() {
    let places: [Place; 5] = [
        local().await,
        Server::s3().fresh(),
        Server::second_s3().fresh(),
        Server::azure().fresh(),
        Server::google().fresh(),
    ];
    for (number, from) in places.iter().enumerate() {
        for (other, to) in places.iter().enumerate() {
            let route = Route::new(from.store.clone(), to.store.clone());
            // Directories have no service.
            let one = number == other && number > 0;
            assert_eq!(route.is_by_service(), one, "{number} {other}");
        }
    }
}

/// Files of one part and of more, from every store to every other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_stream_between_services() {
    let places: [Place; 5] = [
        local().await,
        Server::s3().fresh(),
        Server::second_s3().fresh(),
        Server::azure().fresh(),
        Server::google().fresh(),
    ];
    let contents = [(0, "空"), ((9 << 20) + 7, "データ/long")];
    for (length, path) in contents {
        let content = bytes(length, 3);
        let expected = digest_of(&content);
        for (number, from) in places.iter().enumerate() {
            from.store.put(path, content.clone().into()).await.unwrap();
            for (_, to) in places.iter().enumerate().filter(|(to, _)| *to != number) {
                let route = Route::new(from.store.clone(), to.store.clone());
                assert!(!route.is_by_service());
                let told = carry(&route, path, "there", &expected).await.unwrap();
                assert_eq!(told, length as u64);
                let copied = to.store.get("there").await.unwrap();
                assert!(copied == content, "{path}");
                to.store.delete("there").await.unwrap();
            }
        }
    }
    for place in &places {
        clear(&*place.store).await;
    }
}

/// What requests to copy have in them, and what a server says that does not know them.
#[derive(Clone, Copy)]
struct Unknown {
    mark: &'static str,
    said: &'static str,
}

/// In front of a server: passes everything on but requests to copy, which it answers with 501, and counts.
async fn without_copies(endpoint: &str, unknown: Unknown) -> (String, Arc<AtomicUsize>) {
    let behind = endpoint.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let refused = Arc::new(AtomicUsize::new(0));
    let counted = refused.clone();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(&behind).await.unwrap();
            tokio::spawn(pass_on(client, server, unknown, counted.clone()));
        }
    });
    (address, refused)
}

async fn pass_on(
    client: TcpStream,
    server: TcpStream,
    unknown: Unknown,
    refused: Arc<AtomicUsize>,
) {
    let Unknown { mark, said } = unknown;
    let (mut requests, mut answers) = client.into_split();
    let (mut server_answers, mut server_requests) = server.into_split();
    let back = tokio::spawn(async move {
        let _ = tokio::io::copy(&mut server_answers, &mut answers).await;
        answers
    });
    let mut buffer = vec![0; 1 << 16];
    while let Ok(read @ 1..) = requests.read(&mut buffer).await {
        let asks_to_copy = buffer[..read]
            .windows(mark.len())
            .any(|part| part == mark.as_bytes());
        if asks_to_copy {
            refused.fetch_add(1, Ordering::Relaxed);
            let _ = server_requests.shutdown().await;
            let answer = format!(
                "HTTP/1.1 501 Not Implemented\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{said}",
                said.len()
            );
            if let Ok(mut answers) = back.await {
                let _ = answers.write_all(answer.as_bytes()).await;
            }
            return;
        }
        if server_requests.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

/// Where a service refuses, bytes stream, and the reason is kept.
async fn streams_where_it_is_refused(server: Server, unknown: Unknown) {
    let (address, refused) = without_copies(&server.endpoint, unknown).await;
    let server = server.at(&address);
    let (from, to) = (server.fresh(), server.fresh_elsewhere());
    let route = Route::new(from.store.clone(), to.store.clone());
    assert!(route.is_by_service());
    for (length, path) in [(1 << 20, "a"), (5, "b")] {
        let content = bytes(length, 5);
        from.store.put(path, content.clone().into()).await.unwrap();
        let told = carry(&route, path, path, &digest_of(&content))
            .await
            .unwrap();
        assert_eq!(told, length as u64);
        assert!(to.store.get(path).await.unwrap() == content);
    }
    assert!(!route.is_by_service());
    let why = route.refusal().unwrap();
    assert!(why.contains("NotImplemented: no copies"), "{why}");
    assert_eq!(refused.load(Ordering::Relaxed), 1, "it is asked once only");
    let damaged = digest_of(&bytes(5, 6));
    let error = carry(&route, "b", "c", &damaged).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::FileDamaged, "{error}");
    clear(&*from.store).await;
    clear(&*to.store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_an_s3_server_refuses_bytes_stream() {
    let unknown = Unknown {
        mark: "x-amz-copy-source",
        said: "<Error><Code>NotImplemented</Code><Message>no copies</Message></Error>",
    };
    streams_where_it_is_refused(Server::s3(), unknown).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_google_cloud_storage_refuses_bytes_stream() {
    let unknown = Unknown {
        mark: "/rewriteTo/",
        said: r#"{"error":{"code":501,"message":"no copies","errors":[{"reason":"NotImplemented"}]}}"#,
    };
    streams_where_it_is_refused(Server::google(), unknown).await;
}
