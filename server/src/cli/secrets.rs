//! `hozon secrets …`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use hozon_engine::secrets::SecretKey;

use super::{Context, exit::Failure, words};
use crate::config::secret;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Replace the key that protects stored secrets, and seal all of them anew
    ///
    /// All or nothing: stopped at any moment, either the old key or the new one opens everything, and the next
    /// start finds the right one. Running servers take the new key up by themselves, where it lies in a file
    Rotate(Rotate),
}

#[derive(Debug, Args)]
pub(crate) struct Rotate {
    /// File that holds the new key, or `HOZON_NEW_SECRET_KEY`; a new one is made where neither is given. Must be
    /// given where the key in use comes from `HOZON_SECRET_KEY`
    #[arg(long, value_name = "FILE")]
    new_key_file: Option<PathBuf>,
}

pub(crate) async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    let Context {
        engine,
        actor,
        output,
    } = context;
    match command {
        Command::Rotate(Rotate { new_key_file }) => {
            let new = secret(new_key_file, "HOZON_NEW_SECRET_KEY")?
                .map(|text| SecretKey::parse(&text))
                .transpose()?;
            let rotated = engine.rotate_secret_key(actor, new).await?;
            output.answer(&rotated, |rotated| {
                format!(
                    "Replaced the key; {} sealed anew",
                    words::count(rotated.secrets, "secret was", "secrets were")
                )
            })?;
            output.hint("keep a copy of the new key apart from the catalog: nobody can open the secrets without it");
            Ok(())
        }
    }
}
