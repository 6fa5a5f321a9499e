//! Naming backups anew, and pinning them.

use leptos::prelude::*;

use super::super::finish;
use crate::{
    error::AppResult,
    flash::{Done, Form},
    session,
    visit::Address,
};

/// Pins a backup, or lets go of it.
#[server(prefix = "/api", endpoint = "pin_backup")]
pub(crate) async fn pin_backup(id: String, pinned: bool) -> AppResult<()> {
    let page = Address::to(&["backups", &id]);
    let outcome = async {
        session::engine()
            .pin_backup(&session::actor().await?, &id, pinned)
            .await?;
        Ok(page.to_string())
    };
    let done = if pinned { Done::Pinned } else { Done::Unpinned };
    finish(Form::Pin, done, outcome.await, page.clone())
}

/// Gives a backup another name.
#[server(prefix = "/api", endpoint = "rename_backup")]
pub(crate) async fn rename_backup(id: String, name: String) -> AppResult<()> {
    let page = Address::to(&["backups", &id]);
    let back = page.clone().with("dialog", "rename").with("name", &name);
    let outcome = async {
        session::engine()
            .rename_backup(&session::actor().await?, &id, &name)
            .await?;
        Ok(page.to_string())
    };
    finish(Form::Rename, Done::Renamed, outcome.await, back)
}
