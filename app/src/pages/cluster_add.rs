//! The form that registers a cluster.

use hozon_engine::access::{Acts, Caller};
use hozon_model::{Action, Place, Privilege, Project, ProjectId, Resource};
use leptos::{prelude::*, server_fn::ServerFn};

use super::cluster_form::{Belongs, Milvus, Storage};
use crate::{
    actions::{AddCluster, ClusterForm},
    flash::{Flash, Form},
    format::command::Verb,
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::say,
    visit::{Query, Visit},
    widgets::{Button, ButtonLink, Command, Look, Problem},
};

/// Address and credentials of a Milvus, and where it keeps its files.
#[component]
pub(crate) fn ClusterAddPage() -> impl IntoView {
    loaded(Section::Clusters, async {
        let (seen, actor) = (session::seen().await?, session::actor().await?);
        let projects = open_to(&actor, Resource::Cluster, seen.projects().await?);
        if projects.is_empty() {
            let create = Privilege::new(Resource::Cluster, Action::Create);
            actor.check(create, &Place::Project(ProjectId::default()))?;
        }
        Ok(page(&Visit::current().address.query, projects))
    })
}

/// The projects that somebody may make a kind of thing in.
pub(super) fn open_to(
    actor: &Caller,
    resource: Resource,
    mut projects: Vec<Project>,
) -> Vec<Project> {
    projects.retain(|project| {
        let here = Place::Project(project.id.clone());
        actor.may(resource, Action::Create, &here)
    });
    projects
}

/// The form, with what was typed before; secrets are typed again.
pub(crate) fn page(query: &Query, projects: Vec<Project>) -> AnyView {
    let form = ClusterForm::in_query(query);
    let fields = form.fields();
    view! {
        <Page
            section=Section::Clusters
            title=say!(cluster_add.title)
            about=say!(cluster_add.about) help=Guide::BeforeYouStart
            crumbs=vec![("/clusters".to_owned(), say!(clusters.title).to_owned())]
        >
            {Flash::refusal(Form::Cluster).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
            <form method="post" action=AddCluster::url() class="sheet">
                <Milvus form=form.clone() />
                <Storage form=form.clone() />
                <Belongs form projects />
                <Command verb=Verb::AddCluster fields known=None />
                <footer class="sheet-buttons">
                    <ButtonLink href="/clusters" label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(cluster_add.submit) />
                </footer>
            </form>
        </Page>
    }
    .into_any()
}
