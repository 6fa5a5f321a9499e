//! Where a member is signed in. They are ended on the page of all sessions.

use hozon_model::Session;
use leptos::prelude::*;

use crate::{
    text::{Moment, say},
    widgets::{Column, Table, When},
};

/// The sessions, newest first, and the way to those of everybody.
#[component]
pub(super) fn Sessions(user: String, sessions: Vec<Session>) -> impl IntoView {
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|session| {
            let ends = Moment::of(session.expires_at);
            view! {
                <tr>
                    <th scope="row" class="name"><code>{session.origin}</code></th>
                    <td data-label=say!(members.since)><When at=session.created_at /></td>
                    <td data-label=say!(members.ends)><time datetime=ends.machine>{ends.exact}</time></td>
                </tr>
            }
        })
        .collect();
    let content = if rows.is_empty() {
        view! { <p class="hint">{say!(members.sessions_none, name = user).to_string()}</p> }
            .into_any()
    } else {
        view! {
            <Table
                caption=say!(access.sessions)
                columns=vec![
                    Column::of(say!(members.origin)),
                    Column::of(say!(members.since)),
                    Column::of(say!(members.ends)),
                ]
            >
                {rows}
            </Table>
        }
        .into_any()
    };
    view! {
        <section class="part" aria-labelledby="sessions-title">
            <header class="part-head">
                <h2 id="sessions-title">{say!(access.sessions)}</h2>
                <a href="/access/sessions">{say!(members.sessions_all)}</a>
            </header>
            {content}
        </section>
    }
}
