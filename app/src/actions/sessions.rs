//! Ending sessions, and changing one's own password.

use hozon_engine::accounts::Secret;
use hozon_model::ErrorCode;
use leptos::prelude::*;

use super::finish;
use crate::{
    error::{AppError, AppResult},
    flash::{Done, Form},
    session,
    visit::Address,
};

const PAGE: &str = "/access/sessions";

/// Ends a session.
#[server(prefix = "/api", endpoint = "end_session")]
pub(crate) async fn end_session(id: String) -> AppResult<()> {
    let outcome = async {
        session::engine()
            .end_session(&session::actor().await?, &id)
            .await?;
        Ok(PAGE.to_owned())
    };
    let page = Address::new(PAGE);
    finish(Form::Session, Done::Session, outcome.await, page)
}

/// Ends all of one's own sessions but this one.
#[server(prefix = "/api", endpoint = "end_other_sessions")]
pub(crate) async fn end_other_sessions() -> AppResult<()> {
    let outcome = async {
        let here = here()?;
        session::engine()
            .end_other_sessions(&session::actor().await?, &here)
            .await?;
        Ok(PAGE.to_owned())
    };
    let page = Address::new(PAGE);
    finish(Form::Session, Done::Sessions, outcome.await, page)
}

/// Changes one's own password. What was typed never goes back to the page.
#[server(prefix = "/api", endpoint = "change_password")]
pub(crate) async fn change_password(
    present: String,
    password: String,
    again: String,
) -> AppResult<()> {
    let outcome = async {
        if password != again {
            return Err(AppError::new(
                ErrorCode::InvalidInput,
                "password",
                "the new password was typed in two ways",
            ));
        }
        let here = here()?;
        session::engine()
            .change_own_password(&session::actor().await?, &here, &present, &password)
            .await?;
        Ok(PAGE.to_owned())
    };
    let back = Address::new(PAGE).with("dialog", "password");
    finish(Form::Password, Done::Password, outcome.await, back)
}

/// The session that is to stay.
pub(super) fn here() -> AppResult<Secret> {
    session::secret().ok_or_else(|| {
        AppError::new(
            ErrorCode::SignInRefused,
            String::new(),
            "nobody is signed in",
        )
    })
}
