//! Where a request comes from, and what it wants.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{Extensions, HeaderMap, header},
    middleware::Next,
    response::Response,
};

use super::Site;

/// The address of the client, for the audit and for slowing down who guesses passwords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ClientAddress(pub(super) String);

/// Puts [`ClientAddress`] into the request.
pub(super) async fn note_client(
    State(site): State<Site>,
    mut request: Request,
    next: Next,
) -> Response {
    let address = client(request.headers(), request.extensions(), site.behind_tls);
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

/// Behind a proxy the last entry of `X-Forwarded-For` is the proxy's own word; earlier ones are anybody's.
fn client(headers: &HeaderMap, extensions: &Extensions, behind_proxy: bool) -> String {
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .and_then(|entry| entry.trim().parse::<std::net::IpAddr>().ok())
        .filter(|_| behind_proxy);
    match (forwarded, extensions.get::<ConnectInfo<SocketAddr>>()) {
        (Some(ip), _) => ip.to_string(),
        (None, Some(ConnectInfo(peer))) => peer.ip().to_string(),
        (None, None) => "unknown".to_owned(),
    }
}

/// Whether a page can be shown: somebody navigates or sends a plain form.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_that_is_known_is_believed() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            "6.6.6.6, 10.1.2.3".parse().expect("a value"),
        );
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 5000))));
        assert_eq!(client(&headers, &extensions, true), "10.1.2.3");
        assert_eq!(client(&headers, &extensions, false), "127.0.0.1");
    }
}
