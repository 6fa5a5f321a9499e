//! What somebody may not do is shown all the same, with the right that is missing.

use hozon_model::Privilege;
use leptos::prelude::*;

use super::{
    button::Look,
    icon::{Glyph, Icon},
};
use crate::text::say;

/// A button that does nothing, and the privilege that would make it work.
#[component]
pub(crate) fn Withheld(
    /// Of the reason, unique on the page, so that it is heard with the button; none in the rows of a table.
    #[prop(optional)]
    id: Option<&'static str>,
    #[prop(optional)] look: Look,
    #[prop(optional)] glyph: Option<Glyph>,
    #[prop(into)] label: String,
    missing: Privilege,
) -> impl IntoView {
    view! {
        <span class="withheld">
            <button type="button" class=look.class() disabled=true aria-describedby=id>
                {glyph.map(|glyph| view! { <Icon glyph /> })}
                {label}
            </button>
            <span class="hint" id=id>{needs(missing)}</span>
        </span>
    }
}

/// The privilege that is missing.
#[component]
pub(crate) fn Missing(privilege: Privilege) -> impl IntoView {
    view! { <span class="hint">{needs(privilege)}</span> }
}

fn needs(privilege: Privilege) -> impl IntoView {
    view! { {say!(withheld.needs)} " " <code>{privilege.to_string()}</code> }
}
