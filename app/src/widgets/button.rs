//! Buttons, and links that look like them.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// How much a button asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Look {
    /// One of several.
    #[default]
    Plain,
    /// The one thing to do here.
    Primary,
    /// Takes something away for ever.
    Danger,
    /// Barely there.
    Quiet,
}

impl Look {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Plain => "button",
            Self::Primary => "button primary",
            Self::Danger => "button danger",
            Self::Quiet => "button quiet",
        }
    }
}

/// Sends the form it stands in.
#[component]
pub(crate) fn Button(
    #[prop(optional)] look: Look,
    #[prop(optional)] glyph: Option<Glyph>,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] disabled: bool,
    #[prop(into)] label: String,
) -> impl IntoView {
    view! {
        <button type="submit" class=look.class() autofocus=autofocus disabled=disabled>
            {glyph.map(|glyph| view! { <Icon glyph /> })}
            {label}
        </button>
    }
}

/// Leads somewhere.
#[component]
pub(crate) fn ButtonLink(
    #[prop(optional)] look: Look,
    #[prop(optional)] glyph: Option<Glyph>,
    #[prop(optional)] autofocus: bool,
    /// Where the focus goes when the dialog that it opens is left.
    #[prop(optional)]
    id: Option<&'static str>,
    #[prop(into)] href: String,
    #[prop(into)] label: String,
) -> impl IntoView {
    view! {
        <a class=look.class() id=id href=href autofocus=autofocus>
            {glyph.map(|glyph| view! { <Icon glyph /> })}
            {label}
        </a>
    }
}
