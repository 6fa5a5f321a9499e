//! Every word the console says, in three languages: `locales/{en,ja,zh}.json`.
//!
//! Looking a word up needs no signal and no browser: the locale of the visit is known when a page is made.

mod audit;
mod errors;
mod permissions;
mod policies;
mod projects;
mod states;
mod time;
mod translations;

#[cfg(test)]
mod tests;

pub(crate) use audit::{audit_action, audit_error, audit_kind, audit_outcome};
pub(crate) use errors::{advice, sentence};
pub(crate) use permissions::{action, resource, role, role_about, roles};
pub(crate) use policies::{
    keep_rule, policy_state, retention, run_cause, run_time, schedule, weekday,
};
pub(crate) use projects::plan;
pub(crate) use states::{
    backup_state, check_outcome, check_subject, job_kind, job_phase, job_state, method, probe,
    proof_about, proof_level, provider, scope,
};
pub(crate) use time::{Moment, duration, units};
pub(crate) use translations::i18n::Locale;

use leptos::prelude::with_context;

use crate::visit::Visit;

/// The locale of the page that is being made.
pub(crate) fn locale() -> Locale {
    with_context::<Visit, _>(|visit| visit.locale).unwrap_or_else(|| Visit::current().locale)
}

/// The name a locale has in HTML, in HTTP and in the cookie.
pub(crate) fn tag(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "en",
        Locale::ja => "ja",
        Locale::zh => "zh",
    }
}

/// The locale's own name for itself.
pub(crate) fn own_name(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "English",
        Locale::ja => "日本語",
        Locale::zh => "中文",
    }
}

/// Every locale, in the order of the switch.
pub(crate) const LOCALES: [Locale; 3] = [Locale::en, Locale::ja, Locale::zh];

/// A word in the locale of the visit.
macro_rules! say {
    ($($key:tt)*) => {
        leptos_i18n::td_string!($crate::text::locale(), $($key)*)
    };
}

/// A word in a locale that is at hand.
macro_rules! say_in {
    ($locale:expr, $($key:tt)*) => {
        leptos_i18n::td_string!($locale, $($key)*)
    };
}

pub(crate) use {say, say_in};
