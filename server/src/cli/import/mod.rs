//! `hozon config import`: what milvus-backup's configuration says, made here.
//!
//! The cluster and the integration are made by the engine as they are when they are typed: tried first, audited, sealed.
//! What is there already is left as it is, so that it can be run again.

mod report;
mod settings;

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use hozon_engine::{Engine, Error, ErrorCode};
use hozon_model::{Cluster, Integration, NewCluster, NewIntegration, StorageLocation};

use self::{
    report::{Outcome, Report, SettingsPart},
    settings::Target,
};
use super::{Context, exit::Failure};
use crate::milvus_backup::{self, Names};

/// Longest configuration that is read, in bytes.
const LONGEST: u64 = 1 << 20;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Take over milvus-backup's configuration: register its cluster, and the place of its backups
    ///
    /// Variables that milvus-backup heeds override the file as they do there. What is there already stays as it is, and
    /// no secret is printed
    Import(Box<Import>),
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Configuration of milvus-backup, usually `backup.yaml`, of version 1 or 2
    file: PathBuf,
    /// Name to register the cluster under
    #[arg(long, value_name = "NAME", default_value = "milvus")]
    cluster: String,
    /// Name of the integration at the place of milvus-backup's backups: to adopt them from, and to export to
    #[arg(long, value_name = "NAME", default_value = "milvus-backup")]
    integration: String,
    /// Project they belong to, by name or identifier; the first one where nothing is said
    #[arg(long)]
    project: Option<String>,
    /// Write the settings to this new configuration file, and the repository's secret to a file beside it
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Print what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Import(import) => take_over(context, *import).await,
    }
}

async fn take_over(context: &Context, import: Import) -> Result<(), Failure> {
    let Context { engine, output, .. } = context;
    let file = import.file.display().to_string();
    let text = read(&import.file)?;
    let names = Names {
        cluster: import.cluster,
        integration: import.integration,
        project: import.project,
    };
    let variable = |name: &str| std::env::var(name).ok();
    let mut plan = milvus_backup::read(&file, &text, &variable, &names)?;
    let target = match import.settings {
        Some(_) if plan.settings.is_empty() => {
            plan.notes.push("there is nothing to set".to_owned());
            None
        }
        Some(path) => Some(Target::look(path, &plan.settings)?),
        None => None,
    };
    let cluster = registered(engine, &plan.cluster).await?;
    let integration = made(engine, &plan.integration).await?;
    let settings = SettingsPart::new(&plan.settings, target.as_ref())?;
    let mut report = Report::new(
        file,
        &plan,
        cluster.as_ref(),
        integration.as_ref(),
        settings,
    );
    if import.dry_run {
        report.dry_run = true;
    } else {
        carry_out(context, plan, target, &mut report).await?;
    }
    output.answer(&report, report::text)?;
    if report.dry_run {
        output.hint("leave `--dry-run` away to do it");
    } else {
        output.hint(&format!(
            "back it up with `hozon backup create --cluster {}`",
            report.cluster.name
        ));
        output.hint(&format!(
            "make a backup of one of milvus-backup's with `hozon backup adopt NAME --integration {}`",
            report.integration.name
        ));
    }
    if report.settings.file.is_none() && !report.settings.text.is_empty() {
        output.hint("`--settings hozon.toml` writes the settings into a new file");
    }
    Ok(())
}

/// Makes what is not there. What was made stays when something after it fails, and running it again does the rest.
async fn carry_out(
    context: &Context,
    plan: milvus_backup::Plan,
    target: Option<Target>,
    report: &mut Report,
) -> Result<(), Failure> {
    let Context {
        engine,
        actor,
        output,
    } = context;
    if report.cluster.outcome == Outcome::Planned {
        let cluster = engine.add_cluster(actor, plan.cluster).await?;
        report.cluster.is_made(&cluster);
    }
    let so_far = |report: &Report| {
        if report.cluster.outcome == Outcome::Made {
            output.note(&format!("Registered cluster `{}`", report.cluster.name));
            output.hint("run this again for the rest");
        }
    };
    if report.integration.outcome == Outcome::Planned {
        match engine.add_integration(actor, plan.integration).await {
            Ok(integration) => report.integration.is_made(&integration),
            Err(error) => {
                so_far(&*report);
                return Err(error.into());
            }
        }
    }
    if let Some(target) = target {
        match target.write() {
            Ok(outcome) => report.settings.outcome = Some(outcome),
            Err(failure) => {
                so_far(&*report);
                return Err(failure);
            }
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, Failure> {
    let name = path.display().to_string();
    let hint = "name milvus-backup's configuration, usually `backup.yaml`";
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST + 1).read_to_string(&mut text))
        .map_err(|error| Failure::usage(&name, &error.to_string(), hint))?;
    if text.len() as u64 > LONGEST {
        return Err(Failure::usage(&name, "it is longer than 1 MiB", hint));
    }
    Ok(text)
}

/// The cluster that is reached the same way and has its files at the same place, under whatever name.
async fn registered(engine: &Engine, new: &NewCluster) -> Result<Option<Cluster>, Failure> {
    let storage = StorageLocation {
        url: new.storage_url.clone(),
        endpoint: new.storage_endpoint.clone(),
        region: new.storage_region.clone(),
    };
    let mut clusters = engine.clusters().await?;
    let name_is_taken = clusters.iter().any(|cluster| cluster.name == new.name);
    clusters.retain(|cluster| cluster.address == new.address && cluster.storage == storage);
    clusters.sort_by_key(|cluster| cluster.name != new.name);
    match clusters.into_iter().next() {
        None if name_is_taken => Err(Error::new(ErrorCode::ClusterNameTaken, new.name.as_str())
            .because("the one that is registered has another address or other storage")
            .hint("choose another name with `--cluster`, or change it with `hozon cluster edit`")
            .into()),
        same => Ok(same),
    }
}

/// The integration at the same place, under whatever name.
async fn made(engine: &Engine, new: &NewIntegration) -> Result<Option<Integration>, Failure> {
    let storage = StorageLocation {
        url: new.storage_url.clone(),
        endpoint: new.endpoint.clone(),
        region: new.region.clone(),
    };
    let mut integrations = engine.integrations().await?;
    let name_is_taken = integrations.iter().any(|one| one.name == new.name);
    integrations.retain(|one| one.storage == storage);
    integrations.sort_by_key(|one| one.name != new.name);
    match integrations.into_iter().next() {
        None if name_is_taken => Err(Error::new(
            ErrorCode::IntegrationNameTaken,
            new.name.as_str(),
        )
        .because("the one that there is leads to another place")
        .hint("choose another name with `--integration`")
        .into()),
        same => Ok(same),
    }
}
