//! A bar for what is known in hundredths; one that moves while nothing is known.

use leptos::prelude::*;

/// A progress bar.
#[component]
pub(crate) fn PercentBar(percent: Option<u8>, #[prop(into)] label: String) -> impl IntoView {
    view! { <progress class="progress" max="100" value=percent.map(|percent| percent.to_string()) aria-label=label></progress> }
}
