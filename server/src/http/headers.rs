//! What every answer tells the browser not to do.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use hozon_app::session::BehindTls;
use url::{Position, Url};

use super::address::is_local_path;

/// For answers that are no pages: nothing may run, nothing may frame them.
const NOTHING: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The policy of a page: code and styles from here, or with this page's nonce. One that `frames` shows pages of this
/// server inside itself; nobody frames a page of the console.
pub(super) fn page_policy(nonce: &str, frames: bool) -> String {
    // cargo-leptos tells a page by a socket on another port that it was built anew.
    let reload = if std::env::var_os("LEPTOS_WATCH").is_some() {
        " ws:"
    } else {
        ""
    };
    let framed = if frames { "frame-src 'self'; " } else { "" };
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; \
         manifest-src 'self'; connect-src 'self'{reload}; {framed}form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

/// Adds what an answer does not say by itself.
pub(super) async fn secure(State(hsts): State<Duration>, request: Request, next: Next) -> Response {
    let hsts = match request.extensions().get::<BehindTls>() {
        Some(BehindTls(true)) => only_by_tls(hsts),
        _ => None,
    };
    let mut response = next.run(request).await;
    let leads_away = response.extensions().get::<LeadsAway>().is_some();
    let headers = response.headers_mut();
    let mut default = |name, value| {
        headers.entry(name).or_insert(value);
    };
    default(header::CONTENT_SECURITY_POLICY, NOTHING);
    default(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    default(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    default(
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
    default(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if let Some(hsts) = hsts {
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(hsts);
    }
    if !leads_away {
        keep_redirect_local(headers);
    }
    response
}

/// In the extensions of an answer: its redirect leads to another host, and is meant to. Nothing that somebody sent
/// decides where to.
#[derive(Clone, Copy, Debug)]
pub(super) struct LeadsAway;

/// For how long a browser that came by TLS is to come by nothing else. Other hosts of the domain are not ours to bind.
fn only_by_tls(time: Duration) -> Option<HeaderValue> {
    let seconds = time.as_secs();
    (seconds > 0)
        .then(|| HeaderValue::from_str(&format!("max-age={seconds}")).ok())
        .flatten()
}

/// Whatever put it there: a redirect never leads to another host. An absolute address (a form sends
/// people back to its `Referer`) keeps only what lies behind the host.
fn keep_redirect_local(headers: &mut HeaderMap) {
    let Some(location) = headers.get(header::LOCATION) else {
        return;
    };
    let location = location.to_str().unwrap_or_default();
    if is_local_path(location) {
        return;
    }
    let path = Url::parse(location)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .map(|url| url[Position::BeforePath..].to_owned())
        .filter(|path| is_local_path(path))
        .and_then(|path| HeaderValue::from_str(&path).ok())
        .unwrap_or(HeaderValue::from_static("/"));
    headers.insert(header::LOCATION, path);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_on_this_server() {
        for (location, kept) in [
            ("/backups?page=2", "/backups?page=2"),
            (
                "http://localhost:8790/backups?page=2#x",
                "/backups?page=2#x",
            ),
            ("https://evil.example/backups", "/backups"),
            ("https://evil.example//other.example", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("javascript:alert(1)", "/"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(
                header::LOCATION,
                location.parse().expect("a header's value"),
            );
            keep_redirect_local(&mut headers);
            assert_eq!(headers[header::LOCATION], kept, "{location}");
        }
    }
}
