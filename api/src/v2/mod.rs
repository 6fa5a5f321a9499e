//! `/v2`: the control plane of the managed vendor of Milvus, so that its clients (Terraform, scripts, assistants) work.
//!
//! Identifiers, enumerations, the envelope and the numbers of errors are the vendor's; where its documents and its
//! clients disagree, both are accepted and the documents' form is sent. What goes beyond the vendor is on paths of its
//! own or in fields that strict clients pass over.
#![allow(clippy::struct_field_names)] // the vendor's

mod archives;
mod backups;
mod clusters;
mod codes;
mod docs;
mod envelope;
pub(crate) mod gate;
mod integrations;
mod jobs;
mod organization;
mod pages;
mod projects;
mod regions;
mod request;

use std::{fmt, num::NonZeroU32, sync::Arc};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, patch, post},
};
use hozon_engine::{Engine, ErrorCode};

pub use self::docs::document;
use self::gate::Limits;

/// Where the API begins.
pub const BASE: &str = "/v2";

/// Bytes of the largest body that is read, unless something else is said.
const LARGEST_BODY: usize = 1024 * 1024;

/// The number and the HTTP status with which an error is answered, for the reference.
pub fn number_and_status(code: ErrorCode) -> (i32, u16) {
    (codes::of(code), envelope::status(code).as_u16())
}

/// How the API is served. Whoever bears an API key of the engine may come in, with the rights of that key.
#[derive(Clone, Debug)]
pub struct Options {
    /// The region of clusters that name none: `aws-us-west-2`, or a word of one's own.
    pub region: String,
    /// Requests that one caller may send to one endpoint in a second; the vendor allows 20.
    pub requests_per_second: NonZeroU32,
    /// Bytes of the largest body that is read.
    pub largest_body: usize,
}

impl Default for Options {
    /// The vendor's limit, and a region of one's own.
    fn default() -> Self {
        Self {
            region: "self-hosted".to_owned(),
            requests_per_second: NonZeroU32::new(20).unwrap_or(NonZeroU32::MIN),
            largest_body: LARGEST_BODY,
        }
    }
}

/// What handlers work with.
#[derive(Clone)]
struct Api {
    engine: Engine,
    options: Arc<Options>,
    limits: Arc<Limits>,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api")
            .field("options", &self.options)
            .finish_non_exhaustive()
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
        limits: Arc::new(Limits::new(options.requests_per_second)),
        options: Arc::new(options),
    };
    // A word in a path goes before a placeholder: `policy` and `create` are never taken for backups.
    let routes = Router::new()
        .route("/backups", get(backups::list))
        .route("/backups/adopt", post(backups::adopt))
        .route("/clusters/{cluster}/backups/create", post(backups::create))
        .route(
            "/clusters/{cluster}/backups/policy",
            get(backups::get_policy).post(backups::set_policy),
        )
        .route(
            "/clusters/{cluster}/backups/{backup}",
            get(backups::describe).delete(backups::delete),
        )
        .route(
            "/clusters/{cluster}/backups/{backup}/restoreCluster",
            post(backups::restore_cluster),
        )
        .route(
            "/clusters/{cluster}/backups/{backup}/restoreCollection",
            post(backups::restore_collection),
        )
        .route(
            "/clusters/{cluster}/backups/{backup}/export",
            post(backups::export),
        )
        .route(
            "/clusters/{cluster}/backups/{backup}/rename",
            post(backups::rename),
        )
        .route(
            "/clusters/{cluster}/backups/{backup}/verify",
            post(backups::verify),
        )
        .route(
            "/clusters/{cluster}/backups/{backup}/copy",
            post(backups::copy),
        )
        .route("/jobs", get(jobs::list))
        .route("/jobs/{job}", get(jobs::describe))
        .route("/jobs/{job}/cancel", post(jobs::cancel))
        .route("/jobs/{job}/retry", post(jobs::retry))
        .route("/clusters", get(clusters::list))
        .route("/clusters/{cluster}", get(clusters::describe))
        .route("/projects", get(projects::list).post(projects::create))
        .route(
            "/projects/{project}",
            get(projects::describe).delete(projects::delete),
        )
        .route("/projects/{project}/plan", patch(projects::set_plan))
        .route("/clouds", get(regions::clouds))
        .route("/regions", get(regions::regions))
        .route(
            "/storageIntegrations",
            get(integrations::list).post(integrations::create),
        )
        .route("/storageIntegrations/create", post(integrations::create))
        .route(
            "/storageIntegrations/validate",
            post(integrations::validate),
        )
        .route(
            "/storageIntegrations/{integration}",
            get(integrations::describe).delete(integrations::delete),
        )
        .route(
            "/storageIntegrations/{integration}/archives",
            get(archives::list),
        )
        .route_layer(from_fn_with_state(api.clone(), gate::admit))
        .fallback(envelope::no_such_path)
        .method_not_allowed_fallback(envelope::no_such_method)
        .layer(from_fn(gate::name_request))
        .layer(DefaultBodyLimit::max(largest_body))
        .with_state(api);
    let described = crate::pages::routes(BASE, document);
    Router::new().nest(BASE, routes.merge(described))
}
