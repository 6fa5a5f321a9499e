//! Indexes: listed for a backup, made again after a restore.

use hozon_model::CollectionName;
use milvus::proto::{
    common::{ErrorCode as Old, IndexState},
    milvus::{self as proto, IndexDescription as Found},
};

use super::{
    Client,
    call::{LONG, On, ask, ask_unchecked},
    schema, status,
};
use crate::{Error, ErrorCode, Result, source::IndexDescription};

pub(super) async fn list(client: &Client, name: &CollectionName) -> Result<Vec<IndexDescription>> {
    let mut indexes: Vec<_> = found(client, name)
        .await?
        .into_iter()
        .map(|index| IndexDescription {
            name: index.index_name,
            field: index.field_name,
            params: schema::map(&index.params),
        })
        .collect();
    indexes.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(indexes)
}

async fn found(client: &Client, name: &CollectionName) -> Result<Vec<Found>> {
    let on = On::collection("DescribeIndex", name);
    let request = proto::DescribeIndexRequest {
        db_name: name.database.clone(),
        collection_name: name.name.clone(),
        ..Default::default()
    };
    let answer = ask_unchecked!(client, on.clone(), describe_index, request)?;
    // A collection without any index is refused, not answered with an empty list.
    if status::is(
        answer.status.as_ref(),
        status::number::INDEX_NOT_FOUND,
        Old::IndexNotExist,
    ) {
        return Ok(Vec::new());
    }
    status::check(&on, answer.status.as_ref())?;
    Ok(answer.index_descriptions)
}

pub(super) async fn create_index(
    client: &Client,
    target: &CollectionName,
    index: &IndexDescription,
) -> Result<()> {
    let on = On::collection("CreateIndex", target).within(LONG);
    let request = proto::CreateIndexRequest {
        db_name: target.database.clone(),
        collection_name: target.name.clone(),
        field_name: index.field.clone(),
        index_name: index.name.clone(),
        extra_params: schema::pairs(&index.params),
        ..Default::default()
    };
    ask!(client, on, create_index, request)?;
    Ok(())
}

pub(super) async fn index_progress(
    client: &Client,
    target: &CollectionName,
    index: &str,
) -> Result<(u64, u64)> {
    let Some(found) = found(client, target)
        .await?
        .into_iter()
        .find(|candidate| candidate.index_name == index)
    else {
        return Err(Error::new(ErrorCode::MilvusFailed, target.to_string())
            .because(format!("it has no index `{index}`"))
            .hint("somebody may have dropped it"));
    };
    progress(&found).map_err(|why| {
        Error::new(ErrorCode::MilvusFailed, target.to_string())
            .because(format!("index `{index}` could not be built: {why}"))
            .hint("the reason is Milvus's own; its log says more")
    })
}

/// The two numbers are equal only when Milvus itself calls the index finished.
fn progress(index: &Found) -> Result<(u64, u64), String> {
    let total = u64::try_from(index.total_rows).unwrap_or(0);
    let indexed = u64::try_from(index.indexed_rows).unwrap_or(0).min(total);
    match index.state() {
        IndexState::Failed => Err(index.index_state_fail_reason.clone()),
        IndexState::Finished if index.pending_index_rows == 0 => Ok((total, total)),
        _ if indexed == total => Ok((indexed, total + 1)),
        _ => Ok((indexed, total)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(state: IndexState, indexed_rows: i64, total_rows: i64) -> Found {
        Found {
            state: state as i32,
            indexed_rows,
            total_rows,
            index_state_fail_reason: "out of memory".to_owned(),
            ..Default::default()
        }
    }

    #[test]
    fn an_index_is_done_only_when_milvus_says_so() {
        assert_eq!(progress(&index(IndexState::Finished, 7, 7)), Ok((7, 7)));
        assert_eq!(progress(&index(IndexState::Finished, 0, 0)), Ok((0, 0)));
        assert_eq!(progress(&index(IndexState::InProgress, 7, 7)), Ok((7, 8)));
        assert_eq!(progress(&index(IndexState::Unissued, 0, 0)), Ok((0, 1)));
        assert_eq!(progress(&index(IndexState::InProgress, 3, 7)), Ok((3, 7)));
        assert_eq!(
            progress(&index(IndexState::Failed, 0, 7)),
            Err("out of memory".to_owned())
        );
    }
}
