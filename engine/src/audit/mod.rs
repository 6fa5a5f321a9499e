//! Who did what, from where, on what, and what came of it.

pub(crate) mod chain;
mod export;
#[cfg(test)]
mod tests;

use std::future::Future;

use hozon_model::{Action, Actor, AuditLine, AuditProof, AuditQuery, Page, Place, Resource};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

pub use self::export::AuditFormat;
use crate::{
    Engine, Result,
    access::{Acts, ask},
    catalog::{AuditEntry, word},
};

/// What was there before and what is there now. Holds no secret.
#[derive(Clone, Debug, Default)]
pub(crate) struct Change {
    before: Option<Value>,
    after: Option<Value>,
}

impl Change {
    /// Something that was changed or removed, as it was; none where there was none.
    pub(crate) fn from<T: Serialize>(before: Option<&T>) -> Self {
        Self {
            before: before.and_then(json),
            after: None,
        }
    }

    /// Something new, as far as it may be shown.
    pub(crate) fn made<T: Serialize>(after: Option<&T>) -> Self {
        Self {
            before: None,
            after: after.and_then(json),
        }
    }

    /// What came of it, if it went well.
    pub(crate) fn to<T: Serialize>(mut self, after: &Result<T>) -> Self {
        self.after = after.as_ref().ok().and_then(json);
        self
    }
}

/// The audit does without what cannot be written: that must not keep anybody from their work.
fn json<T: Serialize>(value: &T) -> Option<Value> {
    serde_json::to_value(value).ok()
}

impl Engine {
    /// Adds a line to the audit: `ok`, or the code of the error. Actions are named `noun.verb`, as `cluster.add`.
    pub(crate) fn audit<T>(
        &self,
        actor: &Actor,
        action: &str,
        target: &str,
        outcome: &Result<T>,
    ) -> impl Future<Output = Result<()>> + Send + use<T> {
        self.audit_change(actor, action, target, Change::default(), outcome)
    }

    /// The same for something that was made, changed or removed.
    pub(crate) fn audit_change<T>(
        &self,
        actor: &Actor,
        action: &str,
        target: &str,
        change: Change,
        outcome: &Result<T>,
    ) -> impl Future<Output = Result<()>> + Send + use<T> {
        let entry = AuditEntry {
            at: Timestamp::now(),
            actor: actor.name.clone(),
            origin: actor.origin.clone(),
            action: action.to_owned(),
            target: target.to_owned(),
            outcome: outcome
                .as_ref()
                .err()
                .map_or_else(|| "ok".to_owned(), |error| word(&error.code())),
            before: change.before,
            after: change.after,
        };
        let engine = self.clone();
        async move { engine.catalog().audit(&entry).await }
    }

    /// A page of the audit, newest first.
    ///
    /// # Errors
    /// `PermissionDenied`.
    pub async fn audit_lines(&self, by: &dyn Acts, query: &AuditQuery) -> Result<Page<AuditLine>> {
        ask(by, Resource::Audit, Action::View, &Place::Organization)?;
        self.catalog().audit_lines(query).await
    }

    /// Looks through the whole audit whether every line is there and none was changed. With `earlier`, a hash that was
    /// the last one once must still be among them: whoever can write to the catalog can forge a whole chain, but not one
    /// that holds a hash which was kept elsewhere.
    ///
    /// # Errors
    /// `AuditBroken` names the first line that is missing or was changed; `PermissionDenied`.
    pub async fn verify_audit(&self, by: &dyn Acts, earlier: Option<&str>) -> Result<AuditProof> {
        ask(by, Resource::Audit, Action::View, &Place::Organization)?;
        chain::verify(self.catalog(), earlier).await
    }
}
