//! The router behind a real socket, and what is said on it byte by byte.

use std::{net::SocketAddr, time::Duration};

use hozon_server::http::{Certificates, Limits, Site, serve};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::world::World;

/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Wire {
    pub(crate) world: World,
    pub(crate) address: SocketAddr,
    stop: CancellationToken,
    server: JoinHandle<()>,
}

impl Wire {
    pub(crate) async fn new(limits: Limits) -> Self {
        Self::with(limits, None).await
    }

    pub(crate) async fn with(limits: Limits, certificates: Option<Certificates>) -> Self {
        let world = World::with(Site {
            limits,
            ..Site::default()
        })
        .await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let server = tokio::spawn(serve(
            listener,
            world.router(),
            limits,
            certificates,
            None,
            stop.clone(),
        ));
        Self {
            world,
            address,
            stop,
            server,
        }
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends these bytes on a connection of their own; everything that comes back.
    pub(crate) async fn say(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes).await.unwrap();
        all_of(&mut stream).await
    }

    /// Tells the server to stop.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    /// Waits for its end.
    pub(crate) async fn ended(self) {
        timeout(PATIENCE, self.server).await.unwrap().unwrap();
    }
}

/// What comes until the other side closes. One that resets the connection has said all, too.
pub(crate) async fn all_of(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut answer = Vec::new();
    let reading = async {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = stream.read(&mut piece).await {
            answer.extend_from_slice(&piece[..length]);
        }
    };
    timeout(PATIENCE, reading).await.expect("an end");
    String::from_utf8_lossy(&answer).into_owned()
}

/// The first bytes that come.
pub(crate) async fn some_of(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut piece = [0; 4096];
    let length = timeout(PATIENCE, stream.read(&mut piece))
        .await
        .expect("an answer")
        .unwrap();
    String::from_utf8_lossy(&piece[..length]).into_owned()
}
