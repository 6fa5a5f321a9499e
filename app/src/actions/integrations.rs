//! Making and removing integrations.

mod form;

use hozon_model::{IntegrationId, NewIntegration};
use leptos::prelude::*;

use form::TRIED;
pub(crate) use form::{IntegrationForm, tried};

use super::finish;
use crate::{
    AppError,
    error::AppResult,
    flash::{Done, Form},
    session,
    visit::Address,
};

/// Makes an integration, if everything that an export needs works there. Secrets never go back to the page.
#[server(prefix = "/api", endpoint = "add_integration")]
#[allow(clippy::too_many_arguments)]
pub(crate) async fn add_integration(
    provider: String,
    name: String,
    #[server(default)] project: String,
    #[server(default)] description: String,
    #[server(default)] account: String,
    #[server(default)] bucket: String,
    #[server(default)] path: String,
    #[server(default)] endpoint: String,
    #[server(default)] region: String,
    #[server(default)] access_key: String,
    #[server(default)] secret_key: String,
    #[server(default)] tenant_id: String,
    #[server(default)] client_id: String,
    #[server(default)] role_arn: String,
    #[server(default)] external_id: String,
) -> AppResult<()> {
    let form = IntegrationForm {
        provider,
        name,
        project,
        description,
        account,
        bucket,
        path,
        endpoint,
        region,
        access_key,
        tenant_id,
        client_id,
        role_arn,
    };
    let back = form.address();
    let made = match form.into_new(secret_key, external_id) {
        Ok(new) => made(new).await,
        Err(error) => Err((error, String::new())),
    };
    let (made, tried) = match made {
        Ok(next) => (Ok(next), String::new()),
        Err((error, tried)) => (Err(error), tried),
    };
    let back = back.with(TRIED, tried);
    finish(Form::Integration, Done::Integration, made, back)
}

/// Where the new integration's page is; or why there is none, with how far it got.
async fn made(new: NewIntegration) -> Result<String, (AppError, String)> {
    let engine = session::engine();
    let actor = session::actor()
        .await
        .map_err(|error| (error, String::new()))?;
    match engine.add_integration(&actor, new.clone()).await {
        Ok(made) => Ok(format!("/integrations/{}", made.id)),
        Err(error) => {
            // What was typed wrong was not tried at all.
            let check = engine.check_new_integration(&actor, &new).await.ok();
            let tried = check.filter(|check| !check.passed());
            let letters = tried.map(|check| form::letters(&check));
            Err((error.into(), letters.unwrap_or_default()))
        }
    }
}

/// Forgets an integration.
#[server(prefix = "/api", endpoint = "remove_integration")]
pub(crate) async fn remove_integration(id: String) -> AppResult<()> {
    let back = Address::new(format!("/integrations/{id}")).with("dialog", "remove");
    let outcome = async {
        session::engine()
            .remove_integration(&session::actor().await?, &IntegrationId::new(id))
            .await?;
        Ok("/integrations".to_owned())
    };
    let outcome = outcome.await;
    finish(
        Form::RemoveIntegration,
        Done::IntegrationRemoved,
        outcome,
        back,
    )
}
