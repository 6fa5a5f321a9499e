//! Who asks, and what they may do: asked of a trait, so that one key and a whole table of roles serve alike.

use std::fmt;

use async_trait::async_trait;
use hozon_engine::{Engine, Result};
use hozon_model::{Actor, ClusterId};

use crate::Key;

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Look at backups.
    ViewBackups,
    /// Make a backup, or a copy of one.
    CreateBackups,
    /// Give a backup another name, or verify it.
    EditBackups,
    /// Delete a backup.
    DeleteBackups,
    /// Restore into a cluster.
    Restore,
    /// Export a backup.
    Export,
    /// Look at policies.
    ViewPolicies,
    /// Set a policy.
    SetPolicies,
    /// Look at jobs.
    ViewJobs,
    /// Cancel a job.
    CancelJobs,
    /// Look at clusters, projects and regions.
    ViewClusters,
    /// Look at integrations.
    ViewIntegrations,
    /// Make, try out and forget integrations.
    ManageIntegrations,
}

/// On what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Everything there is.
    Organization,
    /// A cluster, and what belongs to it.
    Cluster(ClusterId),
}

/// Somebody whose key is known.
#[derive(Clone, Debug)]
pub struct Caller {
    /// As the audit knows them; the name also tells callers apart for the limit.
    pub actor: Actor,
}

/// Knows keys and rights.
#[async_trait]
pub trait Authority: fmt::Debug + Send + Sync {
    /// Whose key it is, with the origin of the request for the audit; none for a key that nobody has.
    async fn caller(&self, engine: &Engine, key: &str, origin: &str) -> Result<Option<Caller>>;

    /// Whether somebody may do something.
    async fn allows(
        &self,
        engine: &Engine,
        caller: &Caller,
        action: Action,
        target: &Target,
    ) -> Result<bool>;
}

/// One key that may do everything.
#[derive(Clone, Debug)]
pub struct OneKey {
    key: Key,
    name: String,
}

impl OneKey {
    /// The key, and what the audit calls its holder.
    pub fn new(key: Key, name: impl Into<String>) -> Self {
        Self {
            key,
            name: name.into(),
        }
    }
}

#[async_trait]
impl Authority for OneKey {
    async fn caller(&self, _: &Engine, key: &str, origin: &str) -> Result<Option<Caller>> {
        Ok(self.key.is(key).then(|| Caller {
            actor: Actor {
                name: self.name.clone(),
                origin: origin.to_owned(),
            },
        }))
    }

    async fn allows(&self, _: &Engine, _: &Caller, _: Action, _: &Target) -> Result<bool> {
        Ok(true)
    }
}
