//! The mark: a storehouse's gable over a keyed door, in one stroke.

use leptos::prelude::*;

/// The storehouse.
#[component]
pub(crate) fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M1.800 10.200L12 3l10.200 7.200M4.500 8.600V21h15V8.600M8.500 21v-8.500h7V21M12 16.200v2" />
            <circle cx="12" cy="15.400" r=".9" />
        </svg>
    }
}

/// The storehouse with the name.
#[component]
pub(crate) fn WordMark() -> impl IntoView {
    view! {
        <span class="word-mark">
            <Mark />
            <span class="word-mark-name">"Hozon"</span>
            <span class="word-mark-han" lang="ja">"保存"</span>
        </span>
    }
}
