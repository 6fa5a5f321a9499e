//! The live segments. A listing of the storage would show those too that compaction replaced.

use hozon_model::CollectionName;
use milvus::proto::{
    common::{SegmentLevel, SegmentState},
    milvus::{self as proto, PersistentSegmentInfo},
};

use super::{
    Client,
    call::{LONG, On, ask},
};
use crate::{Error, ErrorCode, Result, source::Segment};

pub(super) async fn segments(client: &Client, name: &CollectionName) -> Result<Vec<Segment>> {
    persistent(client, name)
        .await?
        .into_iter()
        .filter(is_flushed)
        .map(|info| readable(name, &info))
        .collect()
}

/// Every segment that Milvus keeps beyond a restart, whatever its state.
pub(super) async fn persistent(
    client: &Client,
    name: &CollectionName,
) -> Result<Vec<PersistentSegmentInfo>> {
    let on = On::collection("GetPersistentSegmentInfo", name).within(LONG);
    let request = proto::GetPersistentSegmentInfoRequest {
        db_name: name.database.clone(),
        collection_name: name.name.clone(),
        ..Default::default()
    };
    Ok(ask!(client, on, get_persistent_segment_info, request)?.infos)
}

pub(super) fn is_flushed(info: &PersistentSegmentInfo) -> bool {
    info.state() == SegmentState::Flushed
}

/// Refuses what newer servers write: deletes in segments of their own, and files that are no binlogs. Leaving either
/// out would bring deleted rows back, or lose rows, without a word.
fn readable(name: &CollectionName, info: &PersistentSegmentInfo) -> Result<Segment> {
    let unsupported = |what: &str| {
        Error::new(ErrorCode::MilvusUnsupported, name.to_string())
            .because(format!("segment {} {what}", info.segment_id))
            .hint("Hozon reads the segments of Milvus 2.3")
    };
    if info.level() == SegmentLevel::L0 {
        return Err(unsupported("holds deletes only (level L0)"));
    }
    if info.storage_version > 1 {
        return Err(unsupported(&format!(
            "is in storage format {}",
            info.storage_version
        )));
    }
    Ok(Segment {
        id: info.segment_id,
        partition_id: info.partition_id,
        rows: u64::try_from(info.num_rows).unwrap_or(0),
    })
}
