//! The command line: parses, opens the engine, calls it, and prints what it says.

mod admin;
mod audit;
mod backup;
mod choices;
mod cluster;
mod cluster_edit;
mod door;
mod elsewhere;
mod errors;
mod exit;
mod follow;
mod grants;
mod import;
mod integration;
mod job;
mod key;
mod output;
mod policy;
mod progress;
mod project;
mod reference;
mod remote;
mod repository;
mod role;
mod secrets;
mod serve;
mod table;
mod user;
mod words;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, CommandFactory, Parser, Subcommand, error::ErrorKind};
use hozon_engine::{Engine, Error, ErrorCode};
use hozon_model::Actor;

pub(crate) use self::grants::grant;
use self::{
    door::{Desk, Door},
    elsewhere::Elsewhere,
    exit::{Exit, Failure},
    output::Output,
    remote::Remote,
};
pub use self::{errors::errors, reference::reference};
use crate::{
    config::{Flags, Settings},
    logging::{self, LogFormat},
};

/// Backs up, verifies and restores Milvus clusters
///
/// A backup is made, checked and restored by jobs. Commands that start one follow it to its end, in
/// this process or in a running server that took it first
#[derive(Debug, Parser)]
#[command(name = "hozon", version, after_long_help = reference::after_help(), propagate_version = false)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(flatten)]
    elsewhere: Elsewhere,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// Configuration file, in TOML [env: HOZON_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Directory of the catalog and the secret key [env: HOZON_DATA_DIR]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Print one JSON document to stdout, in place of text
    #[arg(long, global = true)]
    json: bool,
    /// Log more; twice for still more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the console and the workers
    Serve(serve::Serve),
    /// Make, list, edit and remove the projects that clusters belong to
    #[command(subcommand)]
    Project(project::Command),
    /// Register, list, edit, check and remove clusters
    #[command(subcommand)]
    Cluster(cluster::Command),
    /// Create, list, keep, verify, restore, export, adopt and delete backups
    #[command(subcommand)]
    Backup(backup::Command),
    /// Back clusters up by schedule, and let old backups expire
    #[command(subcommand)]
    Policy(policy::Command),
    /// Make, list, check and remove the places that backups are exported to
    #[command(subcommand)]
    Integration(integration::Command),
    /// Register, list, check and remove the repositories that copies are kept in
    #[command(subcommand)]
    Repository(repository::Command),
    /// Take over the configuration of another program
    #[command(subcommand)]
    Config(import::Command),
    /// List, follow, cancel and retry jobs; remove what unfinished exports left
    #[command(subcommand)]
    Job(job::Command),
    /// Make users, say what they may do, and see who is signed in
    #[command(subcommand)]
    User(user::Command),
    /// Make roles from privileges
    #[command(subcommand)]
    Role(role::Command),
    /// Make, list and remove API keys
    #[command(subcommand)]
    Key(key::Command),
    /// Look at the audit, prove that it is whole, and export it
    #[command(subcommand)]
    Audit(audit::Command),
    /// Replace the key that protects stored secrets
    #[command(subcommand)]
    Secrets(secrets::Command),
    /// Sign-in links and passwords
    #[command(subcommand)]
    Admin(admin::Command),
    /// Print a completion script for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

impl Command {
    /// What is typed to get it.
    fn name(&self) -> &'static str {
        match self {
            Self::Serve(_) => "serve",
            Self::Project(_) => "project",
            Self::Cluster(_) => "cluster",
            Self::Backup(_) => "backup",
            Self::Policy(_) => "policy",
            Self::Integration(_) => "integration",
            Self::Repository(_) => "repository",
            Self::Config(_) => "config",
            Self::Job(_) => "job",
            Self::User(_) => "user",
            Self::Role(_) => "role",
            Self::Key(_) => "key",
            Self::Audit(_) => "audit",
            Self::Secrets(_) => "secrets",
            Self::Admin(_) => "admin",
            Self::Completions { .. } => "completions",
        }
    }
}

/// What every command works with that is done on this machine alone.
struct Context {
    engine: Engine,
    actor: Actor,
    output: Output,
}

/// Runs the command that this process was started with.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return ExitCode::from(refuse(&error) as u8),
    };
    let output = Output {
        json: cli.global.json,
    };
    let exit = match start(cli, output) {
        Ok(()) => Exit::Ok,
        Err(failure) => {
            output.failure(&failure);
            failure.exit()
        }
    };
    ExitCode::from(exit as u8)
}

