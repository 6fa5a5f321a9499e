//! What somebody may not do: shown all the same, with the right that is missing.

use hozon_model::{Action, Privilege, Resource};
use leptos::prelude::*;

use super::{
    button::Look,
    icon::{Glyph, Icon},
};
use crate::text::say;

/// The button as it would be, and why it cannot be pressed.
#[component]
pub(crate) fn Forbidden(
    /// Of the reason; unique on the page.
    id: &'static str,
    #[prop(optional)] look: Look,
    #[prop(optional)] glyph: Option<Glyph>,
    #[prop(into)] label: String,
    /// The right that is missing: on what kind of thing.
    resource: Resource,
    /// And what could not be done.
    action: Action,
) -> impl IntoView {
    let right = Privilege::new(resource, action).to_string();
    view! {
        <span class="forbidden">
            <button type="button" class=look.class() disabled=true aria-describedby=id>
                {glyph.map(|glyph| view! { <Icon glyph /> })}
                {label}
            </button>
            <span class="hint" id=id>{say!(rights.missing)}" "<code>{right}</code></span>
        </span>
    }
}
