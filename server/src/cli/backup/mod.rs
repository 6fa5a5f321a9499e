//! `hozon backup …`

mod args;
mod text;

use std::io::{IsTerminal, Write};

use hozon_engine::{Error, ErrorCode};
use hozon_model::{
    AdoptOptions, Backup, BackupId, BackupOptions, BackupQuery, CopyOptions, CopyState,
    DeleteOptions, DeletePlan, ExportOptions, JobKind, JobSummary, RestoreOptions, VerifyOptions,
};
use serde::Serialize;

pub(crate) use self::args::Command;
use self::args::{Adopt, Copy, Create, Delete, Export, List, Restore, Verify};
use super::{Context, exit::Failure, follow, words};

pub(crate) async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Create(create) => self::create(context, create).await,
        Command::List(list) => self::list(context, list).await,
        Command::Show { backup } => {
            let backup = context.engine.backup(&backup).await?;
            context.output.answer(&backup, text::backup)
        }
        Command::Verify(verify) => self::verify(context, verify).await,
        Command::Restore(restore) => self::restore(context, restore).await,
        Command::Export(export) => self::export(context, export).await,
        Command::Adopt(adopt) => self::adopt(context, adopt).await,
        Command::Copy(copy) => self::copy(context, copy).await,
        Command::Delete(delete) => self::delete(context, delete).await,
        Command::Pin { backup } => pin(context, &backup, true).await,
        Command::Unpin { backup } => pin(context, &backup, false).await,
        Command::Rename { backup, name } => rename(context, &backup, &name).await,
    }
}

async fn create(context: &Context, create: Create) -> Result<(), Failure> {
    let engine = &context.engine;
    let options = BackupOptions {
        cluster_id: engine.cluster(&create.cluster).await?.id,
        name: create.name,
        database: create.database,
        collections: create.collections,
        copies: create.copy_to,
        bandwidth_limit: create.bandwidth_limit,
    };
    if create.dry_run {
        let plan = engine.plan_backup(&options).await?;
        return context.output.answer(&plan, text::backup_plan);
    }
    let job = engine.create_backup(&context.actor, options).await?;
    finish(context, job, create.no_wait).await
}

async fn list(context: &Context, list: List) -> Result<(), Failure> {
    let cluster_id = match &list.cluster {
        Some(cluster) => Some(context.engine.cluster(cluster).await?.id),
        None => None,
    };
    let project_id = match &list.project {
        Some(project) => Some(context.engine.project(project).await?.id),
        None => None,
    };
    let query = BackupQuery {
        search: list.search,
        project_id,
        cluster_id,
        state: list.state.map(Into::into),
        sort: list.sort.into(),
        ascending: list.ascending,
        page: list.page,
        page_size: u64::from(list.limit),
        ..BackupQuery::default()
    };
    let page = context.engine.backups(&query).await?;
    context
        .output
        .answer(&page, |page| text::backups(&page.items))?;
    let filtered = query.search.is_some() || query.cluster_id.is_some() || query.state.is_some();
    if page.total == 0 && filtered {
        context.output.note("No backups match");
    } else if page.total == 0 {
        context.output.note("There are no backups");
        context
            .output
            .hint("make one with `hozon backup create --cluster NAME`");
    } else if page.pages() > 1 || page.items.is_empty() {
        context.output.note(&format!(
            "Page {} of {}, {} in all",
            page.page,
            page.pages(),
            words::count(page.total, "backup", "backups")
        ));
    }
    Ok(())
}

async fn verify(context: &Context, verify: Verify) -> Result<(), Failure> {
    let backup = context.engine.backup(&verify.backup).await?;
    let options = VerifyOptions {
        backup_id: backup.summary.id,
        level: verify.level.into(),
    };
    let job = context
        .engine
        .verify_backup(&context.actor, options)
        .await?;
    finish(context, job, verify.no_wait).await
}

async fn restore(context: &Context, restore: Restore) -> Result<(), Failure> {
    let engine = &context.engine;
    let backup = engine.backup(&restore.backup).await?;
    let cluster_id = match &restore.cluster {
        Some(cluster) => Some(engine.cluster(cluster).await?.id),
        None => None,
    };
    let options = RestoreOptions {
        backup_id: backup.summary.id,
        cluster_id,
        collections: restore.collections,
        suffix: restore.suffix,
        load_state: restore.load_state.into(),
        renames: restore.rename,
        database: restore.database,
        existing: restore.existing.into(),
        indexes: restore.indexes.into(),
        until: restore.until,
        repository: restore.from,
    };
    if restore.dry_run {
        let plan = engine.plan_restore(&options).await?;
        return context.output.answer(&plan, text::restore_plan);
    }
    let job = engine.restore_backup(&context.actor, options).await?;
    finish(context, job, restore.no_wait).await
}

async fn export(context: &Context, export: Export) -> Result<(), Failure> {
    let engine = &context.engine;
    let options = ExportOptions {
        backup_id: engine.backup(&export.backup).await?.summary.id,
        integration_id: engine.integration(&export.integration).await?.id,
        directory: export.directory,
        format: export.format.into(),
        bandwidth_limit: export.bandwidth_limit,
    };
    let plan = engine.plan_export(&options).await?;
    if export.dry_run {
        return context.output.answer(&plan, text::export_plan);
    }
    context
        .output
        .note(&format!("Exporting to `{}`", plan.target));
    let job = engine.export_backup(&context.actor, options).await?;
    finish(context, job, export.no_wait).await
}

