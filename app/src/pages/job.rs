//! One job: how far it is, or what became of it, and its log.

mod export;
mod log;
mod words;

use hozon_model::{Job, JobId, JobKind, JobState, JobSummary, Resource};
use leptos::{prelude::*, server_fn::ServerFn};

use self::{
    export::{Exported, exported, facts, left},
    log::Log,
};
use crate::{
    actions::{CancelJob, RetryJob},
    help::Guide,
    islands::{JobProgressLive, LiveJob},
    layout::{Page, Section, loaded},
    rights::Rights,
    session,
    text::{self, say},
    widgets::{Button, CopyableId, Fact, Facts, JobBadge, Problem, When, Withheld},
};

/// One job.
#[component]
pub(crate) fn JobPage() -> impl IntoView {
    let id = JobId::new(super::part("id"));
    loaded(Section::Jobs, async move {
        let engine = session::engine();
        let job = session::seen().await?.job(&id).await?;
        let export = match job.summary.kind {
            JobKind::Export => Some(exported(&engine, &job.summary).await?),
            _ => None,
        };
        let here = engine.place_of_job(&job.summary).await?;
        let rights = Rights::of(&session::actor().await?, &here);
        Ok(page(job, &rights, export))
    })
}

/// The page for what is known of a job, and for an export where it goes.
pub(crate) fn page(job: Job, rights: &Rights, export: Option<Exported>) -> AnyView {
    let summary = job.summary;
    let title = title(&summary);
    let badge = view! { <JobBadge state=summary.state /> };
    let action = view! { <Action job=summary.clone() rights=rights.clone() /> };
    let sweep = rights.missing(Resource::Backup, hozon_model::Action::Export);
    view! {
        <Page
            section=Section::Jobs
            title
            crumbs=vec![("/jobs".to_owned(), say!(jobs.title).to_owned())]
            badge=badge.into_any() help=Guide::Jobs
            action=action.into_any()
        >
            <Outcome job=summary.clone() />
            {export.as_ref().and_then(|_| left(&summary, sweep))}
            <JobFacts job=summary export />
            <Log lines=job.log />
        </Page>
    }
    .into_any()
}

fn title(job: &JobSummary) -> String {
    let kind = text::job_kind(job.kind);
    match job.backup_name.as_ref().or(job.cluster_name.as_ref()) {
        Some(name) => say!(job.title_of, kind = kind, name = name.clone()).to_string(),
        None => kind.to_owned(),
    }
}

/// What can be done with the job as it is: stop it while it runs, do it again where that ended badly.
#[component]
fn Action(job: JobSummary, rights: Rights) -> impl IntoView {
    let (action, label, needed) = match job.state {
        JobState::Pending | JobState::InProgress => (
            CancelJob::url(),
            say!(job.cancel),
            hozon_model::Action::Cancel,
        ),
        JobState::Failed | JobState::Canceled if can_be_retried(job.kind) => {
            (RetryJob::url(), say!(job.retry), hozon_model::Action::Retry)
        }
        _ => return None,
    };
    if let Some(missing) = rights.missing(Resource::Job, needed) {
        return Some(view! { <Withheld id="why-not-act" label missing /> }.into_any());
    }
    let form = view! {
        <form method="post" action=action>
            <input type="hidden" name="id" value=job.id.to_string() />
            <Button label />
        </form>
    };
    Some(form.into_any())
}

/// Deletions and adoptions are asked for anew.
fn can_be_retried(kind: JobKind) -> bool {
    !matches!(kind, JobKind::Delete | JobKind::Adopt)
}

/// Progress while it runs; why, where it failed.
#[component]
fn Outcome(job: JobSummary) -> impl IntoView {
    if !job.state.is_final() {
        let live = LiveJob {
            state: job.state,
            progress: job.progress,
        };
        return view! { <JobProgressLive id=job.id.to_string() job=live words=words::of_a_job() /> }.into_any();
    }
    let title = if job.state == JobState::Canceled {
        say!(job.canceled)
    } else {
        say!(job.failed)
    };
    let reason = job.reason.filter(|_| job.state != JobState::Successful);
    reason
        .map(|report| view! { <Problem report title job=job.id.to_string() /> })
        .into_any()
}

#[component]
fn JobFacts(job: JobSummary, export: Option<Exported>) -> impl IntoView {
    let progress = if job.state.is_final() {
        words::of_a_job().final_figures(&job.progress)
    } else {
        Vec::new()
    };
    let took = job
        .started_at
        .zip(job.finished_at)
        .map(|(start, end)| text::duration(start, end));
    view! {
        <Facts>
            {job
                .backup_id
                .zip(job.backup_name)
                .map(|(id, name)| view! { <Fact name=say!(jobs.backup)><a href=format!("/backups/{id}")>{name}</a></Fact> })}
            {job
                .cluster_id
                .zip(job.cluster_name)
                .map(|(id, name)| view! { <Fact name=say!(jobs.cluster)><a href=format!("/clusters/{id}")>{name}</a></Fact> })}
            {export.map(facts)}
            {progress.into_iter().map(|(name, value)| view! { <Fact name=name>{value}</Fact> }).collect::<Vec<_>>()}
            <Fact name=say!(job.created)><When at=job.created_at exact=true /></Fact>
            {job.started_at.map(|at| view! { <Fact name=say!(job.started)><When at exact=true /></Fact> })}
            {job.finished_at.map(|at| view! { <Fact name=say!(job.finished)><When at exact=true /></Fact> })}
            {took.map(|took| view! { <Fact name=say!(jobs.took)>{took}</Fact> })}
            <Fact name=say!(jobs.by)>{job.created_by}</Fact>
            {job
                .retry_of
                .map(|id| view! { <Fact name=say!(job.retry_of)><a href=format!("/jobs/{id}")>{id.to_string()}</a></Fact> })}
            {(job.attempts > 1).then(|| view! { <Fact name=say!(job.attempts)>{job.attempts.to_string()}</Fact> })}
            <Fact name=say!(job.id)><CopyableId id=job.id.to_string() /></Fact>
        </Facts>
    }
}
