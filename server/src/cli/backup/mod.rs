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
use super::{
    door::{Desk, Door},
    exit::Failure,
    follow, words,
};

pub(crate) async fn run(desk: &Desk, command: Command) -> Result<(), Failure> {
    match command {
        Command::Create(create) => self::create(desk, create).await,
        Command::List(list) => self::list(desk, list).await,
        Command::Show { backup } => {
            let backup = desk.door.backup(&backup).await?;
            desk.output.answer(&backup, text::backup)
        }
        Command::Verify(verify) => self::verify(desk, verify).await,
        Command::Restore(restore) => self::restore(desk, restore).await,
        Command::Export(export) => self::export(desk, export).await,
        Command::Adopt(adopt) => self::adopt(desk, adopt).await,
        Command::Copy(copy) => self::copy(desk, copy).await,
        Command::Delete(delete) => self::delete(desk, delete).await,
        Command::Pin { backup } => pin(desk, &backup, true).await,
        Command::Unpin { backup } => pin(desk, &backup, false).await,
        Command::Rename { backup, name } => rename(desk, &backup, &name).await,
    }
}

async fn create(desk: &Desk, create: Create) -> Result<(), Failure> {
    let door = &desk.door;
    let options = BackupOptions {
        cluster_id: door.cluster(&create.cluster).await?.id,
        name: create.name,
        database: create.database,
        collections: create.collections,
        copies: create.copy_to,
        bandwidth_limit: create.bandwidth_limit,
    };
    if create.dry_run {
        let plan = door.plan_backup(&options).await?;
        return desk.output.answer(&plan, text::backup_plan);
    }
    let job = door.create_backup(options).await?;
    finish(desk, job, create.no_wait).await
}

