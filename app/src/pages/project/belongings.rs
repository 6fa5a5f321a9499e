//! What belongs to a project: clusters, integrations, backups.

use hozon_model::{Cluster, Integration};
use leptos::prelude::*;

use super::Told;
use crate::{
    format::count,
    pages::{clusters::ClustersTable, integrations::IntegrationsTable},
    text::say,
    visit::Address,
};

/// A part of the page for each kind of thing.
#[component]
pub(super) fn Belongings(told: Told) -> impl IntoView {
    let add = told.rights.add_cluster.then(|| {
        Address::new("/clusters/new")
            .with("project", told.project.id.as_str())
            .to_string()
    });
    let backups = told.backups.total;
    view! {
        <Clusters clusters=told.clusters add />
        <Integrations integrations=told.integrations />
        <section class="part" aria-labelledby="backups-title">
            <h2 id="backups-title">{say!(projects.backups)}</h2>
            <p>{say!(project.backups, count = backups, n = count(backups)).to_string()}</p>
        </section>
    }
}

#[component]
fn Clusters(
    clusters: Vec<Cluster>,
    /// Where one more is added, for those who may.
    add: Option<String>,
) -> impl IntoView {
    let content = if clusters.is_empty() {
        view! { <p class="hint">{say!(project.no_clusters)}</p> }.into_any()
    } else {
        view! { <ClustersTable clusters projects=Vec::new() /> }.into_any()
    };
    view! {
        <section class="part" aria-labelledby="clusters-title">
            <h2 id="clusters-title">{say!(clusters.title)}</h2>
            {content}
            {add.map(|href| view! { <p><a href=href>{say!(clusters.add)}</a></p> })}
        </section>
    }
}

#[component]
fn Integrations(integrations: Vec<Integration>) -> impl IntoView {
    let content = if integrations.is_empty() {
        view! { <p class="hint">{say!(project.no_integrations)}</p> }.into_any()
    } else {
        view! { <IntegrationsTable integrations /> }.into_any()
    };
    view! {
        <section class="part" aria-labelledby="integrations-title">
            <h2 id="integrations-title">{say!(integrations.title)}</h2>
            {content}
        </section>
    }
}
