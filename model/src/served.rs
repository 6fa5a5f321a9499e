//! The REST APIs beside the console, told briefly: enough to list what they offer where their own pages cannot run.

use serde::{Deserialize, Serialize};

/// An API that is served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServedApi {
    /// Where it begins: `/v2`.
    pub base: String,
    /// Everything it offers, path by path.
    pub operations: Vec<ApiOperation>,
}

/// One thing that an API offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiOperation {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: String,
    /// Behind the base: `/backups`.
    pub path: String,
    /// What the document calls it: `listBackups`.
    pub name: String,
}
