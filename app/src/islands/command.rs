//! The command line under a dialog, kept in step with its form.

use leptos::prelude::*;

use crate::format::command::{Fields, Verb, line};

/// The command that does what the form around it is about to do.
#[island]
pub fn CommandLine(
    /// Which command.
    verb: Verb,
    /// The form's fields as the server knows them.
    fields: Fields,
) -> impl IntoView {
    let text = RwSignal::new(line(verb, &fields));
    let place = NodeRef::<leptos::html::Code>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        use wasm_bindgen::{JsCast, closure::Closure};
        let Some(form) = place
            .get()
            .and_then(|element| super::browser::form_of(&element))
        else {
            return;
        };
        let source = form.clone();
        let read = Closure::<dyn Fn()>::new(move || {
            if let Ok(data) = web_sys::FormData::new_with_form(&source) {
                text.set(line(verb, &pairs(&data)));
            }
        });
        if form
            .add_event_listener_with_callback("input", read.as_ref().unchecked_ref())
            .is_ok()
        {
            // The form lives as long as the page does.
            read.forget();
        }
    });
    view! { <code class="command-text" node_ref=place>{text}</code> }
}

#[cfg(feature = "hydrate")]
fn pairs(data: &web_sys::FormData) -> Fields {
    js_sys::try_iter(data)
        .ok()
        .flatten()
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let entry = js_sys::Array::from(&entry);
            Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
        })
        .collect()
}
