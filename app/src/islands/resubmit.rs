//! Shows a form again when a choice in it changes what the rest can be.
//!
//! Around a control and the button that does the same by hand; where this works, the button is not needed.

use leptos::prelude::*;

/// Presses the button inside when the control inside changes.
#[island]
pub fn Resubmit(children: Children) -> impl IntoView {
    let place = NodeRef::<leptos::html::Div>::new();
    let wired = RwSignal::new(false);
    Effect::new(move |_| wired.set(true));
    let on_change = move |_| {
        #[cfg(feature = "hydrate")]
        {
            use wasm_bindgen::JsCast;
            let button = place
                .get_untracked()
                .and_then(|place| place.query_selector("button").ok().flatten())
                .and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok());
            if let Some(button) = button {
                button.click();
            }
        }
    };
    view! {
        <div class="resubmit" class:wired=wired node_ref=place on:change=on_change>
            {children()}
        </div>
    }
}
