//! The clusters that Hozon knows.

use hozon_model::Cluster;
use leptos::prelude::*;

use crate::{
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::say,
    widgets::{ButtonLink, Drawing, Empty, Glyph, Look, When},
};

/// Every cluster, by name.
#[component]
pub(crate) fn ClustersPage() -> impl IntoView {
    loaded(Section::Clusters, async {
        let clusters = session::seen().await?.clusters().await?;
        let add = || view! { <ButtonLink look=Look::Primary glyph=Glyph::Plus href="/clusters/new" label=say!(clusters.add) /> };
        let action = add().into_any();
        let content = if clusters.is_empty() {
            view! {
                <Empty drawing=Drawing::Storehouse title=say!(clusters.empty_title) about=say!(clusters.empty_about)>
                    {add()}
                </Empty>
            }
            .into_any()
        } else {
            view! { <ClustersTable clusters /> }.into_any()
        };
        Ok(view! {
            <Page section=Section::Clusters title=say!(clusters.title) about=say!(clusters.about) help=Guide::BeforeYouStart action>
                {content}
            </Page>
        }
        .into_any())
    })
}

#[component]
fn ClustersTable(clusters: Vec<Cluster>) -> impl IntoView {
    view! {
        <div class="table-frame">
            <table class="table cards">
                <caption class="only-heard">{say!(clusters.list)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say!(clusters.name)}</th>
                        <th scope="col">{say!(clusters.address)}</th>
                        <th scope="col">{say!(clusters.storage)}</th>
                        <th scope="col" class="minor">{say!(clusters.version)}</th>
                        <th scope="col" class="minor">{say!(clusters.added)}</th>
                    </tr>
                </thead>
                <tbody>
                    {clusters
                        .into_iter()
                        .map(|cluster| {
                            view! {
                                <tr>
                                    <th scope="row" class="name"><a href=format!("/clusters/{}", cluster.id)>{cluster.name}</a></th>
                                    <td data-label=say!(clusters.address)><code>{cluster.address}</code></td>
                                    <td data-label=say!(clusters.storage)><code class="long">{cluster.storage.url}</code></td>
                                    <td class="minor" data-label=say!(clusters.version)>{cluster.milvus_version}</td>
                                    <td class="minor" data-label=say!(clusters.added)><When at=cluster.created_at /></td>
                                </tr>
                            }
                        })
                        .collect::<Vec<_>>()}
                </tbody>
            </table>
        </div>
    }
}
