//! How much and how long, on real sockets: large and slow requests, too many connections, a gentle end.

use std::time::{Duration, Instant};

use hozon_server::http::Limits;
use tokio::{io::AsyncWriteExt, time::sleep};

use crate::wire::{Wire, all_of, some_of};

const HEALTH: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
const SHORT: Duration = Duration::from_millis(300);

#[tokio::test]
async fn headers_have_a_limit() {
    let wire = Wire::new(Limits {
        header_bytes: 8 * 1024,
        ..Limits::default()
    })
    .await;
    let answer = wire.say(HEALTH).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    for (name, value) in [("X-Long", "x".repeat(9 * 1024)), ("X-Many", String::new())] {
        let mut request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n".to_owned();
        let lines = if value.is_empty() { 200 } else { 1 };
        for number in 0..lines {
            request += &format!("{name}-{number}: {value}\r\n");
        }
        request += "\r\n";
        let answer = wire.say(request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{name}: {answer}");
    }
}

#[tokio::test]
async fn who_is_slow_with_the_headers_is_given_up() {
    let wire = Wire::new(Limits {
        header_time: SHORT,
        ..Limits::default()
    })
    .await;
    for beginning in [&b""[..], b"G", b"GET /healthz HTTP/1.1\r\nHost: local"] {
        let start = Instant::now();
        let answer = wire.say(beginning).await;
        assert!(!answer.contains("200 OK"), "{answer}");
        assert!(start.elapsed() >= SHORT);
    }
    // One byte at a time is no faster.
    let mut stream = wire.connect().await;
    let start = Instant::now();
    for byte in HEALTH {
        if stream.write_all(&[*byte]).await.is_err() {
            break;
        }
        sleep(Duration::from_millis(30)).await;
    }
    assert!(!all_of(&mut stream).await.contains("200 OK"));
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn bodies_have_a_limit_and_a_time() {
    let wire = Wire::new(Limits {
        body_bytes: 64 * 1024,
        body_time: SHORT,
        ..Limits::default()
    })
    .await;
    let head = "POST /api/sign_in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let told = format!("{head}Content-Length: 100000\r\n\r\n");
    let answer = wire.say(told.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");

    // A body that does not say how long it is.
    let piece = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let untold = format!("{head}Transfer-Encoding: chunked\r\n\r\n{piece}{piece}0\r\n\r\n");
    let mut stream = wire.connect().await;
    // The server need not wait for all of it.
    let _rest_unread = stream.write_all(untold.as_bytes()).await;
    let answer = some_of(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");

    let start = Instant::now();
    let slow = format!("{head}Content-Length: 100\r\n\r\nname=adm");
    let answer = wire.say(slow.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    assert!(start.elapsed() >= SHORT);
}

#[tokio::test]
async fn one_connection_too_many_is_told_to_come_again() {
    let wire = Wire::new(Limits {
        connections: 1,
        ..Limits::default()
    })
    .await;
    let mut first = wire.connect().await;
    let open = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    first.write_all(open).await.unwrap();
    assert!(some_of(&mut first).await.starts_with("HTTP/1.1 200 "));
    let answer = wire.say(HEALTH).await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("Retry-After: 5"), "{answer}");
    assert!(answer.ends_with("try again soon\n"), "{answer}");
    drop(first);
    assert!(comes_in(&wire).await);
}

/// Whether there is room again within a few seconds.
async fn comes_in(wire: &Wire) -> bool {
    for _ in 0..50 {
        if wire.say(HEALTH).await.starts_with("HTTP/1.1 200 ") {
            return true;
        }
        sleep(Duration::from_millis(100)).await;
    }
    false
}

#[tokio::test]
async fn who_takes_nothing_of_the_answer_loses_the_place() {
    let wire = Wire::new(Limits {
        connections: 1,
        write_time: SHORT,
        ..Limits::default()
    })
    .await;
    // More than the buffers of both sides hold.
    wire.world.file("pkg/large.bin", &vec![7; 32 * 1024 * 1024]);
    let mut idle = wire.connect().await;
    idle.write_all(b"GET /pkg/large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    assert!(some_of(&mut idle).await.starts_with("HTTP/1.1 200 "));
    assert!(comes_in(&wire).await);
}

#[tokio::test]
async fn a_request_that_is_under_way_comes_to_its_end() {
    let wire = Wire::new(Limits::default()).await;
    let mut idle = wire.connect().await;
    let mut busy = wire.connect().await;
    let head = "POST /api/sign_in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 25\r\n\r\n";
    busy.write_all(head.as_bytes()).await.unwrap();
    sleep(SHORT).await;
    wire.stop();
    assert_eq!(all_of(&mut idle).await, "", "nothing was under way there");
    busy.write_all(b"name=nobody&password=none").await.unwrap();
    let answer = all_of(&mut busy).await;
    assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
    let address = wire.address;
    wire.ended().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_request_that_does_not_end_is_cut_off() {
    let wire = Wire::new(Limits {
        shutdown_time: SHORT,
        ..Limits::default()
    })
    .await;
    let mut stuck = wire.connect().await;
    let head = "POST /api/sign_in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 25\r\n\r\n";
    stuck.write_all(head.as_bytes()).await.unwrap();
    sleep(SHORT).await;
    let start = Instant::now();
    wire.stop();
    wire.ended().await;
    assert!(start.elapsed() >= SHORT);
    assert_eq!(all_of(&mut stuck).await, "");
}