async fn list(desk: &Desk, list: List) -> Result<(), Failure> {
    let cluster_id = match &list.cluster {
        Some(cluster) => Some(desk.door.cluster(cluster).await?.id),
        None => None,
    };
    let project_id = match &list.project {
        Some(project) => Some(desk.door.project(project).await?.id),
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
    let page = desk.door.backups(&query).await?;
    desk.output
        .answer(&page, |page| text::backups(&page.items))?;
    let filtered = query.search.is_some() || query.cluster_id.is_some() || query.state.is_some();
    if page.total == 0 && filtered {
        desk.output.note("No backups match");
    } else if page.total == 0 {
        desk.output.note("There are no backups");
        desk.output
            .hint("make one with `hozon backup create --cluster NAME`");
    } else if page.pages() > 1 || page.items.is_empty() {
        desk.output.note(&format!(
            "Page {} of {}, {} in all",
            page.page,
            page.pages(),
            words::count(page.total, "backup", "backups")
        ));
    }
    Ok(())
}

async fn verify(desk: &Desk, verify: Verify) -> Result<(), Failure> {
    let backup = desk.door.backup(&verify.backup).await?;
    let options = VerifyOptions {
        backup_id: backup.summary.id,
        level: verify.level.into(),
    };
    let job = desk.door.verify_backup(options).await?;
    finish(desk, job, verify.no_wait).await
}

async fn restore(desk: &Desk, restore: Restore) -> Result<(), Failure> {
    let door = &desk.door;
    let backup = door.backup(&restore.backup).await?;
    let cluster_id = match &restore.cluster {
        Some(cluster) => Some(door.cluster(cluster).await?.id),
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
        let plan = door.plan_restore(&options).await?;
        return desk.output.answer(&plan, text::restore_plan);
    }
    let job = door.restore_backup(options).await?;
    finish(desk, job, restore.no_wait).await
}

async fn export(desk: &Desk, export: Export) -> Result<(), Failure> {
    let door = &desk.door;
    let options = ExportOptions {
        backup_id: door.backup(&export.backup).await?.summary.id,
        integration_id: door.integration(&export.integration).await?.id,
        directory: export.directory,
        format: export.format.into(),
        bandwidth_limit: export.bandwidth_limit,
    };
    let plan = door.plan_export(&options).await?;
    if export.dry_run {
        return desk.output.answer(&plan, text::export_plan);
    }
    desk.output.note(&format!("Exporting to `{}`", plan.target));
    let job = door.export_backup(options).await?;
    finish(desk, job, export.no_wait).await
}

async fn adopt(desk: &Desk, adopt: Adopt) -> Result<(), Failure> {
    let door = &desk.door;
    let cluster_id = match &adopt.cluster {
        Some(cluster) => Some(door.cluster(cluster).await?.id),
        None => None,
    };
    let options = AdoptOptions {
        integration_id: door.integration(&adopt.integration).await?.id,
        directory: adopt.directory,
        backup_id: adopt.backup.map(BackupId::new),
        name: adopt.name,
        cluster_id,
    };
    if adopt.dry_run {
        let plan = door.plan_adopt(&options).await?;
        return desk.output.answer(&plan, text::adopt_plan);
    }
    let job = door.adopt_backup(options).await?;
    finish(desk, job, adopt.no_wait).await
}

async fn copy(desk: &Desk, copy: Copy) -> Result<(), Failure> {
    let door = &desk.door;
    let options = CopyOptions {
        backup_id: door.backup(&copy.backup).await?.summary.id,
        repository: copy.to,
        bandwidth_limit: copy.bandwidth_limit,
    };
    if copy.dry_run {
        let plan = door.plan_copy(&options).await?;
        return desk.output.answer(&plan, text::copy_plan);
    }
    let job = door.copy_backup(options).await?;
    finish(desk, job, copy.no_wait).await
}

async fn delete(desk: &Desk, delete: Delete) -> Result<(), Failure> {
    let door = &desk.door;
    let backup = door.backup(&delete.backup).await?;
    let options = DeleteOptions {
        backup_id: backup.summary.id.clone(),
        repository: delete.copy,
    };
    if delete.dry_run {
        let plan = door.plan_delete(&options).await?;
        return desk.output.answer(&plan, text::delete_plan);
    }
    if !delete.yes {
        let what = match &options.repository {
            Some(repository) => format!("the copy in `{repository}` of backup"),
            None => "backup".to_owned(),
        };
        confirm(&what, &backup, &door.plan_delete(&options).await?).await?;
    }
    let job = door.delete_backup(options).await?;
    finish(desk, job, delete.no_wait).await
}

async fn pin(desk: &Desk, backup: &str, pinned: bool) -> Result<(), Failure> {
    let backup = desk.door.pin_backup(backup, pinned).await?;
    desk.output.answer(&backup, |backup| {
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

async fn rename(desk: &Desk, backup: &str, name: &str) -> Result<(), Failure> {
    let backup = desk.door.rename_backup(backup, name).await?;
    desk.output.answer(&backup, |backup| {
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
async fn make_copies(desk: &Desk, job: &JobSummary) -> Result<(), Failure> {
    let Some(id) = &job.backup_id else {
        return Ok(());
    };
    for copy in desk.door.backup(id.as_str()).await?.copies {
        if let (CopyState::Copying, Some(id)) = (copy.state, &copy.job_id) {
            let job = desk.door.job(id).await?.summary;
            follow::run(desk, &job).await?;
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
pub(super) async fn finish(desk: &Desk, job: JobSummary, no_wait: bool) -> Result<(), Failure> {
    if no_wait {
        let outcome = Outcome { job, backup: None };
        desk.output
            .answer(&outcome, |outcome| text::queued(&outcome.job))?;
        desk.output.hint(&format!(
            "{} `hozon job wait {}`",
            match desk.door {
                Door::Here { .. } => "a running `hozon serve` works on it; or do it here with",
                Door::There(_) => "the server works on it; follow it with",
            },
            outcome.job.id
        ));
        return Ok(());
    }
    let job = follow::run(desk, &job).await?;
    if job.kind == JobKind::Backup {
        make_copies(desk, &job).await?;
    }
    let backup = match &job.backup_id {
        Some(id) if job.kind != JobKind::Delete => Some(desk.door.backup(id.as_str()).await?),
        _ => None,
    };
    desk.output.answer(&Outcome { job, backup }, |outcome| {
        text::done(&outcome.job, outcome.backup.as_ref())
    })
}
