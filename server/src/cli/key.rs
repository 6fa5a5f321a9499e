//! `hozon key …`

use clap::{Args, Subcommand};
use hozon_model::{ApiKey, NewApiKey, Project};
use jiff::{SignedDuration, Timestamp};

use super::{
    Context,
    exit::Failure,
    grants::{self, Grants},
    table::{Align, Table, facts},
    words,
};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make an API key; its secret is shown this once
    Create(Create),
    /// List the API keys
    List,
    /// Show one API key, without its secret
    Show(One),
    /// Take an API key away
    Remove(One),
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// Name or identifier of the key
    key: String,
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What to call it
    name: String,
    #[command(flatten)]
    grants: Grants,
    /// Days after which it stops working; without it: never
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=3650))]
    days: Option<u16>,
    /// When it stops working, `2026-11-21T09:00:00+09:00`
    #[arg(long, value_name = "TIME", value_parser = words::moment, conflicts_with = "days")]
    until: Option<Timestamp>,
}

pub(crate) async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    let Context {
        engine,
        actor,
        output,
    } = context;
    match command {
        Command::Create(create) => {
            let days =
                |days: u16| Timestamp::now() + SignedDuration::from_hours(24 * i64::from(days));
            let new = NewApiKey {
                grants: create.grants.resolve(engine).await?,
                name: create.name,
                expires_at: create.until.or(create.days.map(days)),
            };
            let made = engine.create_key(actor, new).await?;
            output.answer(&made, |made| made.secret.clone())?;
            output.note("The key is shown this once");
            Ok(())
        }
        Command::List => {
            let (keys, projects) = (engine.keys().await?, engine.projects().await?);
            output.answer(&keys, |keys| list(keys, &projects))?;
            if keys.is_empty() {
                output.note("There are no API keys");
            }
            Ok(())
        }
        Command::Show(One { key }) => {
            let (key, projects) = (engine.key(&key).await?, engine.projects().await?);
            output.answer(&key, |key| show(key, &projects))
        }
        Command::Remove(One { key }) => {
            let key = engine.remove_key(actor, &key).await?;
            output.answer(&key, |key| format!("Removed API key `{}`", key.name))
        }
    }
}

fn ends(key: &ApiKey) -> String {
    key.expires_at
        .map_or_else(|| "never".to_owned(), words::time)
}

fn used(key: &ApiKey) -> String {
    key.last_used_at
        .map_or_else(|| "never".to_owned(), words::time)
}

fn list(keys: &Vec<ApiKey>, projects: &[Project]) -> String {
    if keys.is_empty() {
        return String::new();
    }
    let mut table = Table::new([
        ("Name", Align::Left),
        ("ID", Align::Left),
        ("Roles", Align::Left),
        ("Expires", Align::Left),
        ("Last used", Align::Left),
    ]);
    for key in keys {
        table.row([
            key.name.clone(),
            key.id.to_string(),
            grants::text(&key.grants, projects),
            ends(key),
            used(key),
        ]);
    }
    table.render()
}

fn show(key: &ApiKey, projects: &[Project]) -> String {
    facts([
        ("Name", key.name.clone()),
        ("ID", key.id.to_string()),
        ("Roles", grants::text(&key.grants, projects)),
        ("Made", words::time(key.created_at)),
        ("By", key.created_by.clone()),
        ("Expires", ends(key)),
        ("Last used", used(key)),
    ])
}
