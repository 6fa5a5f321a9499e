//! Coming in and going out.

use hozon_engine::accounts::{Entry, Secret};
use hozon_model::ErrorCode;
use leptos::prelude::*;

use super::{local, refuse};
use crate::{
    error::{AppError, AppResult},
    flash::Form,
    session,
    visit::Address,
};

/// Signs in with a name and a password, or leads to where the code is asked for.
#[server(prefix = "/api", endpoint = "sign_in")]
pub(crate) async fn sign_in(
    name: String,
    password: String,
    #[server(default)] next: Option<String>,
) -> AppResult<()> {
    let next = local(next);
    match session::engine()
        .sign_in(name.trim(), &password, &session::origin())
        .await
    {
        Ok(Entry::Session(_, secret)) => {
            session::begin(&secret);
            leptos_axum::redirect(&next);
            Ok(())
        }
        Ok(Entry::CodeNeeded(step)) => {
            session::begin_second_step(&step);
            leptos_axum::redirect(&code_page(&next).to_string());
            Ok(())
        }
        Err(error) => refuse(
            Form::SignIn,
            error.into(),
            Address::new("/sign-in")
                .with("name", &name)
                .with("next", next),
        ),
    }
}

/// Where the code is typed.
fn code_page(next: &str) -> Address {
    Address::new("/sign-in/code").with("next", next)
}

/// Takes the second step. Whoever took too long, or tried too often, begins again.
#[server(prefix = "/api", endpoint = "sign_in_code")]
pub(crate) async fn sign_in_code(
    code: String,
    #[server(default)] next: Option<String>,
) -> AppResult<()> {
    let next = local(next);
    let engine = session::engine();
    let step = session::second_step().unwrap_or_else(|| Secret::new(""));
    let error = match engine
        .sign_in_by_code(&step, &code, &session::origin())
        .await
    {
        Ok((_, secret)) => {
            session::end_second_step();
            session::begin(&secret);
            leptos_axum::redirect(&next);
            return Ok(());
        }
        Err(error) => error,
    };
    if engine.awaits_code(&step).await? {
        return refuse(Form::SignInCode, error.into(), code_page(&next));
    }
    session::end_second_step();
    let door = Address::new("/sign-in").with("next", next);
    refuse(Form::SignIn, error.into(), door)
}

/// Signs in by a one-time link, which is then used up. Sets a password if one is given.
#[server(prefix = "/api", endpoint = "sign_in_by_link")]
pub(crate) async fn sign_in_by_link(
    token: String,
    #[server(default)] password: Option<String>,
) -> AppResult<()> {
    let engine = session::engine();
    let link = Secret::new(token.as_str());
    let password = password.filter(|password| !password.is_empty());
    let signing_in = async {
        let user = engine.peek_link(&link).await?;
        if password.is_none() && !user.has_password {
            return Err(AppError::new(
                ErrorCode::InvalidInput,
                "password",
                "a first password is needed",
            ));
        }
        Ok(engine
            .sign_in_by_link(&link, password.as_deref(), &session::origin())
            .await?)
    };
    match signing_in.await {
        Ok((_, secret)) => {
            session::begin(&secret);
            leptos_axum::redirect("/backups");
            Ok(())
        }
        Err(error) => {
            let token: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
            refuse(
                Form::Welcome,
                error,
                Address::new(format!("/welcome/{token}")),
            )
        }
    }
}

/// Ends the session, here and in the catalog.
#[server(prefix = "/api", endpoint = "sign_out")]
pub(crate) async fn sign_out() -> AppResult<()> {
    if let Some(secret) = session::end() {
        session::engine().sign_out(&secret).await?;
    }
    leptos_axum::redirect("/sign-in");
    Ok(())
}