/// Help and version are answers; anything else is a command line that was not understood.
fn refuse(error: &clap::Error) -> Exit {
    // A closed terminal cannot be told anything.
    let _closed = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Ok,
        _ => {
            if std::env::args_os().any(|argument| argument == "--json") {
                let text = error.to_string();
                let why = text.lines().next().unwrap_or_default();
                let report = Error::new(ErrorCode::InvalidInput, "command line")
                    .because(why.trim_start_matches("error: "))
                    .hint("see `hozon --help`")
                    .into_report();
                output::error_document(&report, None);
            }
            Exit::Usage
        }
    }
}

fn start(cli: Cli, output: Output) -> Result<(), Failure> {
    let (quiet, format) = match &cli.command {
        Command::Serve(serve) => ("info", serve.log_format),
        _ => ("warn", LogFormat::Text),
    };
    logging::start(
        match cli.global.verbose {
            0 => quiet,
            1 => "info,hozon_engine=debug,hozon_server=debug",
            _ => "debug,hozon_engine=trace,hozon_server=trace",
        },
        format,
    );
    if let Command::Completions { shell } = cli.command {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "hozon", &mut script);
        return output::print(String::from_utf8_lossy(&script).trim_end());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::new(ErrorCode::Internal, "runtime").caused_by(error))?;
    let result = runtime.block_on(run(cli, output));
    // Work that does not heed a cancellation must not keep the process.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    result
}

async fn run(cli: Cli, output: Output) -> Result<(), Failure> {
    let serves = matches!(cli.command, Command::Serve(_));
    if cli.elsewhere.is_named() && (cli.global.config.is_some() || cli.global.data_dir.is_some()) {
        return Err(Failure::usage(
            "--server",
            "what is done on a server elsewhere needs no configuration and no data directory here",
            "leave out `--config` and `--data-dir`, or `--server`",
        ));
    }
    // A server that is started is never another one: the environment may name that for everything else.
    if (!serves || cli.elsewhere.is_named())
        && let Some(remote) = cli.elsewhere.remote()?
    {
        return run_there(cli.command, remote, output).await;
    }
    let mut flags = Flags {
        config: cli.global.config,
        data_dir: cli.global.data_dir,
        ..Flags::default()
    };
    if let Command::Serve(serve) = &cli.command {
        flags.bind = serve.bind;
        flags.port = serve.port;
        flags.compat_milvus_backup = serve.compat_milvus_backup;
    }
    let settings = Settings::load(&flags)?;
    let engine = Engine::open(settings.engine.clone()).await?;
    let desk = Desk {
        door: Door::Here {
            engine: engine.clone(),
            actor: actor(),
        },
        output,
    };
    let context = Context {
        engine,
        actor: actor(),
        output,
    };
    match cli.command {
        Command::Serve(_) => serve::run(&context, &settings).await,
        Command::Project(command) => project::run(&context, command).await,
        Command::Cluster(command) => cluster::run(&desk, command).await,
        Command::Backup(command) => backup::run(&desk, command).await,
        Command::Policy(command) => policy::run(&desk, command).await,
        Command::Integration(command) => integration::run(&context, command).await,
        Command::Repository(command) => repository::run(&context, command).await,
        Command::Config(command) => import::run(&context, command).await,
        Command::Job(command) => job::run(&desk, command).await,
        Command::User(command) => user::run(&context, command).await,
        Command::Role(command) => role::run(&context, command).await,
        Command::Key(command) => key::run(&context, command).await,
        Command::Audit(command) => audit::run(&context, command).await,
        Command::Secrets(command) => secrets::run(&context, command).await,
        Command::Admin(command) => admin::run(&context, &settings, command).await,
        Command::Completions { .. } => Ok(()),
    }
}

/// Does on a server elsewhere what can be done from afar, and refuses the rest before anything is sent.
async fn run_there(command: Command, remote: Remote, output: Output) -> Result<(), Failure> {
    let desk = Desk {
        door: Door::There(remote),
        output,
    };
    match command {
        Command::Cluster(command) => cluster::run(&desk, command).await,
        Command::Backup(command) => backup::run(&desk, command).await,
        Command::Policy(command) => policy::run(&desk, command).await,
        Command::Job(command) => job::run(&desk, command).await,
        command => Err(door::only_here(command.name()).into()),
    }
}

/// Who types: the login name, as far as the environment tells.
fn actor() -> Actor {
    let name = ["LOGNAME", "USER"]
        .into_iter()
        .find_map(|variable| std::env::var(variable).ok().filter(|name| !name.is_empty()))
        .unwrap_or_else(|| "unknown".to_owned());
    Actor {
        name: format!("cli:{name}"),
        origin: "cli".to_owned(),
    }
}
