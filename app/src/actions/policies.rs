//! Policies: setting one, and switching it.

mod form;

use leptos::prelude::*;

pub(crate) use form::{COPIES, CopyField, KEEPS, PolicyForm, WEEKDAYS};

use super::finish;
use crate::{
    error::{AppError, AppResult},
    flash::{Done, Form},
    session,
    visit::Address,
};

/// Sets a cluster's policy; one that is new is switched on.
#[server(prefix = "/api", endpoint = "set_policy")]
#[allow(clippy::too_many_arguments)]
pub(crate) async fn set_policy(
    cluster: String,
    kind: String,
    #[server(default)] weekdays: Vec<String>,
    #[server(default)] window: String,
    #[server(default)] day: String,
    #[server(default)] at: String,
    #[server(default)] cron: String,
    #[server(default)] zone: String,
    #[server(default)] keep_days: String,
    #[server(default)] keep_last: String,
    #[server(default)] keep_daily: String,
    #[server(default)] keep_weekly: String,
    #[server(default)] keep_monthly: String,
    #[server(default)] keep_yearly: String,
    #[server(default)] copies: Vec<String>,
    #[server(default)] copy_names: Vec<String>,
    #[server(default)] copy_days: Vec<String>,
) -> AppResult<()> {
    let form = PolicyForm {
        cluster,
        kind,
        weekdays,
        window,
        day,
        at,
        cron,
        zone,
        keeps: [
            keep_days,
            keep_last,
            keep_daily,
            keep_weekly,
            keep_monthly,
            keep_yearly,
        ],
        copies: form::copy_fields(&copies, copy_names, copy_days),
    };
    let (back, page) = (form.address(), page(&form.cluster));
    let set = async {
        session::engine()
            .set_policy(&session::actor().await?, &form.cluster, form.options()?)
            .await
            .map_err(AppError::from)
    };
    let set = set.await;
    let done = match &set {
        Ok(change) if change.job.is_some() => Done::PolicyOn,
        _ => Done::Policy,
    };
    finish(Form::Policy, done, set.map(|_| page.to_string()), back)
}

/// Makes a backup now.
#[server(prefix = "/api", endpoint = "run_policy")]
pub(crate) async fn run_policy(cluster: String) -> AppResult<()> {
    let page = page(&cluster);
    let outcome = async {
        let job = session::engine()
            .run_policy(&session::actor().await?, &cluster)
            .await?;
        Ok(format!("/jobs/{}", job.id))
    };
    finish(Form::PolicySwitch, Done::Backup, outcome.await, page)
}

/// Stops a policy for a while.
#[server(prefix = "/api", endpoint = "pause_policy")]
pub(crate) async fn pause_policy(cluster: String) -> AppResult<()> {
    let page = page(&cluster);
    let outcome = async {
        session::engine()
            .pause_policy(&session::actor().await?, &cluster)
            .await?;
        Ok(page.to_string())
    };
    finish(
        Form::PolicySwitch,
        Done::PolicyPaused,
        outcome.await,
        page.clone(),
    )
}

/// Puts a paused policy to work again.
#[server(prefix = "/api", endpoint = "resume_policy")]
pub(crate) async fn resume_policy(cluster: String) -> AppResult<()> {
    let page = page(&cluster);
    let outcome = async {
        session::engine()
            .resume_policy(&session::actor().await?, &cluster)
            .await?;
        Ok(page.to_string())
    };
    finish(
        Form::PolicySwitch,
        Done::PolicyResumed,
        outcome.await,
        page.clone(),
    )
}

/// Switches a policy off.
#[server(prefix = "/api", endpoint = "remove_policy")]
pub(crate) async fn remove_policy(cluster: String) -> AppResult<()> {
    let page = page(&cluster);
    let outcome = async {
        session::engine()
            .remove_policy(&session::actor().await?, &cluster)
            .await?;
        Ok(page.to_string())
    };
    finish(
        Form::PolicySwitch,
        Done::PolicyOff,
        outcome.await,
        page.clone(),
    )
}

/// The page of a cluster's policy, by the cluster's name or identifier.
fn page(cluster: &str) -> Address {
    Address::to(&["policies", cluster])
}
