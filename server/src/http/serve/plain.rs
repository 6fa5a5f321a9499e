//! What a port that speaks TLS answers to a request in the clear.
//!
//! Who only looks is sent to `https`. A request that carries something is refused: it has crossed the network in the
//! clear already, and a redirect would hide that from whoever configured it so.

use axum::{
    body::Body,
    http::{HeaderValue, Method, Request, Response, StatusCode, header},
};
use url::Url;

/// What such a request is told.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The same by `https`.
    Moved(HeaderValue),
    /// That this port speaks TLS.
    SpeaksTls,
}

impl Refusal {
    /// Looks at what was asked, never at a body.
    pub(super) fn of<B>(request: &Request<B>, public_url: Option<&Url>) -> Self {
        let looks = matches!(*request.method(), Method::GET | Method::HEAD);
        let carries = [header::AUTHORIZATION, header::COOKIE]
            .iter()
            .any(|name| request.headers().contains_key(name));
        if !looks || carries {
            return Self::SpeaksTls;
        }
        by_tls(request, public_url).map_or(Self::SpeaksTls, Self::Moved)
    }
}

/// The address that was asked for, by `https`.
fn by_tls<B>(request: &Request<B>, public_url: Option<&Url>) -> Option<HeaderValue> {
    let root = if let Some(url) = public_url.filter(|url| url.scheme() == "https") {
        url.clone()
    } else {
        let host = request.headers().get(header::HOST)?.to_str().ok()?;
        let url = Url::parse(&format!("https://{host}/")).ok()?;
        // A host and a port, and nothing that only looks like them.
        let plain = url.as_str() == url.origin().ascii_serialization() + "/";
        plain.then_some(url)?
    };
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    let root = root.as_str().trim_end_matches('/').to_owned();
    let path = if path.starts_with('/') { path } else { "/" };
    HeaderValue::from_str(&format!("{root}{path}")).ok()
}

/// The answer; the connection ends with it.
pub(super) fn refuse(refusal: &Refusal) -> Response<Body> {
    let (status, text) = match refusal {
        Refusal::Moved(_) => (
            StatusCode::PERMANENT_REDIRECT,
            "This port speaks TLS: use https.\n",
        ),
        Refusal::SpeaksTls => (
            StatusCode::BAD_REQUEST,
            "This port speaks TLS: use https. What was sent has crossed the network in the clear; if a key or a \
             password was part of it, replace it.\n",
        ),
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Refusal::Moved(location) = refusal {
        headers.insert(header::LOCATION, location.clone());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: &str, host: &str, path: &str) -> Request<()> {
        let request = Request::builder().method(method).uri(path);
        request.header(header::HOST, host).body(()).unwrap()
    }

    fn moved(to: &'static str) -> Refusal {
        Refusal::Moved(HeaderValue::from_static(to))
    }

    #[test]
    fn who_looks_is_sent_to_https() {
        let request = asked("GET", "hozon:8790", "/backups?page=2");
        assert_eq!(
            Refusal::of(&request, None),
            moved("https://hozon:8790/backups?page=2")
        );
        let public = Url::parse("https://hozon.example.org").unwrap();
        assert_eq!(
            Refusal::of(&request, Some(&public)),
            moved("https://hozon.example.org/backups?page=2")
        );
    }

    #[test]
    fn what_carries_something_is_refused() {
        let post = asked("POST", "hozon:8790", "/api/sign_in");
        assert_eq!(Refusal::of(&post, None), Refusal::SpeaksTls);
        for name in [header::AUTHORIZATION, header::COOKIE] {
            let mut request = asked("GET", "hozon:8790", "/v2/jobs");
            let secret = HeaderValue::from_static("Bearer hush");
            request.headers_mut().insert(name, secret);
            assert_eq!(Refusal::of(&request, None), Refusal::SpeaksTls);
        }
        for host in [
            "me@evil.example",
            "hozon/evil",
            "hozon?",
            "hozon#x",
            "",
            "a b",
        ] {
            let request = asked("GET", host, "/");
            assert_eq!(Refusal::of(&request, None), Refusal::SpeaksTls, "{host}");
        }
    }
}
