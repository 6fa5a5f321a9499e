//! A Hozon elsewhere, and how it is asked.
//!
//! The key goes to the server that was named and to no other: redirects are not followed, and by plain `http` it goes to
//! this machine alone, unless `--insecure` says otherwise.

use std::{fmt, time::Duration};

use hozon_engine::{Error, ErrorCode, Result};
use hozon_model::ErrorReport;
use reqwest::{Certificate, Client, Method, StatusCode, header};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use url::{Host, Url};

const CONNECT_PATIENCE: Duration = Duration::from_secs(10);
/// Plans list what lies on storages, and can take their time.
const ANSWER_PATIENCE: Duration = Duration::from_mins(5);
/// How often a server may ask for a pause before it is an error.
const PAUSES: u32 = 20;
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// A Hozon elsewhere, and the key that opens it.
#[derive(Clone)]
pub(super) struct Remote {
    client: Client,
    base: Url,
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}

/// What a refusal holds.
#[derive(Deserialize)]
struct Refusal {
    error: ErrorReport,
}

impl Remote {
    /// Checks an address and makes ready to ask it.
    pub(super) fn new(
        server: &str,
        key: &str,
        authority: Option<&str>,
        insecure: bool,
    ) -> Result<Self> {
        let base = base(server)?;
        if base.scheme() == "http" && !is_this_machine(&base) && !insecure {
            return Err(
                unacceptable(server, "the key would cross the network in the clear")
                    .hint("use `https`; or say `--insecure` if everybody on the way may read it"),
            );
        }
        let mut bearer = header::HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| {
            unacceptable("API key", "it holds what no key holds")
                .hint("give the key as `hozon key create` printed it")
        })?;
        bearer.set_sensitive(true);
        let mut client = Client::builder()
            .user_agent(concat!("hozon/", env!("CARGO_PKG_VERSION")))
            .default_headers([(header::AUTHORIZATION, bearer)].into_iter().collect())
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_PATIENCE)
            .timeout(ANSWER_PATIENCE);
        if base.scheme() == "http" {
            // A proxy would be somebody on the way.
            client = client.no_proxy();
        }
        if let Some(authority) = authority {
            let certificates = Certificate::from_pem_bundle(authority.as_bytes())
                .map_err(|error| unacceptable("server CA file", error.to_string()))?;
            client = client.tls_certs_only(certificates);
        }
        let client = client
            .build()
            .map_err(|error| Error::new(ErrorCode::Internal, "HTTP client").caused_by(error))?;
        Ok(Self { client, base })
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T> {
        self.ask(Method::GET, path, None::<&()>).await
    }

    pub(super) async fn post<B: Serialize, T: DeserializeOwned>(
        &self,
        path: &[&str],
        body: &B,
    ) -> Result<T> {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub(super) async fn put<B: Serialize, T: DeserializeOwned>(
        &self,
        path: &[&str],
        body: &B,
    ) -> Result<T> {
        self.ask(Method::PUT, path, Some(body)).await
    }

    pub(super) async fn delete(&self, path: &[&str]) -> Result<()> {
        self.ask(Method::DELETE, path, None::<&()>).await
    }

    /// Asks, and again after each pause that the server asks for.
    async fn ask<B: Serialize, T: DeserializeOwned>(
        &self,
        method: Method,
        path: &[&str],
        body: Option<&B>,
    ) -> Result<T> {
        let url = self.url(path);
        let body = body
            .map(serde_json::to_vec)
            .transpose()
            .map_err(|error| Error::new(ErrorCode::Internal, "JSON").caused_by(error))?;
        let mut pauses = 0;
        loop {
            let mut request = self.client.request(method.clone(), url.clone());
            if let Some(body) = &body {
                request = request
                    .header(header::CONTENT_TYPE, "application/json")
                    .body(body.clone());
            }
            let answer = request.send().await.map_err(|error| self.lost(error))?;
            let status = answer.status();
            if status == StatusCode::TOO_MANY_REQUESTS && pauses < PAUSES {
                pauses += 1;
                tokio::time::sleep(pause(answer.headers())).await;
                continue;
            }
            let bytes = answer.bytes().await.map_err(|error| self.lost(error))?;
            return self.read(status, &bytes);
        }
    }

    fn read<T: DeserializeOwned>(&self, status: StatusCode, bytes: &[u8]) -> Result<T> {
        if status.is_success() {
            return serde_json::from_slice(bytes).map_err(|error| {
                self.strange(format!("its answer is not one of this version: {error}"))
            });
        }
        match serde_json::from_slice::<Refusal>(bytes) {
            Ok(Refusal { error }) => Err(error.into()),
            Err(_) if status.is_redirection() => Err(self
                .strange(format!("it sends elsewhere ({status})"))
                .hint("name the address where it answers itself; where it speaks TLS, begin with `https`")),
            Err(_) => Err(self.strange(format!("it answers with {status}"))),
        }
    }

    /// Below the base; each part stays one part, whatever it holds.
    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .expect("a web address has a path")
            .pop_if_empty()
            .extend(hozon_api::own::BASE.split('/').skip(1))
            .extend(path);
        url
    }

    fn lost(&self, error: reqwest::Error) -> Error {
        let code = if error.is_timeout() && !error.is_connect() {
            ErrorCode::TimedOut
        } else {
            ErrorCode::ServerUnreachable
        };
        Error::new(code, self.name())
            .caused_by(error.without_url())
            .hint(
                "see whether `hozon serve` runs there, and whether its certificate is trusted here",
            )
    }

    fn strange(&self, why: String) -> Error {
        Error::new(ErrorCode::ServerUnreachable, self.name())
            .because(why)
            .hint("see whether a `hozon serve` of this version answers there")
    }

    fn name(&self) -> String {
        self.base.as_str().trim_end_matches('/').to_owned()
    }
}

