//! `hozon policy …`

mod args;
mod text;

use hozon_engine::ErrorCode;
use hozon_model::{Policy, PolicyOptions, PolicyRun, PolicyState};
use jiff::Timestamp;
use serde::Serialize;

pub(crate) use self::args::Command;
use self::args::{One, Run, Set};
use super::{
    backup,
    door::{Desk, Door},
    exit::Failure,
};

/// A policy in the list.
#[derive(Serialize)]
struct Line {
    #[serde(flatten)]
    policy: Policy,
    next_run: Option<Timestamp>,
}

/// A policy with what it did and will do.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    policy: Policy,
    next_runs: Vec<Timestamp>,
    runs: Vec<PolicyRun>,
}

pub(crate) async fn run(desk: &Desk, command: Command) -> Result<(), Failure> {
    let Desk { door, output } = desk;
    match command {
        Command::List => list(desk).await,
        Command::Show(One { cluster }) => show(desk, &cluster).await,
        Command::Set(set) => self::set(desk, set).await,
        Command::Preview(set) => preview(desk, set).await,
        Command::Run(Run { cluster, no_wait }) => {
            let job = door.run_policy(&cluster).await?;
            backup::finish(desk, job, no_wait).await
        }
        Command::Pause(One { cluster }) => {
            let policy = door.pause_policy(&cluster).await?;
            output.answer(&policy, text::in_a_line)
        }
        Command::Resume(One { cluster }) => {
            let policy = door.resume_policy(&cluster).await?;
            output.answer(&policy, text::in_a_line)
        }
        Command::Off(One { cluster }) => {
            let policy = door.policy(&cluster).await?;
            door.remove_policy(&cluster).await?;
            output.answer(&policy, |policy| {
                format!(
                    "Policy of cluster `{}` is off; its backups stay, and do not expire",
                    policy.cluster_name
                )
            })
        }
    }
}

async fn list(desk: &Desk) -> Result<(), Failure> {
    let Desk { door, output } = desk;
    let policies = door.policies(Timestamp::now()).await?;
    let lines: Vec<Line> = policies
        .into_iter()
        .map(|(policy, next_run)| Line { policy, next_run })
        .collect();
    output.answer(&lines, text::list)?;
    if lines.is_empty() {
        output.note("No cluster is backed up by a policy");
        output.hint("set one with `hozon policy set CLUSTER --daily`");
    }
    Ok(())
}

async fn show(desk: &Desk, cluster: &str) -> Result<(), Failure> {
    let door = &desk.door;
    let policy = door.policy(cluster).await?;
    let next_runs = match policy.state {
        PolicyState::Enabled => door.preview_policy(cluster, None).await?.next_runs,
        PolicyState::Paused => Vec::new(),
    };
    let shown = Shown {
        next_runs,
        runs: door.policy_runs(cluster).await?,
        policy,
    };
    desk.output.answer(&shown, text::show)
}

async fn set(desk: &Desk, Set { cluster, wish }: Set) -> Result<(), Failure> {
    let Desk { door, output } = desk;
    if wish.is_empty() {
        return Err(Failure::usage(
            "policy set",
            "nothing was said that could be set",
            "see `hozon policy set --help`",
        ));
    }
    let options = wish.over(before(desk, &cluster).await?)?;
    let change = door.set_policy(&cluster, options).await?;
    output.answer(&change, |change| text::in_a_line(&change.policy))?;
    if let Some(job) = &change.job {
        output.note(&format!(
            "Its first backup is in the queue as job `{}`",
            job.id
        ));
        output.hint(&format!(
            "{} `hozon job wait {}`",
            match door {
                Door::Here { .. } =>
                    "a running `hozon serve` makes this backup and those to come; or make this one here with",
                Door::There(_) => "the server makes this backup and those to come; follow this one with",
            },
            job.id
        ));
    }
    Ok(())
}

async fn preview(desk: &Desk, Set { cluster, wish }: Set) -> Result<(), Failure> {
    let options = wish.over(before(desk, &cluster).await?)?;
    let preview = desk.door.preview_policy(&cluster, Some(&options)).await?;
    desk.output
        .answer(&preview, |preview| text::preview(preview, &options))
}

/// What the cluster's policy is now, if it has one.
async fn before(desk: &Desk, cluster: &str) -> Result<Option<PolicyOptions>, Failure> {
    match desk.door.policy(cluster).await {
        Ok(policy) => Ok(Some(policy.options)),
        Err(error) if error.code() == ErrorCode::PolicyNotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}
