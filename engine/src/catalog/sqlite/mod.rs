//! The catalog on SQLite: one file, one connection that writes, some that read beside it.
//!
//! Several processes may share the file. Whatever looks before it writes does both in one transaction that takes
//! the write lock first (`BEGIN IMMEDIATE`); a worker's writes are single statements that name its fence.

mod access;
mod accounts;
mod audit;
mod backups;
mod clusters;
mod copies;
mod copy_expiry;
mod enqueue;
mod identities;
mod integrations;
mod jobs;
mod keeping;
mod open;
mod policies;
mod projects;
mod queue;
mod references;
mod repositories;
mod row;
mod scope;
mod sealed;
mod set_up;
mod two_steps;
mod verbs;

use std::{path::Path, sync::Arc};

use sqlx::{Sqlite, SqlitePool, Transaction};

use super::Catalog;
use crate::Result;

/// Opens the catalog in a file, or makes it, readable by its owner only.
///
/// # Errors
/// `CatalogFailed` for a file that is no catalog, that a newer Hozon wrote, or that cannot be opened: it stays as it is.
pub async fn open(path: &Path) -> Result<Arc<dyn Catalog>> {
    Ok(Arc::new(open::open(path).await?))
}

#[derive(Debug)]
struct SqliteCatalog {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteCatalog {
    /// Begins a transaction that nobody else can write beside, in this process or another.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}
