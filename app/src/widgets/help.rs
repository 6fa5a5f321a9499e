//! The quiet link from where something is done to the guide that tells how.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::{
    help::Guide,
    text::{self, say},
};

/// A link to a guide.
#[component]
pub(crate) fn HelpLink(
    guide: Guide,
    /// In a new tab, because a form is being filled in here.
    #[prop(optional)]
    apart: bool,
) -> impl IntoView {
    let locale = text::locale();
    let title = guide.read(locale).title.as_str();
    let apart_note = apart.then(|| format!(" ({})", say!(help.apart)));
    view! {
        <a class="help-link" href=guide.href(locale) target=apart.then_some("_blank")>
            <Icon glyph=Glyph::Book />
            {say!(help.guide)}
            " "
            <span class="only-heard">{title}{apart_note}</span>
        </a>
    }
}
