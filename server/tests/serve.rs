//! `hozon serve` as a process: it says where it is and where the first owner is made, and stops when asked.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

use std::{
    io::{BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Deserializer, Value};

struct Server {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Server {
    fn start(home: &Path, variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hozon"))
            .args(["serve", "--port", "0", "--json"])
            .env_clear()
            .env("HOME", home)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdout }
    }

    /// What it prints once it answers.
    fn started(&mut self) -> Value {
        Deserializer::from_reader(&mut self.stdout)
            .into_iter()
            .next()
            .expect("an answer")
            .unwrap()
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args(["-s", name, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(status.success());
    }

    /// Waits for the end; its exit code.
    fn ended(&mut self) -> Option<i32> {
        let deadline = Instant::now() + Duration::from_secs(25);
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("it does not stop");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Only where a test failed before the end; a dead process cannot be killed again.
        let _dead = self.child.kill();
        let _waited = self.child.wait();
    }
}

fn get(url: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn every_start_prints_a_link_to_the_set_up_until_there_is_somebody() {
    let home = tempfile::tempdir().unwrap();
    let mut server = Server::start(home.path(), &[]);
    let started = server.started();
    let console = started["console"].as_str().unwrap();
    assert!(console.starts_with("http://127.0.0.1:"), "{console}");
    assert!(get(&format!("{console}healthz")).starts_with("HTTP/1.1 200"));
    assert!(get(&format!("{console}readyz")).starts_with("HTTP/1.1 200"));
    let link = started["sign_in_link"].as_str().unwrap();
    let (page, token) = link.split_once("?token=").unwrap();
    assert_eq!(page, format!("{console}set-up"));
    assert_eq!(token.len(), 40, "{link}");
    assert!(get(link).starts_with("HTTP/1.1 200"));
    assert!(get(console).contains("location: /set-up"));
    server.signal("TERM");
    assert_eq!(server.ended(), Some(0));

    let mut again = Server::start(home.path(), &[]);
    let started = again.started();
    let console = started["console"].as_str().unwrap();
    let other = started["sign_in_link"].as_str().unwrap();
    assert!(get(other).starts_with("HTTP/1.1 200"));
    let old = get(&format!("{console}set-up?token={token}"));
    assert!(
        old.starts_with("HTTP/1.1 403"),
        "only the newest one counts"
    );

    // Whoever is at the server itself lets the owner in meanwhile, and the link ends.
    let link = Command::new(env!("CARGO_BIN_EXE_hozon"))
        .args(["admin", "link", "--base-url", console])
        .env_clear()
        .env("HOME", home.path())
        .output()
        .unwrap();
    let link = String::from_utf8(link.stdout).unwrap();
    assert!(get(link.trim()).starts_with("HTTP/1.1 200"), "{link}");
    assert!(get(console).contains("location: /sign-in"));
    again.signal("INT");
    assert_eq!(again.ended(), Some(0));

    let mut last = Server::start(home.path(), &[]);
    assert_eq!(
        last.started().get("sign_in_link"),
        None,
        "there is somebody"
    );
    last.signal("TERM");
    assert_eq!(last.ended(), Some(0));
}

#[test]
fn a_first_password_makes_a_link_needless() {
    let home = tempfile::tempdir().unwrap();
    let mut server = Server::start(
        home.path(),
        &[
            ("HOZON_ADMIN_PASSWORD", "correct horse battery"),
            ("HOZON_PUBLIC_URL", "https://hozon.example.org"),
        ],
    );
    let started = server.started();
    assert_eq!(started["console"], "https://hozon.example.org/");
    assert_eq!(started.get("sign_in_link"), None);
    server.signal("TERM");
    assert_eq!(server.ended(), Some(0));
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_hozon"))
        .args(["serve", "--port", &port])
        .env_clear()
        .env("HOME", home.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains(&format!("`127.0.0.1:{port}`")) && said.contains("hint:"),
        "{said}"
    );
}
