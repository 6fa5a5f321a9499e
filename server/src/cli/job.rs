//! `hozon job …`

use clap::{Args, Subcommand};
use hozon_model::{Job, JobId, JobQuery, JobSummary, LogLevel};

use super::{
    choices::{Kind, Status},
    door::Desk,
    exit::Failure,
    follow,
    table::{Align, Table, facts},
    words,
};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List jobs, newest first
    List(List),
    /// Show one job and its log
    Show(One),
    /// Ask a job to stop
    Cancel(One),
    /// Do a failed or canceled job again, as a new one
    Retry(One),
    /// Remove what an export wrote that failed or was canceled
    Sweep(One),
    /// Take a job to its end, in this process or by following the one that has it
    Wait(Wait),
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// Identifier of the job
    job: JobId,
}

#[derive(Debug, Args)]
pub(crate) struct Wait {
    /// Identifier of the job
    job: JobId,
    /// Only follow: leave the work to a running server
    #[arg(long)]
    follow_only: bool,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only jobs of this kind
    #[arg(long)]
    kind: Option<Kind>,
    /// Only jobs in this state
    #[arg(long)]
    state: Option<Status>,
    /// Only jobs of this cluster
    #[arg(long, short)]
    cluster: Option<String>,
    /// Only jobs about backups of this project
    #[arg(long)]
    project: Option<String>,
    /// Only jobs about this backup
    #[arg(long, short)]
    backup: Option<String>,
    /// Jobs on a page, 1 to 100
    #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u8).range(1..=100))]
    limit: u8,
    /// Which page
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    page: u64,
}

pub(crate) async fn run(desk: &Desk, command: Command) -> Result<(), Failure> {
    let Desk { door, output } = desk;
    match command {
        Command::List(list) => self::list(desk, list).await,
        Command::Show(One { job }) => {
            let job = door.job(&job).await?;
            output.answer(&job, show)
        }
        Command::Cancel(One { job }) => {
            let job = door.cancel_job(&job).await?;
            output.answer(&job, |job| {
                format!("Job `{}` is {}", job.id, words::job_state(job.state))
            })
        }
        Command::Retry(One { job }) => {
            let retry = door.retry_job(&job).await?;
            output.answer(&retry, |retry| {
                format!("Job `{}` does job `{job}` again", retry.id)
            })?;
            output.hint(&format!(
                "take it to its end with `hozon job wait {}`",
                retry.id
            ));
            Ok(())
        }
        Command::Sweep(One { job }) => {
            let removed = door.remove_export(&job).await?;
            output.answer(&removed, |removed| {
                format!(
                    "Removed {} ({}) of the export",
                    words::count(removed.files, "file", "files"),
                    words::bytes(removed.bytes)
                )
            })
        }
        Command::Wait(Wait { job, follow_only }) => {
            let job = door.job(&job).await?.summary;
            let ended = if follow_only {
                follow::watch(desk, &job).await?
            } else {
                follow::run(desk, &job).await?
            };
            output.answer(&ended, |job| {
                format!("Job `{}` is {}", job.id, words::job_state(job.state))
            })
        }
    }
}

async fn list(desk: &Desk, list: List) -> Result<(), Failure> {
    let Desk { door, output } = desk;
    let cluster_id = match &list.cluster {
        Some(cluster) => Some(door.cluster(cluster).await?.id),
        None => None,
    };
    let backup_id = match &list.backup {
        Some(backup) => Some(door.backup(backup).await?.summary.id),
        None => None,
    };
    let project_id = match &list.project {
        Some(project) => Some(door.project(project).await?.id),
        None => None,
    };
    let query = JobQuery {
        project_id,
        kind: list.kind.map(Into::into),
        state: list.state.map(Into::into),
        cluster_id,
        backup_id,
        page: list.page,
        page_size: u64::from(list.limit),
        ..JobQuery::default()
    };
    let page = door.jobs(&query).await?;
    output.answer(&page, |page| lines(&page.items))?;
    if page.total == 0 {
        output.note("No jobs match");
    } else if page.pages() > 1 || page.items.is_empty() {
        output.note(&format!(
            "Page {} of {}, {} in all",
            page.page,
            page.pages(),
            words::count(page.total, "job", "jobs")
        ));
    }
    Ok(())
}

fn lines(items: &[JobSummary]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let mut table = Table::new([
        ("ID", Align::Left),
        ("Kind", Align::Left),
        ("State", Align::Left),
        ("Done", Align::Right),
        ("Backup", Align::Left),
        ("Cluster", Align::Left),
        ("Created", Align::Left),
        ("By", Align::Left),
    ]);
    for job in items {
        table.row([
            job.id.to_string(),
            words::job_kind(job.kind).to_owned(),
            words::job_state(job.state).to_owned(),
            format!("{} %", job.progress.percent()),
            job.backup_name.clone().unwrap_or_else(words::dash),
            job.cluster_name.clone().unwrap_or_else(words::dash),
            words::time(job.created_at),
            job.created_by.clone(),
        ]);
    }
    table.render()
}

fn show(job: &Job) -> String {
    let summary = &job.summary;
    let progress = &summary.progress;
    let mut text = facts([
        ("ID", summary.id.to_string()),
        ("Kind", words::job_kind(summary.kind).to_owned()),
        ("State", words::job_state(summary.state).to_owned()),
        (
            "Reason",
            summary
                .reason
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        ),
        (
            "Hint",
            summary
                .reason
                .as_ref()
                .map(|reason| reason.hint.clone())
                .unwrap_or_default(),
        ),
        (
            "Retry of",
            summary
                .retry_of
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        ),
        ("Backup", summary.backup_name.clone().unwrap_or_default()),
        ("Cluster", summary.cluster_name.clone().unwrap_or_default()),
        ("Phase", words::phase(progress.phase).to_owned()),
        ("Done", format!("{} %", progress.percent())),
        (
            "Bytes",
            format!(
                "{} of {}",
                words::bytes(progress.bytes_done),
                words::bytes(progress.bytes_total)
            ),
        ),
        ("Created", words::time(summary.created_at)),
        ("By", summary.created_by.clone()),
        (
            "Started",
            summary.started_at.map(words::time).unwrap_or_default(),
        ),
        (
            "Finished",
            summary.finished_at.map(words::time).unwrap_or_default(),
        ),
        ("Attempts", summary.attempts.to_string()),
    ]);
    if !job.log.is_empty() {
        text.push('\n');
        for line in &job.log {
            let level = match line.level {
                LogLevel::Info => "info",
                LogLevel::Warning => "warning",
                LogLevel::Error => "error",
            };
            text.push_str(&format!(
                "{}  {level:7}  {}\n",
                words::time(line.at),
                line.text
            ));
        }
    }
    text
}
