//! Memory: load, release, and what can be asked only of a loaded collection.

use hozon_model::{CollectionName, LoadState};
use milvus::proto::{
    common::{ConsistencyLevel, LoadState as State},
    milvus as proto,
    schema::{field_data::Field, scalar_field::Data},
};

use super::{
    Client,
    call::{LONG, On, ask},
};
use crate::{Error, ErrorCode, Result};

pub(super) async fn load(client: &Client, target: &CollectionName, replicas: i32) -> Result<()> {
    let on = On::collection("LoadCollection", target).within(LONG);
    let request = proto::LoadCollectionRequest {
        db_name: target.database.clone(),
        collection_name: target.name.clone(),
        replica_number: replicas.max(1),
        ..Default::default()
    };
    ask!(client, on, load_collection, request)?;
    Ok(())
}

pub(super) async fn load_progress(client: &Client, target: &CollectionName) -> Result<u8> {
    let on = On::collection("GetLoadingProgress", target);
    let request = proto::GetLoadingProgressRequest {
        db_name: target.database.clone(),
        collection_name: target.name.clone(),
        ..Default::default()
    };
    let answer = ask!(client, on, get_loading_progress, request)?;
    Ok(u8::try_from(answer.progress.clamp(0, 100)).unwrap_or(0))
}

pub(super) async fn release(client: &Client, target: &CollectionName) -> Result<()> {
    let on = On::collection("ReleaseCollection", target).within(LONG);
    let request = proto::ReleaseCollectionRequest {
        db_name: target.database.clone(),
        collection_name: target.name.clone(),
        ..Default::default()
    };
    ask!(client, on, release_collection, request)?;
    Ok(())
}

/// Whether the collection is loaded; one that is being loaded counts, for somebody wanted it so.
pub(super) async fn state(client: &Client, name: &CollectionName) -> Result<LoadState> {
    let on = On::collection("GetLoadState", name);
    let request = proto::GetLoadStateRequest {
        db_name: name.database.clone(),
        collection_name: name.name.clone(),
        ..Default::default()
    };
    Ok(match ask!(client, on, get_load_state, request)?.state() {
        State::Loaded | State::Loading => LoadState::Loaded,
        State::NotLoad | State::NotExist => LoadState::NotLoaded,
    })
}

/// With how many replicas a loaded collection was loaded.
pub(super) async fn replicas(client: &Client, name: &CollectionName, id: i64) -> Result<i32> {
    let on = On::collection("GetReplicas", name);
    let request = proto::GetReplicasRequest {
        db_name: name.database.clone(),
        collection_name: name.name.clone(),
        collection_id: id,
        ..Default::default()
    };
    match ask!(client, on, get_replicas, request) {
        Ok(answer) => Ok(i32::try_from(answer.replicas.len()).unwrap_or(1).max(1)),
        // Not every server has the call; the number is a convenience that must not fail a backup.
        Err(error) if error.code() == ErrorCode::MilvusUnsupported => Ok(1),
        Err(error) => Err(error),
    }
}

pub(super) async fn count_rows(client: &Client, target: &CollectionName) -> Result<u64> {
    let on = On::collection("Query", target).within(LONG);
    let subject = on.subject.clone();
    let request = proto::QueryRequest {
        db_name: target.database.clone(),
        collection_name: target.name.clone(),
        output_fields: vec!["count(*)".to_owned()],
        consistency_level: ConsistencyLevel::Strong as i32,
        ..Default::default()
    };
    let answer = ask!(client, on, query, request)?;
    answer
        .fields_data
        .first()
        .and_then(|column| match column.field.as_ref()? {
            Field::Scalars(scalars) => match scalars.data.as_ref()? {
                Data::LongData(numbers) => numbers.data.first().copied(),
                _ => None,
            },
            _ => None,
        })
        .and_then(|count| u64::try_from(count).ok())
        .ok_or_else(|| {
            Error::new(ErrorCode::MilvusFailed, subject)
                .because("Query: the answer to `count(*)` holds no number")
                .hint("look at Milvus's log")
        })
}
