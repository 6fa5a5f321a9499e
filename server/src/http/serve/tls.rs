//! The server's own certificate: read at the start, and again when its files change, so that it can be renewed under a
//! running server. Files that do not fit together, as between the two halves of a renewal, change nothing.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use hozon_engine::{Error, ErrorCode};
use rustls::{
    ServerConfig,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(2);

/// Where certificate and key lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// PEM: the server's own certificate, then those that lead to its authority.
    pub certificate: PathBuf,
    /// PEM: its private key.
    pub key: PathBuf,
}

/// What a server shows of itself in a handshake.
#[derive(Clone)]
pub struct Certificates {
    files: TlsFiles,
    acceptor: TlsAcceptor,
    current: Arc<Current>,
    /// What `current` was made of.
    read: Arc<Contents>,
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates")
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

/// The files' bytes.
#[derive(PartialEq, Eq)]
struct Contents {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Certificates {
    /// Reads both files; TLS 1.2 and 1.3 are spoken with them.
    ///
    /// # Errors
    /// `InvalidInput` names the file that cannot be read or does not hold what it should.
    pub async fn read(files: TlsFiles) -> Result<Self, Error> {
        let provider = Arc::new(ring::default_provider());
        let read = contents(&files).await?;
        let current = Arc::new(Current(RwLock::new(certified(&files, &read, &provider)?)));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::new(ErrorCode::Internal, "TLS").caused_by(error))?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&current) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            files,
            acceptor: TlsAcceptor::from(Arc::new(config)),
            current,
            read: Arc::new(read),
        })
    }

    pub(super) fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }

    /// Takes over what the files hold whenever that changes, until told to stop.
    pub(super) async fn keep_fresh(self, stop: CancellationToken) {
        let mut seen = self.read;
        let mut unreadable = false;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK) => {}
            }
            match contents(&self.files).await {
                Ok(read) if read == *seen => unreadable = false,
                Ok(read) => {
                    unreadable = false;
                    match certified(&self.files, &read, &ring::default_provider()) {
                        Ok(key) => {
                            self.current.put(key);
                            tracing::info!("the server's certificate was read again");
                        }
                        Err(error) => {
                            tracing::warn!(%error, "the former certificate is kept");
                        }
                    }
                    seen = Arc::new(read);
                }
                Err(error) => {
                    if !unreadable {
                        tracing::warn!(%error, "the former certificate is kept");
                    }
                    unreadable = true;
                }
            }
        }
    }
}

/// The certificate that the next handshake shows.
struct Current(RwLock<Arc<CertifiedKey>>);

impl Current {
    fn put(&self, key: Arc<CertifiedKey>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = key;
    }
}

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Current(…)")
    }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&current))
    }
}

async fn contents(files: &TlsFiles) -> Result<Contents, Error> {
    Ok(Contents {
        certificate: bytes(&files.certificate).await?,
        key: bytes(&files.key).await?,
    })
}

async fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    tokio::fs::read(path).await.map_err(|error| {
        unusable(path, error.to_string()).hint("name a PEM file that this process may read")
    })
}

/// The certificate with its key, if they belong together.
fn certified(
    files: &TlsFiles,
    read: &Contents,
    provider: &CryptoProvider,
) -> Result<Arc<CertifiedKey>, Error> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read.certificate).collect();
    let chain = match chain {
        Ok(chain) if !chain.is_empty() => chain,
        _ => {
            return Err(unusable(
                &files.certificate,
                "it holds no certificate in PEM",
            ));
        }
    };
    // Why it cannot be read is not said: that could quote it.
    let key = PrivateKeyDer::from_pem_slice(&read.key)
        .map_err(|_| unusable(&files.key, "it holds no private key in PEM"))?;
    let key = CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => {
            unusable(&files.key, "the key is not that of the certificate")
                .hint("name the certificate and the key that was made for it")
        }
        error => unusable(&files.certificate, error.to_string()),
    })?;
    Ok(Arc::new(key))
}

fn unusable(path: &Path, why: impl Into<String>) -> Error {
    Error::new(ErrorCode::InvalidInput, path.display().to_string()).because(why)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn pair(name: &str) -> (String, String) {
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::new(vec![name.to_owned()])
            .unwrap()
            .self_signed(&key)
            .unwrap();
        (certificate.pem(), key.serialize_pem())
    }

    async fn reading(certificate: &str, key: &str) -> Result<Certificates, Error> {
        let directory = tempfile::tempdir().unwrap();
        let files = TlsFiles {
            certificate: directory.path().join("server.pem"),
            key: directory.path().join("server.key"),
        };
        fs::write(&files.certificate, certificate).unwrap();
        fs::write(&files.key, key).unwrap();
        Certificates::read(files).await
    }

    #[tokio::test]
    async fn only_a_certificate_with_its_key_is_taken() {
        let (certificate, key) = pair("localhost");
        let (_, other) = pair("localhost");
        let read = reading(&certificate, &key).await.unwrap();
        assert!(!format!("{read:?}").contains("BEGIN"));
        let (certificate, key, other) = (certificate.as_str(), key.as_str(), other.as_str());
        for (certificate, key, why) in [
            (certificate, other, "not that of"),
            ("", key, "no certificate"),
            (certificate, "", "no private key"),
            (certificate, certificate, "no private key"),
            ("hello", "hush", "no certificate"),
            (certificate, "hush", "no private key"),
        ] {
            let error = reading(certificate, key).await.unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
            assert!(!error.contains("hush"), "{error}");
        }
    }
}
