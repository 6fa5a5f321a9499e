//! The second step of signing in: switching one's own on and off, and somebody else's off.

use leptos::prelude::*;

use super::{finish, members::member_page, refuse, sessions::here};
use crate::{
    error::AppResult,
    flash::{Done, Form},
    recovery_codes, session,
    visit::Address,
};

const PAGE: &str = "/access/sessions";

/// Makes a secret for an app, and opens the dialog that shows it.
#[server(prefix = "/api", endpoint = "begin_totp")]
pub(crate) async fn begin_totp() -> AppResult<()> {
    let begun = async {
        Ok(session::engine()
            .begin_totp(&session::actor().await?)
            .await?)
    };
    match begun.await {
        Ok(()) => {
            let dialog = Address::new(PAGE).with("dialog", "two-steps");
            leptos_axum::redirect(&dialog.to_string());
            Ok(())
        }
        Err(error) => refuse(Form::BeginTotp, error, Address::new(PAGE)),
    }
}

/// Switches the second step on with its first code. The page that follows shows the recovery codes.
#[server(prefix = "/api", endpoint = "confirm_totp")]
pub(crate) async fn confirm_totp(present: String, code: String) -> AppResult<()> {
    let outcome = async {
        let (engine, actor) = (session::engine(), session::actor().await?);
        let codes = engine
            .confirm_totp(&actor, &here()?, &present, &code)
            .await?;
        recovery_codes::hand_over(&codes);
        Ok(PAGE.to_owned())
    };
    let back = Address::new(PAGE).with("dialog", "two-steps");
    finish(Form::ConfirmTotp, Done::TotpOn, outcome.await, back)
}

/// Switches one's own second step off.
#[server(prefix = "/api", endpoint = "end_totp")]
pub(crate) async fn end_totp(present: String, code: String) -> AppResult<()> {
    let outcome = async {
        session::engine()
            .end_own_totp(&session::actor().await?, &present, &code)
            .await?;
        Ok(PAGE.to_owned())
    };
    let back = Address::new(PAGE).with("dialog", "two-steps-off");
    finish(Form::EndTotp, Done::TotpOff, outcome.await, back)
}

/// Switches a member's second step off.
#[server(prefix = "/api", endpoint = "remove_totp")]
pub(crate) async fn remove_totp(name: String) -> AppResult<()> {
    let page = member_page(&name);
    let outcome = async {
        session::engine()
            .remove_totp(&session::actor().await?, &name)
            .await?;
        Ok(page.to_string())
    };
    let back = page.clone().with("dialog", "two-steps");
    finish(Form::RemoveTotp, Done::TotpOff, outcome.await, back)
}
