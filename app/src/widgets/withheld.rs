//! What somebody may not do is shown all the same, with the right that is missing.

use hozon_model::Privilege;
use leptos::prelude::*;

use crate::text::say;

/// A button that does nothing, and the privilege that would make it work.
#[component]
pub(crate) fn Withheld(#[prop(into)] label: String, missing: Privilege) -> impl IntoView {
    view! {
        <span class="withheld">
            <button type="button" class="button" disabled=true>{label}</button>
            <span class="hint">{say!(withheld.needs)} " " <code>{missing.to_string()}</code></span>
        </span>
    }
}
