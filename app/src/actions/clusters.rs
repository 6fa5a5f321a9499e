//! Registering a cluster.

use hozon_model::{CredentialParts, NewCluster};
use leptos::prelude::*;

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
    #[server(default)] username: Option<String>,
    #[server(default)] password: Option<String>,
    #[server(default)] token: Option<String>,
    storage_url: String,
    #[server(default)] storage_endpoint: Option<String>,
    #[server(default)] storage_region: Option<String>,
    #[server(default)] storage_access_key: Option<String>,
    #[server(default)] storage_secret_key: Option<String>,
) -> AppResult<()> {
    let parts = CredentialParts {
        access_key: typed(storage_access_key),
        secret_key: typed(storage_secret_key),
        ..CredentialParts::default()
    };
    let mut cluster = NewCluster {
        name: name.trim().to_owned(),
        address: address.trim().to_owned(),
        username: typed(username),
        password: password.filter(|password| !password.is_empty()),
        token: typed(token),
        ca_certificate: None,
        storage_url: storage_url.trim().to_owned(),
        storage_endpoint: typed(storage_endpoint),
        storage_region: typed(storage_region),
        ..NewCluster::default()
    };
    let back = back(&cluster);
    let outcome = async {
        cluster.storage_credentials =
            hozon_engine::store::credentials(&cluster.storage_url, parts)?;
        let cluster = session::engine()
            .add_cluster(&session::actor().await?, cluster)
            .await?;
        Ok(format!("/clusters/{}", cluster.id))
    };
    finish(Form::Cluster, Done::Cluster, outcome.await, back)
}

fn back(cluster: &NewCluster) -> Address {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    Address::new("/clusters/new")
        .with("name", &cluster.name)
        .with("address", &cluster.address)
        .with("username", text(&cluster.username))
        .with("storage_url", &cluster.storage_url)
        .with("storage_endpoint", text(&cluster.storage_endpoint))
        .with("storage_region", text(&cluster.storage_region))
}
