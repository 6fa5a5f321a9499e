//! A button that copies. It appears only where it works.

use leptos::prelude::*;

/// Copies `text`; says so for a moment.
#[island]
pub fn CopyButton(
    /// What is copied.
    text: String,
    /// The button's name.
    label: String,
    /// What it says when it has copied.
    done: String,
) -> impl IntoView {
    view! { <Copier text label done /> }
}

/// The same inside another island, whose text may change.
#[component]
pub(super) fn Copier(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
    /// The button's name.
    label: String,
    /// What it says when it has copied.
    done: String,
) -> impl IntoView {
    let ready = RwSignal::new(false);
    let copied = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));
    let name = {
        let (label, done) = (label.clone(), done.clone());
        move || {
            if copied.get() {
                done.clone()
            } else {
                label.clone()
            }
        }
    };
    let on_click = move |_| {
        #[cfg(feature = "hydrate")]
        if let Some(window) = web_sys::window() {
            let writing = window
                .navigator()
                .clipboard()
                .write_text(&text.get_untracked());
            leptos::task::spawn_local(async move {
                if wasm_bindgen_futures::JsFuture::from(writing).await.is_ok() {
                    copied.set(true);
                    set_timeout(move || copied.set(false), std::time::Duration::from_secs(2));
                }
            });
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (text, copied);
    };
    view! {
        <button type="button" class="copy" class:done=copied hidden=move || !ready.get() on:click=on_click aria-label=name.clone() title=name>
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                <path d=move || if copied.get() { "M3.5 8.5l3 3 6-7" } else { "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z" } />
            </svg>
        </button>
    }
}
