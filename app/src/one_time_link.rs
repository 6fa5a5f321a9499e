//! A one-time link on its way to the page that shows it, this once.
//!
//! Travels in a cookie that one page reads and removes, so that its secret stands in no address and in no log of ours.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hozon_engine::accounts::Secret;

use crate::{
    session,
    visit::{self, Cookie, Lifetime},
};

const LINK_COOKIE: &str = "hozon_link";
/// Long enough for the page that follows.
const LINK_COOKIE_SECONDS: u32 = 60;

/// Keeps the link that signs a user in for the next page of that user.
pub(crate) fn hand_over(user: &str, link: &Secret) {
    visit::set_cookie(&Cookie {
        name: LINK_COOKIE,
        value: &carried(user, link),
        lifetime: Lifetime::Seconds(LINK_COOKIE_SECONDS),
    });
}

/// Takes the link that was kept, whomever it is for, and gives it where it is for this user: the whole address, to copy.
pub(crate) fn take(user: &str) -> Option<String> {
    let value = visit::cookie(LINK_COOKIE)?;
    visit::set_cookie(&Cookie {
        name: LINK_COOKIE,
        value: "",
        lifetime: Lifetime::Over,
    });
    let secret = secret_for(user, &value)?;
    Some(format!("{}/welcome/{secret}", session::reached_at()))
}

fn carried(user: &str, link: &Secret) -> String {
    format!("{}.{}", link.reveal(), URL_SAFE_NO_PAD.encode(user))
}

fn secret_for<'a>(user: &str, value: &'a str) -> Option<&'a str> {
    let (secret, whose) = value.split_once('.')?;
    let plain = !secret.is_empty() && secret.chars().all(|c| c.is_ascii_alphanumeric());
    (plain && whose == URL_SAFE_NO_PAD.encode(user)).then_some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_for_one_user() {
        let value = carried("花子", &Secret::new("abc234"));
        assert_eq!(secret_for("花子", &value), Some("abc234"));
        assert_eq!(secret_for("太郎", &value), None);
        for other in ["", "abc234", "../x.6Iqx5a2Q", ".6Iqx5a2Q"] {
            assert_eq!(secret_for("花子", other), None, "{other}");
        }
    }
}
