//! Who can sign in, and what they may do where.

use hozon_engine::access::Acts;
use hozon_model::{Action, Place, Privilege, Resource, User};
use leptos::prelude::*;

use super::access::{AccessTab, AccessTabs, opened, places::Places};
use crate::{
    actions::member_page,
    help::Guide,
    layout::{Page, Section},
    session,
    text::say,
    widgets::{ButtonLink, Column, Glyph, Look, Table, When, Withheld},
};

/// Every member, by name.
#[component]
pub(crate) fn MembersPage() -> impl IntoView {
    opened(AccessTab::Members, async {
        let (engine, caller) = (session::engine(), session::actor().await?);
        caller.check(
            Privilege::new(Resource::User, Action::View),
            &Place::Organization,
        )?;
        let may_add = caller.may(Resource::User, Action::Create, &Place::Organization);
        let users = engine.users().await?;
        let places = Places::seen(&engine, &caller).await?;
        Ok(page(users, &places, may_add))
    })
}

/// The page for the members that there are: whoever looks is one of them.
pub(crate) fn page(users: Vec<User>, places: &Places, may_add: bool) -> AnyView {
    let me = session::user().map(|user| user.name);
    let rows: Vec<_> = users
        .into_iter()
        .map(|user| {
            let own = me.as_ref() == Some(&user.name);
            let grants = places.grants(&user.grants);
            view! { <Row user grants own /> }
        })
        .collect();
    let add = if may_add {
        view! { <ButtonLink look=Look::Primary glyph=Glyph::Plus href="/access/members/new" label=say!(members.add) /> }
            .into_any()
    } else {
        let privilege = Privilege::new(Resource::User, Action::Create);
        view! { <Withheld glyph=Glyph::Plus label=say!(members.add) missing=privilege /> }
            .into_any()
    };
    view! {
        <Page section=Section::Access title=say!(access.members) about=say!(members.about) help=Guide::Access action=add>
            <AccessTabs current=AccessTab::Members />
            <Table
                caption=say!(members.list)
                columns=vec![
                    Column::of(say!(members.name)),
                    Column::of(say!(members.roles)),
                    Column::of(say!(members.signs_in)),
                    Column::of(say!(members.added)).minor(),
                ]
            >
                {rows}
            </Table>
        </Page>
    }
    .into_any()
}

#[component]
fn Row(user: User, grants: Vec<(String, String)>, own: bool) -> impl IntoView {
    let href = member_page(&user.name).to_string();
    let signs_in = signs_in(&user);
    let you = own.then(|| view! { <span class="tag">{say!(members.you)}</span> });
    view! {
        <tr>
            <th scope="row" class="name"><a href=href>{user.name}</a>{you}</th>
            <td data-label=say!(members.roles)><Grants grants /></td>
            <td data-label=say!(members.signs_in)>{signs_in}</td>
            <td class="minor" data-label=say!(members.added)><When at=user.created_at /></td>
        </tr>
    }
}

/// By what a member gets in.
pub(crate) fn signs_in(user: &User) -> &'static str {
    match (user.has_password, user.has_totp) {
        (true, true) => say!(two_steps.with_code),
        (true, false) => say!(members.password),
        (false, _) if user.has_identity => say!(oidc.provider),
        (false, _) => say!(members.link_only),
    }
}

#[component]
fn Grants(grants: Vec<(String, String)>) -> impl IntoView {
    if grants.is_empty() {
        return view! { <span class="hint">{say!(members.no_role)}</span> }.into_any();
    }
    let lines: Vec<_> = grants
        .into_iter()
        .map(|(role, place)| view! { <li>{role} " · " <span class="hint">{place}</span></li> })
        .collect();
    view! { <ul>{lines}</ul> }.into_any()
}
