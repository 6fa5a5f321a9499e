//! Where a request comes from, and what it wants.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{Extensions, HeaderMap, header},
    middleware::Next,
    response::Response,
};

use super::Site;

/// Makes [`ConnectInfo`] name the client, where what connects is a proxy that is known.
pub(super) async fn note_client(
    State(site): State<Site>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(ip) = forwarded(request.headers()).filter(|_| site.behind_tls) {
        let client = ConnectInfo(SocketAddr::new(ip, 0));
        request.extensions_mut().insert(client);
    }
    next.run(request).await
}

/// The last entry of `X-Forwarded-For` is the proxy's own word; earlier ones are anybody's.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// The address of the client.
pub(super) fn client(extensions: &Extensions) -> Option<IpAddr> {
    extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(address)| address.ip())
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
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_the_last_proxy_is_believed() {
        let mut headers = HeaderMap::new();
        assert_eq!(forwarded(&headers), None);
        headers.append("x-forwarded-for", HeaderValue::from_static("6.6.6.6"));
        headers.append(
            "x-forwarded-for",
            HeaderValue::from_static("7.7.7.7, 10.1.2.3"),
        );
        assert_eq!(forwarded(&headers), Some(IpAddr::from([10, 1, 2, 3])));
        headers.append("x-forwarded-for", HeaderValue::from_static("unknown"));
        assert_eq!(forwarded(&headers), None);
    }
}
