//! What lies at a place of one's own and can become a backup again.

mod dialog;
mod list;

use hozon_engine::access::Acts;
use hozon_model::{
    Action, Cluster, FoundArchives, Integration, Place, Privilege, ProjectId, Resource,
};
use leptos::prelude::*;

use self::list::Found;
use super::cluster_add::open_to;
use crate::{
    AppError,
    actions::AdoptForm,
    error::AppResult,
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::say,
    visit::Visit,
    widgets::{Button, ButtonLink, Drawing, Empty, Field, Glyph, Input, Look, Problem, Select},
};

/// Where to look, and what was found there. A place is looked at only when somebody asks for it.
#[component]
pub(crate) fn AdoptPage() -> impl IntoView {
    loaded(Section::Backups, async {
        let query = Visit::current().address.query;
        let (seen, actor) = (session::seen().await?, session::actor().await?);
        if open_to(&actor, Resource::Backup, seen.projects().await?).is_empty() {
            let create = Privilege::new(Resource::Backup, Action::Create);
            actor.check(create, &Place::Project(ProjectId::default()))?;
        }
        let (integrations, clusters) = (seen.integrations().await?, seen.clusters().await?);
        let form = AdoptForm::of(&query);
        let found = if form.integration.is_empty() {
            None
        } else {
            let found = seen.archives(&form.integration, &form.within).await;
            Some(found.map_err(AppError::from))
        };
        let asked = query.get("dialog") == Some("adopt");
        Ok(page(&integrations, &clusters, form, found, asked))
    })
}

/// The page for what was found.
pub(crate) fn page(
    integrations: &[Integration],
    clusters: &[Cluster],
    form: AdoptForm,
    found: Option<AppResult<FoundArchives>>,
    asked: bool,
) -> AnyView {
    let dialog = asked.then(|| {
        let archives = match &found {
            Some(Ok(found)) => &found.archives[..],
            _ => &[],
        };
        dialog::dialog(&form, archives, integrations, clusters)
    });
    let content = if integrations.is_empty() {
        view! {
            <Empty drawing=Drawing::Storehouse title=say!(integrations.empty_title) about=say!(adopt.no_integration)>
                <ButtonLink look=Look::Primary glyph=Glyph::Plus href="/integrations/new" label=say!(integrations.add) />
            </Empty>
        }
        .into_any()
    } else {
        let found = found.map(|found| match found {
            Ok(found) => view! { <Found found form=form.clone() /> }.into_any(),
            Err(error) => {
                view! { <Problem report=error.report title=say!(problem.refused) /> }.into_any()
            }
        });
        view! {
            <Where integrations=integrations.to_vec() form />
            {found}
        }
        .into_any()
    };
    view! {
        <Page
            section=Section::Backups
            title=say!(adopt.title) help=Guide::Export
            about=say!(adopt.about)
            crumbs=vec![("/backups".to_owned(), say!(backups.title).to_owned())]
            dialog
        >
            {content}
        </Page>
    }
    .into_any()
}

#[component]
fn Where(integrations: Vec<Integration>, form: AdoptForm) -> impl IntoView {
    let names = integrations
        .into_iter()
        .map(|one| (one.name.clone(), one.name))
        .collect();
    view! {
        <form action="/backups/adopt" class="sheet">
            <fieldset class="sheet-part">
                <legend>{say!(adopt.place)}</legend>
                <div class="pair">
                    <Field id="integration" label=say!(adopt.integration)>
                        <Select id="integration" name="integration" options=names value=form.integration />
                    </Field>
                    <Field id="within" label=say!(adopt.within) hint=say!(adopt.within_hint) optional=true>
                        <Input id="within" name="within" value=form.within hinted=true placeholder="exports/2026" />
                    </Field>
                </div>
            </fieldset>
            <footer class="sheet-buttons">
                <ButtonLink href="/backups" label=say!(common.cancel) />
                <Button look=Look::Primary label=say!(adopt.look) />
            </footer>
        </form>
    }
}
