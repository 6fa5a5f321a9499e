//! The table of the audit's lines.

use hozon_model::AuditLine;
use leptos::prelude::*;

use crate::{
    text::{self, say},
    widgets::{OutcomeBadge, When},
};

/// Lines as rows.
#[component]
pub(super) fn LinesTable(lines: Vec<AuditLine>) -> impl IntoView {
    view! {
        <div class="table-frame">
            <table class="table cards">
                <caption class="only-heard">{say!(audit.list)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say!(audit.when)}</th>
                        <th scope="col">{say!(audit.who)}</th>
                        <th scope="col" class="minor">{say!(audit.origin)}</th>
                        <th scope="col">{say!(audit.action)}</th>
                        <th scope="col">{say!(audit.target)}</th>
                        <th scope="col">{say!(audit.outcome)}</th>
                    </tr>
                </thead>
                <tbody>{lines.into_iter().map(|line| view! { <Row line /> }).collect::<Vec<_>>()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(line: AuditLine) -> impl IntoView {
    let AuditLine {
        id,
        at,
        actor,
        origin,
        action,
        target,
        outcome,
        ..
    } = line;
    let locale = text::locale();
    let done = match text::audit_action(locale, &action) {
        Some(words) => view! { <span>{words}</span> }.into_any(),
        None => view! { <code>{action}</code> }.into_any(),
    };
    let why = (outcome != "ok").then(|| match text::audit_error(&outcome) {
        Some(code) => view! { <span class="hint">{text::sentence(locale, code)}</span> }.into_any(),
        None => view! { <span class="hint"><code>{outcome.clone()}</code></span> }.into_any(),
    });
    view! {
        <tr>
            <th scope="row" class="name"><a href=format!("/audit/{id}")><When at exact=true /></a></th>
            <td data-label=say!(audit.who)>{actor}</td>
            <td class="minor" data-label=say!(audit.origin)><code>{origin}</code></td>
            <td data-label=say!(audit.action)>{done}</td>
            <td data-label=say!(audit.target)><code class="long">{target}</code></td>
            <td class="state"><OutcomeBadge outcome />{why}</td>
        </tr>
    }
}
