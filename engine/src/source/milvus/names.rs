//! What there is: version, databases, collections.

use hozon_model::CollectionName;
use milvus::proto::{common::ErrorCode as Old, milvus as proto};

use super::{
    Client,
    call::{LONG, On, ask, ask_unchecked},
    status,
};
use crate::Result;

pub(super) async fn version(client: &Client) -> Result<String> {
    let on = On::server("GetVersion", client);
    Ok(ask!(client, on, get_version, proto::GetVersionRequest {})?.version)
}

pub(super) async fn databases(client: &Client) -> Result<Vec<String>> {
    let on = On::server("ListDatabases", client);
    let mut names = ask!(
        client,
        on,
        list_databases,
        proto::ListDatabasesRequest::default()
    )?
    .db_names;
    names.sort_unstable();
    Ok(names)
}

pub(super) async fn collections(client: &Client, database: &str) -> Result<Vec<String>> {
    let on = On::database("ShowCollections", database);
    let request = proto::ShowCollectionsRequest {
        db_name: database.to_owned(),
        ..Default::default()
    };
    let mut names = ask!(client, on, show_collections, request)?.collection_names;
    names.sort_unstable();
    Ok(names)
}

pub(super) async fn has_collection(client: &Client, name: &CollectionName) -> Result<bool> {
    let on = On::collection("HasCollection", name);
    let request = proto::HasCollectionRequest {
        db_name: name.database.clone(),
        collection_name: name.name.clone(),
        ..Default::default()
    };
    let answer = ask_unchecked!(client, on.clone(), has_collection, request)?;
    if status::is(
        answer.status.as_ref(),
        status::number::COLLECTION_NOT_FOUND,
        Old::CollectionNotExists,
    ) {
        return Ok(false);
    }
    status::check(&on, answer.status.as_ref())?;
    Ok(answer.value)
}

pub(super) async fn create_database(client: &Client, database: &str) -> Result<()> {
    if databases(client).await?.iter().any(|name| name == database) {
        return Ok(());
    }
    let on = On::database("CreateDatabase", database).within(LONG);
    let request = proto::CreateDatabaseRequest {
        db_name: database.to_owned(),
        ..Default::default()
    };
    match ask!(client, on, create_database, request) {
        Ok(_) => Ok(()),
        // Somebody else may have made it in between.
        Err(error) => match databases(client).await {
            Ok(names) if names.iter().any(|name| name == database) => Ok(()),
            _ => Err(error),
        },
    }
}
