//! The table of the audit's lines.

use hozon_model::AuditLine;
use leptos::prelude::*;

use crate::{
    text::{self, say},
    widgets::{Column, OutcomeBadge, Table, When},
};

/// Lines as rows.
#[component]
pub(super) fn LinesTable(lines: Vec<AuditLine>) -> impl IntoView {
    view! {
        <Table
            caption=say!(audit.list)
            columns=vec![
                Column::of(say!(audit.when)),
                Column::of(say!(audit.who)),
                Column::of(say!(audit.origin)).minor(),
                Column::of(say!(audit.action)),
                Column::of(say!(audit.target)),
                Column::of(say!(audit.outcome)),
            ]
        >
            {lines.into_iter().map(|line| view! { <Row line /> }).collect::<Vec<_>>()}
        </Table>
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
