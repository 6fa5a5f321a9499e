//! Flush: everything written so far in segments that will not change, and the exact moment that they show.
//!
//! Milvus's clock gives hybrid timestamps (physical milliseconds `<< 18`, plus a counter), and its physical part
//! stands still for 50 ms at a time. An import cuts off at a whole millisecond (`<= cutoff_ms << 18`). So the flush
//! timestamp's own millisecond is a bad cut-off: a row acknowledged just before the flush can share its millisecond
//! and have a counter above zero, and would be left out. Therefore, in this order:
//!
//! 1. Read the clock: everything acknowledged before is earlier than this reading.
//! 2. Read it again until its physical part has moved on. That millisecond is the cut-off; it is later than 1.
//! 3. Wait a little, so that requests in flight that were stamped before the cut-off get into a segment. Without
//!    this, half of a concurrent upsert (its delete) could be in the backup and the other half not.
//! 4. Flush; Milvus stamps it later than the cut-off. Wait until it says that the segments are flushed *and* its
//!    channels are past that stamp, which covers deletes too.
//! 5. See whether a segment that was there before is gone. Then compaction replaced it meanwhile and may have applied
//!    deletes that are later than the cut-off, whose rows nobody could bring back: start over.
//!
//! Rows between the cut-off and the flush are in the files; import and row counts leave them out.

use std::{collections::HashSet, time::Duration};

use hozon_model::CollectionName;
use milvus::proto::{
    common::{ErrorCode as Old, SegmentState},
    milvus as proto,
};
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;

use super::{
    Client,
    call::{LONG, On, ask, ask_unchecked},
    segments, status,
};
use crate::{Error, ErrorCode, Result};

/// Bits of a hybrid timestamp below its milliseconds.
const LOGICAL_BITS: u32 = 18;

/// How long a request may be between its timestamp and its segment; see step 3.
const IN_FLIGHT: Duration = Duration::from_millis(300);

/// Between two looks at the clock: it moves every 50 ms.
const CLOCK_POLL: Duration = Duration::from_millis(10);

/// Between two questions whether the flush is done.
const STATE_POLL: Duration = Duration::from_millis(100);

/// Between two tries where Milvus limits how often one may flush, or is not all there yet.
const ASK_AGAIN: Duration = Duration::from_secs(2);

/// A Milvus whose nodes have not found each other after so long has another trouble.
const STARTING: Duration = Duration::from_mins(1);

pub(super) async fn flush(
    client: &Client,
    name: &CollectionName,
    deadline: Duration,
    cancel: &CancellationToken,
) -> Result<u64> {
    let pace = Pace {
        name,
        total: deadline,
        end: Instant::now() + deadline,
        cancel,
    };
    tokio::select! {
        () = cancel.cancelled() => Err(pace.canceled()),
        done = timeout_at(pace.end, attempts(client, name, &pace)) => {
            done.unwrap_or_else(|_elapsed| Err(pace.too_late()))
        }
    }
}

async fn attempts(client: &Client, name: &CollectionName, pace: &Pace<'_>) -> Result<u64> {
    loop {
        let before = segment_ids(client, name).await?;
        let cutoff_ms = cutoff(client, pace).await?;
        pace.pause(IN_FLIGHT).await?;
        let flush = start(client, name, pace).await?;
        if flush.timestamp <= cutoff_ms << LOGICAL_BITS {
            return Err(Error::new(ErrorCode::MilvusFailed, name.to_string())
                .because("Milvus stamped the flush earlier than a timestamp it gave out before")
                .hint("check the clocks of the cluster's machines"));
        }
        wait_until_flushed(client, name, &flush, pace).await?;
        let mut alive = before;
        alive.extend(&flush.segments);
        if wait_until_settled(client, name, &alive, pace).await? {
            return Ok(cutoff_ms);
        }
        tracing::debug!(collection = %name, "compaction replaced segments during the flush; flushing again");
    }
}

/// Steps 1 and 2.
async fn cutoff(client: &Client, pace: &Pace<'_>) -> Result<u64> {
    let first = timestamp(client).await? >> LOGICAL_BITS;
    loop {
        let now = timestamp(client).await? >> LOGICAL_BITS;
        if now > first {
            return Ok(now);
        }
        pace.pause(CLOCK_POLL).await?;
    }
}

async fn timestamp(client: &Client) -> Result<u64> {
    let on = On::server("AllocTimestamp", client);
    let request = proto::AllocTimestampRequest::default();
    Ok(ask!(client, on, alloc_timestamp, request)?.timestamp)
}

