//! One integration, and whether everything that an export needs works there.

pub(crate) mod checks;
mod remove;

use hozon_model::{
    Action, Integration, IntegrationCheck, IntegrationProvider, Place, Privilege, Resource,
};
use leptos::prelude::*;

use self::checks::{Checks, Policy};
use crate::{
    AppError,
    error::AppResult,
    help::Guide,
    layout::{Page, Section, loaded},
    rights::Rights,
    session,
    text::{self, say},
    visit::{Address, Visit},
    widgets::{Button, CopyableId, Fact, Facts, Glyph, GuardedLink, Look, Problem, When},
};

/// The link that opens the dialog, and has the focus again when it is left.
const OPEN_REMOVE: &str = "open-remove";

/// What whoever looks may not do here.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lacking {
    /// To forget it.
    pub remove: Option<Privilege>,
    /// To make backups of the archives that lie there.
    pub adopt: Option<Privilege>,
}

/// One integration. It is tried only when somebody asks for it: that takes a while, and writes an object.
#[component]
pub(crate) fn IntegrationPage() -> impl IntoView {
    let id = super::part("id");
    loaded(Section::Integrations, async move {
        let engine = session::engine();
        let integration = session::seen().await?.integration(&id).await?;
        let address = Visit::current().address;
        let check = match address.query.get("check") {
            Some(_) => Some(
                engine
                    .check_integration(&integration.id)
                    .await
                    .map_err(AppError::from),
            ),
            None => None,
        };
        let here = Address::new(format!("/integrations/{}", integration.id));
        let project = Place::Project(integration.project_id.clone());
        let rights = Rights::of(&session::actor().await?, &project);
        let missing = Lacking {
            remove: rights.missing(Resource::Integration, Action::Delete),
            adopt: rights.missing(Resource::Backup, Action::Create),
        };
        let dialog = (missing.remove.is_none() && address.query.get("dialog") == Some("remove"))
            .then(|| remove::dialog(&integration, &here));
        let policy = engine.integration_policy(&integration.storage);
        Ok(page(integration, policy, missing, check, dialog))
    })
}

/// The page for what is known of an integration.
pub(crate) fn page(
    integration: Integration,
    policy: Option<String>,
    missing: Lacking,
    check: Option<AppResult<IntegrationCheck>>,
    dialog: Option<AnyView>,
) -> AnyView {
    let here = format!("/integrations/{}", integration.id);
    let adopt = Address::new("/backups/adopt")
        .with("integration", &integration.name)
        .to_string();
    let action = view! {
        <GuardedLink id=OPEN_REMOVE why="why-not-remove" look=Look::Quiet glyph=Glyph::Trash href=format!("{here}?dialog=remove") label=say!(integrations.remove) missing=missing.remove />
        <GuardedLink why="why-not-adopt" look=Look::Quiet glyph=Glyph::Archive href=adopt label=say!(adopt.open) missing=missing.adopt />
        <form action=here>
            <input type="hidden" name="check" value="now" />
            <Button look=Look::Primary label=say!(clusters.check) />
        </form>
    };
    let check = check.map(|check| match check {
        Ok(check) => view! { <Verdict check /> }.into_any(),
        Err(error) => {
            view! { <Problem report=error.report title=say!(problem.refused) /> }.into_any()
        }
    });
    view! {
        <Page
            section=Section::Integrations
            title=integration.name.clone() help=Guide::of_provider(integration.provider)
            crumbs=vec![("/integrations".to_owned(), say!(integrations.title).to_owned())]
            action=action.into_any()
            dialog
        >
            {check}
            <IntegrationFacts integration />
            {policy.map(|policy| view! { <Policy policy /> })}
        </Page>
    }
    .into_any()
}

#[component]
fn Verdict(check: IntegrationCheck) -> impl IntoView {
    let verdict = if check.passed() {
        say!(integrations.check_passed)
    } else {
        say!(integrations.check_failed)
    };
    view! {
        <section class="card" aria-labelledby="check-title">
            <h2 id="check-title">{say!(clusters.checked)}</h2>
            <p>{verdict}</p>
            <Checks items=check.items />
        </section>
    }
}

#[component]
fn IntegrationFacts(integration: Integration) -> impl IntoView {
    let Integration {
        id,
        description,
        provider,
        storage,
        identity,
        created_at,
        ..
    } = integration;
    // Keys and signatures of Azure have no half that may be shown.
    let of_machine = !matches!(
        provider,
        IntegrationProvider::Local | IntegrationProvider::Azure
    );
    let identity = identity.or_else(|| of_machine.then(|| say!(integrations.machine).to_owned()));
    view! {
        <Facts>
            <Fact name=say!(integrations.provider)>{text::provider(provider)}</Fact>
            <Fact name=say!(integrations.place)><code class="long">{storage.url}</code></Fact>
            {storage.endpoint.map(|endpoint| view! { <Fact name=say!(integration_add.endpoint)><code>{endpoint}</code></Fact> })}
            {storage.region.map(|region| view! { <Fact name=say!(integrations.region)>{region}</Fact> })}
            {identity.map(|identity| view! { <Fact name=say!(integrations.identity)>{identity}</Fact> })}
            {(!description.is_empty()).then(|| view! { <Fact name=say!(integrations.description)>{description}</Fact> })}
            <Fact name=say!(integrations.added)><When at=created_at exact=true /></Fact>
            <Fact name=say!(integrations.id)><CopyableId id=id.to_string() /></Fact>
        </Facts>
    }
}
