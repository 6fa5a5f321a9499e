//! How far a job is, in a list: a number that moves, and a fresh page when the job ends.

use leptos::prelude::*;

#[cfg(feature = "hydrate")]
use super::job::follow;

/// The percentage of a running job.
#[island]
pub fn JobPulse(
    /// Which job.
    id: String,
    /// How far it was when the page was made; none while the amount is unknown.
    percent: Option<u8>,
) -> impl IntoView {
    let percent = RwSignal::new(percent);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        let id = id.clone();
        leptos::task::spawn_local(async move {
            follow(&id, |job| percent.set(job.percent()), |_| ()).await;
        });
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
    view! { <span class="pulse">{move || percent.get().map(|percent| format!("{percent} %"))}</span> }
}
