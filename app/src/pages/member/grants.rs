//! The roles of a member, a row each, and the dialog that gives one more.

use hozon_model::{Action, Grant, Privilege, Resource, User};
use leptos::{prelude::*, server_fn::ServerFn};

use super::{OPEN_GRANT, Told};
use crate::{
    actions::{CLUSTERS, GrantForm, GrantRole, RevokeRole, role_page},
    flash::{Flash, Form},
    format::command::Verb,
    pages::access::{grant::GrantFields, places::Places},
    text::{self, say},
    visit::{Address, Query},
    widgets::{
        Button, ButtonLink, Column, Command, Dialog, DialogButtons, Glyph, Icon, Look, Problem,
        Table, Withheld,
    },
};

/// What the member may do, and the ways to change it.
#[component]
pub(super) fn Grants(user: User, places: Places, here: Address, may_edit: bool) -> impl IntoView {
    let User { name, grants, .. } = user;
    let add = if may_edit {
        let href = here.with("dialog", "grant").to_string();
        view! { <ButtonLink id=OPEN_GRANT glyph=Glyph::Plus href label=say!(grants.add) /> }
            .into_any()
    } else {
        let privilege = Privilege::new(Resource::User, Action::Edit);
        view! { <Withheld glyph=Glyph::Plus label=say!(grants.add) missing=privilege /> }.into_any()
    };
    let rows: Vec<_> = grants
        .into_iter()
        .map(|grant| {
            let place = places.words(grant.scope.as_ref());
            view! { <Row user=name.clone() grant place may_edit /> }
        })
        .collect();
    let content = if rows.is_empty() {
        view! { <p class="hint">{say!(members.no_role)}</p> }.into_any()
    } else {
        view! {
            <Table
                caption=say!(grants.list, name = name).to_string()
                columns=vec![
                    Column::of(say!(grants.role)),
                    Column::of(say!(grants.place)),
                    Column::actions(),
                ]
            >
                {rows}
            </Table>
        }
        .into_any()
    };
    view! {
        <section class="part" aria-labelledby="grants-title">
            <header class="part-head">
                <h2 id="grants-title">{say!(members.roles)}</h2>
                {add}
            </header>
            {content}
        </section>
    }
}

#[component]
fn Row(user: String, grant: Grant, place: String, may_edit: bool) -> impl IntoView {
    let Grant { role, scope } = grant;
    let name = text::role(&role);
    let href = role_page(role.as_str()).to_string();
    let what = format!(": {name}, {place}");
    let barred = !may_edit;
    let (project, clusters) = scope
        .map(|scope| (scope.project_id.to_string(), scope.cluster_ids))
        .unwrap_or_default();
    let clusters: Vec<_> = clusters
        .into_iter()
        .map(|id| view! { <input type="hidden" name=CLUSTERS value=id.to_string() /> })
        .collect();
    view! {
        <tr>
            <th scope="row" class="name"><a href=href>{name}</a></th>
            <td data-label=say!(grants.place)>{place}</td>
            <td class="revoke">
                <form method="post" action=RevokeRole::url()>
                    <input type="hidden" name="name" value=user />
                    <input type="hidden" name="role" value=role.to_string() />
                    <input type="hidden" name="project" value=project />
                    {clusters}
                    <button class="button quiet" disabled=barred>
                        <Icon glyph=Glyph::Trash />
                        {say!(grants.revoke)}
                        <span class="only-heard">{what}</span>
                    </button>
                </form>
            </td>
        </tr>
    }
}

/// The dialog that gives one more role.
pub(crate) fn dialog(told: &Told, query: &Query) -> AnyView {
    let (name, close) = (told.user.name.clone(), told.here().at(OPEN_GRANT));
    let form = GrantForm::of(query, "everywhere");
    let held: Vec<_> = told
        .user
        .grants
        .iter()
        .map(|grant| ("held[]".to_owned(), told.places.typed(grant)))
        .collect();
    let mut fields = vec![("name".to_owned(), name.clone())];
    fields.extend(held.clone());
    fields.extend(form.fields());
    let held: Vec<_> = held
        .into_iter()
        .map(|(key, value)| view! { <input type="hidden" name=key value=value /> })
        .collect();
    let (roles, places) = (told.roles.clone(), told.places.clone());
    view! {
        <Dialog
            close=close.clone()
            title=say!(grants.title, name = name.clone()).to_string()
            about=say!(grants.about)
        >
            <form method="post" action=GrantRole::url() class="dialog-form">
                <input type="hidden" name="name" value=name />
                {held}
                <div class="dialog-body">
                    {Flash::refusal(Form::Grant).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                    <GrantFields form roles places />
                </div>
                <Command verb=Verb::GrantRole fields />
                <DialogButtons>
                    <ButtonLink href=close label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(grants.add) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}
