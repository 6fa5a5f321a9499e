//! Registering, changing and removing clusters.

mod form;

use hozon_engine::store::credentials;
use hozon_model::{ClusterId, CredentialParts};
use leptos::prelude::*;

pub(crate) use form::ClusterForm;

use super::{finish, typed};
use crate::{
    error::AppResult,
    flash::{Done, Form},
    session,
    visit::Address,
};

/// Registers a cluster, if it answers and the storage is its own. Secrets never go back to the page.
#[server(prefix = "/api", endpoint = "add_cluster")]
#[allow(clippy::too_many_arguments)]
pub(crate) async fn add_cluster(
    name: String,
    address: String,
    #[server(default)] project: String,
    #[server(default)] deployment: String,
    #[server(default)] cloud_region: String,
    #[server(default)] username: String,
    #[server(default)] password: Option<String>,
    #[server(default)] token: Option<String>,
    #[server(default)] ca_certificate: Option<String>,
    storage_url: String,
    #[server(default)] storage_endpoint: String,
    #[server(default)] storage_region: String,
    #[server(default)] storage_access_key: Option<String>,
    #[server(default)] storage_secret_key: Option<String>,
) -> AppResult<()> {
    let parts = keys(storage_access_key, storage_secret_key);
    let form = ClusterForm {
        name,
        address,
        project,
        deployment,
        cloud_region,
        username,
        storage_url,
        storage_endpoint,
        storage_region,
    };
    let back = form.address(Address::new("/clusters/new"));
    let outcome = async {
        let mut cluster = form.into_new()?;
        cluster.password = password.filter(|password| !password.is_empty());
        cluster.token = typed(token);
        cluster.ca_certificate = typed(ca_certificate);
        cluster.storage_credentials = credentials(&cluster.storage_url, parts)?;
        let cluster = session::engine()
            .add_cluster(&session::actor().await?, cluster)
            .await?;
        Ok(page(cluster.id.as_str()).to_string())
    };
    finish(Form::Cluster, Done::Cluster, outcome.await, back)
}

/// Changes what is known of a cluster. What is as it was, and secrets that are not typed, stay.
#[server(prefix = "/api", endpoint = "edit_cluster")]
#[allow(clippy::too_many_arguments)]
pub(crate) async fn edit_cluster(
    id: String,
    name: String,
    address: String,
    #[server(default)] deployment: String,
    #[server(default)] cloud_region: String,
    #[server(default)] username: String,
    #[server(default)] password: Option<String>,
    #[server(default)] token: Option<String>,
    #[server(default)] ca_certificate: Option<String>,
    storage_url: String,
    #[server(default)] storage_endpoint: String,
    #[server(default)] storage_region: String,
    #[server(default)] storage_access_key: Option<String>,
    #[server(default)] storage_secret_key: Option<String>,
) -> AppResult<()> {
    let parts = keys(storage_access_key, storage_secret_key);
    let form = ClusterForm {
        name,
        address,
        project: String::new(),
        deployment,
        cloud_region,
        username,
        storage_url,
        storage_endpoint,
        storage_region,
    };
    let back = form.address(Address::to(&["clusters", &id, "edit"]));
    let outcome = async {
        let old = session::seen().await?.cluster(&id).await?;
        let mut edit = form.into_edit(&old)?;
        edit.password = password.filter(|password| !password.is_empty());
        edit.token = typed(token);
        edit.ca_certificate = typed(ca_certificate);
        if parts.access_key.is_some() || parts.secret_key.is_some() {
            let url = edit.storage_url.as_ref().unwrap_or(&old.storage.url);
            edit.storage_credentials = Some(credentials(url, parts)?);
        }
        let cluster = session::engine()
            .edit_cluster(&session::actor().await?, old.id.as_str(), edit)
            .await?;
        Ok(page(cluster.id.as_str()).to_string())
    };
    finish(Form::EditCluster, Done::ClusterEdited, outcome.await, back)
}

/// Forgets a cluster. Its backups stay.
#[server(prefix = "/api", endpoint = "remove_cluster")]
pub(crate) async fn remove_cluster(id: String) -> AppResult<()> {
    let back = page(&id).with("dialog", "remove");
    let outcome = async {
        session::engine()
            .remove_cluster(&session::actor().await?, &ClusterId::new(id))
            .await?;
        Ok("/clusters".to_owned())
    };
    finish(
        Form::RemoveCluster,
        Done::ClusterRemoved,
        outcome.await,
        back,
    )
}

/// The page of a cluster, by its identifier.
fn page(id: &str) -> Address {
    Address::to(&["clusters", id])
}

fn keys(access_key: Option<String>, secret_key: Option<String>) -> CredentialParts {
    CredentialParts {
        access_key: typed(access_key),
        secret_key: typed(secret_key),
        ..CredentialParts::default()
    }
}
