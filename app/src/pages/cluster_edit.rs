//! The form that changes what is known of a cluster.

use hozon_engine::access::{Acts, place_of_cluster};
use hozon_model::{Action, Cluster, Privilege, Resource};
use leptos::{prelude::*, server_fn::ServerFn};

use super::cluster_form::{Belongs, Milvus, Storage};
use crate::{
    actions::{ClusterForm, EditCluster},
    flash::{Flash, Form},
    format::command::Verb,
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::say,
    visit::{Query, Visit},
    widgets::{Button, ButtonLink, Command, Look, Problem},
};

/// The cluster as it is; whoever may not change it is told which right is missing.
#[component]
pub(crate) fn ClusterEditPage() -> impl IntoView {
    let id = super::part("id");
    loaded(Section::Clusters, async move {
        let cluster = session::seen().await?.cluster(&id).await?;
        let edit = Privilege::new(Resource::Cluster, Action::Edit);
        let actor = session::actor().await?;
        actor.check(edit, &place_of_cluster(&cluster))?;
        Ok(page(&cluster, &Visit::current().address.query))
    })
}

/// The form: as it was sent, where it was refused; otherwise as the cluster is.
pub(crate) fn page(cluster: &Cluster, query: &Query) -> AnyView {
    let form = if query.0.is_empty() {
        ClusterForm::of(cluster)
    } else {
        ClusterForm::in_query(query)
    };
    // What is as it was is not said; the fields hold both, so that the command can tell.
    let mut fields = form.fields();
    let was: Vec<_> = ClusterForm::of(cluster).fields();
    let was: Vec<_> = was
        .into_iter()
        .map(|(name, value)| (format!("was_{name}"), value))
        .chain([("cluster".to_owned(), cluster.name.clone())])
        .collect();
    fields.extend(was.clone());
    let was: Vec<_> = was
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect();
    let (id, own_page) = (cluster.id.to_string(), format!("/clusters/{}", cluster.id));
    let crumbs = vec![
        ("/clusters".to_owned(), say!(clusters.title).to_owned()),
        (own_page.clone(), cluster.name.clone()),
    ];
    view! {
        <Page
            section=Section::Clusters
            title=say!(cluster_edit.title)
            about=say!(cluster_edit.about) help=Guide::BeforeYouStart
            crumbs
        >
            {Flash::refusal(Form::EditCluster).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
            <form method="post" action=EditCluster::url() class="sheet">
                <input type="hidden" name="id" value=id />
                {was}
                <Milvus form=form.clone() editing=true />
                <Storage form=form.clone() />
                <Belongs form projects=Vec::new() />
                <Command verb=Verb::EditCluster fields known=None />
                <footer class="sheet-buttons">
                    <ButtonLink href=own_page label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(cluster_edit.submit) />
                </footer>
            </form>
        </Page>
    }
    .into_any()
}
