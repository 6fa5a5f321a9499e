//! `hozon repository …`: the repositories that copies of backups are kept in.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use hozon_engine::store::credentials;
use hozon_model::{
    BackupCopy, CopyRepository, CredentialParts, NewCopyRepository, RepositoryContents,
    StorageLocation,
};

use super::{
    Context,
    exit::Failure,
    table::{Align, Table, facts},
    words,
};
use crate::config::secret;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Register a place for copies, in another region or anywhere else; an empty place becomes a repository
    Add(Box<Add>),
    /// List the repositories of copies
    List,
    /// Show one repository and the copies in it, without asking its store
    Show(One),
    /// Look whether a repository can be read and written, and which copies it holds
    Check(One),
    /// Forget a repository and its secrets; what lies there stays
    Remove(One),
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// Name of the repository
    repository: String,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Name to register it under, for instance that of its region
    name: String,
    /// Where it lies: `file:///absolute/path`, `s3://bucket/path`, `az://account/container/path` or `gs://bucket/path`
    #[arg(long, value_name = "URL")]
    url: String,
    /// Address of the storage service, `http://host:port`, where it is not the cloud's own
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    /// Region of the bucket
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Access key of an S3 storage
    #[arg(long, value_name = "KEY")]
    access_key: Option<String>,
    /// File that holds the secret of the storage; or `HOZON_COPIES_SECRET_KEY`: S3's secret key, Azure's account key,
    /// shared access signature or client secret, Google Cloud's service account (JSON)
    #[arg(long, value_name = "FILE")]
    secret_key_file: Option<PathBuf>,
    /// Directory (tenant) of an application registered with Microsoft Entra
    #[arg(long, value_name = "ID", requires = "client_id")]
    tenant_id: Option<String>,
    /// An application (client) registered with Microsoft Entra
    #[arg(long, value_name = "ID", requires = "tenant_id")]
    client_id: Option<String>,
}

pub(crate) async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    let Context {
        engine,
        actor,
        output,
    } = context;
    match command {
        Command::Add(add) => {
            let added = engine.add_repository(actor, add.into_new()?).await?;
            output.answer(&added, |added| {
                format!(
                    "Registered repository `{}` at {}",
                    added.name, added.storage.url
                )
            })?;
            output.hint(&format!(
                "copy a backup into it with `hozon backup copy BACKUP --to {}`",
                added.name
            ));
            Ok(())
        }
        Command::List => {
            let repositories = engine.repositories().await?;
            output.answer(&repositories, list)?;
            if repositories.is_empty() {
                output.note("No repositories of copies are registered");
                output.hint("register one with `hozon repository add`");
            }
            Ok(())
        }
        Command::Show(One { repository }) => {
            let contents = engine.repository(&repository).await?;
            output.answer(&contents, show)
        }
        Command::Check(One { repository }) => {
            let contents = engine.check_repository(&repository).await?;
            output.answer(&contents, |contents| {
                format!(
                    "Repository `{}` can be read and written; it holds {}",
                    contents.repository.name,
                    words::count(contents.copies.len() as u64, "copy", "copies")
                )
            })
        }
        Command::Remove(One { repository }) => {
            let removed = engine.repository(&repository).await?.repository;
            engine.remove_repository(actor, &repository).await?;
            output.answer(&removed, |removed| {
                format!(
                    "Removed repository `{}`; what lies at {} stays",
                    removed.name, removed.storage.url
                )
            })
        }
    }
}

impl Add {
    fn into_new(self) -> Result<NewCopyRepository, Failure> {
        let secret_key = secret(self.secret_key_file, "HOZON_COPIES_SECRET_KEY")?;
        let parts = CredentialParts {
            access_key: self.access_key,
            secret_key,
            tenant_id: self.tenant_id,
            client_id: self.client_id,
            ..CredentialParts::default()
        };
        Ok(NewCopyRepository {
            credentials: credentials(&self.url, parts)?,
            name: self.name,
            storage: StorageLocation {
                url: self.url,
                endpoint: self.endpoint,
                region: self.region,
            },
        })
    }
}

fn list(repositories: &Vec<CopyRepository>) -> String {
    if repositories.is_empty() {
        return String::new();
    }
    let mut table = Table::new([
        ("Name", Align::Left),
        ("Place", Align::Left),
        ("Endpoint", Align::Left),
        ("Region", Align::Left),
    ]);
    for repository in repositories {
        let storage = &repository.storage;
        table.row([
            repository.name.clone(),
            storage.url.clone(),
            storage.endpoint.clone().unwrap_or_else(words::dash),
            storage.region.clone().unwrap_or_else(words::dash),
        ]);
    }
    table.render()
}

fn show(contents: &RepositoryContents) -> String {
    let repository = &contents.repository;
    let mut text = facts([
        ("Name", repository.name.clone()),
        ("Place", repository.storage.url.clone()),
        (
            "Endpoint",
            repository.storage.endpoint.clone().unwrap_or_default(),
        ),
        (
            "Region",
            repository.storage.region.clone().unwrap_or_default(),
        ),
        ("ID", repository.repository_id.clone()),
        ("Registered", words::time(repository.created_at)),
    ]);
    if !contents.copies.is_empty() {
        text.push('\n');
        text.push_str(&copies(&contents.copies, "Backup", |copy| {
            copy.backup_name.clone()
        }));
    }
    text
}

/// Copies as a table, with what differs between them in front.
pub(crate) fn copies(
    copies: &[BackupCopy],
    of: &'static str,
    name: impl Fn(&BackupCopy) -> String,
) -> String {
    let mut table = Table::new([
        (of, Align::Left),
        ("Copy", Align::Left),
        ("Finished", Align::Left),
        ("Size", Align::Right),
        ("New", Align::Right),
        ("Reason", Align::Left),
    ]);
    for copy in copies {
        table.row([
            name(copy),
            words::copy_state(copy.state).to_owned(),
            copy.finished_at.map_or_else(words::dash, words::time),
            words::bytes(copy.bytes),
            words::bytes(copy.new_bytes),
            copy.reason
                .as_ref()
                .map_or_else(words::dash, ToString::to_string),
        ]);
    }
    table.render()
}
