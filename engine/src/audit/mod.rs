//! Who did what, from where, on what, and what came of it.

mod actions;
pub(crate) mod chain;
mod export;
#[cfg(test)]
mod tests;

use std::future::Future;

use hozon_model::{
    Action, Actor, AuditLine, AuditProof, AuditQuery, BoundAuditLine, Page, Place, Resource,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

pub use self::{actions::AUDIT_ACTIONS, export::AuditFormat};
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
    pub(crate) fn to<T: Serialize>(self, after: &Result<T>) -> Self {
        self.now(after.as_ref().ok())
    }

    /// What is there now, in the shape of what was there before.
    pub(crate) fn now<T: Serialize>(mut self, after: Option<&T>) -> Self {
        self.after = after.and_then(json);
        self
    }
}

/// The audit does without what cannot be written: that must not keep anybody from their work.
fn json<T: Serialize>(value: &T) -> Option<Value> {
    serde_json::to_value(value).ok()
}

impl Engine {
    /// Adds a line to the audit: `ok`, or the code of the error. The action is one of [`AUDIT_ACTIONS`].
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
        debug_assert!(
            AUDIT_ACTIONS.contains(&action),
            "`{action}` is not in the list of actions"
        );
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

    /// A line of the audit by its number, with the hash that it was bound to; none where no line has it.
    ///
    /// # Errors
    /// `PermissionDenied`.
    pub async fn audit_line(&self, by: &dyn Acts, number: u64) -> Result<Option<BoundAuditLine>> {
        ask(by, Resource::Audit, Action::View, &Place::Organization)?;
        let after = number.saturating_sub(2);
        let lines = self
            .catalog()
            .audit_after(&AuditQuery::default(), after, 2)
            .await?;
        let before = lines.iter().find(|line| line.id + 1 == number);
        let hash_before = before.map(|line| line.hash.clone());
        let found = lines.into_iter().find(|line| line.id == number);
        Ok(found.map(|line| BoundAuditLine { line, hash_before }))
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
