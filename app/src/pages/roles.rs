//! The roles: those that are always there, as a table of what each may do, and those made here.

use hozon_engine::access::{Acts, Caller};
use hozon_model::{Action, CustomRole, Place, Privilege, Resource, Role};
use leptos::prelude::*;

use super::access::{
    AccessTab, AccessTabs, opened,
    privileges::{amount, grouped},
};
use crate::{
    actions::role_page,
    error::AppResult,
    help::Guide,
    layout::{Page, Section},
    session,
    text::{self, say},
    widgets::{ButtonLink, Column, Drawing, Empty, Glyph, Icon, Look, Table, When, Withheld},
};

/// Every role.
#[component]
pub(crate) fn RolesPage() -> impl IntoView {
    opened(AccessTab::Roles, async {
        let caller = looking().await?;
        let may_create = caller.may(Resource::Role, Action::Create, &Place::Organization);
        Ok(page(session::engine().roles().await?, may_create))
    })
}

/// Whoever is here, if they may look at roles. These belong to no project: the right to look at them anywhere is enough.
pub(super) async fn looking() -> AppResult<Caller> {
    let caller = session::actor().await?;
    if caller.visible(Resource::Role) == Some(Vec::new()) {
        caller.check(
            Privilege::new(Resource::Role, Action::View),
            &Place::Organization,
        )?;
    }
    Ok(caller)
}

/// The page for the roles that were made here.
pub(crate) fn page(roles: Vec<CustomRole>, may_create: bool) -> AnyView {
    let create = move || {
        if may_create {
            view! { <ButtonLink look=Look::Primary glyph=Glyph::Plus href="/access/roles/new" label=say!(roles.create) /> }
                .into_any()
        } else {
            let privilege = Privilege::new(Resource::Role, Action::Create);
            view! { <Withheld glyph=Glyph::Plus label=say!(roles.create) missing=privilege /> }
                .into_any()
        }
    };
    let made = if roles.is_empty() {
        view! {
            <Empty drawing=Drawing::Sheet title=say!(roles.empty_title) about=say!(roles.empty_about)>{create()}</Empty>
        }
        .into_any()
    } else {
        view! { <Made roles /> }.into_any()
    };
    view! {
        <Page section=Section::Access title=say!(access.roles) about=say!(roles.about) help=Guide::Access action=create()>
            <AccessTabs current=AccessTab::Roles />
            <Matrix />
            <section class="part" aria-labelledby="made-title">
                <h2 id="made-title">{say!(roles.custom)}</h2>
                {made}
            </section>
        </Page>
    }
    .into_any()
}

/// What the roles that are always there may do.
#[component]
fn Matrix() -> impl IntoView {
    let held = Role::BUILT_IN.map(|role| role.privileges().unwrap_or_default());
    let groups: Vec<_> = grouped()
        .into_iter()
        .map(|(resource, privileges)| {
            let rows: Vec<_> = privileges
                .into_iter()
                .map(|privilege| {
                    let has = held.each_ref().map(|held| held.contains(&privilege));
                    view! { <Line privilege has /> }
                })
                .collect();
            view! {
                <tbody>
                    <tr><th scope="rowgroup" colspan="5" class="matrix-group">{text::resource(resource)}</th></tr>
                    {rows}
                </tbody>
            }
        })
        .collect();
    let heads: Vec<_> = Role::BUILT_IN
        .into_iter()
        .map(|role| {
            let href = role_page(role.as_str()).to_string();
            view! { <th scope="col"><a href=href>{text::role(&role)}</a></th> }
        })
        .collect();
    view! {
        <div class="table-frame matrix" role="region" tabindex="0" aria-label=say!(roles.matrix)>
            <table class="table">
                <caption class="only-heard">{say!(roles.matrix)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say!(roles.column)}</th>
                        {heads}
                    </tr>
                </thead>
                {groups}
            </table>
        </div>
    }
}

#[component]
fn Line(privilege: Privilege, has: [bool; 4]) -> impl IntoView {
    let cells: Vec<_> = has
        .into_iter()
        .map(|has| {
            let (class, glyph, word) = if has {
                ("yes", Glyph::Check, say!(roles.yes))
            } else {
                ("no", Glyph::Minus, say!(roles.no))
            };
            view! { <td class=class><Icon glyph /><span class="only-heard">{word}</span></td> }
        })
        .collect();
    view! {
        <tr>
            <th scope="row">{text::action(privilege.action())} " " <code>{privilege.to_string()}</code></th>
            {cells}
        </tr>
    }
}

#[component]
fn Made(roles: Vec<CustomRole>) -> impl IntoView {
    let rows: Vec<_> = roles
        .into_iter()
        .map(|role| {
            let href = role_page(&role.name).to_string();
            let privileges = amount(role.privileges.len());
            let description = (!role.description.is_empty()).then_some(role.description);
            view! {
                <tr>
                    <th scope="row" class="name"><a href=href>{role.name}</a></th>
                    <td data-label=say!(roles.description)>{description}</td>
                    <td data-label=say!(roles.column)>{privileges}</td>
                    <td class="minor" data-label=say!(roles.created)><When at=role.created_at /></td>
                </tr>
            }
        })
        .collect();
    view! {
        <Table
            caption=say!(roles.list)
            columns=vec![
                Column::of(say!(roles.name)),
                Column::of(say!(roles.description)),
                Column::of(say!(roles.column)),
                Column::of(say!(roles.created)).minor(),
            ]
        >
            {rows}
        </Table>
    }
}
