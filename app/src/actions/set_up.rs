//! The first start: making the first owner.

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

/// What is wrong where the password was typed in two ways.
pub(crate) const AGAIN: &str = "again";

/// Makes the first owner with the token that the server printed, and signs them in. What is missing next is a cluster.
#[server(prefix = "/api", endpoint = "set_up")]
pub(crate) async fn set_up(
    token: String,
    name: String,
    password: String,
    again: String,
) -> AppResult<()> {
    let engine = session::engine();
    let outcome = async {
        if password != again {
            return Err(AppError::new(
                ErrorCode::InvalidInput,
                AGAIN,
                "the password was typed in two ways",
            ));
        }
        let token = Secret::new(token.as_str());
        let (_, secret) = engine
            .set_up(&token, &name, &password, &session::origin())
            .await?;
        session::begin(&secret);
        let nothing_yet = engine
            .clusters()
            .await
            .is_ok_and(|clusters| clusters.is_empty());
        let next = if nothing_yet {
            "/clusters/new"
        } else {
            "/backups"
        };
        Ok(next.to_owned())
    };
    let back = Address::new("/set-up")
        .with("token", &token)
        .with("name", &name);
    finish(Form::SetUp, Done::SetUp, outcome.await, back)
}
