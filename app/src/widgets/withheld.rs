//! What somebody may not do is shown all the same, with the right that is missing.

use hozon_model::Privilege;
use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::text::say;

/// A button that does nothing, and the privilege that would make it work.
#[component]
pub(crate) fn Withheld(
    #[prop(optional)] glyph: Option<Glyph>,
    #[prop(into)] label: String,
    missing: Privilege,
) -> impl IntoView {
    view! {
        <span class="withheld">
            <button type="button" class="button" disabled=true>
                {glyph.map(|glyph| view! { <Icon glyph /> })}
                {label}
            </button>
            <Missing privilege=missing />
        </span>
    }
}

/// The privilege that is missing.
#[component]
pub(crate) fn Missing(privilege: Privilege) -> impl IntoView {
    view! { <span class="hint">{say!(withheld.needs)} " " <code>{privilege.to_string()}</code></span> }
}
