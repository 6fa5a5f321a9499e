//! Cookies: read from a request, written to its answer.

use axum::http::{HeaderMap, HeaderValue, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::session::BehindTls;

/// How long a browser keeps a cookie.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lifetime {
    /// This many seconds.
    Seconds(u32),
    /// Not at all: the cookie is removed.
    Over,
}

/// A cookie to be set.
#[derive(Debug)]
pub(crate) struct Cookie<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its value: letters, digits and `-_.~` only.
    pub value: &'a str,
    /// How long it lives.
    pub lifetime: Lifetime,
}

/// Reads a cookie. Values that cannot be text count as absent.
pub(super) fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| {
            url::form_urlencoded::parse(format!("v={value}").as_bytes())
                .map(|(_, value)| value.into_owned())
                .next()
        })?
}

/// Adds a cookie to the answer. No script of a page can read it.
pub(crate) fn set_cookie(cookie: &Cookie<'_>) {
    let seconds = match cookie.lifetime {
        Lifetime::Seconds(seconds) => seconds,
        Lifetime::Over => 0,
    };
    let secure = if use_context::<BehindTls>().is_some_and(|BehindTls(tls)| tls) {
        "; Secure"
    } else {
        ""
    };
    let line = format!(
        "{}={}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
        cookie.name, cookie.value
    );
    if let (Some(response), Ok(value)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&line),
    ) {
        response.append_header(header::SET_COOKIE, value);
    } else {
        tracing::error!(cookie = cookie.name, "a cookie could not be set");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_one_cookie_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=1; hozon_zone=Asia%2FTokyo; b=2"),
        );
        assert_eq!(read(&headers, "hozon_zone").as_deref(), Some("Asia/Tokyo"));
        assert_eq!(read(&headers, "hozon"), None);
    }
}
