//! A way to a server that can fall silent: connections stay, and nothing comes back.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// Passes bytes on both ways until it falls silent.
pub(crate) struct Relay {
    /// Where it listens, as an address of a Milvus.
    pub(crate) address: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    silent: AtomicBool,
    swallowed: Notify,
}

impl Relay {
    pub(crate) async fn to(address: &str) -> Self {
        let target = address.rsplit('/').next().unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let state = Arc::new(State::default());
        let relay = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            state: state.clone(),
        };
        tokio::spawn(async move {
            while let Ok((from, _)) = listener.accept().await {
                let (from_read, from_write) = from.into_split();
                let (to_read, to_write) = TcpStream::connect(&target).await.unwrap().into_split();
                tokio::spawn(pass(from_read, to_write, state.clone()));
                tokio::spawn(pass(to_read, from_write, state.clone()));
            }
        });
        relay
    }

    pub(crate) fn fall_silent(&self) {
        self.state.silent.store(true, Ordering::SeqCst);
    }

    /// Comes when somebody has sent what is not passed on any more.
    pub(crate) async fn asked_in_vain(&self) {
        self.state.swallowed.notified().await;
    }
}

async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    state: Arc<State>,
) {
    let mut piece = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut piece).await {
        if state.silent.load(Ordering::SeqCst) {
            state.swallowed.notify_one();
        } else if to.write_all(&piece[..read]).await.is_err() {
            return;
        }
    }
}
