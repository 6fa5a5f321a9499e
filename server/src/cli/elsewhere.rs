//! Which server a command is for: its address, and the key for it.

use std::{fmt, path::PathBuf, str::FromStr};

use clap::Args;
use hozon_engine::Result;

use super::{exit::Failure, remote::Remote};
use crate::config::{read_secret, secret};

// Which server a command is for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Another server")]
pub(super) struct Elsewhere {
    /// Do it on this server, not on this machine [env: HOZON_SERVER]
    #[arg(long = "server", id = "elsewhere", global = true, value_name = "URL")]
    server: Option<String>,
    /// API key for it; others here may see it typed [env: HOZON_KEY]
    #[arg(long = "key", id = "elsewhere_key", global = true, value_name = "KEY")]
    key: Option<Key>,
    /// File that holds the key [env: HOZON_KEY_FILE]
    #[arg(
        long = "key-file",
        id = "elsewhere_key_file",
        global = true,
        value_name = "FILE"
    )]
    key_file: Option<PathBuf>,
    /// PEM file of its private authority [env: HOZON_SERVER_CA_FILE]
    #[arg(
        long = "server-ca-file",
        id = "elsewhere_ca_file",
        global = true,
        value_name = "FILE"
    )]
    ca_file: Option<PathBuf>,
    /// Send the key by plain `http` too, for everybody on the way to read
    #[arg(long = "insecure", id = "elsewhere_insecure", global = true)]
    insecure: bool,
}

/// A key that does not show.
#[derive(Clone)]
struct Key(String);

impl FromStr for Key {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Elsewhere {
    /// Whether the command line itself names a server.
    pub(super) fn is_named(&self) -> bool {
        self.server.is_some()
    }

    /// The server that is meant, by the command line or the environment; none means this machine.
    pub(super) fn remote(self) -> Result<Option<Remote>, Failure> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let Some(server) = self.server.or_else(|| variable("HOZON_SERVER")) else {
            if self.key.is_some() || self.key_file.is_some() || self.insecure {
                return Err(Failure::usage(
                    "--key",
                    "no server is named that it is for",
                    "name one with `--server` or `HOZON_SERVER`",
                ));
            }
            return Ok(None);
        };
        let key = match (self.key, self.key_file) {
            (Some(_), Some(_)) => {
                return Err(Failure::usage(
                    "--key",
                    "there is `--key-file`, too",
                    "give the key itself or its file, not both",
                ));
            }
            (Some(Key(key)), None) => Some(key),
            (None, Some(file)) => Some(read_secret(&file)?),
            (None, None) => secret(variable("HOZON_KEY_FILE").map(PathBuf::from), "HOZON_KEY")?,
        };
        let Some(key) = key.map(|key| key.trim().to_owned()) else {
            return Err(Failure::usage(
                &server,
                "no API key is given for it",
                "name a file with `--key-file` or `HOZON_KEY_FILE`; `hozon key create` on the server makes a key",
            ));
        };
        let ca_file = self
            .ca_file
            .or_else(|| variable("HOZON_SERVER_CA_FILE").map(PathBuf::from));
        let authority = match ca_file {
            Some(file) => Some(read_secret(&file)?),
            None => None,
        };
        let remote = Remote::new(&server, &key, authority.as_deref(), self.insecure)?;
        Ok(Some(remote))
    }
}
