//! A job's progress, live: one stream of events from the server, ended with the job.

mod words;

use hozon_model::{JobProgress, JobState};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

pub use words::JobWords;

/// What changes while a job runs. The events carry more; only this is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveJob {
    /// Where it stands.
    pub state: JobState,
    /// How far it is.
    pub progress: JobProgress,
}

impl LiveJob {
    /// From 0 to 100; none while the amount is unknown.
    pub fn percent(&self) -> Option<u8> {
        let progress = &self.progress;
        let known = progress.bytes_total + progress.rows_total + progress.files_total > 0;
        known.then(|| progress.percent())
    }
}

/// Follows a job to its end; then the page is loaded again, with all that the end brought.
#[cfg(feature = "hydrate")]
pub(super) async fn follow(id: &str, changed: impl Fn(LiveJob), connected: impl Fn(bool)) {
    use futures::StreamExt;
    use gloo_net::eventsource::futures::EventSource;

    let Ok(mut source) = EventSource::new(&format!("/events/jobs/{id}")) else {
        return;
    };
    let Ok(mut events) = source.subscribe("message") else {
        return;
    };
    while let Some(event) = events.next().await {
        // An error means that the connection is lost: the browser makes it again by itself.
        let Ok((_, message)) = event else {
            connected(false);
            continue;
        };
        let Some(job) = message
            .data()
            .as_string()
            .and_then(|data| serde_json::from_str::<LiveJob>(&data).ok())
        else {
            continue;
        };
        connected(true);
        changed(job);
        if job.state.is_final() {
            source.close();
            super::browser::reload();
            return;
        }
    }
}

/// Bar, phase and figures of a running job.
#[island]
pub fn JobProgressLive(
    /// Which job.
    id: String,
    /// How it was when the page was made.
    job: LiveJob,
    /// The words for it.
    words: JobWords,
) -> impl IntoView {
    let job = RwSignal::new(job);
    let connected = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        let id = id.clone();
        leptos::task::spawn_local(async move {
            follow(&id, |now| job.set(now), |is| connected.set(is)).await;
        });
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = id;

    let words = StoredValue::new(words);
    let phase = Memo::new(move |_| words.with_value(|words| words.phase(job.get().progress.phase)));
    let percent = Memo::new(move |_| job.get().percent());
    // Said aloud at every tenth part only: a voice that counts every percent says nothing.
    let aloud = Memo::new(move |_| match percent.get() {
        Some(percent) => format!("{}, {} %", phase.get(), percent / 10 * 10),
        None => phase.get(),
    });
    let figures = move || words.with_value(|words| words.figures(&job.get().progress));
    let label = words.with_value(|words| words.progress.clone());
    let bar = label.clone();
    let (live, refresh) = words.with_value(|words| (words.live.clone(), words.refresh.clone()));

    view! {
        <section class="card job-live" aria-label=label>
            <div class="job-live-head">
                <strong>{phase}</strong>
                <span class="job-percent">{move || percent.get().map(|percent| format!("{percent} %"))}</span>
                <span class="live-mark" hidden=move || !connected.get()>{live}</span>
                <a class="live-refresh" href="" hidden=move || connected.get()>{refresh}</a>
            </div>
            <progress class="progress" max="100" value=move || percent.get().map(|percent| percent.to_string()) aria-label=bar></progress>
            <dl class="figures">
                {move || figures().into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect::<Vec<_>>()}
            </dl>
            <p class="only-heard" aria-live="polite">{aloud}</p>
        </section>
    }
}
