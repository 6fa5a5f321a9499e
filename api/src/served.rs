//! What an API offers, out of the document that describes it.

use hozon_model::{ApiOperation, ServedApi};
use utoipa::openapi::OpenApi;

/// The API that begins at `base`, told briefly.
pub(crate) fn told(base: &str, document: &OpenApi) -> ServedApi {
    let mut operations = Vec::new();
    for (path, item) in &document.paths.paths {
        for (method, operation) in [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PUT", &item.put),
            ("PATCH", &item.patch),
            ("DELETE", &item.delete),
        ] {
            if let Some(operation) = operation {
                operations.push(ApiOperation {
                    method: method.to_owned(),
                    path: path.clone(),
                    name: operation.operation_id.clone().unwrap_or_default(),
                });
            }
        }
    }
    ServedApi {
        base: base.to_owned(),
        operations,
    }
}
