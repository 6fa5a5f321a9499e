//! Dialogs: part of a page's address, complete without a script, modal with one.

use leptos::prelude::*;

use super::{
    HelpLink,
    icon::{Glyph, Icon},
};
use crate::{help::Guide, islands::ModalDialog, text::say};

/// A dialog with its title, one sentence about what will happen, and a way out.
#[component]
pub(crate) fn Dialog(
    /// Where closing leads.
    #[prop(into)]
    close: String,
    #[prop(into)] title: String,
    #[prop(into)] about: String,
    /// The guide that tells more.
    #[prop(optional)]
    help: Option<Guide>,
    #[prop(optional)] wide: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <ModalDialog close=close.clone() labelled_by="dialog-title".to_owned() wide>
            <header class="dialog-head">
                <h2 id="dialog-title">{title}</h2>
                <a class="dialog-close" href=close aria-label=say!(common.close)><Icon glyph=Glyph::Cross /></a>
                <p>{about} " " {help.map(|guide| view! { <HelpLink guide apart=true /> })}</p>
            </header>
            {children()}
        </ModalDialog>
    }
}

/// The buttons at the end of a dialog.
#[component]
pub(crate) fn DialogButtons(children: Children) -> impl IntoView {
    view! { <footer class="dialog-buttons">{children()}</footer> }
}
