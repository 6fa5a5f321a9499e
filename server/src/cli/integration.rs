//! `hozon integration …`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use hozon_engine::store::credentials;
use hozon_model::{
    CredentialParts, FoundArchives, Integration, IntegrationCheck, IntegrationCheckItem,
    NewIntegration,
};

use super::{
    Context,
    exit::{Exit, Failure},
    table::{Align, Table, facts},
    words,
};
use crate::config::secret;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make an integration, after writing, reading, listing and deleting an object at its place
    Add(Box<Add>),
    /// List the integrations
    List,
    /// Show one integration
    Show(One),
    /// Try everything that an export needs there
    Check(One),
    /// List the archives that lie there and can be adopted
    Archives(Archives),
    /// Forget an integration and its secrets; what was exported stays where it is
    Remove(One),
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// Name or identifier of the integration
    integration: String,
}

#[derive(Debug, Args)]
pub(crate) struct Archives {
    /// Name or identifier of the integration
    integration: String,
    /// Look in this directory there and below it, like `exports/2026`; without it everywhere
    #[arg(default_value = "", hide_default_value = true)]
    directory: String,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Name to give it
    name: String,
    /// The place: `file:///absolute/path`, `s3://bucket/path`, `az://account/container/path` or `gs://bucket/path`
    #[arg(long, value_name = "URL")]
    storage: String,
    /// What it is for
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    description: String,
    /// Project it belongs to, by name or identifier; the first one where nothing is said
    #[arg(long)]
    project: Option<String>,
    /// Address of the storage service, `http://host:port`, where it is not the cloud's own
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    /// Region of the bucket
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Access key of an S3 storage
    #[arg(long, value_name = "KEY")]
    access_key: Option<String>,
    /// File that holds the secret of the storage; or `HOZON_INTEGRATION_SECRET_KEY`: S3's secret key, Azure's account
    /// key, shared access signature or client secret, Google Cloud's service account (JSON)
    #[arg(long, value_name = "FILE")]
    secret_key_file: Option<PathBuf>,
    /// Directory (tenant) of an application registered with Microsoft Entra
    #[arg(long, value_name = "ID", requires = "client_id")]
    tenant_id: Option<String>,
    /// An application (client) registered with Microsoft Entra
    #[arg(long, value_name = "ID", requires = "tenant_id")]
    client_id: Option<String>,
    /// Role of S3's cloud that lends its keys, by its ARN; whoever the access key says asks for them, or this machine
    #[arg(long, value_name = "ARN")]
    role_arn: Option<String>,
    /// What the role's trust policy wants to hear
    #[arg(long, value_name = "ID", requires = "role_arn")]
    external_id: Option<String>,
    /// Try it, print what works and the policy that allows it, and make nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    let Context {
        engine,
        actor,
        output,
    } = context;
    match command {
        Command::Add(add) => {
            let dry_run = add.dry_run;
            let new = add.into_new()?;
            if dry_run {
                return checked(context, &engine.check_new_integration(actor, &new).await?);
            }
            let made = engine.add_integration(actor, new).await?;
            output.answer(&made, |made| {
                format!("Made integration `{}` ({})", made.name, made.id)
            })?;
            output.hint(&format!(
                "export a backup with `hozon backup export BACKUP --integration {}`",
                made.name
            ));
            Ok(())
        }
        Command::List => {
            let integrations = engine.integrations().await?;
            output.answer(&integrations, list)?;
            if integrations.is_empty() {
                output.note("There are no integrations");
                output.hint("make one with `hozon integration add`");
            }
            Ok(())
        }
        Command::Show(One { integration }) => {
            let integration = engine.integration(&integration).await?;
            output.answer(&integration, show)
        }
        Command::Check(One { integration }) => {
            let integration = engine.integration(&integration).await?;
            checked(context, &engine.check_integration(&integration.id).await?)
        }
        Command::Archives(archives) => self::archives(context, &archives).await,
        Command::Remove(One { integration }) => {
            let integration = engine.integration(&integration).await?;
            engine.remove_integration(actor, &integration.id).await?;
            output.answer(&integration, |integration| {
                format!(
                    "Removed integration `{}`; what was exported stays",
                    integration.name
                )
            })
        }
    }
}

