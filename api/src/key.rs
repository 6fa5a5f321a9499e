//! The key that guards an API, and the header it comes in.

use std::fmt;

use axum::http::{HeaderMap, header};
use subtle::ConstantTimeEq;

/// A key that clients send as `Authorization: Bearer …`. Only its hash is held; `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Key(blake3::Hash);

impl Key {
    /// Takes the text that clients must send.
    pub fn new(text: &str) -> Self {
        Self(blake3::hash(text.as_bytes()))
    }

    /// Whether a request bears this key.
    pub fn fits(&self, headers: &HeaderMap) -> bool {
        bearer(headers).is_some_and(|given| self.is(given))
    }

    /// Whether a text is this key. Takes as long for a wrong one as for the right one.
    pub fn is(&self, given: &str) -> bool {
        let given = blake3::hash(given.as_bytes());
        given.as_bytes().ct_eq(self.0.as_bytes()).into()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// What a request bears as its key.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = text.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(authorization: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, authorization.parse().unwrap());
        headers
    }

    #[test]
    fn only_the_whole_key_fits() {
        let key = Key::new("open sesame");
        assert!(key.fits(&headers("Bearer open sesame")));
        assert!(key.fits(&headers("bearer  open sesame ")));
        for wrong in [
            "Bearer open",
            "Bearer open sesame!",
            "open sesame",
            "Basic open sesame",
            "Bearer ",
            "",
        ] {
            assert!(!key.fits(&headers(wrong)), "{wrong}");
        }
        assert!(!key.fits(&HeaderMap::new()));
        assert!(!format!("{key:?}").contains("sesame"));
    }
}
