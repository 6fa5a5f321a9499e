//! Stopping a job, doing it again, and removing what one left.

use hozon_model::JobId;
use leptos::prelude::*;

use super::finish;
use crate::{
    error::AppResult,
    flash::{Done, Form},
    session,
    visit::Address,
};

/// Asks a job to stop.
#[server(prefix = "/api", endpoint = "cancel_job")]
pub(crate) async fn cancel_job(id: String) -> AppResult<()> {
    let page = Address::new(format!("/jobs/{id}"));
    let outcome = async {
        session::engine()
            .cancel_job(&session::actor().await?, &JobId::new(id))
            .await?;
        Ok(page.to_string())
    };
    finish(Form::Cancel, Done::Cancel, outcome.await, page.clone())
}

/// Does a job again that failed or was canceled, and leads to the new one.
#[server(prefix = "/api", endpoint = "retry_job")]
pub(crate) async fn retry_job(id: String) -> AppResult<()> {
    let page = Address::new(format!("/jobs/{id}"));
    let outcome = async {
        let job = session::engine()
            .retry_job(&session::actor().await?, &JobId::new(id))
            .await?;
        Ok(format!("/jobs/{}", job.id))
    };
    finish(Form::Retry, Done::Retry, outcome.await, page.clone())
}

/// Removes what an export wrote that failed or was canceled.
#[server(prefix = "/api", endpoint = "sweep_export")]
pub(crate) async fn sweep_export(id: String) -> AppResult<()> {
    let page = Address::new(format!("/jobs/{id}"));
    let outcome = async {
        session::engine()
            .remove_export(&session::actor().await?, &JobId::new(id))
            .await?;
        Ok(page.to_string())
    };
    finish(Form::Sweep, Done::Sweep, outcome.await, page.clone())
}
