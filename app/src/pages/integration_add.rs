//! The form that makes an integration, by trying it out.

use hozon_engine::access::Acts;
use hozon_model::{
    Action, IntegrationCheckItem, IntegrationProvider, Place, Privilege, Project, ProjectId,
    Resource,
};
use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    cluster_add::open_to,
    cluster_form::ProjectChoice,
    integration::checks::{Checks, Policy},
};
use crate::{
    actions::{AddIntegration, IntegrationForm, tried},
    flash::{Flash, Form},
    format::command::Verb,
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::{self, say},
    visit::{Address, Query, Visit},
    widgets::{Button, ButtonLink, Command, Field, Input, Look, Problem, Tab, Tabs},
};

/// A provider, a place there, and what opens it.
#[component]
pub(crate) fn IntegrationAddPage() -> impl IntoView {
    loaded(Section::Integrations, async {
        let query = Visit::current().address.query;
        let (seen, actor) = (session::seen().await?, session::actor().await?);
        let projects = open_to(&actor, Resource::Integration, seen.projects().await?);
        if projects.is_empty() {
            let create = Privilege::new(Resource::Integration, Action::Create);
            actor.check(create, &Place::Project(ProjectId::default()))?;
        }
        let form = IntegrationForm::of(&query);
        let policy = (!form.bucket.is_empty())
            .then(|| session::engine().integration_policy(&form.location()))
            .flatten();
        Ok(page(&query, policy, projects))
    })
}

/// The form, with what was typed before; the secret is typed again.
pub(crate) fn page(query: &Query, policy: Option<String>, projects: Vec<Project>) -> AnyView {
    let form = IntegrationForm::of(query);
    let provider = form.provider();
    let fields = form.fields();
    let refusal = Flash::refusal(Form::Integration);
    let tried = if refusal.is_some() {
        tried(query)
    } else {
        Vec::new()
    };
    view! {
        <Page
            section=Section::Integrations
            title=say!(integration_add.title) help=Guide::of_provider(provider)
            about=say!(integration_add.about)
            crumbs=vec![("/integrations".to_owned(), say!(integrations.title).to_owned())]
        >
            {refusal.map(|report| view! { <Problem report title=say!(problem.refused) /> })}
            {(!tried.is_empty()).then(|| view! { <Tried tried /> })}
            <Tabs label=say!(integration_add.provider)>
                {IntegrationProvider::ALL
                    .map(|one| {
                        let href = Address::new("/integrations/new").with("provider", one.as_str()).to_string();
                        view! { <Tab href label=text::provider(one) current=one == provider /> }
                    })
                    .into_iter()
                    .collect::<Vec<_>>()}
            </Tabs>
            <form method="post" action=AddIntegration::url() class="sheet">
                <input type="hidden" name="provider" value=provider.as_str() />
                <What form=form.clone() projects />
                {match provider {
                    IntegrationProvider::Local => view! { <Directory path=form.path /> }.into_any(),
                    IntegrationProvider::Azure => view! { <Container form /> }.into_any(),
                    IntegrationProvider::Gcs => view! { <GoogleBucket form /> }.into_any(),
                    IntegrationProvider::S3 | IntegrationProvider::S3Compatible => {
                        view! { <Bucket form own=provider == IntegrationProvider::S3Compatible /> }.into_any()
                    }
                }}
                <Command verb=Verb::AddIntegration fields known=None />
                <footer class="sheet-buttons">
                    <ButtonLink href="/integrations" label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(integration_add.submit) />
                </footer>
            </form>
            {policy.map(|policy| view! { <Policy policy /> })}
        </Page>
    }
    .into_any()
}

#[component]
fn Tried(
    tried: Vec<(
        hozon_model::IntegrationCheckSubject,
        hozon_model::CheckOutcome,
    )>,
) -> impl IntoView {
    let items = tried
        .into_iter()
        .map(|(subject, outcome)| IntegrationCheckItem {
            subject,
            outcome,
            detail: String::new(),
            hint: None,
        })
        .collect();
    view! {
        <section class="card" aria-labelledby="tried-title">
            <h2 id="tried-title">{say!(integration_add.tried)}</h2>
            <Checks items />
        </section>
    }
}

#[component]
fn What(
    form: IntegrationForm,
    /// Those that it may belong to.
    projects: Vec<Project>,
) -> impl IntoView {
    view! {
        <fieldset class="sheet-part">
            <legend>{say!(integration_add.what)}</legend>
            <Field id="name" label=say!(integration_add.name)>
                <Input id="name" name="name" value=form.name required=true longest=64 />
            </Field>
            <Field id="description" label=say!(integration_add.description) optional=true>
                <Input id="description" name="description" value=form.description longest=256 />
            </Field>
            <ProjectChoice chosen=form.project projects />
        </fieldset>
    }
}

