//! How somebody likes the console. Kept by the browser, in cookies.

use leptos::prelude::*;

use super::local;
use crate::{
    error::AppResult,
    help, text,
    visit::{self, Cookie, LANGUAGE_COOKIE, Lifetime, THEME_COOKIE, Theme},
};

const A_YEAR: Lifetime = Lifetime::Seconds(365 * 24 * 3600);

/// Keeps a language. One that is not ours changes nothing. Help goes on in that language: its address says which.
#[server(prefix = "/api", endpoint = "set_language")]
pub(crate) async fn set_language(
    language: String,
    #[server(default)] back: Option<String>,
) -> AppResult<()> {
    let mut back = local(back);
    if let Some(locale) = visit::from_tag(&language) {
        back = help::translated(&back, locale);
        visit::set_cookie(&Cookie {
            name: LANGUAGE_COOKIE,
            value: text::tag(locale),
            lifetime: A_YEAR,
        });
    }
    leptos_axum::redirect(&back);
    Ok(())
}

/// Keeps a theme. One that is not ours changes nothing.
#[server(prefix = "/api", endpoint = "set_theme")]
pub(crate) async fn set_theme(
    theme: String,
    #[server(default)] back: Option<String>,
) -> AppResult<()> {
    if let Some(theme) = Theme::named(&theme) {
        visit::set_cookie(&Cookie {
            name: THEME_COOKIE,
            value: theme.as_str(),
            lifetime: A_YEAR,
        });
    }
    leptos_axum::redirect(&local(back));
    Ok(())
}
