//! Which clusters are backed up by themselves, when, and for how long such backups are kept.

use std::collections::HashMap;

use hozon_model::{Cluster, ClusterId, Policy, PolicyRun, PolicyState, Resource};
use jiff::Timestamp;
use leptos::prelude::*;

use super::policy::RunTime;
use crate::{
    error::AppResult,
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::{self, say},
    visit::Visit,
    widgets::{ButtonLink, Column, Drawing, Empty, JobBadge, Look, PolicyBadge, Table, When},
};

/// A cluster, with its policy where one is switched on.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub cluster: Cluster,
    pub policy: Option<Policy>,
    pub next_run: Option<Timestamp>,
    pub last_run: Option<PolicyRun>,
}

/// Every cluster, by name.
#[component]
pub(crate) fn PoliciesPage() -> impl IntoView {
    loaded(Section::Policies, async { Ok(page(lines().await?)) })
}

async fn lines() -> AppResult<Vec<Line>> {
    let (engine, seen) = (session::engine(), session::seen().await?);
    let now = Visit::current().now;
    let mut policies: HashMap<ClusterId, Policy> = engine
        .policies()
        .await?
        .into_iter()
        .map(|policy| (policy.cluster_id.clone(), policy))
        .collect();
    let mut lines = Vec::new();
    for cluster in seen.clusters_with(Resource::Policy).await? {
        let policy = policies.remove(&cluster.id);
        let (mut next_run, mut last_run) = (None, None);
        if let Some(policy) = &policy {
            next_run = engine.next_run(policy, now)?;
            let mut runs = engine.policy_runs(cluster.id.as_str(), 1).await?;
            last_run = runs.pop();
        }
        lines.push(Line {
            cluster,
            policy,
            next_run,
            last_run,
        });
    }
    Ok(lines)
}

/// The page for what is known of the clusters.
pub(crate) fn page(lines: Vec<Line>) -> AnyView {
    let content = if lines.is_empty() {
        view! {
            <Empty drawing=Drawing::Storehouse title=say!(policies.empty_title) about=say!(policies.empty_about)>
                <ButtonLink look=Look::Primary href="/clusters/new" label=say!(clusters.add) />
            </Empty>
        }
        .into_any()
    } else {
        view! { <PoliciesTable lines /> }.into_any()
    };
    view! {
        <Page section=Section::Policies title=say!(policies.title) about=say!(policies.about) help=Guide::Schedule>
            {content}
        </Page>
    }
    .into_any()
}

#[component]
fn PoliciesTable(lines: Vec<Line>) -> impl IntoView {
    view! {
        <Table
            caption=say!(policies.list)
            columns=vec![
                Column::of(say!(policies.cluster)),
                Column::of(say!(policies.status)),
                Column::of(say!(policies.schedule)),
                Column::of(say!(policies.retention)).minor(),
                Column::of(say!(policies.next_run)),
                Column::of(say!(policies.last_run)),
            ]
        >
            {lines.into_iter().map(|line| view! { <Row line /> }).collect::<Vec<_>>()}
        </Table>
    }
}

#[component]
fn Row(line: Line) -> impl IntoView {
    let Line {
        cluster,
        policy,
        next_run,
        last_run,
    } = line;
    let href = format!("/policies/{}", cluster.id);
    let state: Option<PolicyState> = policy.as_ref().map(|policy| policy.state);
    let zone = policy
        .as_ref()
        .map(|policy| policy.options.time_zone.clone())
        .unwrap_or_default();
    let options = policy.map(|policy| policy.options);
    let schedule = options
        .as_ref()
        .map(|options| text::schedule(&options.schedule));
    let retention = options.map(|options| text::retention(&options.retention));
    let next_run = next_run.map(|at| view! { <RunTime at zone /> });
    let last_run = last_run.map(|run| {
        view! {
            {run.job_state.map(|state| view! { <JobBadge state /> " " })}
            <When at=run.made_at />
        }
    });
    view! {
        <tr>
            <th scope="row" class="name"><a href=href>{cluster.name}</a></th>
            <td class="state"><PolicyBadge state /></td>
            <td data-label=say!(policies.schedule)>{schedule}</td>
            <td class="minor" data-label=say!(policies.retention)>{retention}</td>
            <td data-label=say!(policies.next_run)>{next_run}</td>
            <td data-label=say!(policies.last_run)>{last_run}</td>
        </tr>
    }
}