fn pause(headers: &header::HeaderMap) -> Duration {
    headers
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .map_or(Duration::from_secs(1), Duration::from_secs)
        .min(LONGEST_PAUSE)
}

fn base(server: &str) -> Result<Url> {
    let problem =
        |why: String| unacceptable(server, why).hint("write it like `https://hozon.example.org`");
    let url = Url::parse(server).map_err(|error| problem(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(problem("it is no web address".to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let why = "it holds a user or a password, and only an API key opens a server".to_owned();
        return Err(Error::new(ErrorCode::InvalidInput, "--server")
            .because(why)
            .hint("write it like `https://hozon.example.org`"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(problem("it holds more than a host and a path".to_owned()));
    }
    Ok(url)
}

/// Whether what is sent there stays on this machine. A name other than `localhost` may be anybody's tomorrow.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn unacceptable(subject: &str, why: impl Into<String>) -> Error {
    Error::new(ErrorCode::InvalidInput, subject).because(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(server: &str, insecure: bool) -> Result<Remote> {
        Remote::new(server, "hozon_hush", None, insecure)
    }

    #[test]
    fn a_key_goes_in_the_clear_to_this_machine_alone() {
        for server in [
            "https://hozon.example.org",
            "http://localhost:8790",
            "http://127.0.0.1:8790/",
            "http://[::1]:8790",
        ] {
            assert!(remote(server, false).is_ok(), "{server}");
        }
        for server in [
            "http://hozon.example.org",
            "http://10.0.0.1:8790",
            "http://localhost.example.org",
            "http://0.0.0.0:8790",
            "http://[::2]:8790",
        ] {
            let error = remote(server, false).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidInput, "{server}");
            assert!(error.to_string().contains("in the clear"), "{error}");
            assert!(remote(server, true).is_ok(), "{server}");
        }
    }

    #[test]
    fn only_a_web_address_is_a_server() {
        for server in [
            "hozon.example.org",
            "localhost:8790",
            "ftp://hozon.example.org",
            "https://hozon.example.org/?a=b",
            "https://hozon.example.org/#a",
        ] {
            assert!(remote(server, false).is_err(), "{server}");
        }
        let error = remote("https://me:hush@hozon.example.org", false).unwrap_err();
        assert!(!error.to_string().contains("hush"), "{error}");
        let remote = Remote::new("https://hozon.example.org", "a\nb", None, false);
        assert!(!remote.unwrap_err().to_string().contains('\n'));
    }

    #[test]
    fn names_stay_one_part_of_the_path() {
        let remote = remote("https://example.org/hozon/", false).unwrap();
        let url = remote.url(&["backups", "毎日/1?x"]);
        assert_eq!(
            url.as_str(),
            "https://example.org/hozon/hozon/v1/backups/%E6%AF%8E%E6%97%A5%2F1%3Fx"
        );
        assert!(!format!("{remote:?}").contains("hush"));
    }

    #[test]
    fn a_refusal_is_told_as_it_is_here() {
        let remote = remote("https://example.org", false).unwrap();
        let body =
            br#"{"error":{"code":"backup_not_found","subject":"x","detail":"","hint":"look"}}"#;
        let error = remote
            .read::<()>(StatusCode::UNPROCESSABLE_ENTITY, body)
            .unwrap_err();
        assert_eq!(error.code(), ErrorCode::BackupNotFound);
        assert_eq!(error.report().hint, "look");
        for (status, body) in [
            (StatusCode::OK, "<html>"),
            (StatusCode::BAD_GATEWAY, "<html>"),
            (StatusCode::PERMANENT_REDIRECT, ""),
            (StatusCode::NOT_FOUND, "Nothing is here.\n"),
        ] {
            let error = remote.read::<bool>(status, body.as_bytes()).unwrap_err();
            assert_eq!(error.code(), ErrorCode::ServerUnreachable, "{status}");
        }
    }
}
