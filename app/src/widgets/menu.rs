//! A menu behind `⋯`: a native popover, which needs no script to open, to close or to be left by Escape.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// A button with a menu.
#[component]
pub(crate) fn Menu(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What the menu is about.
    #[prop(into)]
    label: String,
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class="menu-button" popovertarget=id.clone() aria-label=label.clone() title=label>
            <Icon glyph=Glyph::Dots />
        </button>
        <div class="menu" popover id=id>
            <ul>{children()}</ul>
        </div>
    }
}

/// One line of a menu.
#[component]
pub(crate) fn MenuLink(
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    glyph: Glyph,
    #[prop(optional)] danger: bool,
) -> impl IntoView {
    view! {
        <li>
            <a href=href class:danger=danger><Icon glyph />{label}</a>
        </li>
    }
}