async fn archives(context: &Context, wanted: &Archives) -> Result<(), Failure> {
    let Context { engine, output, .. } = context;
    let found = engine
        .archives(&wanted.integration, &wanted.directory)
        .await?;
    output.answer(&found, archive_lines)?;
    if found.archives.is_empty() {
        output.note("No whole archive of a backup lies there");
    } else {
        output.hint(&format!(
            "adopt one with `hozon backup adopt DIRECTORY --integration {}`",
            wanted.integration
        ));
    }
    if !found.complete {
        output.note("More lies there than is looked at in one go; name a directory to look in");
    }
    Ok(())
}

fn archive_lines(found: &FoundArchives) -> String {
    if found.archives.is_empty() {
        return String::new();
    }
    let mut table = Table::new([
        ("Directory", Align::Left),
        ("Name", Align::Left),
        ("Format", Align::Left),
        ("Backup", Align::Left),
        ("Made", Align::Left),
        ("Collections", Align::Left),
    ]);
    for archive in &found.archives {
        let collections: Vec<String> = archive
            .collections
            .iter()
            .map(ToString::to_string)
            .collect();
        table.row([
            archive.directory.clone(),
            archive.name.clone(),
            archive.format.as_str().to_owned(),
            archive
                .backup_id
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            archive.made_at.map(words::time).unwrap_or_default(),
            match &archive.damage {
                Some(damage) => format!("cannot be read: {}", damage.detail),
                None => collections.join(","),
            },
        ]);
    }
    table.render()
}

impl Add {
    fn into_new(self) -> Result<NewIntegration, Failure> {
        let secret_key = secret(self.secret_key_file, "HOZON_INTEGRATION_SECRET_KEY")?;
        if self.access_key.is_some() && secret_key.is_none() {
            return Err(Failure::usage(
                "--access-key",
                "no secret key was given for it",
                "name a file with `--secret-key-file` or set `HOZON_INTEGRATION_SECRET_KEY`",
            ));
        }
        let parts = CredentialParts {
            access_key: self.access_key,
            secret_key,
            tenant_id: self.tenant_id,
            client_id: self.client_id,
            role_arn: self.role_arn,
            external_id: self.external_id,
        };
        Ok(NewIntegration {
            credentials: credentials(&self.storage, parts)?,
            name: self.name,
            project: self.project,
            description: self.description,
            storage_url: self.storage,
            endpoint: self.endpoint,
            region: self.region,
        })
    }
}

fn checked(context: &Context, check: &IntegrationCheck) -> Result<(), Failure> {
    context.output.answer(check, check_lines)?;
    if check.passed() {
        Ok(())
    } else {
        Err(Failure::Silent(Exit::Unreachable))
    }
}

fn list(integrations: &Vec<Integration>) -> String {
    if integrations.is_empty() {
        return String::new();
    }
    let mut table = Table::new([
        ("Name", Align::Left),
        ("ID", Align::Left),
        ("Provider", Align::Left),
        ("Storage", Align::Left),
        ("Description", Align::Left),
    ]);
    for integration in integrations {
        table.row([
            integration.name.clone(),
            integration.id.to_string(),
            integration.provider.as_str().to_owned(),
            integration.storage.url.clone(),
            integration.description.clone(),
        ]);
    }
    table.render()
}

fn show(integration: &Integration) -> String {
    let storage = &integration.storage;
    facts([
        ("Name", integration.name.clone()),
        ("ID", integration.id.to_string()),
        ("Description", integration.description.clone()),
        ("Provider", integration.provider.as_str().to_owned()),
        ("Storage", storage.url.clone()),
        ("Endpoint", storage.endpoint.clone().unwrap_or_default()),
        ("Region", storage.region.clone().unwrap_or_default()),
        (
            "Signs in as",
            integration.identity.clone().unwrap_or_default(),
        ),
        ("Made", words::time(integration.created_at)),
    ])
}

fn check_lines(check: &IntegrationCheck) -> String {
    let line = |item: &IntegrationCheckItem| {
        let subject = words::integration_check_subject(item.subject);
        words::check_line(item.outcome, subject, &item.detail, item.hint.as_deref())
    };
    let mut text: String = check.items.iter().map(line).collect();
    if let Some(policy) = &check.policy {
        text.push_str(&format!("\nPolicy that allows all of it:\n{policy}\n"));
    }
    text
}
