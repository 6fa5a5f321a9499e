//! A real Milvus over gRPC.

use std::{fmt, sync::Arc};

use super::Milvus;
use crate::Result;

/// How to reach a Milvus. `Debug` leaves the secrets out.
#[derive(Clone)]
pub struct MilvusAddress {
    /// `http://host:19530` or `https://…`.
    pub url: String,
    /// A user, with its password.
    pub user: Option<(String, String)>,
    /// A token, in place of user and password.
    pub token: Option<String>,
    /// PEM of a private certificate authority.
    pub ca_certificate: Option<String>,
}

impl fmt::Debug for MilvusAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MilvusAddress")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// Connects, and makes sure that a Milvus answers and takes the credentials.
pub async fn connect(address: &MilvusAddress) -> Result<Arc<dyn Milvus>> {
    todo!("{address:?}")
}
