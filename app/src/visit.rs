//! What is known of a visit before its page is made: language, theme, time zone, address.
//!
//! All of it comes from the request alone, so that the first byte of a page is already right.

mod cookies;
mod language;
mod query;

use axum::http::{header, request::Parts};
use jiff::{Timestamp, tz::TimeZone};
use leptos::prelude::use_context;

pub(crate) use cookies::{Cookie, Lifetime, set_cookie};
pub(crate) use language::from_tag;
pub(crate) use query::{Address, NAMED, Query};

use crate::{help, text::Locale};

/// The cookie that keeps the language.
pub(crate) const LANGUAGE_COOKIE: &str = "hozon_language";
/// The cookie that keeps the theme.
pub(crate) const THEME_COOKIE: &str = "hozon_theme";

/// Light, dark, or as the system has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every theme, in the order of the switch.
    pub(crate) const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The name in the cookie and in the document.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == name)
    }
}

/// What is known of a visit.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// In which language to answer.
    pub locale: Locale,
    /// In which colours.
    pub theme: Theme,
    /// In which zone to tell the time.
    pub zone: TimeZone,
    /// When the answer is made: one clock for the whole page.
    pub now: Timestamp,
    /// What was asked for.
    pub address: Address,
}

impl Visit {
    /// The visit that is going on. Kept in the context of a page, made anew where there is none.
    pub(crate) fn current() -> Self {
        use_context::<Self>().unwrap_or_else(|| Self::of(use_context::<Parts>().as_ref()))
    }

    /// Reads a request; without one (when routes are listed) everything is as by default.
    pub(crate) fn of(request: Option<&Parts>) -> Self {
        let cookie = |name| request.and_then(|parts| cookies::read(&parts.headers, name));
        let accepted = request
            .and_then(|parts| parts.headers.get(header::ACCEPT_LANGUAGE))
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        Self {
            locale: request
                .and_then(|parts| help::locale_of(parts.uri.path()))
                .or_else(|| cookie(LANGUAGE_COOKIE).and_then(|tag| from_tag(&tag)))
                .unwrap_or_else(|| language::negotiate(accepted)),
            theme: cookie(THEME_COOKIE)
                .and_then(|name| Theme::named(&name))
                .unwrap_or_default(),
            zone: cookie(crate::islands::ZONE_COOKIE)
                .and_then(|name| TimeZone::get(&name).ok())
                .unwrap_or(TimeZone::UTC),
            now: Timestamp::now(),
            address: request
                .map(|parts| Address::of(&parts.uri))
                .unwrap_or_default(),
        }
    }
}

/// The value of a cookie of this request.
pub(crate) fn cookie(name: &str) -> Option<String> {
    cookies::read(&use_context::<Parts>()?.headers, name)
}
