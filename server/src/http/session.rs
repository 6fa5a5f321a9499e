//! Who asks: the session cookie becomes a user, and pages need one.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use hozon_engine::{Engine, accounts::Secret};
use hozon_model::User;
use url::form_urlencoded;

use super::{address::is_local_path, origin};

/// The cookie that holds a session's secret.
pub(crate) const COOKIE: &str = "hozon_session";

/// Puts `Option<User>` into the request, and turns away who is not signed in and must be.
pub(super) async fn require_user(
    State(engine): State<Engine>,
    mut request: Request,
    next: Next,
) -> Response {
    let user = match cookie(request.headers()) {
        Some(secret) => match engine.session(&secret).await {
            Ok(user) => user,
            Err(error) => {
                tracing::error!(%error, "a session cannot be looked up");
                return (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "The catalog does not answer; see the server's log.\n",
                )
                    .into_response();
            }
        },
        None => None,
    };
    let path = request.uri().path();
    if user.is_none() && !is_open(path) {
        return turn_away(&request);
    }
    request.extensions_mut().insert::<Option<User>>(user);
    next.run(request).await
}

/// The session's secret, as the browser sent it.
fn cookie(headers: &HeaderMap) -> Option<Secret> {
    cookie_value(headers, COOKIE).map(Secret::new)
}

/// The value of a cookie, unless it is empty.
pub(super) fn cookie_value(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// Whether somebody who is not signed in may come here: to sign in, to choose how it looks, or to read the guides,
/// which say nothing about this installation.
fn is_open(path: &str) -> bool {
    matches!(path, "/sign-in" | "/sign-in/code")
        || path.starts_with("/welcome/")
        || is_sign_in(path)
        || hozon_app::help::is_help(path)
        || matches!(path, "/api/set_language" | "/api/set_theme")
}

/// The server functions that sign in.
pub(super) fn is_sign_in(path: &str) -> bool {
    matches!(
        path,
        "/api/sign_in" | "/api/sign_in_code" | "/api/sign_in_by_link"
    )
}

/// People are sent to the sign-in page, and come back to where they were; programs get 401.
fn turn_away(request: &Request) -> Response {
    let path = request.uri().path();
    let program = path.starts_with("/events/")
        || (path.starts_with("/api/") && !origin::wants_page(request.headers()));
    if program {
        return (StatusCode::UNAUTHORIZED, "Not signed in.\n").into_response();
    }
    let back = if request.method() == Method::GET && !path.starts_with("/api/") {
        request
            .uri()
            .path_and_query()
            .map_or("/", |back| back.as_str())
    } else {
        "/"
    };
    if back == "/" || !is_local_path(back) {
        return Redirect::to("/sign-in").into_response();
    }
    let next: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
    Redirect::to(&format!("/sign-in?next={next}")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_signing_in_and_help_are_open() {
        for path in [
            "/sign-in",
            "/sign-in/code",
            "/welcome/abc",
            "/api/sign_in",
            "/api/sign_in_code",
            "/api/sign_in_by_link",
            "/api/set_language",
            "/help",
            "/en/help",
            "/ja/help/restore",
        ] {
            assert!(is_open(path), "{path}");
        }
        for path in [
            "/",
            "/sign-in/x",
            "/sign-in/code/x",
            "/welcome",
            "/api/sign_out",
            "/api/sign_in17",
            "/api/sign_in/17",
            "/events/jobs/a",
            "/helper",
            "/fr/help",
            "/en/helper",
            "/en/backups",
        ] {
            assert!(!is_open(path), "{path}");
        }
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            "lang=ja; hozon_session=abc; theme=dark"
                .parse()
                .expect("a cookie"),
        );
        assert_eq!(cookie(&headers).expect("a secret").reveal(), "abc");
        headers.insert(
            header::COOKIE,
            "xhozon_session=abc; hozon_session="
                .parse()
                .expect("a cookie"),
        );
        assert!(cookie(&headers).is_none());
    }
}
