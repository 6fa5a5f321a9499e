//! `hozon audit …`

use std::{
    io::{self, Write},
    path::PathBuf,
};

use clap::{Args, Subcommand};
use futures::StreamExt;
use hozon_engine::{AuditFormat, Error, ErrorCode};
use hozon_model::{AuditLine, AuditQuery};
use jiff::Timestamp;

use super::{
    Context,
    exit::{Exit, Failure},
    table::{Align, Table},
    words,
};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List who did what, newest first
    List(List),
    /// Look whether every line is there and none was changed
    ///
    /// Prints the hash of the last line. Keep it elsewhere and name it with `--earlier` the next time: whoever can
    /// write to the catalog can forge a whole chain, but not one that holds it
    Verify {
        /// Hash of a line that must still be there
        #[arg(long, value_name = "HASH")]
        earlier: Option<String>,
    },
    /// Write the lines as text, oldest first
    Export(Export),
}

#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// Only by this user, key (`key:name`) or command (`cli:name`)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Only this action, `backup.create`, or all on a kind of thing, `backup`
    #[arg(long)]
    action: Option<String>,
    /// Only on this target
    #[arg(long)]
    on: Option<String>,
    /// Only with this outcome: `ok`, the code of an error, or `failed` for all but `ok`
    #[arg(long)]
    outcome: Option<String>,
    /// Only from this moment on, `2026-11-21T00:00:00Z`
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
    /// Only before this moment
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    filter: Filter,
    /// Lines on a page, 1 to 100
    #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u8).range(1..=100))]
    limit: u8,
    /// Which page
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    page: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    #[command(flatten)]
    filter: Filter,
    /// `jsonl` or `csv`
    #[arg(long, default_value = "jsonl")]
    format: AuditFormat,
    /// File to write, which must not be there yet; without it: stdout
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Filter {
    fn query(self) -> AuditQuery {
        AuditQuery {
            actor: self.by,
            action: self.action,
            target: self.on,
            outcome: self.outcome,
            since: self.since,
            until: self.until,
            ..AuditQuery::default()
        }
    }
}

pub(crate) async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    let Context {
        engine,
        actor,
        output,
    } = context;
    match command {
        Command::List(list) => {
            let query = AuditQuery {
                page: list.page,
                page_size: u64::from(list.limit),
                ..list.filter.query()
            };
            let page = engine.audit_lines(actor, &query).await?;
            output.answer(&page, |page| lines(&page.items))?;
            if page.total == 0 {
                output.note("No lines match");
            } else if page.pages() > 1 || page.items.is_empty() {
                output.note(&format!(
                    "Page {} of {}, {} in all",
                    page.page,
                    page.pages(),
                    words::count(page.total, "line", "lines")
                ));
            }
            Ok(())
        }
        Command::Verify { earlier } => {
            let proof = engine.verify_audit(actor, earlier.as_deref()).await?;
            output.answer(&proof, |proof| {
                format!(
                    "{} are there, and none was changed\n{}",
                    words::count(proof.lines, "line", "lines"),
                    proof.head
                )
            })
        }
        Command::Export(export) => self::export(context, export).await,
    }
}

async fn export(context: &Context, export: Export) -> Result<(), Failure> {
    let output = context.output;
    if output.json && export.output.is_none() {
        return Err(Failure::usage(
            "--json",
            "stdout carries one document then, and an export is none",
            "name a file with `--output`, or leave `--json` out",
        ));
    }
    let query = export.filter.query();
    let mut pieces = context
        .engine
        .export_audit(&context.actor, query, export.format)
        .await?;
    let mut target: Box<dyn Write + Send> = match &export.output {
        Some(path) => Box::new(std::fs::File::create_new(path).map_err(|error| {
            Error::new(ErrorCode::InvalidInput, path.display().to_string())
                .caused_by(error)
                .hint("name a file that is not there yet, in a directory that can be written")
        })?),
        None => Box::new(io::stdout()),
    };
    while let Some(piece) = pieces.next().await {
        match target.write_all(piece?.as_bytes()) {
            Ok(()) => {}
            // Whoever closes the pipe early has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                return Err(Failure::Silent(Exit::Ok));
            }
            Err(error) => {
                return Err(Error::new(ErrorCode::Internal, "output")
                    .caused_by(error)
                    .into());
            }
        }
    }
    target
        .flush()
        .map_err(|error| Error::new(ErrorCode::Internal, "output").caused_by(error))?;
    match &export.output {
        Some(path) => output.answer(&serde_json::json!({ "file": path }), |_| {
            format!("Wrote {}", path.display())
        }),
        None => Ok(()),
    }
}

fn lines(items: &[AuditLine]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let mut table = Table::new([
        ("Line", Align::Right),
        ("When", Align::Left),
        ("Who", Align::Left),
        ("From", Align::Left),
        ("What", Align::Left),
        ("On what", Align::Left),
        ("Outcome", Align::Left),
    ]);
    for line in items {
        table.row([
            line.id.to_string(),
            words::time(line.at),
            line.actor.clone(),
            line.origin.clone(),
            line.action.clone(),
            shown(&line.target),
            line.outcome.clone(),
        ]);
    }
    table.render()
}

/// What somebody typed may hold anything; a terminal gets to see none of its control characters.
fn shown(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}
