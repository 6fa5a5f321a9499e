//! What lives in the browser. Everything else is made on the server and stays as it arrived.
//!
//! An island gets its words as properties, already translated, so that no translation travels as code.

mod command;
mod copy;
mod job;
mod modal;
mod pulse;
mod resubmit;
mod zone;

pub use command::{CommandLine, CommandWords};
pub use copy::CopyButton;
pub use job::{JobProgressLive, JobWords, LiveJob};
pub use modal::ModalDialog;
pub use pulse::JobPulse;
pub use resubmit::Resubmit;
pub use zone::{TimeZoneCookie, ZONE_COOKIE};

/// What islands share in the browser.
#[cfg(feature = "hydrate")]
mod browser {
    use wasm_bindgen::JsCast;

    /// The page's document.
    pub(super) fn document() -> Option<web_sys::Document> {
        web_sys::window()?.document()
    }

    /// Loads the page again, unless somebody is in the middle of a dialog.
    pub(super) fn reload() {
        let busy = document()
            .and_then(|document| document.query_selector("dialog[open]").ok().flatten())
            .is_some();
        if let (false, Some(window)) = (busy, web_sys::window()) {
            // A page that cannot be loaded again stays as it is, with its link to refresh.
            _ = window.location().reload();
        }
    }

    /// Goes to an address of this console.
    pub(super) fn go(href: &str) {
        if let Some(window) = web_sys::window() {
            // Where the browser refuses, the dialog's own link is still there.
            _ = window.location().assign(href);
        }
    }

    /// The form that an element belongs to.
    pub(super) fn form_of(element: &web_sys::Element) -> Option<web_sys::HtmlFormElement> {
        element.closest("form").ok().flatten()?.dyn_into().ok()
    }
}
