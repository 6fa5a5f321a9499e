//! The form that makes an API key.

use hozon_model::{Action, CustomRole, Place, Privilege, ProjectId, Resource};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::{CreateKey, DAYS, KeyForm},
    flash::{Flash, Form},
    format::command::Verb,
    layout::{Page, Section, loaded},
    pages::access::{AccessTab, AccessTabs, grant::GrantFields, places::Places},
    session,
    text::say,
    visit::Visit,
    widgets::{Button, ButtonLink, Choice, Choices, Command, Field, Input, Look, Problem},
};

/// A name, a role, where it holds, and for how long.
#[component]
pub(crate) fn KeyAddPage() -> impl IntoView {
    loaded(Section::Access, async {
        let (engine, caller) = (session::engine(), session::actor().await?);
        let visit = Visit::current();
        let mut form = KeyForm::of(&visit.address.query);
        let mut projects = engine.projects().await?;
        super::check_anywhere(&caller, Action::Create, &projects)?;
        let may = |place: &Place| caller.may(Resource::Key, Action::Create, place);
        projects.retain(|project| may(&Place::Project(project.id.clone())));
        let mut clusters = engine.seen_by(caller.clone()).clusters().await?;
        let within = |id: &ProjectId| projects.iter().any(|project| project.id == *id);
        clusters.retain(|cluster| within(&cluster.project_id));
        visit
            .zone
            .iana_name()
            .unwrap_or("UTC")
            .clone_into(&mut form.zone);
        let may_see_roles = caller
            .visible(Resource::Role)
            .is_none_or(|scopes| !scopes.is_empty());
        let roles = if may_see_roles {
            engine.roles().await?
        } else {
            Vec::new()
        };
        let withheld =
            (!may(&Place::Organization)).then(|| Privilege::new(Resource::Key, Action::Create));
        let places = Places { projects, clusters };
        Ok(page(form, roles, places, withheld))
    })
}

/// The form, with what was typed before.
pub(crate) fn page(
    form: KeyForm,
    roles: Vec<CustomRole>,
    places: Places,
    withheld: Option<Privilege>,
) -> AnyView {
    let fields = form.fields();
    let (name, zone) = (form.name.clone(), form.zone.clone());
    view! {
        <Page
            section=Section::Access
            title=say!(key_add.title)
            about=say!(key_add.about)
            crumbs=vec![("/access/keys".to_owned(), say!(api_keys.title).to_owned())]
        >
            <AccessTabs current=AccessTab::Keys />
            {Flash::refusal(Form::Key).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
            <form method="post" action=CreateKey::url() class="sheet">
                <input type="hidden" name="zone" value=zone />
                <fieldset class="sheet-part">
                    <legend>{say!(key_add.what)}</legend>
                    <Field id="name" label=say!(key_add.name) hint=say!(key_add.name_hint)>
                        <Input id="name" name="name" value=name required=true autofocus=true hinted=true longest=64 />
                    </Field>
                    <GrantFields form=form.grant.clone() roles places withheld />
                    <Term form />
                </fieldset>
                <Command verb=Verb::CreateKey fields />
                <footer class="sheet-buttons">
                    <ButtonLink href="/access/keys" label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(key_add.submit) />
                </footer>
            </form>
        </Page>
    }
    .into_any()
}

/// How long the key works.
#[component]
fn Term(form: KeyForm) -> impl IntoView {
    let chosen = form.expires.clone();
    let days: Vec<_> = DAYS
        .into_iter()
        .map(|days| {
            let label = say!(key_add.days, n = days).to_string();
            view! { <Choice name="expires" value=days label checked=chosen == days /> }
        })
        .collect();
    let (never, date) = (chosen == "never", chosen == "date");
    let hint = say!(key_add.until_hint, zone = form.zone).to_string();
    view! {
        <Choices legend=say!(key_add.expires)>
            {days}
            <Choice name="expires" value="date" label=say!(key_add.date) checked=date />
            <Choice name="expires" value="never" label=say!(key_add.never) hint=say!(key_add.never_hint) checked=never />
        </Choices>
        <div class="for-key-date">
            <Field id="until" label=say!(key_add.until) hint>
                <Input id="until" name="until" kind="datetime-local" value=form.until hinted=true />
            </Field>
        </div>
    }
}
