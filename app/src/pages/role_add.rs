//! The form that makes a role.

use hozon_engine::access::Acts;
use hozon_model::{Action, Place, Privilege, Resource};
use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    access::{AccessTab, AccessTabs, opened, privileges::PrivilegeFields},
    role, roles,
};
use crate::{
    actions::{CreateRole, RoleForm},
    flash::{Flash, Form},
    format::command::Verb,
    help::Guide,
    layout::{Page, Section},
    text::say,
    visit::{NAMED, Query, Visit},
    widgets::{Button, ButtonLink, Command, Field, Input, Look, Problem},
};

/// A name and what the role may do; or the page of a role whose name cannot stand in a path.
#[component]
pub(crate) fn RoleAddPage() -> impl IntoView {
    opened(AccessTab::Roles, async {
        let query = Visit::current().address.query;
        if let Some(name) = query.get(NAMED) {
            return role::shown(name.to_owned()).await;
        }
        roles::looking().await?.check(
            Privilege::new(Resource::Role, Action::Create),
            &Place::Organization,
        )?;
        Ok(page(&query))
    })
}

/// The form, with what was typed before.
pub(crate) fn page(query: &Query) -> AnyView {
    let form = RoleForm::of(query);
    let fields = form.fields();
    view! {
        <Page
            section=Section::Access
            title=say!(roles.create)
            about=say!(roles.create_about) help=Guide::Access
            crumbs=vec![("/access/roles".to_owned(), say!(access.roles).to_owned())]
        >
            <AccessTabs current=AccessTab::Roles />
            {Flash::refusal(Form::Role).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
            <form method="post" action=CreateRole::url() class="sheet">
                <fieldset class="sheet-part">
                    <legend>{say!(roles.what)}</legend>
                    <Field id="name" label=say!(roles.name)>
                        <Input id="name" name="name" value=form.name required=true autofocus=true longest=64 />
                    </Field>
                    <Field id="description" label=say!(roles.description) optional=true>
                        <Input id="description" name="description" value=form.description longest=256 />
                    </Field>
                </fieldset>
                <fieldset class="sheet-part">
                    <legend>{say!(roles.may)}</legend>
                    <PrivilegeFields chosen=form.privileges />
                </fieldset>
                <Command verb=Verb::CreateRole fields />
                <footer class="sheet-buttons">
                    <ButtonLink href="/access/roles" label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(roles.create) />
                </footer>
            </form>
        </Page>
    }
    .into_any()
}
