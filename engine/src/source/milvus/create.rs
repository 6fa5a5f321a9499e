//! Makes collections again, and the changes around them: names, aliases, removal.

use hozon_model::CollectionName;
use milvus::proto::milvus as proto;
use prost::Message;

use super::{
    Client,
    call::{LONG, On, ask},
    describe, names, schema,
};
use crate::{Error, ErrorCode, Result, source::CollectionDescription};

pub(super) async fn create_collection(
    client: &Client,
    target: &CollectionName,
    description: &CollectionDescription,
) -> Result<()> {
    // Milvus takes a second request with the same schema for success: the rows would mix.
    if names::has_collection(client, target).await? {
        return Err(taken(target));
    }
    create_empty(client, target, description).await?;
    let made = complete(client, target, description).await;
    if made.is_err() {
        // Half a collection must not stay behind under the wanted name; why it failed matters more than this.
        let _ = drop_collection(client, target).await;
    }
    made
}

async fn create_empty(
    client: &Client,
    target: &CollectionName,
    description: &CollectionDescription,
) -> Result<()> {
    let mut stored = schema::decode(&description.schema).map_err(|why| {
        Error::new(ErrorCode::RepositoryDamaged, description.name.to_string()).because(why)
    })?;
    stored.name.clone_from(&target.name);
    stored.db_name.clone_from(&target.database);
    let on = On::collection("CreateCollection", target).within(LONG);
    let request = proto::CreateCollectionRequest {
        db_name: target.database.clone(),
        collection_name: target.name.clone(),
        schema: stored.encode_to_vec(),
        shards_num: description.shards,
        consistency_level: description.consistency_level,
        properties: schema::pairs(&description.properties),
        num_partitions: if description.has_partition_key {
            i64::try_from(description.partitions.len()).unwrap_or(0)
        } else {
            0
        },
        ..Default::default()
    };
    ask!(client, on, create_collection, request)?;
    Ok(())
}

/// Makes the partitions and looks at what Milvus made of the schema.
async fn complete(
    client: &Client,
    target: &CollectionName,
    description: &CollectionDescription,
) -> Result<()> {
    check_fields(client, target, description).await?;
    let there = describe::partitions(client, target).await?;
    for partition in &description.partitions {
        if there.iter().any(|found| found.name == partition.name) {
            continue;
        }
        let on = On::collection("CreatePartition", target).within(LONG);
        let request = proto::CreatePartitionRequest {
            db_name: target.database.clone(),
            collection_name: target.name.clone(),
            partition_name: partition.name.clone(),
            ..Default::default()
        };
        ask!(client, on, create_partition, request)?;
    }
    Ok(())
}

/// Binlogs name fields by number. Milvus numbers the fields of a new collection by itself, in their order; should it
/// ever number them differently, an import would put columns into the wrong fields.
async fn check_fields(
    client: &Client,
    target: &CollectionName,
    description: &CollectionDescription,
) -> Result<()> {
    let made = describe::collection(client, target).await?;
    let made = schema::fields(&made.schema.unwrap_or_default());
    for field in &description.fields {
        let same = made
            .iter()
            .any(|other| other.id == field.id && other.name == field.name);
        if !same {
            return Err(Error::new(
                ErrorCode::CollectionUnsupported,
                description.name.to_string(),
            )
            .because(format!(
                "field `{}` has number {} in the backup and another in a new collection",
                field.name, field.id
            ))
            .hint("nothing was restored"));
        }
    }
    Ok(())
}

pub(super) async fn rename_collection(
    client: &Client,
    from: &CollectionName,
    to: &str,
) -> Result<()> {
    let on = On::collection("RenameCollection", from).within(LONG);
    let request = proto::RenameCollectionRequest {
        db_name: from.database.clone(),
        old_name: from.name.clone(),
        new_name: to.to_owned(),
        new_db_name: from.database.clone(),
        ..Default::default()
    };
    match ask!(client, on, rename_collection, request) {
        Ok(_) => Ok(()),
        // Milvus has no code of its own for this one.
        Err(error) if error.code() == ErrorCode::MilvusFailed => {
            let wanted = CollectionName {
                database: from.database.clone(),
                name: to.to_owned(),
            };
            match names::has_collection(client, &wanted).await {
                Ok(true) => Err(taken(&wanted)),
                _ => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}

fn taken(name: &CollectionName) -> Error {
    Error::new(ErrorCode::CollectionExists, name.to_string())
        .because("a collection or an alias of that name is there")
        .hint("choose another suffix, or drop or rename it first")
}

pub(super) async fn create_alias(
    client: &Client,
    target: &CollectionName,
    alias: &str,
) -> Result<()> {
    let on = On::collection("CreateAlias", target).within(LONG);
    let request = proto::CreateAliasRequest {
        db_name: target.database.clone(),
        collection_name: target.name.clone(),
        alias: alias.to_owned(),
        ..Default::default()
    };
    ask!(client, on, create_alias, request)?;
    Ok(())
}

pub(super) async fn alter_alias(
    client: &Client,
    target: &CollectionName,
    alias: &str,
) -> Result<()> {
    let on = On::collection("AlterAlias", target).within(LONG);
    let request = proto::AlterAliasRequest {
        db_name: target.database.clone(),
        collection_name: target.name.clone(),
        alias: alias.to_owned(),
        ..Default::default()
    };
    ask!(client, on, alter_alias, request)?;
    Ok(())
}

pub(super) async fn drop_collection(client: &Client, name: &CollectionName) -> Result<()> {
    let on = On::collection("DropCollection", name).within(LONG);
    let request = proto::DropCollectionRequest {
        db_name: name.database.clone(),
        collection_name: name.name.clone(),
        ..Default::default()
    };
    match ask!(client, on, drop_collection, request) {
        Err(error)
            if !matches!(
                error.code(),
                ErrorCode::CollectionNotFound | ErrorCode::DatabaseNotFound
            ) =>
        {
            Err(error)
        }
        _ => Ok(()),
    }
}
