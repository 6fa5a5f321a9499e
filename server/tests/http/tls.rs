//! TLS that the server speaks itself, with certificates made here.

use std::{fs, path::Path, sync::Arc, time::Duration};

use hozon_server::http::{Certificates, Limits, TlsFiles};
use rustls::{
    ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
    version::{TLS12, TLS13},
};
use tempfile::TempDir;
use tokio::{io::AsyncWriteExt, net::TcpStream, time::sleep};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::wire::{Wire, all_of, some_of};

const HEALTH: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// Puts a new certificate for `localhost` into this directory; its PEM.
fn renew(directory: &Path) -> String {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .self_signed(&key)
        .unwrap();
    // As a renewal does: for a moment they do not belong together.
    fs::write(directory.join("server.pem"), certificate.pem()).unwrap();
    fs::write(directory.join("server.key"), key.serialize_pem()).unwrap();
    certificate.pem()
}

async fn wire(limits: Limits) -> (Wire, TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let certificate = renew(directory.path());
    let files = TlsFiles {
        certificate: directory.path().join("server.pem"),
        key: directory.path().join("server.key"),
    };
    let certificates = Certificates::read(files).await.unwrap();
    let wire = Wire::with(limits, Some(certificates)).await;
    (wire, directory, certificate)
}

/// Shakes hands with who shows this certificate.
async fn connect(
    wire: &Wire,
    certificate: &str,
    versions: &[&'static SupportedProtocolVersion],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut trusted = RootCertStore::empty();
    trusted
        .add(CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap())
        .unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(trusted)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
        .connect(
            ServerName::try_from("localhost").unwrap(),
            wire.connect().await,
        )
        .await
}

#[tokio::test]
async fn the_console_answers_by_tls() {
    let (wire, _directory, certificate) = wire(Limits::default()).await;
    for (version, spoken) in [
        (&TLS12, ProtocolVersion::TLSv1_2),
        (&TLS13, ProtocolVersion::TLSv1_3),
    ] {
        let mut stream = connect(&wire, &certificate, &[version]).await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(spoken));
        stream.write_all(HEALTH).await.unwrap();
        let answer = all_of(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(
            answer.contains("strict-transport-security: max-age=31536000\r\n"),
            "{answer}"
        );
    }
    wire.stop();
    wire.ended().await;
}

#[tokio::test]
async fn who_comes_in_the_clear_is_sent_to_https() {
    let (wire, _directory, _) = wire(Limits::default()).await;
    let answer = wire
        .say(b"GET /backups?page=2 HTTP/1.1\r\nHost: localhost:8790\r\n\r\n")
        .await;
    assert!(answer.starts_with("HTTP/1.1 308 "), "{answer}");
    assert!(
        answer.contains("location: https://localhost:8790/backups?page=2\r\n"),
        "{answer}"
    );
    let answer = wire
        .say(b"GET /v2/jobs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer hush\r\n\r\n")
        .await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("use https"), "{answer}");
    assert!(
        !answer.contains("hush") && !answer.contains("location"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_handshake_that_is_not_finished_is_given_up() {
    let (wire, _directory, certificate) = wire(Limits {
        connections: 1,
        header_time: Duration::from_millis(300),
        ..Limits::default()
    })
    .await;
    for beginning in [&b""[..], b"\x16\x03\x01", b"\x16\x03\x01\x00\x05hello"] {
        let mut stream = wire.connect().await;
        stream.write_all(beginning).await.unwrap();
        let said = all_of(&mut stream).await;
        assert!(!said.contains("HTTP"), "{said}");
        sleep(Duration::from_millis(100)).await;
    }
    let mut stream = connect(&wire, &certificate, &[&TLS13]).await.unwrap();
    stream.write_all(HEALTH).await.unwrap();
    assert!(some_of(&mut stream).await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_without_a_new_start() {
    let (wire, directory, first) = wire(Limits::default()).await;
    assert!(connect(&wire, &first, &[&TLS13]).await.is_ok());

    // Half of a renewal changes nothing.
    let key = fs::read(directory.path().join("server.key")).unwrap();
    let second = renew(directory.path());
    let renewed = fs::read(directory.path().join("server.key")).unwrap();
    fs::write(directory.path().join("server.key"), key).unwrap();
    sleep(Duration::from_secs(5)).await;
    assert!(connect(&wire, &first, &[&TLS13]).await.is_ok());

    fs::write(directory.path().join("server.key"), renewed).unwrap();
    for _ in 0..50 {
        if connect(&wire, &second, &[&TLS13]).await.is_ok() {
            assert!(connect(&wire, &first, &[&TLS13]).await.is_err());
            return;
        }
        sleep(Duration::from_millis(200)).await;
    }
    panic!("the former certificate is still shown");
}
