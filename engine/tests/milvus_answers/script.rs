//! A small server that says whatever a test wants.

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use bytes::{BufMut as _, Bytes, BytesMut};
use futures::future::BoxFuture;
use hozon_engine::source::{
    Milvus,
    milvus::{MilvusAddress, connect},
};
use http_body_util::Full;
use milvus::proto::milvus::GetVersionResponse;
use prost::Message;
use tonic::{
    Code,
    transport::{Identity, Server, ServerTlsConfig, server::TcpIncoming},
};

/// What to answer to an RPC.
#[derive(Clone)]
pub(crate) enum Say {
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
pub(crate) fn serve(script: Vec<(&'static str, Say)>, identity: Option<Identity>) -> String {
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

pub(crate) fn plain(script: Vec<(&'static str, Say)>) -> MilvusAddress {
    MilvusAddress {
        url: format!("http://{}", serve(script, None)),
        user: None,
        token: None,
        ca_certificate: None,
    }
}

pub(crate) async fn talk_to(script: Vec<(&'static str, Say)>) -> Arc<dyn Milvus> {
    connect(&plain(script)).await.unwrap()
}

pub(crate) fn say(message: &impl Message) -> Say {
    Say::Message(message.encode_to_vec())
}

pub(crate) fn say_each<M: Message>(messages: impl IntoIterator<Item = M>) -> Say {
    let answers = messages
        .into_iter()
        .map(|message| message.encode_to_vec())
        .collect();
    Say::Each(Arc::new(Mutex::new(answers)))
}
