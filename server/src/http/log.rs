//! One line for every request. Never with a query or a link's secret.

use std::time::Instant;

use axum::{extract::Request, middleware::Next, response::Response};

/// Writes method, path, status and time; files and health at the lowest level.
pub(super) async fn record(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().clone();
    let path = without_secret(request.uri().path());
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), start.elapsed());
    if response.status().is_server_error() {
        tracing::error!(%method, path, status, ?took, "answered");
    } else if path.starts_with("/pkg/") || matches!(path.as_str(), "/healthz" | "/readyz") {
        tracing::trace!(%method, path, status, ?took, "answered");
    } else {
        tracing::debug!(%method, path, status, ?took, "answered");
    }
    response
}

fn without_secret(path: &str) -> String {
    if path.starts_with("/welcome/") {
        "/welcome/…".to_owned()
    } else {
        path.to_owned()
    }
}
