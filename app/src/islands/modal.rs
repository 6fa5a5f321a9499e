//! Makes a dialog modal. Without it the server's `<dialog open>` lies above an inert page just the same.

use leptos::prelude::*;

/// A dialog that traps the focus; Escape leads to `close`, the address of the page without the dialog.
#[island]
pub fn ModalDialog(
    /// Where closing leads.
    close: String,
    /// The identifier of the dialog's title.
    labelled_by: String,
    /// 840 rather than 560 px.
    wide: bool,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        Effect::new(move |_| {
            if let Some(dialog) = dialog.get() {
                let dialog: web_sys::HtmlDialogElement = dialog.unchecked_into();
                let in_use = field_in_use(&dialog);
                // Showing takes the place of the attribute; removing it that way fires no `close`.
                _ = dialog.remove_attribute("open");
                // Where nothing asks for the focus the dialog has it itself, and not its way out, which comes first.
                if let Ok(None) = dialog.query_selector("[autofocus]") {
                    _ = dialog.set_attribute("autofocus", "");
                }
                if dialog.show_modal().is_err() {
                    _ = dialog.set_attribute("open", "");
                }
                if let Some(field) = in_use {
                    // A field that cannot have the focus again loses no more than the focus.
                    _ = field.focus();
                }
            }
        });
    }
    let on_cancel = move |event: leptos::ev::Event| {
        event.prevent_default();
        #[cfg(feature = "hydrate")]
        super::browser::go(&close);
        #[cfg(not(feature = "hydrate"))]
        let _ = &close;
    };
    view! {
        <dialog
            open
            class=if wide { "dialog wide" } else { "dialog" }
            aria-labelledby=labelled_by
            node_ref=dialog
            on:cancel=on_cancel
        >
            {children()}
        </dialog>
    }
}

/// What somebody is typing in already: the WebAssembly came after them, and showing moves the focus.
#[cfg(feature = "hydrate")]
fn field_in_use(dialog: &web_sys::HtmlDialogElement) -> Option<web_sys::HtmlElement> {
    use wasm_bindgen::JsCast;
    let focused = super::browser::document()?.active_element()?;
    dialog
        .contains(Some(&focused))
        .then(|| focused.dyn_into().ok())
        .flatten()
}
