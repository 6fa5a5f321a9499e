//! The REST APIs beside the console, as the server tells of them.

use std::sync::Arc;

use hozon_model::ServedApi;
use leptos::prelude::use_context;

/// The page that shows their own pages in a frame; no other page may show any.
pub const PAGE: &str = "/access/api";

/// What the server tells of them. Provided as context.
#[derive(Clone, Debug, Default)]
pub struct Apis {
    /// Those that are switched on, the control plane first.
    pub served: Arc<[ServedApi]>,
}

/// The APIs that are switched on.
pub(crate) fn served() -> Arc<[ServedApi]> {
    use_context::<Apis>()
        .map(|apis| apis.served)
        .unwrap_or_default()
}

/// The command that lists the backups by `/v2`; `key` is a key, or the name of a variable that holds one.
pub(crate) fn example(address: &str, key: &str) -> String {
    format!("curl -H \"Authorization: Bearer {key}\" {address}/v2/backups")
}
