//! What went wrong: what, on what, what to do; the technical part folded, with a way to copy it.

use hozon_model::ErrorReport;
use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::{
    islands::CopyButton,
    text::{self, say},
};

/// An error's report.
#[component]
pub(crate) fn Problem(
    report: ErrorReport,
    /// What could not be done.
    #[prop(into)]
    title: String,
    /// The job that it happened to.
    #[prop(into, optional)]
    job: Option<String>,
) -> impl IntoView {
    let locale = text::locale();
    let sentence = text::sentence(locale, report.code);
    let advice = text::advice(locale, report.code);
    let technical = technical(&report, job.as_deref());
    let ErrorReport { subject, .. } = report;
    view! {
        <section class="problem" role="alert">
            <Icon glyph=Glyph::Alert />
            <div>
                <h2>{title}</h2>
                <p>
                    {sentence}
                    {(!subject.is_empty()).then(|| view! { " " <code>{subject}</code> })}
                </p>
                <p class="problem-advice">{advice}</p>
                <details>
                    <summary>{say!(common.technical)}</summary>
                    <div class="problem-technical">
                        <pre>{technical.clone()}</pre>
                        <CopyButton text=technical label=say!(common.copy).to_owned() done=say!(common.copied).to_owned() />
                    </div>
                </details>
            </div>
        </section>
    }
}

/// One sentence on what keeps somebody from going on.
#[component]
pub(crate) fn Alert(#[prop(into)] text: String) -> impl IntoView {
    view! {
        <section class="problem" role="alert">
            <Icon glyph=Glyph::Alert />
            <p>{text}</p>
        </section>
    }
}

/// Everything that a bug report needs, in English.
fn technical(report: &ErrorReport, job: Option<&str>) -> String {
    let mut lines = vec![report.to_string()];
    if !report.hint.is_empty() {
        lines.push(format!("hint: {}", report.hint));
    }
    if let Some(job) = job {
        lines.push(format!("job: {job}"));
    }
    lines.join("\n")
}
