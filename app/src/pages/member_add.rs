//! The form that adds a member.

use hozon_engine::access::Acts;
use hozon_model::{Action, CustomRole, Place, Privilege, Resource};
use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    access::{AccessTab, AccessTabs, grant::GrantFields, opened, places::Places},
    member,
};
use crate::{
    actions::{AddMember, GrantForm},
    error::AppResult,
    flash::{Flash, Form},
    format::command::Verb,
    help::Guide,
    layout::{Page, Section},
    session,
    text::say,
    visit::{NAMED, Query, Visit},
    widgets::{Button, ButtonLink, Command, Field, Input, Look, Problem},
};

/// A name, a role, a place, and perhaps a password; or the page of a member whose name cannot stand in a path.
#[component]
pub(crate) fn MemberAddPage() -> impl IntoView {
    opened(AccessTab::Members, async {
        let query = Visit::current().address.query;
        match query.get(NAMED) {
            Some(name) => member::shown(name.to_owned()).await,
            None => asked(&query).await,
        }
    })
}

async fn asked(query: &Query) -> AppResult<AnyView> {
    let (engine, caller) = (session::engine(), session::actor().await?);
    caller.check(
        Privilege::new(Resource::User, Action::Create),
        &Place::Organization,
    )?;
    let roles = engine.roles().await?;
    let places = Places::seen(&engine, &caller).await?;
    Ok(page(query, roles, places))
}

/// The form, with what was typed before; the password is typed again.
pub(crate) fn page(query: &Query, roles: Vec<CustomRole>, places: Places) -> AnyView {
    let name = query.get("name").unwrap_or_default().to_owned();
    let form = GrantForm::of(query, "everywhere");
    let mut fields = vec![("name".to_owned(), name.clone())];
    fields.extend(form.fields());
    view! {
        <Page
            section=Section::Access
            title=say!(members.add)
            about=say!(member_add.about) help=Guide::Access
            crumbs=vec![("/access/members".to_owned(), say!(access.members).to_owned())]
        >
            <AccessTabs current=AccessTab::Members />
            {Flash::refusal(Form::Member).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
            <form method="post" action=AddMember::url() class="sheet">
                <fieldset class="sheet-part">
                    <legend>{say!(member_add.who)}</legend>
                    <Field id="name" label=say!(member_add.name) hint=say!(member_add.name_hint)>
                        <Input id="name" name="name" value=name required=true autofocus=true hinted=true longest=64 />
                    </Field>
                    <Field id="password" label=say!(member_add.password) hint=say!(member_add.password_hint) optional=true>
                        <Input id="password" name="password" kind="password" autocomplete="new-password" hinted=true shortest=12 />
                    </Field>
                </fieldset>
                <fieldset class="sheet-part">
                    <legend>{say!(member_add.may)}</legend>
                    <GrantFields form roles places />
                </fieldset>
                <Command verb=Verb::AddMember fields />
                <footer class="sheet-buttons">
                    <ButtonLink href="/access/members" label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(members.add) />
                </footer>
            </form>
        </Page>
    }
    .into_any()
}
