//! Pages that show what an API offers: Swagger UI, out of this binary.

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

/// The pages of an API that begins at `base`: `/docs/index.html`, and the document as `/docs/doc.json`.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(
    base: &'static str,
    document: fn() -> OpenApi,
) -> Router<S> {
    let url = format!("{base}/docs/doc.json");
    let config = Arc::new(Config::from(url).validator_url("none"));
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
    match utoipa_swagger_ui::serve(name, config) {
        Ok(Some(found)) => {
            let mut response = found.bytes.into_owned().into_response();
            let headers = response.headers_mut();
            if let Ok(kind) = HeaderValue::from_str(&found.content_type) {
                headers.insert(header::CONTENT_TYPE, kind);
            }
            headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
            response
        }
        Ok(None) => (StatusCode::NOT_FOUND, "404 page not found").into_response(),
        Err(error) => {
            tracing::error!(%error, name, "a page of an API's description cannot be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
