//! Refuses what another site makes a signed-in browser send.
//!
//! Browsers say where a request comes from: `Sec-Fetch-Site` on trustworthy origins, `Origin` on
//! every cross-origin POST. A request with neither comes from no browser, and so carries no cookie
//! that somebody else could have used.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use url::Url;

use super::Site;

/// Answers 403 to a changing request that did not start on this console's own pages.
pub(super) async fn refuse_cross_site(
    State(site): State<Site>,
    request: Request,
    next: Next,
) -> Response {
    let changes = !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if changes && is_cross_site(request.headers(), site.public_url.as_ref()) {
        tracing::warn!(
            path = request.uri().path(),
            "refused a request from another site"
        );
        return (
            StatusCode::FORBIDDEN,
            "This request came from another site and was refused.\n",
        )
            .into_response();
    }
    next.run(request).await
}

fn is_cross_site(headers: &HeaderMap, public_url: Option<&Url>) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else {
        return false;
    };
    let Ok(origin) = Url::parse(origin) else {
        return true;
    };
    if public_url.is_some_and(|url| url.origin() == origin.origin()) {
        return false;
    }
    let host = text(header::HOST.as_str())
        .and_then(|host| Url::parse(&format!("{}://{host}/", origin.scheme())).ok());
    host.is_none_or(|host| host.origin() != origin.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    name.parse().expect("a header's name"),
                    value.parse().expect("a header's value"),
                )
            })
            .collect()
    }

    #[test]
    fn what_a_browser_says_decides() {
        let public = Url::parse("https://hozon.example.org").expect("a URL");
        let cases: &[(&[(&str, &str)], bool)] = &[
            (&[("sec-fetch-site", "same-origin")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("sec-fetch-site", "same-site")], true),
            (&[("sec-fetch-site", "cross-site")], true),
            (
                &[
                    ("origin", "http://localhost:8790"),
                    ("host", "localhost:8790"),
                ],
                false,
            ),
            (
                &[
                    ("origin", "http://localhost:8791"),
                    ("host", "localhost:8790"),
                ],
                true,
            ),
            (
                &[
                    ("origin", "https://hozon.example.org"),
                    ("host", "127.0.0.1:8790"),
                ],
                false,
            ),
            (
                &[
                    ("origin", "http://hozon.example.org"),
                    ("host", "127.0.0.1:8790"),
                ],
                true,
            ),
            (
                &[
                    ("origin", "https://evil.example"),
                    ("host", "hozon.example.org"),
                ],
                true,
            ),
            (&[("origin", "null"), ("host", "localhost:8790")], true),
            (&[("origin", "http://localhost:8790")], true),
            (&[("host", "localhost:8790")], false),
        ];
        for (pairs, refused) in cases {
            let pairs: Vec<(&'static str, &str)> = pairs.to_vec();
            assert_eq!(
                is_cross_site(&headers(&pairs), Some(&public)),
                *refused,
                "{pairs:?}"
            );
        }
    }
}
