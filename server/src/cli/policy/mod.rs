//! `hozon policy …`

mod args;
mod text;

use hozon_engine::ErrorCode;
use hozon_model::{Policy, PolicyOptions, PolicyRun, PolicyState};
use jiff::Timestamp;
use serde::Serialize;

pub(crate) use self::args::Command;
use self::args::{One, Run, Set};
use super::{Context, backup, exit::Failure};

/// How many runs `show` looks back.
const RUNS_SHOWN: u64 = 10;

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

pub(crate) async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    let Context {
        engine,
        actor,
        output,
    } = context;
    match command {
        Command::List => list(context).await,
        Command::Show(One { cluster }) => show(context, &cluster).await,
        Command::Set(set) => self::set(context, set).await,
        Command::Preview(set) => preview(context, set).await,
        Command::Run(Run { cluster, no_wait }) => {
            let job = engine.run_policy(actor, &cluster).await?;
            backup::finish(context, job, no_wait).await
        }
        Command::Pause(One { cluster }) => {
            let policy = engine.pause_policy(actor, &cluster).await?;
            output.answer(&policy, text::in_a_line)
        }
        Command::Resume(One { cluster }) => {
            let policy = engine.resume_policy(actor, &cluster).await?;
            output.answer(&policy, text::in_a_line)
        }
        Command::Off(One { cluster }) => {
            let policy = engine.policy(&cluster).await?;
            engine.remove_policy(actor, &cluster).await?;
            output.answer(&policy, |policy| {
                format!(
                    "Policy of cluster `{}` is off; its backups stay, and do not expire",
                    policy.cluster_name
                )
            })
        }
    }
}

async fn list(context: &Context) -> Result<(), Failure> {
    let Context { engine, output, .. } = context;
    let now = Timestamp::now();
    let mut lines = Vec::new();
    for policy in engine.policies().await? {
        let next_run = engine.next_run(&policy, now)?;
        lines.push(Line { policy, next_run });
    }
    output.answer(&lines, text::list)?;
    if lines.is_empty() {
        output.note("No cluster is backed up by a policy");
        output.hint("set one with `hozon policy set CLUSTER --daily`");
    }
    Ok(())
}

async fn show(context: &Context, cluster: &str) -> Result<(), Failure> {
    let engine = &context.engine;
    let policy = engine.policy(cluster).await?;
    let next_runs = match policy.state {
        PolicyState::Enabled => engine.preview_policy(cluster, None).await?.next_runs,
        PolicyState::Paused => Vec::new(),
    };
    let shown = Shown {
        next_runs,
        runs: engine.policy_runs(cluster, RUNS_SHOWN).await?,
        policy,
    };
    context.output.answer(&shown, text::show)
}

async fn set(context: &Context, Set { cluster, wish }: Set) -> Result<(), Failure> {
    let Context {
        engine,
        actor,
        output,
    } = context;
    if wish.is_empty() {
        return Err(Failure::usage(
            "policy set",
            "nothing was said that could be set",
            "see `hozon policy set --help`",
        ));
    }
    let options = wish.over(before(context, &cluster).await?)?;
    let change = engine.set_policy(actor, &cluster, options).await?;
    output.answer(&change, |change| text::in_a_line(&change.policy))?;
    if let Some(job) = &change.job {
        output.note(&format!(
            "Its first backup is in the queue as job `{}`",
            job.id
        ));
        output.hint(&format!(
            "a running `hozon serve` makes this backup and those to come; or make this one here with `hozon job wait {}`",
            job.id
        ));
    }
    Ok(())
}

async fn preview(context: &Context, Set { cluster, wish }: Set) -> Result<(), Failure> {
    let options = wish.over(before(context, &cluster).await?)?;
    let preview = context
        .engine
        .preview_policy(&cluster, Some(&options))
        .await?;
    context
        .output
        .answer(&preview, |preview| text::preview(preview, &options))
}

/// What the cluster's policy is now, if it has one.
async fn before(context: &Context, cluster: &str) -> Result<Option<PolicyOptions>, Failure> {
    match context.engine.policy(cluster).await {
        Ok(policy) => Ok(Some(policy.options)),
        Err(error) if error.code() == ErrorCode::PolicyNotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}
