//! A table of sessions, each with what ends it.

use hozon_model::{Action, Privilege, Resource, Session};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::{EndSession, SignOut},
    text::say,
    widgets::{At, Column, HereBadge, Table, When, Withheld},
};

/// Sessions as rows.
#[component]
pub(super) fn SessionsTable(
    caption: &'static str,
    sessions: Vec<Session>,
    /// The session of the browser that shows the page.
    #[prop(optional_no_strip)]
    here: Option<String>,
    /// Whether each says whose it is.
    #[prop(optional)]
    named: bool,
    may_end: bool,
) -> impl IntoView {
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|session| {
            let is_here = here.as_ref() == Some(&session.id);
            view! { <Row session is_here named may_end /> }
        })
        .collect();
    let mut columns = vec![
        Column::of(say!(sessions.origin)),
        Column::of(say!(sessions.since)),
        Column::of(say!(sessions.until)),
        Column::actions(),
    ];
    if named {
        columns.insert(0, Column::of(say!(sessions.user)));
    }
    view! { <Table caption columns>{rows}</Table> }
}

#[component]
fn Row(session: Session, is_here: bool, named: bool, may_end: bool) -> impl IntoView {
    let Session {
        id,
        user,
        created_at,
        expires_at,
        origin,
    } = session;
    let whose = named.then(|| view! { <td data-label=say!(sessions.user)>{user}</td> });
    let end = if is_here {
        view! {
            <form method="post" action=SignOut::url()>
                <button class="button quiet">{say!(nav.sign_out)}</button>
            </form>
        }
        .into_any()
    } else if may_end {
        view! {
            <form method="post" action=EndSession::url()>
                <input type="hidden" name="id" value=id />
                <button class="button quiet">
                    {say!(sessions.end)}
                    <span class="only-heard">" " {origin.clone()}</span>
                </button>
            </form>
        }
        .into_any()
    } else {
        let missing = Privilege::new(Resource::User, Action::Edit);
        view! { <Withheld label=say!(sessions.end) missing /> }.into_any()
    };
    view! {
        <tr>
            {whose}
            <th scope="row" class="name">
                {origin}
                {is_here.then(|| view! { " " <HereBadge /> })}
            </th>
            <td data-label=say!(sessions.since)><When at=created_at /></td>
            <td data-label=say!(sessions.until)><At at=expires_at /></td>
            <td class="row-action">{end}</td>
        </tr>
    }
}
