//! The places of one's own that backups are exported to.

use hozon_engine::access::Caller;
use hozon_model::{Action, Integration, Place, Privilege, Project, Resource};
use leptos::prelude::*;

use crate::{
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::{self, say},
    widgets::{Column, Drawing, Empty, Glyph, GuardedLink, Look, Table, When},
};

/// Every integration, by name.
#[component]
pub(crate) fn IntegrationsPage() -> impl IntoView {
    loaded(Section::Integrations, async {
        let (seen, actor) = (session::seen().await?, session::actor().await?);
        let missing = missing(&actor, &seen.projects().await?);
        Ok(page(seen.integrations().await?, missing))
    })
}

/// What is missing to add one to any of these projects.
fn missing(actor: &Caller, projects: &[Project]) -> Option<Privilege> {
    let nowhere = !projects.iter().any(|project| {
        let here = Place::Project(project.id.clone());
        actor.may(Resource::Integration, Action::Create, &here)
    });
    nowhere.then(|| Privilege::new(Resource::Integration, Action::Create))
}

/// The page for what is there.
pub(crate) fn page(integrations: Vec<Integration>, missing: Option<Privilege>) -> AnyView {
    let add = move |why| view! { <GuardedLink why look=Look::Primary glyph=Glyph::Plus href="/integrations/new" label=say!(integrations.add) missing /> };
    let action = add("why-not-add").into_any();
    let content = if integrations.is_empty() {
        view! {
            <Empty drawing=Drawing::Storehouse title=say!(integrations.empty_title) about=say!(integrations.empty_about)>
                {add("why-not-begin")}
            </Empty>
        }
        .into_any()
    } else {
        view! { <IntegrationsTable integrations /> }.into_any()
    };
    view! {
        <Page section=Section::Integrations title=say!(integrations.title) about=say!(integrations.about) help=Guide::S3 action>
            {content}
        </Page>
    }
    .into_any()
}

/// Integrations as rows.
#[component]
pub(crate) fn IntegrationsTable(integrations: Vec<Integration>) -> impl IntoView {
    view! {
        <Table
            caption=say!(integrations.list)
            columns=vec![
                Column::of(say!(integrations.name)),
                Column::of(say!(integrations.provider)),
                Column::of(say!(integrations.place)),
                Column::of(say!(integrations.region)).minor(),
                Column::of(say!(integrations.added)).minor(),
            ]
        >
            {integrations.into_iter().map(|integration| view! { <Row integration /> }).collect::<Vec<_>>()}
        </Table>
    }
}

#[component]
fn Row(integration: Integration) -> impl IntoView {
    let Integration {
        id,
        name,
        provider,
        storage,
        created_at,
        ..
    } = integration;
    let region = storage.region.unwrap_or_else(|| "–".to_owned());
    view! {
        <tr>
            <th scope="row" class="name"><a href=format!("/integrations/{id}")>{name}</a></th>
            <td data-label=say!(integrations.provider)>{text::provider(provider)}</td>
            <td data-label=say!(integrations.place)><code class="long">{storage.url}</code></td>
            <td class="minor" data-label=say!(integrations.region)>{region}</td>
            <td class="minor" data-label=say!(integrations.added)><When at=created_at /></td>
        </tr>
    }
}
