//! What an operator sets: flags win over the environment, the environment over the file, the file
//! over what is built in.
//!
//! Secrets come from the environment or from files of their own, never from the configuration file,
//! so that the file can be shown, copied and kept under version control.

mod apis;
mod entitlements;
mod file;
mod oidc;
mod provisioning;
mod resolve;
mod server;
#[cfg(test)]
mod tests;

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use hozon_engine::{EngineConfig, Error, ErrorCode};
use ipnet::IpNet;
use url::Url;

use crate::http::{Limits, TlsFiles};

pub(crate) use resolve::{read_secret, secret};

/// Every key of the configuration file.
pub(crate) const EXAMPLE: &str = include_str!("example.toml");

/// What was typed on the command line.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--data-dir`.
    pub data_dir: Option<PathBuf>,
    /// `--bind`.
    pub bind: Option<IpAddr>,
    /// `--port`.
    pub port: Option<u16>,
    /// `--compat-milvus-backup`.
    pub compat_milvus_backup: bool,
}

/// Everything that was set, checked and completed.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the engine must be told.
    pub engine: EngineConfig,
    /// Where the console listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address people type, where it is not the one the console listens on.
    pub public_url: Option<Url>,
    /// Whether a proxy in front speaks TLS, for every request: cookies are then `Secure`.
    pub behind_tls: bool,
    /// The proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` count.
    pub trusted_proxies: Vec<IpNet>,
    /// What the server takes, and for how long.
    pub limits: Limits,
    /// The server's own certificate, where it speaks TLS itself.
    pub tls: Option<TlsFiles>,
    /// How milvus-backup's API is served, if it is.
    pub compat_milvus_backup: Option<hozon_api::v1::Options>,
    /// How the vendor's API is served.
    pub control_plane: hozon_api::v2::Options,
    /// Which identity provider lets people in, if one does.
    pub oidc: Option<crate::oidc::Options>,
}

impl Settings {
    /// Reads the file and the environment of this process.
    ///
    /// # Errors
    /// The file, the variable or the flag that is not acceptable, and why.
    pub fn load(flags: &Flags) -> Result<Self, Error> {
        Self::load_from(flags, |name| std::env::var(name).ok())
    }

    /// Like [`Self::load`], with an environment of the caller's.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_from(
        flags: &Flags,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Error> {
        let environment = |name: &str| environment(name).filter(|value| !value.is_empty());
        let path = flags
            .config
            .clone()
            .or_else(|| environment("HOZON_CONFIG").map(PathBuf::from));
        let file = match path {
            Some(path) => file::Contents::read(&path)?,
            None => file::Contents::default(),
        };
        resolve::resolve(flags, &environment, file)
    }
}

/// A setting that is not acceptable; `subject` names the key, the variable or the file.
fn unacceptable(subject: impl Into<String>, why: impl Into<String>) -> Error {
    Error::new(ErrorCode::InvalidInput, subject).because(why)
}
