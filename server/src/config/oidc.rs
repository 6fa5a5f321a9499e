//! The configuration's `[oidc]`: which identity provider lets people in, and what its claims give them.

use std::{collections::BTreeMap, path::PathBuf};

use hozon_engine::{Error, accounts::Secret};
use serde::Deserialize;
use url::{Host, Url};

use super::{
    resolve::{Environment, parsed, path, read_secret},
    unacceptable,
};
use crate::oidc::Options;

/// The table as it stands in the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Contents {
    issuer: Option<String>,
    client_id: Option<String>,
    pub(super) client_secret_file: Option<PathBuf>,
    scopes: Option<Vec<String>>,
    name: Option<String>,
    name_claim: Option<String>,
    let_in_unknown: Option<bool>,
    role_claim: Option<String>,
    roles: BTreeMap<String, Vec<String>>,
}

impl Contents {
    /// The provider, if one is named.
    pub(super) fn options(
        self,
        environment: Environment<'_>,
        public_url: Option<&Url>,
    ) -> Result<Option<Options>, Error> {
        let Some(issuer) = environment("HOZON_OIDC_ISSUER").or(self.issuer) else {
            return Ok(None);
        };
        check_issuer(&issuer)?;
        let missing = |key: &str, why: &str| unacceptable(key, why);
        let console = public_url.cloned().ok_or_else(|| {
            missing(
                "public_url",
                "it is not set, and the identity provider must know where to send people back",
            )
            .hint("set it to the address that people type, like `https://hozon.example.org`")
        })?;
        let client_id = environment("HOZON_OIDC_CLIENT_ID")
            .or(self.client_id)
            .ok_or_else(|| {
                missing("oidc.client_id", "it is not set")
                    .hint("register this console at the identity provider, and name what it is called there")
            })?;
        let file = path(
            environment,
            "HOZON_OIDC_CLIENT_SECRET_FILE",
            self.client_secret_file,
        )?;
        let client_secret = match (environment("HOZON_OIDC_CLIENT_SECRET"), file) {
            (Some(secret), _) => Some(Secret::new(secret)),
            (None, Some(file)) => Some(Secret::new(read_secret(&file)?)),
            (None, None) => None,
        };
        let let_in_unknown = parsed(
            environment,
            "HOZON_OIDC_LET_IN_UNKNOWN",
            self.let_in_unknown,
        )?;
        let or =
            |text: Option<String>, otherwise: &str| text.unwrap_or_else(|| otherwise.to_owned());
        Ok(Some(Options {
            name: or(self.name, "OpenID Connect"),
            issuer,
            client_id,
            client_secret,
            scopes: self
                .scopes
                .unwrap_or_else(|| vec!["profile".to_owned(), "email".to_owned()]),
            name_claim: or(self.name_claim, "preferred_username"),
            let_in_unknown: let_in_unknown.unwrap_or(false),
            role_claim: or(self.role_claim, "groups"),
            roles: self.roles,
            console,
        }))
    }
}

/// Whoever can change what a provider says can sign in as anybody: it is asked over TLS, or on this machine.
fn check_issuer(text: &str) -> Result<(), Error> {
    let problem = |why: &str| {
        unacceptable("oidc.issuer", format!("`{text}`: {why}"))
            .hint("write it as the provider does in its `.well-known/openid-configuration`")
    };
    let url = Url::parse(text).map_err(|error| problem(&error.to_string()))?;
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(()),
        "http" if here => Ok(()),
        _ => Err(problem("it is no address with https")),
    }
}
