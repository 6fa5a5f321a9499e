//! Making and removing API keys.

mod form;

use leptos::prelude::*;

pub(crate) use form::{DAYS, KeyForm};

use super::{GrantForm, finish};
use crate::{
    error::AppResult,
    flash::{Done, Form},
    made_key::MadeKey,
    session,
    visit::Address,
};

/// Makes an API key. The page that follows shows its secret, once.
#[server(prefix = "/api", endpoint = "create_key")]
#[allow(clippy::too_many_arguments)]
pub(crate) async fn create_key(
    name: String,
    #[server(default)] role: String,
    #[server(default)] place: String,
    #[server(default)] project: String,
    #[server(default)] clusters: Vec<String>,
    #[server(default)] expires: String,
    #[server(default)] until: String,
    #[server(default)] zone: String,
) -> AppResult<()> {
    let form = KeyForm {
        name,
        grant: GrantForm {
            role,
            place,
            project,
            clusters,
        },
        expires,
        until,
        zone,
    };
    let back = form.address();
    let outcome = async {
        let (engine, actor) = (session::engine(), session::actor().await?);
        let new = form.into_new(&engine).await?;
        let made = engine.create_key(&actor, new).await?;
        MadeKey::of(made).send();
        Ok("/access/keys".to_owned())
    };
    finish(Form::Key, Done::Key, outcome.await, back)
}

/// Takes an API key away.
#[server(prefix = "/api", endpoint = "remove_key")]
pub(crate) async fn remove_key(id: String) -> AppResult<()> {
    let page = Address::new("/access/keys");
    let back = page.clone().with("dialog", "remove").with("id", &id);
    let outcome = async {
        session::engine()
            .remove_key(&session::actor().await?, &id)
            .await?;
        Ok(page.to_string())
    };
    finish(Form::RemoveKey, Done::KeyRemoved, outcome.await, back)
}
