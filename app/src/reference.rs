//! The REST APIs beside the console, as the server tells of them.

use std::sync::Arc;

use axum::http::{header, request::Parts};
use hozon_model::ServedApi;
use leptos::prelude::use_context;

use crate::session::BehindTls;

/// The page that shows their own pages in a frame; no other page may show any.
pub const PAGE: &str = "/access/api";

/// What the server tells of them. Provided as context.
#[derive(Clone, Debug, Default)]
pub struct Apis {
    /// The address that people type, where one is configured.
    pub public_url: Option<String>,
    /// Those that are switched on, the control plane first.
    pub served: Arc<[ServedApi]>,
}

/// The APIs that are switched on.
pub(crate) fn served() -> Arc<[ServedApi]> {
    use_context::<Apis>()
        .map(|apis| apis.served)
        .unwrap_or_default()
}

/// Where this server is for whoever looks at the page, without a slash at the end.
pub(crate) fn address() -> String {
    let configured = use_context::<Apis>().and_then(|apis| apis.public_url);
    let address = configured.unwrap_or_else(|| {
        let tls = use_context::<BehindTls>().is_some_and(|BehindTls(tls)| tls);
        format!("{}://{}", if tls { "https" } else { "http" }, host())
    });
    address.trim_end_matches('/').to_owned()
}

/// The host that the browser asked.
fn host() -> String {
    use_context::<Parts>()
        .and_then(|parts| {
            let host = parts.headers.get(header::HOST)?;
            host.to_str().ok().map(str::to_owned)
        })
        .unwrap_or_else(|| "localhost:8790".to_owned())
}

/// The command that lists the backups by `/v2`; `key` is a key, or the name of a variable that holds one.
pub(crate) fn example(address: &str, key: &str) -> String {
    format!("curl -H \"Authorization: Bearer {key}\" {address}/v2/backups")
}
