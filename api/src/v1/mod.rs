//! `/api/v1`: the server of milvus-backup, as its clients know it.
//!
//! Names, numbers, what is left out and what never is are those of the original (`answer`, `crate::body`). What it gets
//! wrong is not copied: a synchronous `create` answers with the backup, a name that nothing bears is answered with code
//! 404, tasks outlive a restart, a failed restore says what it made. What the engine cannot do is refused with code 1
//! before anything is changed, never passed over.

mod answer;
mod brief;
mod check;
mod chosen;
mod create;
mod delete;
mod docs;
mod get_backup;
mod get_restore;
mod list;
mod request;
mod restore;
mod restore_names;
mod restore_request;
mod task;

use std::{fmt, sync::Arc};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::StatusCode,
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use hozon_engine::{Engine, Error, ErrorCode, Result};
use hozon_model::Cluster;

use self::answer::{Answer, Code};
pub use self::docs::document;
use crate::Key;

/// Where the API begins.
pub const BASE: &str = "/api/v1";

/// Bytes of the largest body that is read, unless something else is said.
const LARGEST_BODY: usize = 1024 * 1024;

/// The number with which an error is answered, for the reference.
pub fn number(code: ErrorCode) -> i32 {
    Code::of(code) as i32
}

/// How the API is served.
#[derive(Clone, Debug)]
pub struct Options {
    /// The cluster that is meant, by identifier or name: the original knows one Milvus only. None: the one that is
    /// registered, while there is no other.
    pub cluster: Option<String>,
    /// What guards everything but `hello`; none lets everybody in, as the original does.
    pub key: Option<Key>,
    /// Bytes of the largest body that is read.
    pub largest_body: usize,
}

impl Default for Options {
    /// The one cluster that is registered, and no guard.
    fn default() -> Self {
        Self {
            cluster: None,
            key: None,
            largest_body: LARGEST_BODY,
        }
    }
}

/// What handlers work with.
#[derive(Clone)]
struct Api {
    engine: Engine,
    options: Arc<Options>,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Api {
    /// The one cluster that is meant.
    async fn cluster(&self) -> Result<Cluster> {
        if let Some(wanted) = &self.options.cluster {
            return self.engine.cluster(wanted).await;
        }
        let mut clusters = self.engine.clusters().await?;
        match (clusters.pop(), clusters.is_empty()) {
            (Some(only), true) => Ok(only),
            (None, _) => Err(Error::new(ErrorCode::ClusterNotFound, "default cluster")
                .because("no cluster is registered")
                .hint("register one with `hozon cluster add`")),
            (Some(_), false) => Err(Error::new(ErrorCode::ClusterNotFound, "default cluster")
                .because("several clusters are registered, and none of them is set as the default")
                .hint(
                    "name one in the configuration, as `cluster` under `[compat_milvus_backup]`",
                )),
        }
    }
}

/// What it offers, told briefly.
pub fn served() -> hozon_model::ServedApi {
    crate::served::told(BASE, &document())
}

/// The API, to be merged into a server's own routes: every path begins with [`BASE`].
pub fn router(engine: &Engine, options: Options) -> Router {
    let largest_body = options.largest_body;
    let api = Api {
        engine: engine.clone(),
        options: Arc::new(options),
    };
    let guarded = Router::new()
        .route("/create", post(create::create))
        .route("/list", get(list::list))
        .route("/get_backup", get(get_backup::get_backup))
        .route("/delete", delete(delete::delete))
        .route("/restore", post(restore::restore))
        .route("/restore_secondary", post(restore::restore_secondary))
        .route("/get_restore", get(get_restore::get_restore))
        .route("/check", get(check::check))
        .route_layer(from_fn_with_state(api.clone(), guard));
    let routes = guarded
        .route("/hello", get(hello))
        .merge(crate::pages::routes(BASE, document))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(DefaultBodyLimit::max(largest_body))
        .with_state(api);
    Router::new().nest(BASE, routes)
}

#[utoipa::path(
    get, path = "/hello", tag = "service", operation_id = "hello", security(()),
    responses((status = 200, description = "The service is there", body = String, content_type = "text/plain")),
)]
async fn hello() -> &'static str {
    "Hello, This is backup service"
}

/// The original's router answers so.
async fn unknown() -> Response {
    (StatusCode::NOT_FOUND, "404 page not found").into_response()
}

async fn guard(State(api): State<Api>, request: Request, next: Next) -> Response {
    match &api.options.key {
        Some(key) if !key.fits(request.headers()) => {
            let refusal = Answer::refused(
                Code::NoPermission,
                "the key is missing or wrong; send it as `Authorization: Bearer <key>`",
            );
            (StatusCode::UNAUTHORIZED, refusal).into_response()
        }
        _ => next.run(request).await,
    }
}
