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

/// A link that looks like a button; for somebody who lacks a privilege for what it leads to, the button that does nothing.
#[component]
pub(crate) fn GuardedLink(
    /// Where the focus goes when the dialog that it opens is left.
    #[prop(optional)]
    id: Option<&'static str>,
    /// Names the reason, unique on the page.
    why: &'static str,
    #[prop(optional)] look: Look,
    glyph: Glyph,
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    missing: Option<Privilege>,
) -> impl IntoView {
    match missing {
        Some(missing) => view! { <Withheld id=why look glyph label missing /> }.into_any(),
        None => view! {
            <a class=look.class() id=id href=href>
                <Icon glyph />
                {label}
            </a>
        }
        .into_any(),
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
