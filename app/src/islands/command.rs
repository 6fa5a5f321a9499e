//! The command line and the call of `/v2` under a dialog, kept in step with its form.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::copy::Copier;
use crate::format::{
    call::{Known, call},
    command::{Fields, Verb, line},
};

/// The words around them, in the visitor's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandWords {
    /// The name of the button that copies.
    pub copy: String,
    /// What it says when it has copied.
    pub copied: String,
    /// Said where no call does the same.
    pub no_call: String,
}

/// The command that does what the form around it is about to do, and the call that does the same; style shows one.
#[island]
pub fn CommandLine(
    /// Which command.
    verb: Verb,
    /// The form's fields as the server knows them.
    fields: Fields,
    /// What the call needs and the form does not hold; none where the form has no call, whatever is chosen.
    known: Option<Known>,
    /// The words around them.
    words: CommandWords,
) -> impl IntoView {
    let told = RwSignal::new(fields);
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
        let look = move || {
            if let Ok(data) = web_sys::FormData::new_with_form(&source) {
                told.set(pairs(&data));
            }
        };
        // Somebody may have chosen before the WebAssembly came.
        look();
        let read = Closure::<dyn Fn()>::new(look);
        if form
            .add_event_listener_with_callback("input", read.as_ref().unchecked_ref())
            .is_ok()
        {
            // The form lives as long as the page does.
            read.forget();
        }
    });
    let text = Memo::new(move |_| told.with(|fields| line(verb, fields)));
    let CommandWords {
        copy,
        copied,
        no_call,
    } = words;
    let (label, done) = (copy.clone(), copied.clone());
    // A long call scrolls; without a place of its own for the focus it would not by keys.
    let call = known.map(|known| {
        let asked = Memo::new(move |_| told.with(|fields| call(verb, fields, &known)));
        let text = Memo::new(move |_| asked.get().unwrap_or_default());
        let missing = move || asked.with(Option::is_none);
        view! {
            <div class="command-line by-call" hidden=missing>
                <code class="call-text" tabindex="0">{text}</code>
                <Copier text label done />
            </div>
            <p class="by-call" hidden=move || !missing()>{no_call}</p>
        }
    });
    view! {
        <div class="command-lines">
            <div class="command-line by-command">
                <code class="command-text" node_ref=place>{text}</code>
                <Copier text label=copy done=copied />
            </div>
            {call}
        </div>
    }
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
