//! The console's HTTP: pages and server functions of `hozon_app`, live progress, downloads, health, files.
//!
//! From outside in, a request meets: the log, the question who sends it, the headers every answer bears, limits on size
//! and time, the refusal of other sites' forms, compression; then, for pages and functions, the session. Files and
//! health need no session. What a connection may do before it has sent a request is [`serve()`]'s to say.

pub mod address;
mod assets;
mod audit;
mod body;
mod csrf;
mod events;
mod headers;
mod health;
mod limits;
mod log;
mod oidc;
mod origin;
mod pages;
mod serve;
mod session;
mod throttle;

use std::{net::SocketAddr, path::PathBuf};

use axum::{
    Router,
    extract::FromRef,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use hozon_engine::Engine;
use hozon_model::ServedApi;
use ipnet::IpNet;
use leptos::config::LeptosOptions;
use tokio_util::sync::CancellationToken;
use tower::ServiceBuilder;
use tower_http::{
    compression::CompressionLayer, limit::RequestBodyLimitLayer, services::ServeDir,
    timeout::TimeoutLayer,
};
use url::Url;

pub use limits::Limits;
pub use serve::{Certificates, TlsFiles, serve};

use crate::oidc::{CALLBACK, Door};

/// What the console must know about the place it is served from.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Where the console listens, for the page of the first start to tell.
    pub listen: Option<SocketAddr>,
    /// The address people type, where it is not the one the console listens on.
    pub public_url: Option<Url>,
    /// Whether a proxy in front speaks TLS, for every request.
    pub behind_tls: bool,
    /// The proxies whose word on the client and its protocol counts.
    pub trusted_proxies: Vec<IpNet>,
    /// What the server takes, and for how long.
    pub limits: Limits,
    /// The directory of the built console; none looks for it beside the binary.
    pub files: Option<PathBuf>,
    /// The REST APIs that are served beside the console. They answer for themselves, as long as it takes.
    pub apis: Router,
    /// What they offer, for the console to tell.
    pub served: Vec<ServedApi>,
    /// The way in by an identity provider, where one is set.
    pub oidc: Option<Door>,
    /// Ends streams when the server stops.
    pub stop: CancellationToken,
}

#[derive(Clone, Debug)]
struct Console {
    engine: Engine,
    site: Site,
    leptos: LeptosOptions,
}

impl FromRef<Console> for Engine {
    fn from_ref(console: &Console) -> Self {
        console.engine.clone()
    }
}

impl FromRef<Console> for Site {
    fn from_ref(console: &Console) -> Self {
        console.site.clone()
    }
}

impl FromRef<Console> for LeptosOptions {
    fn from_ref(console: &Console) -> Self {
        console.leptos.clone()
    }
}

/// Everything the server answers.
pub fn router(engine: &Engine, site: &Site) -> Router {
    let leptos = assets::options(site.files.as_deref());
    let console = Console {
        engine: engine.clone(),
        site: site.clone(),
        leptos,
    };
    let signed_in = || from_fn_with_state(engine.clone(), session::require_user);

    let not_found = ServiceBuilder::new()
        .layer(signed_in())
        .service(pages::not_found(&console));
    let files = ServeDir::new(&*console.leptos.site_root)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(not_found);
    let files = ServiceBuilder::new()
        .layer(from_fn(assets::cache))
        .service(files);

    let limited = pages::routes(&console)
        .route_layer(signed_in())
        .route("/healthz", get(health::up))
        .route("/readyz", get(health::ready))
        .route("/oidc/sign-in", get(oidc::leave))
        .route(CALLBACK, get(oidc::come_back))
        .fallback_service(files)
        .layer(from_fn_with_state(
            throttle::Throttle::default(),
            throttle::slow_down,
        ))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            site.limits.answer_time,
        ))
        .layer(CompressionLayer::new());
    let streams = Router::new()
        .route("/events/jobs/{id}", get(events::job))
        .route("/audit/export", get(audit::export))
        .route_layer(signed_in());

    limited
        .merge(streams)
        .merge(site.apis.clone().with_state(()))
        .layer(RequestBodyLimitLayer::new(site.limits.body_bytes))
        .layer(from_fn_with_state(site.limits.body_time, body::hurry))
        .layer(from_fn_with_state(site.clone(), csrf::refuse_cross_site))
        .layer(from_fn_with_state(site.limits.hsts, headers::secure))
        .layer(from_fn_with_state(
            origin::Way::to(site),
            origin::note_client,
        ))
        .layer(from_fn(log::record))
        .with_state(console)
}
