//! The secret of a session, a link or an API key: random, long, and known to the catalog by its hash only.

use crate::{Error, ErrorCode, Result, id};

/// 5 bits each.
const LENGTH: usize = 40;

/// The secret of a session, a link or an API key. `Debug` does not show it.
#[derive(Clone)]
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// Takes a secret as it came from a cookie or a link.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Shows the secret: for the cookie or the link it was made for, and nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(crate) fn random() -> Result<Self> {
        Ok(Self(id::secret(LENGTH)?))
    }

    /// A plain fast hash is enough: nobody can try 200 random bits.
    pub(crate) fn hash(&self) -> String {
        blake3::hash(self.0.as_bytes()).to_hex().to_string()
    }
}

pub(super) fn expired() -> Error {
    Error::new(ErrorCode::LinkExpired, "link")
        .because("a link signs in once, within an hour")
        .hint("ask for a new link, or sign in with a password")
}
