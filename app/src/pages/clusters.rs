//! The clusters that Hozon knows.

use hozon_model::{Action, Cluster, Privilege, Project, Resource};
use leptos::prelude::*;

use super::cluster_add::open_to;
use crate::{
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::say,
    widgets::{ButtonLink, Column, Drawing, Empty, Glyph, Look, Table, When, Withheld},
};

/// Every cluster, by name.
#[component]
pub(crate) fn ClustersPage() -> impl IntoView {
    loaded(Section::Clusters, async {
        let (seen, actor) = (session::seen().await?, session::actor().await?);
        let (clusters, projects) = (seen.clusters().await?, seen.projects().await?);
        let may_add = !open_to(&actor, Resource::Cluster, projects.clone()).is_empty();
        Ok(page(clusters, projects, may_add))
    })
}

/// The page for what is there; the project of each cluster is told where there are several.
pub(crate) fn page(clusters: Vec<Cluster>, projects: Vec<Project>, may_add: bool) -> AnyView {
    let add = move || {
        if may_add {
            view! { <ButtonLink look=Look::Primary glyph=Glyph::Plus href="/clusters/new" label=say!(clusters.add) /> }
                .into_any()
        } else {
            view! {
                <Withheld id="why-not-add" look=Look::Primary glyph=Glyph::Plus label=say!(clusters.add) missing=Privilege::new(Resource::Cluster, Action::Create) />
            }
            .into_any()
        }
    };
    let (action, content) = if clusters.is_empty() {
        let empty = view! {
            <Empty drawing=Drawing::Storehouse title=say!(clusters.empty_title) about=say!(clusters.empty_about)>
                {add()}
            </Empty>
        };
        (().into_any(), empty.into_any())
    } else {
        let projects = if projects.len() > 1 {
            projects
        } else {
            Vec::new()
        };
        let table = view! { <ClustersTable clusters projects /> };
        (add(), table.into_any())
    };
    view! {
        <Page section=Section::Clusters title=say!(clusters.title) about=say!(clusters.about) help=Guide::BeforeYouStart action>
            {content}
        </Page>
    }
    .into_any()
}

/// Clusters as rows.
#[component]
pub(crate) fn ClustersTable(
    clusters: Vec<Cluster>,
    /// For their names; empty where a cluster's project goes without saying.
    projects: Vec<Project>,
) -> impl IntoView {
    let many = !projects.is_empty();
    let rows: Vec<_> = clusters
        .into_iter()
        .map(|cluster| {
            let project = many.then(|| {
                let own = projects.iter().find(|one| one.id == cluster.project_id);
                let name = own.map(|project| {
                    let href = format!("/projects/{}", project.id);
                    view! { <a href=href>{project.name.clone()}</a> }
                });
                view! { <td data-label=say!(cluster_edit.project)>{name}</td> }
            });
            view! {
                <tr>
                    <th scope="row" class="name"><a href=format!("/clusters/{}", cluster.id)>{cluster.name}</a></th>
                    {project}
                    <td data-label=say!(clusters.address)><code>{cluster.address}</code></td>
                    <td data-label=say!(clusters.storage)><code class="long">{cluster.storage.url}</code></td>
                    <td class="minor" data-label=say!(clusters.version)>{cluster.milvus_version}</td>
                    <td class="minor" data-label=say!(clusters.added)><When at=cluster.created_at /></td>
                </tr>
            }
        })
        .collect();
    let mut columns = vec![
        Column::of(say!(clusters.name)),
        Column::of(say!(clusters.address)),
        Column::of(say!(clusters.storage)),
        Column::of(say!(clusters.version)).minor(),
        Column::of(say!(clusters.added)).minor(),
    ];
    if many {
        columns.insert(1, Column::of(say!(cluster_edit.project)));
    }
    view! { <Table caption=say!(clusters.list) columns>{rows}</Table> }
}
