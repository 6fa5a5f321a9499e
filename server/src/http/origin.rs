//! Where a request comes from, how it came, and what it wants.
//!
//! `X-Forwarded-For` and `X-Forwarded-Proto` are anybody's to write. They count only where the one that connects is a
//! proxy that the configuration names.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{Extensions, HeaderMap, header},
    middleware::Next,
    response::Response,
};
use hozon_app::session::BehindTls;
use ipnet::IpNet;

use super::{Site, serve::Transport};

/// What lies between a client and this server.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// Whether a proxy speaks TLS, for every request.
    behind_tls: bool,
    /// The proxies whose word counts.
    trusted: Arc<[IpNet]>,
}

impl Way {
    pub(super) fn to(site: &Site) -> Self {
        Self {
            behind_tls: site.behind_tls,
            trusted: site.trusted_proxies.clone().into(),
        }
    }

    fn trusts(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.trusted.iter().any(|net| net.contains(&ip))
    }
}

/// Makes [`ConnectInfo`] name the client and [`BehindTls`] say how it came, with the word of a proxy that is trusted.
pub(super) async fn note_client(
    State(way): State<Way>,
    mut request: Request,
    next: Next,
) -> Response {
    let transport = request.extensions().get::<Transport>();
    let mut tls = way.behind_tls || transport.is_some_and(|transport| transport.tls);
    let trusted = |ip: IpAddr| way.trusts(ip);
    if client(request.extensions()).is_some_and(trusted) {
        tls |= forwarded_by_tls(request.headers());
        if let Some(ip) = forwarded(request.headers(), trusted) {
            let client = ConnectInfo(SocketAddr::new(ip, 0));
            request.extensions_mut().insert(client);
        }
    }
    request.extensions_mut().insert(BehindTls(tls));
    next.run(request).await
}

/// Read from its end, as each proxy adds to it the address that it saw: the first one that is no proxy of ours. Whatever
/// stands before that is anybody's word.
fn forwarded(headers: &HeaderMap, trusted: impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
    let mut nearest = None;
    for value in headers.get_all("x-forwarded-for").iter().rev() {
        let Ok(list) = value.to_str() else {
            return nearest;
        };
        for entry in list.rsplit(',') {
            let Some(ip) = address(entry.trim()) else {
                return nearest;
            };
            nearest = Some(ip);
            if !trusted(ip) {
                return nearest;
            }
        }
    }
    nearest
}

/// An address, with a port or without.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    bare.parse::<IpAddr>()
        .or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()))
        .ok()
        .map(|ip| ip.to_canonical())
}

/// Whether the last proxy was asked by `https`.
fn forwarded_by_tls(headers: &HeaderMap) -> bool {
    headers
        .get_all("x-forwarded-proto")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok()?.rsplit(',').next())
        .is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https"))
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

    fn headers(name: &'static str, values: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for &value in values {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn the_client_is_the_last_that_is_no_proxy_of_ours() {
        let ours = |ip: IpAddr| matches!(ip, IpAddr::V4(ip) if ip.octets()[0] == 10);
        let cases: &[(&[&'static str], Option<&str>)] = &[
            (&[], None),
            (&["6.6.6.6"], Some("6.6.6.6")),
            (&["6.6.6.6", "7.7.7.7, 10.1.2.3"], Some("7.7.7.7")),
            (&["6.6.6.6, 10.1.2.3"], Some("6.6.6.6")),
            (&["10.1.2.3"], Some("10.1.2.3")),
            (&["10.9.9.9, 10.1.2.3"], Some("10.9.9.9")),
            (&["6.6.6.6, unknown, 10.1.2.3"], Some("10.1.2.3")),
            (&["unknown"], None),
            (&["7.7.7.7:4711"], Some("7.7.7.7")),
            (&["[2001:db8::7]:4711"], Some("2001:db8::7")),
            (&["[2001:db8::7]"], Some("2001:db8::7")),
            (&["2001:db8::7"], Some("2001:db8::7")),
            (&["6.6.6.6, ::ffff:10.1.2.3"], Some("6.6.6.6")),
        ];
        for (values, client) in cases {
            let client = client.map(|ip| ip.parse::<IpAddr>().expect("an address"));
            let found = forwarded(&headers("x-forwarded-for", values), ours);
            assert_eq!(found, client, "{values:?}");
        }
    }

    #[test]
    fn the_last_word_on_the_protocol_counts() {
        let cases: &[(&[&'static str], bool)] = &[
            (&[], false),
            (&["https"], true),
            (&["HTTPS"], true),
            (&["http"], false),
            (&["https, http"], false),
            (&["https", "http"], false),
            (&["http", "https"], true),
        ];
        for (values, tls) in cases {
            let found = forwarded_by_tls(&headers("x-forwarded-proto", values));
            assert_eq!(found, *tls, "{values:?}");
        }
    }
}
