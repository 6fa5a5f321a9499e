//! A new API key's secret on its way from the form to the page that shows it, this once.
//!
//! Travels in a cookie that no script can read, that one page takes away, and that a browser forgets within a minute:
//! never in an address, which histories and logs keep.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hozon_model::MadeApiKey;
use serde::{Deserialize, Serialize};

use crate::visit::{self, Cookie, Lifetime};

const KEY_COOKIE: &str = "hozon_made_key";

/// A key that was just made.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct MadeKey {
    /// Its name.
    pub name: String,
    /// What a program sends as `Authorization: Bearer …`.
    pub secret: String,
}

impl MadeKey {
    /// What the page needs of a key.
    pub(crate) fn of(made: MadeApiKey) -> Self {
        Self {
            name: made.key.name,
            secret: made.secret,
        }
    }

    /// Keeps it for the next page.
    pub(crate) fn send(&self) {
        match serde_json::to_vec(self) {
            Ok(json) => visit::set_cookie(&Cookie {
                name: KEY_COOKIE,
                value: &URL_SAFE_NO_PAD.encode(json),
                lifetime: Lifetime::Seconds(60),
            }),
            Err(error) => tracing::error!(%error, "a new API key could not be handed to its page"),
        }
    }

    /// Takes the key that was just made, if one was.
    pub(crate) fn take() -> Option<Self> {
        let value = visit::cookie(KEY_COOKIE)?;
        visit::set_cookie(&Cookie {
            name: KEY_COOKIE,
            value: "",
            lifetime: Lifetime::Over,
        });
        let json = URL_SAFE_NO_PAD.decode(value).ok()?;
        serde_json::from_slice(&json).ok()
    }
}
