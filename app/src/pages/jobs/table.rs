//! The table of jobs, in the list and on a backup's page.

use hozon_model::{JobState, JobSummary};
use leptos::prelude::*;

use crate::{
    islands::{JobPulse, LiveJob},
    text::{self, say},
    visit::Visit,
    widgets::{Column, JobBadge, Table, When},
};

/// Browsers allow few connections at a time: so many rows follow their job live.
pub(crate) const LIVE_ROWS: usize = 3;

/// Jobs as rows.
#[component]
pub(crate) fn JobsTable(jobs: Vec<JobSummary>) -> impl IntoView {
    let mut live = 0;
    let rows: Vec<_> = jobs
        .into_iter()
        .map(|job| {
            let follow = !job.state.is_final() && live < LIVE_ROWS;
            live += usize::from(follow);
            view! { <Row job follow /> }
        })
        .collect();
    view! {
        <Table
            caption=say!(jobs.list)
            columns=vec![
                Column::of(say!(jobs.kind)),
                Column::of(say!(jobs.status)),
                Column::of(say!(jobs.backup)),
                Column::of(say!(jobs.cluster)).minor(),
                Column::of(say!(jobs.started)),
                Column::of(say!(jobs.took)).minor(),
                Column::of(say!(jobs.by)).minor(),
            ]
        >
            {rows}
        </Table>
    }
}

#[component]
fn Row(job: JobSummary, follow: bool) -> impl IntoView {
    let live = LiveJob {
        state: job.state,
        progress: job.progress,
    };
    let pulse = follow.then(|| view! { <JobPulse id=job.id.to_string() percent=live.percent() /> });
    let reason = (job.state == JobState::Failed)
        .then_some(job.reason)
        .flatten()
        .map(|report| view! { <span class="hint">{text::sentence(text::locale(), report.code)}</span> });
    let took = job
        .started_at
        .map(|start| text::duration(start, job.finished_at.unwrap_or(Visit::current().now)));
    let backup = match (job.backup_id, job.backup_name) {
        (Some(id), Some(name)) => Some(view! { <a href=format!("/backups/{id}")>{name}</a> }),
        _ => None,
    };
    view! {
        <tr>
            <th scope="row" class="name"><a href=format!("/jobs/{}", job.id)>{text::job_kind(job.kind)}</a></th>
            <td class="state"><JobBadge state=job.state />{pulse}{reason}</td>
            <td data-label=say!(jobs.backup)>{backup}</td>
            <td class="minor plain" data-label=say!(jobs.cluster)>{job.cluster_name}</td>
            <td data-label=say!(jobs.started)><When at=job.started_at.unwrap_or(job.created_at) /></td>
            <td class="minor plain" data-label=say!(jobs.took)>{took}</td>
            <td class="minor plain" data-label=say!(jobs.by)>{job.created_by}</td>
        </tr>
    }
}
