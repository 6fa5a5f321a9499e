//! Everything that is needed to make a collection again.

use hozon_model::{CollectionName, LoadState};
use milvus::proto::milvus::{self as proto, DescribeCollectionResponse};

use super::{
    Client,
    call::{On, ask},
    indexes, load, schema,
};
use crate::{
    Error, ErrorCode, Result,
    source::{CollectionDescription, PartitionDescription},
};

pub(super) async fn describe(
    client: &Client,
    name: &CollectionName,
) -> Result<CollectionDescription> {
    let found = collection(client, name).await?;
    let described = found.schema.clone().unwrap_or_default();
    // Milvus answers for an alias too; taking that for a collection would back it up twice.
    if !described.name.is_empty() && described.name != name.name {
        return Err(Error::new(ErrorCode::CollectionNotFound, name.to_string())
            .because(format!("it is an alias of `{}`", described.name))
            .hint("name the collection itself; its aliases come along"));
    }
    if let Some(obstacle) = schema::obstacle(&described) {
        return Err(
            Error::new(ErrorCode::CollectionUnsupported, name.to_string())
                .because(obstacle)
                .hint("leave this collection out; nothing of the others is affected"),
        );
    }
    let load_state = load::state(client, name).await?;
    let replicas = match load_state {
        LoadState::Loaded => load::replicas(client, name, found.collection_id).await?,
        LoadState::NotLoaded => 0,
    };
    let fields = schema::fields(&described);
    let mut aliases = found.aliases;
    aliases.sort_unstable();
    Ok(CollectionDescription {
        name: name.clone(),
        id: found.collection_id,
        schema: schema::encode(&described),
        has_partition_key: fields.iter().any(|field| field.partition_key),
        has_dynamic_fields: described.enable_dynamic_field,
        fields,
        shards: found.shards_num,
        consistency_level: found.consistency_level,
        partitions: partitions(client, name).await?,
        indexes: indexes::list(client, name).await?,
        aliases,
        properties: schema::map(&found.properties),
        load_state,
        replicas,
    })
}

/// What Milvus says of a collection.
pub(super) async fn collection(
    client: &Client,
    name: &CollectionName,
) -> Result<DescribeCollectionResponse> {
    let on = On::collection("DescribeCollection", name);
    let request = proto::DescribeCollectionRequest {
        db_name: name.database.clone(),
        collection_name: name.name.clone(),
        ..Default::default()
    };
    ask!(client, on, describe_collection, request)
}

/// The partitions, by number: the order in which they were made.
pub(super) async fn partitions(
    client: &Client,
    name: &CollectionName,
) -> Result<Vec<PartitionDescription>> {
    let on = On::collection("ShowPartitions", name);
    let request = proto::ShowPartitionsRequest {
        db_name: name.database.clone(),
        collection_name: name.name.clone(),
        ..Default::default()
    };
    let found = ask!(client, on, show_partitions, request)?;
    let mut partitions: Vec<_> = found
        .partition_i_ds
        .into_iter()
        .zip(found.partition_names)
        .map(|(id, name)| PartitionDescription { id, name })
        .collect();
    partitions.sort_by_key(|partition| partition.id);
    Ok(partitions)
}