async fn adopt(context: &Context, adopt: Adopt) -> Result<(), Failure> {
    let engine = &context.engine;
    let cluster_id = match &adopt.cluster {
        Some(cluster) => Some(engine.cluster(cluster).await?.id),
        None => None,
    };
    let options = AdoptOptions {
        integration_id: engine.integration(&adopt.integration).await?.id,
        directory: adopt.directory,
        backup_id: adopt.backup.map(BackupId::new),
        name: adopt.name,
        cluster_id,
    };
    if adopt.dry_run {
        let plan = engine.plan_adopt(&options).await?;
        return context.output.answer(&plan, text::adopt_plan);
    }
    let job = engine.adopt_backup(&context.actor, options).await?;
    finish(context, job, adopt.no_wait).await
}

async fn copy(context: &Context, copy: Copy) -> Result<(), Failure> {
    let engine = &context.engine;
    let options = CopyOptions {
        backup_id: engine.backup(&copy.backup).await?.summary.id,
        repository: copy.to,
        bandwidth_limit: copy.bandwidth_limit,
    };
    if copy.dry_run {
        let plan = engine.plan_copy(&options).await?;
        return context.output.answer(&plan, text::copy_plan);
    }
    let job = engine.copy_backup(&context.actor, options).await?;
    finish(context, job, copy.no_wait).await
}

async fn delete(context: &Context, delete: Delete) -> Result<(), Failure> {
    let engine = &context.engine;
    let backup = engine.backup(&delete.backup).await?;
    let options = DeleteOptions {
        backup_id: backup.summary.id.clone(),
        repository: delete.copy,
    };
    if delete.dry_run {
        let plan = engine.plan_delete(&options).await?;
        return context.output.answer(&plan, text::delete_plan);
    }
    if !delete.yes {
        let what = match &options.repository {
            Some(repository) => format!("the copy in `{repository}` of backup"),
            None => "backup".to_owned(),
        };
        confirm(&what, &backup, &engine.plan_delete(&options).await?).await?;
    }
    let job = engine.delete_backup(&context.actor, options).await?;
    finish(context, job, delete.no_wait).await
}

async fn pin(context: &Context, backup: &str, pinned: bool) -> Result<(), Failure> {
    let backup = context
        .engine
        .pin_backup(&context.actor, backup, pinned)
        .await?;
    context.output.answer(&backup, |backup| {
        if pinned {
            format!("Pinned backup `{}`: no policy lets it expire", backup.name)
        } else {
            format!(
                "Unpinned backup `{}`: a policy may let it expire",
                backup.name
            )
        }
    })
}

async fn rename(context: &Context, backup: &str, name: &str) -> Result<(), Failure> {
    let backup = context
        .engine
        .rename_backup(&context.actor, backup, name)
        .await?;
    context.output.answer(&backup, |backup| {
        format!("Renamed backup {} to `{}`", backup.id, backup.name)
    })
}

/// Asks on a terminal. Without one nobody can answer, so nothing is deleted.
async fn confirm(what: &str, backup: &Backup, plan: &DeletePlan) -> Result<(), Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(Failure::usage(
            &backup.summary.name,
            "deleting needs a confirmation, and there is no terminal to ask on",
            "say `--yes`, or look first with `--dry-run`",
        ));
    }
    eprint!(
        "{}Delete {what} `{}` of cluster `{}`? [y/N] ",
        text::delete_plan(plan),
        backup.summary.name,
        backup.summary.cluster_name
    );
    let answer = tokio::task::spawn_blocking(|| {
        std::io::stderr().flush()?;
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        Ok::<_, std::io::Error>(line)
    })
    .await
    .map_err(|error| Error::new(ErrorCode::Internal, "terminal").caused_by(error))?
    .map_err(|error| Error::new(ErrorCode::Internal, "terminal").caused_by(error))?;
    if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
        Ok(())
    } else {
        Err(Error::new(ErrorCode::Canceled, &backup.summary.name)
            .because("it was not confirmed, and nothing was deleted")
            .into())
    }
}

/// Makes the copies that were asked for with a backup, one after the other.
async fn make_copies(context: &Context, job: &JobSummary) -> Result<(), Failure> {
    let Some(id) = &job.backup_id else {
        return Ok(());
    };
    for copy in context.engine.backup(id.as_str()).await?.copies {
        if let (CopyState::Copying, Some(id)) = (copy.state, &copy.job_id) {
            let job = context.engine.job(id).await?.summary;
            follow::run(context, &job).await?;
        }
    }
    Ok(())
}

/// What a command that makes a job answers: the job, and the backup it is about.
#[derive(Serialize)]
struct Outcome {
    job: JobSummary,
    #[serde(skip_serializing_if = "Option::is_none")]
    backup: Option<Backup>,
}

/// Takes the job to its end, unless told not to wait.
pub(super) async fn finish(
    context: &Context,
    job: JobSummary,
    no_wait: bool,
) -> Result<(), Failure> {
    if no_wait {
        let outcome = Outcome { job, backup: None };
        context
            .output
            .answer(&outcome, |outcome| text::queued(&outcome.job))?;
        context.output.hint(&format!(
            "a running `hozon serve` works on it; or do it here with `hozon job wait {}`",
            outcome.job.id
        ));
        return Ok(());
    }
    let job = follow::run(context, &job).await?;
    if job.kind == JobKind::Backup {
        make_copies(context, &job).await?;
    }
    let backup = match &job.backup_id {
        Some(id) if job.kind != JobKind::Delete => Some(context.engine.backup(id.as_str()).await?),
        _ => None,
    };
    context.output.answer(&Outcome { job, backup }, |outcome| {
        text::done(&outcome.job, outcome.backup.as_ref())
    })
}
