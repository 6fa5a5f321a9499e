//! Connections: who may open one, what it speaks, and how long it may take for what.
//!
//! HTTP/1.1 alone, in the clear or by TLS. The limits of [`Limits`] hold before a request reaches the router: one
//! connection more than there is room for is told to come again; headers that are too large or too slow, a handshake that
//! is not finished, and a client that takes nothing of its answer end the connection.

mod patient;
mod plain;
mod tls;

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, Response},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;
use url::Url;

pub use self::tls::{Certificates, TlsFiles};
use self::{
    patient::Patient,
    plain::{Refusal, refuse},
};
use super::Limits;

/// The first byte of a TLS handshake, and of no request in the clear.
const HANDSHAKE: u8 = 0x16;
/// Bytes that a connection reads ahead at most, where its headers need no more.
const BUFFER: usize = 64 * 1024;
/// How long one that is turned away has to hear it, and how many at a time.
const TURNED_AWAY_FOR: Duration = Duration::from_secs(1);
const TURNED_AWAY_AT_ONCE: usize = 64;
const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n\
    Content-Type: text/plain\r\nContent-Length: 46\r\n\r\nToo many connections are open; try again soon\n";

/// What a request came by; every request bears it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transport {
    /// Whether the connection itself speaks TLS.
    pub(super) tls: bool,
}

/// What all connections share.
struct House {
    router: Router,
    limits: Limits,
    certificates: Option<Certificates>,
    public_url: Option<Url>,
    /// No new requests.
    stop: CancellationToken,
    /// No more time.
    cut: CancellationToken,
}

/// Answers on this listener until told to stop; then lets requests come to their end, for as long as the limits say.
///
/// With certificates it speaks TLS; who comes in the clear is sent to `https`, at the public address where one is known.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    certificates: Option<Certificates>,
    public_url: Option<Url>,
    stop: CancellationToken,
) {
    let house = Arc::new(House {
        router,
        limits,
        certificates,
        public_url,
        stop: stop.clone(),
        cut: CancellationToken::new(),
    });
    let room = Arc::new(Semaphore::new(limits.connections));
    let porch = Arc::new(Semaphore::new(TURNED_AWAY_AT_ONCE));
    let connections = TaskTracker::new();
    let reload = house
        .certificates
        .clone()
        .map(|certificates| tokio::spawn(certificates.keep_fresh(stop.clone())));
    let mut full = false;
    while let Some((stream, peer)) = accept(&listener, &stop).await {
        if let Ok(permit) = Arc::clone(&room).try_acquire_owned() {
            full = false;
            connections.spawn(attend(Arc::clone(&house), stream, peer, permit));
        } else {
            if !full {
                tracing::warn!(
                    connections = limits.connections,
                    "no room for another connection"
                );
            }
            full = true;
            if let Ok(permit) = Arc::clone(&porch).try_acquire_owned() {
                let told = house.certificates.is_none();
                connections.spawn(turn_away(stream, told, permit));
            }
        }
    }
    drop(listener);
    connections.close();
    if timeout(limits.shutdown_time, connections.wait())
        .await
        .is_err()
    {
        tracing::warn!(
            connections = connections.len(),
            "not every request ended in time"
        );
        house.cut.cancel();
        connections.wait().await;
    }
    if let Some(reload) = reload
        && let Err(error) = reload.await
    {
        tracing::error!(%error, "looking after the certificate broke");
    }
}

/// The next connection; none once told to stop.
async fn accept(
    listener: &TcpListener,
    stop: &CancellationToken,
) -> Option<(TcpStream, SocketAddr)> {
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => return None,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok(connection) => return Some(connection),
            // The client's own doing, over before it began.
            Err(error) if is_of_one_connection(&error) => {
                tracing::debug!(%error, "a connection came to nothing");
            }
            // No descriptors, no memory: others have to end first.
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    )
}

