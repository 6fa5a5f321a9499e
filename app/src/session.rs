//! Who is here, and the cookie that says so. The server provides what is found in the context.

use axum::{
    extract::ConnectInfo,
    http::{header, request::Parts},
};
use hozon_engine::{
    Engine,
    access::{Caller, Seen, session_id},
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
pub const SESSION_COOKIE_SECONDS: u32 = 30 * 24 * 3600;

/// The cookie of somebody whose password was right and whose code is waited for. It lets nobody in by itself.
pub const SECOND_STEP_COOKIE: &str = "hozon_second_step";

/// As long as the engine waits.
const SECOND_STEP_COOKIE_SECONDS: u32 = 5 * 60;

/// Whether people reach the console by `https`; then cookies are sent nowhere else. Provided as context.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BehindTls(pub bool);

/// The address people type, where it is configured. Provided as context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicUrl(pub Option<Url>);

/// Where the console listens, as far as that is known. Provided as context.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listen(pub Option<std::net::SocketAddr>);

/// What the identity provider is called, where one lets people in. Provided as context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentityProvider(pub Option<String>);

/// Where the console listens if nothing else is said; for a page that nobody asked for.
const USUAL_HOST: &str = "localhost:8790";

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

/// What the identity provider is called, where one lets people in.
pub(crate) fn provider() -> Option<String> {
    use_context::<IdentityProvider>()?.0
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

/// Where programs reach this server, `https://hozon.example.org`: the configured address, or the one that was asked for.
pub(crate) fn reached_at() -> String {
    if let Some(PublicUrl(Some(url))) = use_context() {
        return url.origin().ascii_serialization();
    }
    let host = use_context::<Parts>().and_then(|parts| {
        let host = parts.headers.get(header::HOST)?;
        Some(host.to_str().ok()?.to_owned())
    });
    let scheme = match use_context() {
        Some(BehindTls(true)) => "https",
        _ => "http",
    };
    format!("{scheme}://{}", host.as_deref().unwrap_or(USUAL_HOST))
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

/// The secret of the session that is going on.
pub(crate) fn secret() -> Option<Secret> {
    visit::cookie(SESSION_COOKIE).map(Secret::new)
}

/// What names the session that is going on, in lists.
pub(crate) fn id() -> Option<String> {
    secret().map(|secret| session_id(&secret))
}

/// Hands the browser the secret of its new session.
pub(crate) fn begin(secret: &Secret) {
    visit::set_cookie(&Cookie {
        name: SESSION_COOKIE,
        value: secret.reveal(),
        lifetime: Lifetime::Seconds(SESSION_COOKIE_SECONDS),
    });
}

/// The secret that goes with a code.
pub(crate) fn second_step() -> Option<Secret> {
    visit::cookie(SECOND_STEP_COOKIE)
        .filter(|value| !value.is_empty())
        .map(Secret::new)
}

/// Hands the browser the secret that goes with a code.
pub(crate) fn begin_second_step(step: &Secret) {
    visit::set_cookie(&Cookie {
        name: SECOND_STEP_COOKIE,
        value: step.reveal(),
        lifetime: Lifetime::Seconds(SECOND_STEP_COOKIE_SECONDS),
    });
}

/// Takes it back.
pub(crate) fn end_second_step() {
    visit::set_cookie(&Cookie {
        name: SECOND_STEP_COOKIE,
        value: "",
        lifetime: Lifetime::Over,
    });
}

/// Takes the secret back, and says which it was.
pub(crate) fn end() -> Option<Secret> {
    let secret = secret();
    visit::set_cookie(&Cookie {
        name: SESSION_COOKIE,
        value: "",
        lifetime: Lifetime::Over,
    });
    secret
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use leptos::prelude::{Owner, provide_context};

    use super::*;

    fn asked_for(host: &str) -> Parts {
        let request = Request::builder().header(header::HOST, host).body(());
        request.expect("a request").into_parts().0
    }

    #[test]
    fn programs_reach_it_where_people_do() {
        let reached = |provide: &dyn Fn()| {
            Owner::new().with(|| {
                provide();
                reached_at()
            })
        };
        assert_eq!(reached(&|| {}), "http://localhost:8790");
        assert_eq!(
            reached(&|| provide_context(asked_for("127.0.0.1:4000"))),
            "http://127.0.0.1:4000"
        );
        let behind = |url: Option<Url>| {
            reached(&|| {
                provide_context(asked_for("hozon.internal"));
                provide_context(BehindTls(true));
                provide_context(PublicUrl(url.clone()));
            })
        };
        assert_eq!(behind(None), "https://hozon.internal");
        let typed = Url::parse("https://hozon.example.org/").expect("a URL");
        assert_eq!(behind(Some(typed)), "https://hozon.example.org");
    }
}
