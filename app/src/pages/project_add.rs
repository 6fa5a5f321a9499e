//! The form that makes a project.

use hozon_engine::access::Acts;
use hozon_model::{Action, Place, Privilege, ProjectPlan, Resource};
use leptos::{prelude::*, server_fn::ServerFn};

use super::project::plans::{Plans, plan_in};
use crate::{
    actions::CreateProject,
    flash::{Flash, Form},
    format::{call::Known, command::Verb},
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::say,
    visit::{Query, Visit},
    widgets::{Button, ButtonLink, Command, Field, Input, Look, Problem},
};

/// A name and a plan.
#[component]
pub(crate) fn ProjectAddPage() -> impl IntoView {
    loaded(Section::Projects, async {
        let create = Privilege::new(Resource::Project, Action::Create);
        let actor = session::actor().await?;
        actor.check(create, &Place::Organization)?;
        Ok(page(&Visit::current().address.query))
    })
}

/// The form, with what was typed before.
pub(crate) fn page(query: &Query) -> AnyView {
    let name = query.get("name").unwrap_or_default().to_owned();
    let plan = plan_in(query).unwrap_or(ProjectPlan::Standard);
    let fields = vec![
        ("name".to_owned(), name.clone()),
        ("plan".to_owned(), plan.as_str().to_owned()),
    ];
    view! {
        <Page
            section=Section::Projects
            title=say!(project_add.title)
            about=say!(project_add.about) help=Guide::Projects
            crumbs=vec![("/projects".to_owned(), say!(projects.title).to_owned())]
        >
            {Flash::refusal(Form::Project).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
            <form method="post" action=CreateProject::url() class="sheet">
                <fieldset class="sheet-part">
                    <legend>{say!(project.subject)}</legend>
                    <Field id="name" label=say!(projects.name)>
                        <Input id="name" name="name" value=name required=true autofocus=true longest=64 />
                    </Field>
                    <Plans chosen=plan raise_only=false />
                </fieldset>
                <Command verb=Verb::CreateProject fields known=Some(Known::default()) />
                <footer class="sheet-buttons">
                    <ButtonLink href="/projects" label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(project_add.title) />
                </footer>
            </form>
        </Page>
    }
    .into_any()
}
