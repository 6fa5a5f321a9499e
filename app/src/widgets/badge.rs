//! Where something stands: an icon and a word; the colour only repeats them.

use hozon_model::{BackupState, CheckOutcome, JobState, PolicyState};
use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::text::{self, say};

#[component]
fn Badge(tone: &'static str, glyph: Glyph, label: &'static str) -> impl IntoView {
    view! {
        <span class=format!("badge {tone}")>
            <Icon glyph />
            {label}
        </span>
    }
}

/// Where a backup stands.
#[component]
pub(crate) fn BackupBadge(state: BackupState) -> impl IntoView {
    let (tone, glyph) = match state {
        BackupState::Available => ("good", Glyph::Check),
        BackupState::Creating | BackupState::Deleting => ("busy", Glyph::Turning),
        BackupState::Damaged => ("bad", Glyph::Alert),
        BackupState::Failed => ("bad", Glyph::Cross),
        BackupState::Deleted => ("still", Glyph::Minus),
    };
    view! { <Badge tone glyph label=text::backup_state(state) /> }
}

/// Where a job stands.
#[component]
pub(crate) fn JobBadge(state: JobState) -> impl IntoView {
    let (tone, glyph) = match state {
        JobState::Successful => ("good", Glyph::Check),
        JobState::InProgress | JobState::Canceling => ("busy", Glyph::Turning),
        JobState::Pending => ("late", Glyph::Dots),
        JobState::Failed => ("bad", Glyph::Cross),
        JobState::Canceled => ("still", Glyph::Minus),
    };
    view! { <Badge tone glyph label=text::job_state(state) /> }
}

/// Whether a policy is at work; none is one that is switched off.
#[component]
pub(crate) fn PolicyBadge(state: Option<PolicyState>) -> impl IntoView {
    let (tone, glyph) = match state {
        Some(PolicyState::Enabled) => ("good", Glyph::Check),
        Some(PolicyState::Paused) => ("late", Glyph::Pause),
        None => ("still", Glyph::Minus),
    };
    view! { <Badge tone glyph label=text::policy_state(state) /> }
}

/// What came of a check.
#[component]
pub(crate) fn CheckBadge(outcome: CheckOutcome) -> impl IntoView {
    let (tone, glyph) = match outcome {
        CheckOutcome::Passed => ("good", Glyph::Check),
        CheckOutcome::Warning => ("late", Glyph::Alert),
        CheckOutcome::Failed => ("bad", Glyph::Cross),
        CheckOutcome::Skipped => ("still", Glyph::Minus),
    };
    view! { <Badge tone glyph label=text::check_outcome(outcome) /> }
}

/// An API key that works no more.
#[component]
pub(crate) fn ExpiredBadge() -> impl IntoView {
    view! { <Badge tone="bad" glyph=Glyph::Cross label=say!(api_keys.expired) /> }
}

/// The session of the browser that shows the page.
#[component]
pub(crate) fn HereBadge() -> impl IntoView {
    view! { <Badge tone="good" glyph=Glyph::Check label=say!(sessions.here) /> }
}

/// Whether signing in takes a code, too.
#[component]
pub(crate) fn TwoStepsBadge(on: bool) -> impl IntoView {
    let (tone, glyph, label) = if on {
        ("good", Glyph::Check, say!(two_steps.is_on))
    } else {
        ("still", Glyph::Minus, say!(two_steps.is_off))
    };
    view! { <Badge tone glyph label /> }
}

/// What came of something that the audit tells: `ok`, or the code of an error.
#[component]
pub(crate) fn OutcomeBadge(#[prop(into)] outcome: String) -> impl IntoView {
    let (tone, glyph, label) = if outcome == "ok" {
        ("good", Glyph::Check, say!(audit.ok))
    } else {
        ("bad", Glyph::Cross, say!(audit.failed))
    };
    view! { <Badge tone glyph label /> }
}

/// Whether the chain of the audit is whole; none where it was not looked through.
#[component]
pub(crate) fn ChainBadge(whole: Option<bool>) -> impl IntoView {
    let (tone, glyph, label) = match whole {
        Some(true) => ("good", Glyph::Check, say!(audit.whole)),
        Some(false) => ("bad", Glyph::Alert, say!(audit.broken)),
        None => ("still", Glyph::Minus, say!(audit.unchecked)),
    };
    view! { <Badge tone glyph label /> }
}
