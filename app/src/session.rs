//! Who is here, and the cookie that says so. The server provides what is found in the context.

use axum::{
    extract::ConnectInfo,
    http::{header, request::Parts},
};
use hozon_engine::{
    Engine,
    access::{Caller, Seen},
    accounts::Secret,
};
use hozon_model::{ErrorCode, User};
use leptos::prelude::use_context;
use url::Url;

use crate::{
    error::{AppError, AppResult},
    visit::{self, Cookie, Lifetime},
};

/// The cookie that holds a session's secret.
pub const SESSION_COOKIE: &str = "hozon_session";

/// Longer than any session lasts without a visit: the engine says when one is over, not the browser.
const SESSION_COOKIE_SECONDS: u32 = 30 * 24 * 3600;

/// Whether people reach the console by `https`; then cookies are sent nowhere else. Provided as context.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BehindTls(pub bool);

/// The address that people type, where one is configured. Provided as context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicUrl(pub Option<Url>);

/// The console's address for people, without a slash at its end: the configured one, otherwise the one by which this
/// request came.
pub(crate) fn console_address() -> String {
    if let Some(PublicUrl(Some(url))) = use_context::<PublicUrl>() {
        return url.as_str().trim_end_matches('/').to_owned();
    }
    let tls = use_context::<BehindTls>().is_some_and(|BehindTls(tls)| tls);
    let scheme = if tls { "https" } else { "http" };
    let host = use_context::<Parts>().and_then(|parts| {
        let named = parts.headers.get(header::HOST);
        let host = named.and_then(|host| host.to_str().ok().map(str::to_owned));
        host.or_else(|| parts.uri.authority().map(ToString::to_string))
    });
    host.map_or_else(String::new, |host| format!("{scheme}://{host}"))
}

/// The engine behind this console.
///
/// # Panics
/// Where the server did not provide one, which is a defect of the server.
pub(crate) fn engine() -> Engine {
    use_context().expect("the server provides the engine to every page and every server function")
}

/// Who is signed in.
pub(crate) fn user() -> Option<User> {
    use_context::<Option<User>>().flatten()
}

/// Where the request came from, for the audit.
pub(crate) fn origin() -> String {
    use_context::<Parts>()
        .and_then(|parts| {
            parts
                .extensions
                .get::<ConnectInfo<std::net::SocketAddr>>()
                .copied()
        })
        .map_or_else(
            || "console".to_owned(),
            |ConnectInfo(address)| format!("console {}", address.ip()),
        )
}

/// Who acts, with what they may do now; refused for somebody who is not signed in.
pub(crate) async fn actor() -> AppResult<Caller> {
    let (engine, origin) = (engine(), origin());
    let user = user().ok_or_else(|| {
        AppError::new(
            ErrorCode::SignInRefused,
            String::new(),
            "nobody is signed in",
        )
    })?;
    Ok(engine.caller_of(&user, &origin).await?)
}

/// What whoever is signed in may look at.
pub(crate) async fn seen() -> AppResult<Seen> {
    let engine = engine();
    Ok(engine.seen_by(actor().await?))
}

/// Hands the browser the secret of its new session.
pub(crate) fn begin(secret: &Secret) {
    visit::set_cookie(&Cookie {
        name: SESSION_COOKIE,
        value: secret.reveal(),
        lifetime: Lifetime::Seconds(SESSION_COOKIE_SECONDS),
    });
}

/// Takes the secret back, and says which it was.
pub(crate) fn end() -> Option<Secret> {
    let secret = visit::cookie(SESSION_COOKIE).map(Secret::new);
    visit::set_cookie(&Cookie {
        name: SESSION_COOKIE,
        value: "",
        lifetime: Lifetime::Over,
    });
    secret
}