/// Says that there is no room, where that can be said without a handshake.
async fn turn_away(mut stream: TcpStream, told: bool, _permit: OwnedSemaphorePermit) {
    if !told {
        return;
    }
    let telling = async {
        stream.write_all(BUSY).await?;
        stream.shutdown().await?;
        // What is closed with something unread is reset, and the answer lost with it.
        let mut unread = [0; 1024];
        while stream.read(&mut unread).await? > 0 {}
        Ok::<(), std::io::Error>(())
    };
    match timeout(TURNED_AWAY_FOR, telling).await {
        Ok(Ok(())) | Err(_) => {}
        Ok(Err(error)) => tracing::trace!(%error, "who was turned away did not wait to hear it"),
    }
}

/// One connection, from its first byte to its last.
async fn attend(
    house: Arc<House>,
    stream: TcpStream,
    peer: SocketAddr,
    _permit: OwnedSemaphorePermit,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::trace!(%error, client = %peer.ip(), "a connection ended at once");
        return;
    }
    let Some(certificates) = &house.certificates else {
        return answer(&house, stream, peer, Transport { tls: false }).await;
    };
    let greeting = async {
        let mut first = [0];
        if stream.peek(&mut first).await? == 0 {
            return Ok(None);
        }
        if first[0] != HANDSHAKE {
            return Ok(Some(Greeted::InTheClear(stream)));
        }
        let stream = certificates.acceptor().accept(stream).await?;
        Ok::<_, std::io::Error>(Some(Greeted::ByTls(Box::new(stream))))
    };
    let greeted = tokio::select! {
        biased;
        () = house.stop.cancelled() => return,
        greeted = timeout(house.limits.header_time, greeting) => greeted,
    };
    match greeted {
        Ok(Ok(Some(Greeted::ByTls(stream)))) => {
            answer(&house, stream, peer, Transport { tls: true }).await;
        }
        Ok(Ok(Some(Greeted::InTheClear(stream)))) => point_to_tls(&house, stream, peer).await,
        Ok(Ok(None)) => {}
        Ok(Err(error)) => tracing::debug!(%error, client = %peer.ip(), "a handshake failed"),
        Err(_) => tracing::debug!(client = %peer.ip(), "a handshake took too long"),
    }
}

/// How a client began.
enum Greeted {
    ByTls(Box<tokio_rustls::server::TlsStream<TcpStream>>),
    InTheClear(TcpStream),
}

/// The router's answers.
async fn answer<S>(house: &House, stream: S, peer: SocketAddr, transport: Transport)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let respond = |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        let extensions = request.extensions_mut();
        extensions.insert(ConnectInfo(peer));
        extensions.insert(transport);
        house.router.clone().oneshot(request)
    };
    speak(house, stream, peer, respond).await;
}

/// What a port that speaks TLS says to who comes in the clear.
async fn point_to_tls(house: &House, stream: TcpStream, peer: SocketAddr) {
    let respond = |request: Request<Incoming>| {
        let refusal = Refusal::of(&request, house.public_url.as_ref());
        async move { Ok::<_, Infallible>(refuse(&refusal)) }
    };
    speak(house, stream, peer, respond).await;
}

/// HTTP, until either side has enough.
async fn speak<S, F, R>(house: &House, stream: S, peer: SocketAddr, respond: F)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    F: Fn(Request<Incoming>) -> R,
    R: Future<Output = Result<Response<Body>, Infallible>>,
{
    let limits = &house.limits;
    let stream = TokioIo::new(Patient::new(stream, limits.write_time));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_header_size(limits.header_bytes)
        .max_buf_size(limits.header_bytes.max(BUFFER))
        .serve_connection(stream, service_fn(respond));
    let mut connection = pin!(connection);
    let mut stopping = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, client = %peer.ip(), "a connection was broken off");
                }
                return;
            }
            () = house.stop.cancelled(), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
            () = house.cut.cancelled() => return,
        }
    }
}
