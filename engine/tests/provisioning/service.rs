//! A hook that is a service: it keeps what it was asked, and answers what a test wants.

use std::{
    fmt::Display,
    sync::{Arc, Mutex},
};

use hmac::{Hmac, KeyInit, Mac};
use hozon_engine::{
    accounts::Secret,
    provisioning::{Hook, Provisioning},
};
use serde_json::Value;
use sha2::Sha256;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const SECRET: &str = "signs what the service is asked";

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    head: String,
    body: Vec<u8>,
}

impl Asked {
    pub(crate) fn question(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn is_signed(&self) -> bool {
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(&self.body);
        let mut expected = "sha256=".to_owned();
        for byte in mac.finalize().into_bytes().as_slice() {
            expected.push_str(&format!("{byte:02x}"));
        }
        header(&self.head, "X-Hozon-Signature") == expected
    }
}

pub(crate) struct Service {
    url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Service {
    /// Gives these answers, one after another, and the last again and again; none is no answer at all.
    pub(crate) async fn answering(answers: Vec<Option<String>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hush/hook", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = asked.clone();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = request(&mut stream).await;
                let number = {
                    let mut kept = kept.lock().unwrap();
                    kept.push(request);
                    kept.len().min(answers.len()) - 1
                };
                let answer = answers[number].clone();
                tokio::spawn(async move {
                    match answer {
                        Some(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
                        None => std::future::pending().await,
                    }
                });
            }
        });
        Self { url, asked }
    }

    pub(crate) fn hook(&self) -> Provisioning {
        let secret = Secret::new(SECRET);
        Provisioning::of(Hook::service(&self.url, secret, true).unwrap())
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Comes once it was asked so often.
    pub(crate) async fn was_asked(&self, times: usize) {
        while self.asked().len() < times {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
}

/// An answer with a status and more lines of a head.
#[allow(clippy::unnecessary_wraps)] // it lies beside those that are no answer
pub(crate) fn answer(status: &str, more: &str, body: &str) -> Option<String> {
    let length = body.len();
    Some(format!(
        "HTTP/1.1 {status}\r\n{more}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    ))
}

pub(crate) fn ok(body: impl Display) -> Option<String> {
    answer(
        "200 OK",
        "content-type: application/json\r\n",
        &body.to_string(),
    )
}

async fn request(stream: &mut TcpStream) -> Asked {
    let mut bytes = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let count = stream.read(&mut piece).await.unwrap();
        assert!(count > 0, "the request ended early");
        bytes.extend_from_slice(&piece[..count]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let length: usize = header(&head, "content-length").parse().unwrap();
        if bytes.len() >= end + 4 + length {
            let body = bytes[end + 4..].to_vec();
            return Asked { head, body };
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map_or("", |(_, value)| value)
}
