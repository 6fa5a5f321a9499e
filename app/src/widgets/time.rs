//! A moment: how long ago, and exactly when for whoever asks; one to come is told exactly.

use jiff::Timestamp;
use leptos::prelude::*;

use crate::text::Moment;

/// How long ago something was; the exact time is in the title.
#[component]
pub(crate) fn When(
    at: Timestamp,
    /// Whether the exact time is shown in place of the age.
    #[prop(optional)]
    exact: bool,
) -> impl IntoView {
    let moment = Moment::of(at);
    let (shown, title) = if exact {
        (moment.exact, moment.relative)
    } else {
        (moment.relative, moment.exact)
    };
    view! { <time datetime=moment.machine title=title>{shown}</time> }
}

/// When something will be, or was to be.
#[component]
pub(crate) fn At(at: Timestamp) -> impl IntoView {
    let moment = Moment::of(at);
    view! { <time datetime=moment.machine>{moment.exact}</time> }
}
