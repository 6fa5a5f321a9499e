//! What a policy will do, what becomes of the backups that are there, and what it did.

use hozon_model::{BackupOutlook, PolicyRun, PolicyState};
use jiff::{Timestamp, tz::TimeZone};
use leptos::prelude::*;

use crate::{
    text::{self, say},
    widgets::{BackupBadge, Column, JobBadge, Table, When},
};

/// A moment on the policy's own clock.
#[component]
pub(crate) fn RunTime(at: Timestamp, #[prop(into)] zone: String) -> impl IntoView {
    let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
    let (_, shown) = text::run_time(at, &zone);
    view! { <time datetime=at.to_string()>{shown}</time> }
}

/// The next runs, in the policy's zone.
#[component]
pub(super) fn NextRuns(
    runs: Vec<Timestamp>,
    zone: TimeZone,
    trying: bool,
    state: Option<PolicyState>,
) -> impl IntoView {
    let about = match (trying, state) {
        (true, _) => Some(say!(policy.tried)),
        (false, Some(PolicyState::Enabled)) => None,
        (false, Some(PolicyState::Paused)) => Some(say!(policy.while_paused)),
        (false, None) => Some(say!(policy.if_on)),
    };
    let lines: Vec<_> = runs
        .into_iter()
        .map(|at| {
            let (day, shown) = text::run_time(at, &zone);
            view! {
                <li>
                    <span class="run-day">{day}</span>
                    <time datetime=at.to_string()>{shown}</time>
                </li>
            }
        })
        .collect();
    view! {
        <section class="card next-runs" aria-labelledby="next-runs">
            <h2 id="next-runs">{say!(policy.next_runs)}</h2>
            {about.map(|about| view! { <p class="hint">{about}</p> })}
            <ol>{lines}</ol>
        </section>
    }
}

/// Every backup of the cluster, and what keeps it.
#[component]
pub(super) fn Outlook(backups: Vec<BackupOutlook>, trying: bool, on: bool) -> impl IntoView {
    let about = match (trying, on) {
        (true, _) => say!(policy.tried),
        (false, true) => say!(policy.outlook_about),
        (false, false) => say!(policy.if_on),
    };
    let rows: Vec<_> = backups
        .into_iter()
        .map(|outlook| view! { <Kept outlook /> })
        .collect();
    let content = if rows.is_empty() {
        view! { <p class="hint">{say!(policy.no_backups)}</p> }.into_any()
    } else {
        view! {
            <Table
                caption=say!(policy.outlook)
                columns=vec![
                    Column::of(say!(backups.name)),
                    Column::of(say!(backups.status)),
                    Column::of(say!(backups.created)),
                    Column::of(say!(policy.kept_by)),
                ]
            >
                {rows}
            </Table>
        }
        .into_any()
    };
    view! {
        <section class="outlook" aria-labelledby="outlook">
            <h2 id="outlook">{say!(policy.outlook)}</h2>
            <p class="hint">{about}</p>
            {content}
        </section>
    }
}

#[component]
fn Kept(outlook: BackupOutlook) -> impl IntoView {
    let BackupOutlook { backup, kept_by } = outlook;
    let kept = if kept_by.is_empty() {
        view! { <span class="tag going">{say!(policy.expires)}</span> }.into_any()
    } else {
        kept_by
            .into_iter()
            .map(|rule| view! { <span class="tag">{text::keep_rule(rule)}</span> })
            .collect::<Vec<_>>()
            .into_any()
    };
    view! {
        <tr>
            <th scope="row" class="name"><a href=format!("/backups/{}", backup.id)>{backup.name}</a></th>
            <td class="state"><BackupBadge state=backup.state /></td>
            <td data-label=say!(backups.created)><When at=backup.created_at /></td>
            <td data-label=say!(policy.kept_by)><span class="tags">{kept}</span></td>
        </tr>
    }
}

/// The last runs, newest first.
#[component]
pub(super) fn Runs(runs: Vec<PolicyRun>) -> impl IntoView {
    let rows: Vec<_> = runs
        .into_iter()
        .map(|run| {
            let what = match (run.backup_id, run.backup_name) {
                (Some(id), Some(name)) => {
                    view! { <a href=format!("/backups/{id}")>{name}</a> }.into_any()
                }
                _ => say!(policy.left_out).into_any(),
            };
            let state = match (run.job_state, run.job_id) {
                (Some(state), Some(job)) => {
                    Some(view! { <a href=format!("/jobs/{job}")><JobBadge state /></a> })
                }
                _ => None,
            };
            view! {
                <tr>
                    <th scope="row" class="name">{what}</th>
                    <td class="state">{state}</td>
                    <td data-label=say!(policy.due)><When at=run.due_at /></td>
                    <td data-label=say!(policy.why)>{text::run_cause(run.cause)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <section aria-labelledby="runs">
            <h2 id="runs">{say!(policy.runs)}</h2>
            <Table
                caption=say!(policy.runs)
                columns=vec![
                    Column::of(say!(jobs.backup)),
                    Column::of(say!(jobs.status)),
                    Column::of(say!(policy.due)),
                    Column::of(say!(policy.why)),
                ]
            >
                {rows}
            </Table>
        </section>
    }
}
