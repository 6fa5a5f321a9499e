//! New recovery codes on their way from the form to the page that shows them, this once.
//!
//! They travel in a cookie that no script can read, that one page takes away, and that a browser forgets within a minute.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::visit::{self, Cookie, Lifetime};

const CODES_COOKIE: &str = "hozon_recovery_codes";

/// Keeps the codes for the next page.
pub(crate) fn hand_over(codes: &[String]) {
    visit::set_cookie(&Cookie {
        name: CODES_COOKIE,
        value: &URL_SAFE_NO_PAD.encode(codes.join("\n")),
        lifetime: Lifetime::Seconds(60),
    });
}

/// Takes the codes that were just made, if any were: a line each.
pub(crate) fn take() -> Option<String> {
    let value = visit::cookie(CODES_COOKIE)?;
    visit::set_cookie(&Cookie {
        name: CODES_COOKIE,
        value: "",
        lifetime: Lifetime::Over,
    });
    let bytes = URL_SAFE_NO_PAD.decode(value).ok()?;
    String::from_utf8(bytes)
        .ok()
        .filter(|codes| !codes.is_empty())
}
