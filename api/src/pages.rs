//! Pages that show what an API offers: Swagger UI, out of this binary, in a document of our own that knows light and dark.
//!
//! The console shows them in a frame, so a page of the same origin may frame them, and nobody else.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::Config;

/// The pages run their own scripts and nobody else's; they style elements as they go.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
);

const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("SAMEORIGIN");

/// What is ours of a page, with its kind.
const OWN: [(&str, &str, &str); 3] = [
    ("index.html", "text/html", include_str!("pages/index.html")),
    ("page.css", "text/css", include_str!("pages/page.css")),
    ("page.js", "text/javascript", include_str!("pages/page.js")),
];

/// The pages of an API that begins at `base`: `/docs/index.html`, and the document as `/docs/doc.json`.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(
    base: &'static str,
    document: fn() -> OpenApi,
) -> Router<S> {
    let url = format!("{base}/docs/doc.json");
    let config = Config::from(url).validator_url("none").use_base_layout();
    let config = Arc::new(config);
    let first = async move || Redirect::permanent(&format!("{base}/docs/index.html"));
    Router::new()
        .route("/docs", get(first))
        .route("/docs/", get(first))
        .route("/docs/doc.json", get(async move || Json(document())))
        .route(
            "/docs/{*file}",
            get(async move |Path(name): Path<String>| file(&name, config)),
        )
}

fn file(name: &str, config: Arc<Config<'_>>) -> Response {
    if let Some((_, kind, text)) = OWN.iter().find(|(own, _, _)| *own == name) {
        return shown(text.as_bytes().to_vec(), kind);
    }
    match utoipa_swagger_ui::serve(name, config) {
        Ok(Some(found)) => shown(found.bytes.into_owned(), &found.content_type),
        Ok(None) => (StatusCode::NOT_FOUND, "404 page not found").into_response(),
        Err(error) => {
            tracing::error!(%error, name, "a page of an API's description cannot be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn shown(bytes: Vec<u8>, kind: &str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(kind) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::X_FRAME_OPTIONS, SAME_ORIGIN);
    response
}
