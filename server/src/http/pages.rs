//! Mounts what `hozon_app` exports, and gives it what it may ask the context for.

use axum::{
    Router,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::Console;

pub(super) fn routes(_console: &Console) -> Router<Console> {
    Router::new()
}

/// What somebody sees who asks for a page that is not there.
pub(super) fn not_found(_console: &Console) -> axum::routing::MethodRouter {
    axum::routing::any(async |_request: Request| -> Response {
        (StatusCode::NOT_FOUND, "No such page.\n").into_response()
    })
}
