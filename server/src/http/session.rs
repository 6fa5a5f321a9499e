//! Who asks: the session cookie becomes a user, and pages need one. Before there is any user, all that pages lead to is the
//! set-up.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use hozon_engine::{Engine, Error, accounts::Secret};
use hozon_model::User;
use url::form_urlencoded;

use super::{
    address::{SET_UP, is_local_path},
    origin,
};

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
            Err(error) => return no_catalog(&error),
        },
        None => None,
    };
    let path = request.uri().path();
    let (always, open) = (is_always_open(path), is_open(path));
    if user.is_none() && !always {
        match engine.is_set_up().await {
            Ok(true) => {}
            Ok(false) => return lead_to_set_up(&request),
            Err(error) => return no_catalog(&error),
        }
    }
    if user.is_none() && !open {
        return turn_away(&request);
    }
    request.extensions_mut().insert::<Option<User>>(user);
    next.run(request).await
}

fn no_catalog(error: &Error) -> Response {
    tracing::error!(%error, "nobody can be looked up");
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "The catalog does not answer; see the server's log.\n",
    )
        .into_response()
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

/// Whether somebody who is not signed in may come here: to sign in, or to what is open to everybody at any time.
fn is_open(path: &str) -> bool {
    matches!(path, "/sign-in" | "/sign-in/code")
        || path.starts_with("/welcome/")
        || is_sign_in(path)
        || is_always_open(path)
}

/// Whether anybody may come here, also before there is any user: to make the first one, to choose how it looks, or to read
/// the guides, which say nothing about this installation.
fn is_always_open(path: &str) -> bool {
    matches!(path, SET_UP | "/api/set_up")
        || hozon_app::help::is_help(path)
        || matches!(path, "/api/set_language" | "/api/set_theme")
}

/// The server functions that sign in.
pub(super) fn is_sign_in(path: &str) -> bool {
    matches!(
        path,
        "/api/sign_in" | "/api/sign_in_code" | "/api/sign_in_by_link" | "/api/set_up"
    )
}

/// Whether what asks shows no page.
fn is_program(request: &Request) -> bool {
    let path = request.uri().path();
    path.starts_with("/events/")
        || (path.starts_with("/api/") && !origin::wants_page(request.headers()))
}

/// Nobody has an account yet: people are told where the link lies that changes that; programs get 401.
fn lead_to_set_up(request: &Request) -> Response {
    if is_program(request) {
        return (StatusCode::UNAUTHORIZED, "Hozon is not set up yet.\n").into_response();
    }
    Redirect::to(SET_UP).into_response()
}

/// People are sent to the sign-in page, and come back to where they were; programs get 401.
fn turn_away(request: &Request) -> Response {
    if is_program(request) {
        return (StatusCode::UNAUTHORIZED, "Not signed in.\n").into_response();
    }
    let path = request.uri().path();
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
            "/set-up",
            "/api/set_up",
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
            "/set-up/x",
            "/api/set_up/17",
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
    fn before_the_first_user_nobody_signs_in() {
        for path in ["/set-up", "/api/set_up", "/api/set_theme", "/ja/help"] {
            assert!(is_always_open(path), "{path}");
        }
        for path in [
            "/",
            "/sign-in",
            "/sign-in/code",
            "/welcome/abc",
            "/api/sign_in",
            "/api/sign_in_by_link",
            "/backups",
        ] {
            assert!(!is_always_open(path), "{path}");
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