/// A flush under way.
struct Flush {
    /// Its hybrid timestamp.
    timestamp: u64,
    /// Segments it sealed.
    sealed: Vec<i64>,
    /// These, and those that were flushed before.
    segments: HashSet<i64>,
}

async fn start(client: &Client, name: &CollectionName, pace: &Pace<'_>) -> Result<Flush> {
    let on = On::collection("Flush", name).within(LONG);
    let request = proto::FlushRequest {
        db_name: name.database.clone(),
        collection_names: vec![name.name.clone()],
        ..Default::default()
    };
    let begun = Instant::now();
    let answer = loop {
        let answer = ask_unchecked!(client, on.clone(), flush, request.clone())?;
        let body = answer.status.as_ref();
        let limited = status::is(body, status::number::RATE_LIMIT, Old::RateLimit);
        let starting = status::is_starting(body) && begun.elapsed() < STARTING;
        if !limited && !starting {
            status::check(&on, body)?;
            break answer;
        }
        pace.pause(ASK_AGAIN).await?;
    };
    let ids = |map: &std::collections::HashMap<String, milvus::proto::schema::LongArray>| {
        map.get(&name.name)
            .map(|ids| ids.data.clone())
            .unwrap_or_default()
    };
    let sealed = ids(&answer.coll_seg_i_ds);
    let flushed = ids(&answer.flush_coll_seg_i_ds);
    let Some(&timestamp) = answer.coll_flush_ts.get(&name.name) else {
        return Err(Error::new(ErrorCode::MilvusUnsupported, name.to_string())
            .because("Flush: the answer holds no flush timestamp")
            .hint("Hozon needs Milvus 2.3"));
    };
    Ok(Flush {
        timestamp,
        segments: sealed.iter().chain(&flushed).copied().collect(),
        sealed,
    })
}

async fn wait_until_flushed(
    client: &Client,
    name: &CollectionName,
    flush: &Flush,
    pace: &Pace<'_>,
) -> Result<()> {
    loop {
        let on = On::collection("GetFlushState", name);
        // Without the timestamp Milvus looks at the segments alone, and deletes may still be in memory.
        let request = proto::GetFlushStateRequest {
            segment_i_ds: flush.sealed.clone(),
            flush_ts: flush.timestamp,
            db_name: name.database.clone(),
            collection_name: name.name.clone(),
        };
        if ask!(client, on, get_flush_state, request)?.flushed {
            return Ok(());
        }
        pace.pause(STATE_POLL).await?;
    }
}

/// Waits until every one of these segments is listed as flushed; returns whether none is gone.
async fn wait_until_settled(
    client: &Client,
    name: &CollectionName,
    alive: &HashSet<i64>,
    pace: &Pace<'_>,
) -> Result<bool> {
    loop {
        let listed = segments::persistent(client, name).await?;
        let moving = listed.iter().any(|info| {
            alive.contains(&info.segment_id)
                && !matches!(
                    info.state(),
                    SegmentState::Flushed | SegmentState::Dropped | SegmentState::NotExist
                )
        });
        if !moving {
            let flushed: HashSet<i64> = listed
                .iter()
                .filter(|info| segments::is_flushed(info))
                .map(|info| info.segment_id)
                .collect();
            return Ok(alive.is_subset(&flushed));
        }
        pace.pause(STATE_POLL).await?;
    }
}

async fn segment_ids(client: &Client, name: &CollectionName) -> Result<HashSet<i64>> {
    Ok(segments::persistent(client, name)
        .await?
        .iter()
        .filter(|info| segments::is_flushed(info))
        .map(|info| info.segment_id)
        .collect())
}

/// Waits that end with the deadline or the cancellation, whichever is first.
struct Pace<'a> {
    name: &'a CollectionName,
    total: Duration,
    end: Instant,
    cancel: &'a CancellationToken,
}

impl Pace<'_> {
    async fn pause(&self, time: Duration) -> Result<()> {
        let until = Instant::now() + time;
        if until >= self.end {
            return Err(self.too_late());
        }
        tokio::select! {
            () = self.cancel.cancelled() => Err(self.canceled()),
            () = sleep_until(until) => Ok(()),
        }
    }

    fn canceled(&self) -> Error {
        Error::new(ErrorCode::Canceled, self.name.to_string()).because("while it was being flushed")
    }

    fn too_late(&self) -> Error {
        Error::new(ErrorCode::TimedOut, self.name.to_string())
            .because(format!(
                "Flush: not finished within {} seconds",
                self.total.as_secs()
            ))
            .hint("Milvus may be busy; try again, and look at its log if it stays so")
    }
}