#[component]
fn Directory(path: String) -> impl IntoView {
    view! {
        <fieldset class="sheet-part">
            <legend>{say!(integration_add.place)}</legend>
            <Field id="path" label=say!(integration_add.directory) hint=say!(integration_add.directory_hint)>
                <Input id="path" name="path" value=path required=true hinted=true pattern="/.+" placeholder="/srv/exports" />
            </Field>
        </fieldset>
    }
}

#[component]
fn Bucket(
    form: IntegrationForm,
    /// Whether the service is not the cloud's own.
    own: bool,
) -> impl IntoView {
    view! {
        <fieldset class="sheet-part">
            <legend>{say!(integration_add.place)}</legend>
            {own
                .then(|| {
                    view! {
                        <Field id="endpoint" label=say!(integration_add.endpoint)>
                            <Input id="endpoint" name="endpoint" kind="url" value=form.endpoint required=true placeholder="http://localhost:8333" />
                        </Field>
                    }
                })}
            <div class="pair">
                <Field id="bucket" label=say!(integration_add.bucket)>
                    <Input id="bucket" name="bucket" value=form.bucket required=true longest=255 />
                </Field>
                <Field id="path" label=say!(integration_add.path) optional=true>
                    <Input id="path" name="path" value=form.path />
                </Field>
            </div>
            <Field id="region" label=say!(integration_add.region) optional=true>
                <Input id="region" name="region" value=form.region placeholder="us-east-1" />
            </Field>
            <div class="pair">
                <Field id="access_key" label=say!(integration_add.access_key) hint=say!(integration_add.keys_hint) optional=true>
                    <Input id="access_key" name="access_key" value=form.access_key hinted=true />
                </Field>
                <Field id="secret_key" label=say!(integration_add.secret_key) optional=true>
                    <Input id="secret_key" name="secret_key" kind="password" autocomplete="new-password" />
                </Field>
            </div>
            <Field id="role_arn" label=say!(integration_add.role_arn) hint=say!(integration_add.role_hint) optional=true>
                <Input
                    id="role_arn"
                    name="role_arn"
                    value=form.role_arn
                    hinted=true
                    placeholder="arn:aws:iam::123456789012:role/hozon"
                />
            </Field>
            <Field id="external_id" label=say!(integration_add.external_id) optional=true>
                <Input id="external_id" name="external_id" />
            </Field>
        </fieldset>
    }
}

#[component]
fn Container(form: IntegrationForm) -> impl IntoView {
    view! {
        <fieldset class="sheet-part">
            <legend>{say!(integration_add.place)}</legend>
            <div class="pair">
                <Field id="account" label=say!(integration_add.account)>
                    <Input id="account" name="account" value=form.account required=true />
                </Field>
                <Field id="bucket" label=say!(integration_add.container)>
                    <Input id="bucket" name="bucket" value=form.bucket required=true />
                </Field>
            </div>
            <Field id="path" label=say!(integration_add.container_path) optional=true>
                <Input id="path" name="path" value=form.path />
            </Field>
            <Field id="secret_key" label=say!(integration_add.azure_secret) hint=say!(integration_add.azure_hint) optional=true>
                <Input id="secret_key" name="secret_key" kind="password" autocomplete="new-password" hinted=true />
            </Field>
            <div class="pair">
                <Field id="tenant_id" label=say!(integration_add.tenant_id) optional=true>
                    <Input id="tenant_id" name="tenant_id" value=form.tenant_id />
                </Field>
                <Field id="client_id" label=say!(integration_add.client_id) optional=true>
                    <Input id="client_id" name="client_id" value=form.client_id />
                </Field>
            </div>
        </fieldset>
    }
}

#[component]
fn GoogleBucket(form: IntegrationForm) -> impl IntoView {
    view! {
        <fieldset class="sheet-part">
            <legend>{say!(integration_add.place)}</legend>
            <div class="pair">
                <Field id="bucket" label=say!(integration_add.bucket)>
                    <Input id="bucket" name="bucket" value=form.bucket required=true />
                </Field>
                <Field id="path" label=say!(integration_add.path) optional=true>
                    <Input id="path" name="path" value=form.path />
                </Field>
            </div>
            <Field id="secret_key" label=say!(integration_add.service_account) hint=say!(integration_add.keys_hint) optional=true>
                <Input id="secret_key" name="secret_key" kind="password" autocomplete="new-password" hinted=true />
            </Field>
        </fieldset>
    }
}
