//! `hozon admin …`: ways in for whoever owns the server itself.

use std::path::PathBuf;

use clap::Subcommand;
use hozon_engine::{Engine, Error};
use serde::Serialize;
use url::Url;

use super::{Context, exit::Failure};
use crate::{
    config::{Settings, read_secret},
    http::address,
};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print a link that signs in once, within an hour
    Link {
        /// Whom it signs in [default: the owner `admin`, or the first owner]
        #[arg(long)]
        user: Option<String>,
        /// Address of the console, where it is not the configured one
        #[arg(long, value_name = "URL")]
        base_url: Option<Url>,
    },
    /// Set a password; all sessions of the user end
    Password {
        /// Whose [default: that of the owner `admin`, or of the first owner]
        #[arg(long)]
        user: Option<String>,
        /// File that holds the new password, 12 characters at least
        #[arg(long, value_name = "FILE")]
        password_file: PathBuf,
    },
}

#[derive(Serialize)]
struct Link {
    user: String,
    link: String,
}

pub(crate) async fn run(
    context: &Context,
    settings: &Settings,
    command: Command,
) -> Result<(), Failure> {
    let Context {
        engine,
        actor,
        output,
    } = context;
    match command {
        Command::Link { user, base_url } => {
            let user = or_first_owner(engine, user).await?;
            let secret = engine.one_time_link(actor, &user).await?;
            let base = base_url.unwrap_or_else(|| address::console(settings, settings.listen));
            let link = address::welcome(&base, &secret);
            output.answer(&Link { user, link }, |link| link.link.clone())?;
            output.note("The link signs in once, within an hour");
            Ok(())
        }
        Command::Password {
            user,
            password_file,
        } => {
            let user = or_first_owner(engine, user).await?;
            let password = read_secret(&password_file)?;
            engine.set_password(actor, &user, &password).await?;
            output.answer(&serde_json::json!({ "user": user }), |_| {
                format!("Set the password of `{user}`; all sessions ended")
            })
        }
    }
}

/// Whom a command is about. Where there is nobody yet, the administrator is made.
async fn or_first_owner(engine: &Engine, user: Option<String>) -> Result<String, Error> {
    engine.ensure_administrator(None).await?;
    match user {
        Some(user) => Ok(user),
        None => engine.first_owner().await,
    }
}
