//! Leaving for the identity provider, and coming back.
//!
//! Both are plain addresses that a browser goes to. What it left with lies in a cookie that goes nowhere but here, ends
//! within minutes, and is taken back by whatever comes of it; without it nobody comes back, so that nobody can be made
//! to sign in as somebody else.

use axum::{
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use hozon_app::session::{BehindTls, SESSION_COOKIE, SESSION_COOKIE_SECONDS};
use hozon_engine::{Engine, Error, ErrorCode, accounts::Secret};
use serde::Deserialize;
use url::form_urlencoded;

use super::{Site, address::is_local_path, headers::LeadsAway, origin, session::cookie_value};
use crate::oidc::{Door, Journey};

/// The cookie of who left and has not come back.
const COOKIE: &str = "hozon_oidc";
/// Long enough to sign in at the provider.
const SECONDS: u32 = 10 * 60;

/// Where somebody wants to go.
#[derive(Debug, Deserialize)]
pub(super) struct Leaving {
    next: Option<String>,
}

/// What the provider sends back.
#[derive(Deserialize)]
pub(super) struct Returning {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// Sends somebody to the provider.
pub(super) async fn leave(
    State(site): State<Site>,
    Query(leaving): Query<Leaving>,
    request: Parts,
) -> Response {
    let Some(door) = &site.oidc else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let next = leaving
        .next
        .filter(|next| is_local_path(next))
        .unwrap_or_else(|| "/backups".to_owned());
    match door.leave(next.clone()).await {
        Ok((url, journey)) => {
            let cookie = cookie(&request, COOKIE, &journey.carried(), "/oidc", SECONDS);
            let mut response = with_cookies(Redirect::to(url.as_str()), [cookie]);
            response.extensions_mut().insert(LeadsAway);
            response
        }
        Err(error) => back_to_the_door(&request, &error, &next),
    }
}

/// Lets somebody in whom the provider vouches for.
pub(super) async fn come_back(
    State(engine): State<Engine>,
    State(site): State<Site>,
    Query(returning): Query<Returning>,
    request: Parts,
) -> Response {
    let Some(door) = &site.oidc else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let journey = cookie_value(&request.headers, COOKIE)
        .as_deref()
        .and_then(Journey::from_cookie);
    let next = journey
        .as_ref()
        .map(|journey| journey.next.clone())
        .filter(|next| is_local_path(next))
        .unwrap_or_else(|| "/backups".to_owned());
    match admitted(&engine, door, journey, returning, &request).await {
        Ok(session) => with_cookies(
            Redirect::to(&next),
            [
                cookie(&request, COOKIE, "", "/oidc", 0),
                cookie(
                    &request,
                    SESSION_COOKIE,
                    session.reveal(),
                    "/",
                    SESSION_COOKIE_SECONDS,
                ),
            ],
        ),
        Err(error) => back_to_the_door(&request, &error, &next),
    }
}

async fn admitted(
    engine: &Engine,
    door: &Door,
    journey: Option<Journey>,
    returning: Returning,
    request: &Parts,
) -> Result<Secret, Error> {
    let failed = |why: String| Error::new(ErrorCode::ProviderFailed, "").because(why);
    let journey = journey
        .ok_or_else(|| failed("this browser did not leave from here, or too long ago".into()))?;
    if let Some(error) = returning.error {
        return Err(failed(format!("the provider says {error:?}")));
    }
    let (Some(state), Some(code)) = (returning.state, returning.code) else {
        return Err(failed("the provider sent no code".into()));
    };
    let identity = door.come_back(engine, journey, &state, code).await?;
    let from = origin::client(&request.extensions)
        .map_or_else(|| "console".to_owned(), |ip| format!("console {ip}"));
    let (_, session) = engine
        .sign_in_by_provider(&identity, door.lets_in_unknown(), &from)
        .await?;
    Ok(session)
}

/// Why it did not work stands in the log; the page says what to do.
fn back_to_the_door(request: &Parts, error: &Error, next: &str) -> Response {
    tracing::warn!(%error, "somebody could not sign in by the identity provider");
    let why = match error.code() {
        ErrorCode::ProviderFailed => "failed",
        _ => "refused",
    };
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("provider", why)
        .append_pair("next", next)
        .finish();
    with_cookies(
        Redirect::to(&format!("/sign-in?{query}")),
        [cookie(request, COOKIE, "", "/oidc", 0)],
    )
}

fn cookie(request: &Parts, name: &str, value: &str, path: &str, seconds: u32) -> HeaderValue {
    let secure = match request.extensions.get::<BehindTls>() {
        Some(BehindTls(true)) => "; Secure",
        _ => "",
    };
    let line =
        format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&line).expect("a secret and base64 are plain text")
}

fn with_cookies<const N: usize>(redirect: Redirect, cookies: [HeaderValue; N]) -> Response {
    let mut response = redirect.into_response();
    let headers: &mut HeaderMap = response.headers_mut();
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}
