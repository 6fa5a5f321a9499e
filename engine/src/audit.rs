//! Who did what, from where, on what, and what came of it.

use std::future::Future;

use hozon_model::Actor;
use jiff::Timestamp;

use crate::{
    Engine, Result,
    catalog::{AuditEntry, word},
};

impl Engine {
    /// Adds a line to the audit: `ok`, or the code of the error. Actions are named `noun.verb`, as `cluster.add`.
    pub(crate) fn audit<T>(
        &self,
        actor: &Actor,
        action: &str,
        target: &str,
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
        };
        let engine = self.clone();
        async move { engine.catalog().audit(&entry).await }
    }
}
