//! What a hook answers: what registers a cluster, a time to wait, or a reason why not.
//!
//! It is taken apart by hand: what a parser says of a value it did not expect repeats the value, which may be a password.

use std::time::Duration;

use hozon_model::{CredentialParts, NewCluster};
use serde_json::{Map, Value};

use super::Trouble;
use crate::store::credentials;

/// Seconds that a hook may ask to wait.
const WAITS: std::ops::RangeInclusive<u64> = 1..=3600;
/// Letters of a reason that are told.
const TOLD: usize = 300;
const KNOWN: &str = "`wait`, `refused`, `address`, `username`, `password`, `token`, `caCertificate`, `storageUrl`, \
    `storageEndpoint`, `storageRegion`, `storageAccessKey`, `storageSecretKey`, `storageTenantId`, `storageClientId`, \
    `storageRoleArn`, `storageExternalId`";

/// What comes of a question.
#[derive(Debug)]
pub(crate) enum Answer {
    /// A cluster that answers, to be registered; name and project are the question's.
    Made(Box<NewCluster>),
    /// Ask again after this.
    Wait(Duration),
}

impl Answer {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Trouble> {
        let mut fields = Fields::read(bytes)?;
        if let Some(seconds) = fields.0.remove("wait") {
            let seconds = seconds.as_u64().filter(|seconds| WAITS.contains(seconds));
            let seconds = seconds.ok_or_else(|| {
                unreadable("has a `wait` that is no number of seconds from 1 to 3600")
            })?;
            fields.end()?;
            return Ok(Self::Wait(Duration::from_secs(seconds)));
        }
        if let Some(why) = fields.text("refused")? {
            let told = why.chars().filter(|letter| !letter.is_control());
            return Err(Trouble::Refused(told.take(TOLD).collect()));
        }
        let mut new = NewCluster {
            address: fields.needed("address")?,
            username: fields.text("username")?,
            password: fields.text("password")?,
            token: fields.text("token")?,
            ca_certificate: fields.text("caCertificate")?,
            storage_url: fields.needed("storageUrl")?,
            storage_endpoint: fields.text("storageEndpoint")?,
            storage_region: fields.text("storageRegion")?,
            ..NewCluster::default()
        };
        let parts = CredentialParts {
            access_key: fields.text("storageAccessKey")?,
            secret_key: fields.text("storageSecretKey")?,
            tenant_id: fields.text("storageTenantId")?,
            client_id: fields.text("storageClientId")?,
            role_arn: fields.text("storageRoleArn")?,
            external_id: fields.text("storageExternalId")?,
        };
        fields.end()?;
        new.storage_credentials = credentials(&new.storage_url, parts).map_err(|error| {
            unreadable(&format!(
                "has credentials that do not fit the storage: {}",
                error.report().detail
            ))
        })?;
        Ok(Self::Made(Box::new(new)))
    }
}

struct Fields(Map<String, Value>);

impl Fields {
    fn read(bytes: &[u8]) -> Result<Self, Trouble> {
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(unreadable("is JSON, but no object")),
            Err(error) => Err(unreadable(&format!(
                "is no JSON from line {}, column {} on",
                error.line(),
                error.column()
            ))),
        }
    }

    /// A text; none where it is left out, null or empty.
    fn text(&mut self, name: &str) -> Result<Option<String>, Trouble> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text).filter(|text| !text.is_empty())),
            Some(_) => Err(unreadable(&format!("has a `{name}` that is no text"))),
        }
    }

    fn needed(&mut self, name: &str) -> Result<String, Trouble> {
        self.text(name)?
            .ok_or_else(|| unreadable(&format!("lacks `{name}`")))
    }

    /// What is left over was misspelt: a password that nobody reads would be found missing much later.
    fn end(&self) -> Result<(), Trouble> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(unreadable(&format!(
            "has a field that does not belong into it; known are {KNOWN}"
        )))
    }
}

fn unreadable(what: &str) -> Trouble {
    Trouble::Unreadable(what.to_owned())
}
