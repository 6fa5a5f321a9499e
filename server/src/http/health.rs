//! For whoever watches the process: is it up, and can it work?

use std::time::Duration;

use axum::{extract::State, http::StatusCode};
use hozon_engine::Engine;
use hozon_model::JobQuery;

/// How long the catalog may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process is up.
pub(super) async fn up() -> &'static str {
    "up\n"
}

/// The catalog answers. Why it does not is in the log, not on the wire.
pub(super) async fn ready(State(engine): State<Engine>) -> (StatusCode, &'static str) {
    let query = JobQuery {
        page_size: 1,
        ..JobQuery::default()
    };
    match tokio::time::timeout(PATIENCE, engine.jobs(&query)).await {
        Ok(Ok(_)) => (StatusCode::OK, "ready\n"),
        Ok(Err(error)) => {
            tracing::error!(%error, "the catalog does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the catalog fails\n")
        }
        Err(_) => {
            tracing::error!("the catalog does not answer in time");
            (StatusCode::SERVICE_UNAVAILABLE, "the catalog is too slow\n")
        }
    }
}
