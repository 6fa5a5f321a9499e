//! The list of jobs.

mod table;

use hozon_model::{Cluster, JobKind, JobQuery, JobState};
use leptos::prelude::*;

pub(crate) use table::{JobsTable, LIVE_ROWS};

use crate::{
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::{self, say},
    visit::{Address, Visit},
    widgets::{Drawing, Empty, Filter, Pager},
};

const KINDS: [JobKind; 7] = [
    JobKind::Backup,
    JobKind::Restore,
    JobKind::Verify,
    JobKind::Delete,
    JobKind::Export,
    JobKind::Adopt,
    JobKind::Copy,
];
const STATES: [JobState; 6] = [
    JobState::Pending,
    JobState::InProgress,
    JobState::Canceling,
    JobState::Successful,
    JobState::Failed,
    JobState::Canceled,
];
const FILTERS: [&str; 3] = ["kind", "state", "in"];

/// Every job, filtered as the address says, newest first.
#[component]
pub(crate) fn JobsPage() -> impl IntoView {
    loaded(Section::Jobs, async {
        let address = Visit::current().address;
        let seen = session::seen().await?;
        let clusters = seen.clusters().await?;
        let page = seen.jobs(&query(&address, &clusters)).await?;
        let filtered = FILTERS.iter().any(|name| address.query.get(name).is_some());
        let content = match (page.items.is_empty(), filtered) {
            (true, false) => view! { <Empty drawing=Drawing::Sheet title=say!(jobs.empty_title) about=say!(jobs.empty_about) /> }.into_any(),
            (true, true) => view! {
                <Filters address clusters />
                <Empty drawing=Drawing::Lantern title=say!(jobs.empty_filtered) />
            }
            .into_any(),
            (false, _) => view! {
                <Filters address=address.clone() clusters />
                <JobsTable jobs=page.items />
                <Pager address page=page.page page_size=page.page_size total=page.total />
            }
            .into_any(),
        };
        Ok(view! {
            <Page section=Section::Jobs title=say!(jobs.title) about=say!(jobs.about) help=Guide::Jobs>
                {content}
            </Page>
        }
        .into_any())
    })
}

fn query(address: &Address, clusters: &[Cluster]) -> JobQuery {
    let text = |name| address.query.get(name);
    JobQuery {
        kind: super::named(&KINDS, text("kind")),
        state: super::named(&STATES, text("state")),
        cluster_id: text("in")
            .and_then(|name| clusters.iter().find(|cluster| cluster.name == name))
            .map(|cluster| cluster.id.clone()),
        backup_id: None,
        page: text("page").and_then(|page| page.parse().ok()).unwrap_or(1),
        page_size: 25,
        ..JobQuery::default()
    }
}

#[component]
fn Filters(address: Address, clusters: Vec<Cluster>) -> impl IntoView {
    let on = FILTERS.iter().any(|name| address.query.get(name).is_some());
    let clear = address
        .clone()
        .without(&FILTERS)
        .without(&["page"])
        .to_string();
    let kinds = KINDS
        .iter()
        .map(|kind| (super::key(kind), text::job_kind(*kind).to_owned()))
        .collect();
    let states = STATES
        .iter()
        .map(|state| (super::key(state), text::job_state(*state).to_owned()))
        .collect();
    let clusters: Vec<_> = clusters
        .into_iter()
        .map(|cluster| (cluster.name.clone(), cluster.name))
        .collect();
    view! {
        <div class="filters" role="search" aria-label=say!(backups.filters)>
            <Filter address=address.clone() key="kind" label=say!(jobs.kind) options=kinds />
            <Filter address=address.clone() key="state" label=say!(jobs.status) options=states />
            {(!clusters.is_empty())
                .then(|| view! { <Filter address=address.clone() key="in" label=say!(jobs.cluster) options=clusters /> })}
            {on.then(|| view! { <a class="clear" href=clear>{say!(common.clear_all)}</a> })}
        </div>
    }
}
