//! Does something with many items, a few at a time.

use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream};

use crate::Result;

/// Runs `work` on every item, `limit` at a time, until one fails. Results come in the order of the items.
/// Items are taken from the iterator only when there is room, so memory does not grow with their number.
pub(crate) fn each<'a, T, R>(
    items: impl Iterator<Item = T> + Send + 'a,
    limit: usize,
    work: impl Fn(T) -> BoxFuture<'a, Result<R>> + Send + 'a,
) -> BoxFuture<'a, Result<Vec<R>>>
where
    T: Send + 'a,
    R: Send + 'a,
{
    stream::iter(items.map(work))
        .buffered(limit)
        .try_collect()
        .boxed()
}
