//! `/hozon/v1`: the command line's own door, so that `hozon --server …` does elsewhere what `hozon` does here.
//!
//! The vendor's shapes have no room for everything that a command says: phases of a job, plans, schedules that are no
//! windows, what to do about an error. Here requests and answers are the types of [`hozon_model`] themselves, so a command
//! prints the same from afar; and so does its `--json`. Whoever bears an API key may come in, with the rights of that key.

mod change;
mod gate;
mod look;
mod plan;
mod queue;

use std::{fmt, num::NonZeroU32, sync::Arc};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use hozon_engine::Engine;

pub use self::look::RUNS_TOLD;
use crate::v2::gate::Limits;

/// Where the API begins.
pub const BASE: &str = "/hozon/v1";

/// How the API is served.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Requests that one caller may send to one endpoint in a second.
    pub requests_per_second: NonZeroU32,
    /// Bytes of the largest body that is read.
    pub largest_body: usize,
}

/// What handlers work with.
#[derive(Clone)]
struct Api {
    engine: Engine,
    limits: Arc<Limits>,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").finish_non_exhaustive()
    }
}

/// The API, to be merged into a server's own routes: every path begins with [`BASE`].
pub fn router(engine: &Engine, options: Options) -> Router {
    let api = Api {
        engine: engine.clone(),
        limits: Arc::new(Limits::new(options.requests_per_second)),
    };
    let routes = Router::new()
        .route("/clusters", get(look::clusters))
        .route("/clusters/{cluster}", get(look::cluster))
        .route("/projects/{project}", get(look::project))
        .route("/integrations/{integration}", get(look::integration))
        .route("/backups/{backup}", get(look::backup))
        .route("/jobs/{job}", get(look::job))
        .route("/search/backups", post(look::backups))
        .route("/search/jobs", post(look::jobs))
        .route("/policies", get(look::policies))
        .route("/policies/{cluster}/runs", get(look::policy_runs))
        .route("/policies/{cluster}/preview", post(look::preview_policy))
        .route(
            "/policies/{cluster}",
            get(look::policy)
                .put(change::set_policy)
                .delete(change::remove_policy),
        )
        .route("/policies/{cluster}/pause", post(change::pause_policy))
        .route("/policies/{cluster}/resume", post(change::resume_policy))
        .route("/policies/{cluster}/run", post(queue::policy))
        .route("/backups/{backup}/rename", post(change::rename))
        .route("/backups/{backup}/pin", post(change::pin))
        .route("/jobs/{job}/cancel", post(change::cancel))
        .route("/jobs/{job}/retry", post(change::retry))
        .route("/jobs/{job}/sweep", post(change::sweep))
        .route("/plan/backup", post(plan::backup))
        .route("/plan/restore", post(plan::restore))
        .route("/plan/export", post(plan::export))
        .route("/plan/adopt", post(plan::adopt))
        .route("/plan/copy", post(plan::copy))
        .route("/plan/delete", post(plan::delete))
        .route("/queue/backup", post(queue::backup))
        .route("/queue/verify", post(queue::verify))
        .route("/queue/restore", post(queue::restore))
        .route("/queue/export", post(queue::export))
        .route("/queue/adopt", post(queue::adopt))
        .route("/queue/copy", post(queue::copy))
        .route("/queue/delete", post(queue::delete))
        .route_layer(from_fn_with_state(api.clone(), gate::admit))
        .fallback(gate::no_such_path)
        .method_not_allowed_fallback(gate::no_such_path)
        .layer(DefaultBodyLimit::max(options.largest_body))
        .with_state(api);
    Router::new().nest(BASE, routes)
}
