//! Several requests at a time, for stores whose answers take long.

use futures::{StreamExt, future::BoxFuture, stream, stream::BoxStream};

/// Requests under way at a time.
const AT_ONCE: usize = 16;

/// The results of some work, in its order. Work is begun only when there is room.
pub(super) fn at_once<'a, T: Send + 'a>(
    work: impl Iterator<Item = BoxFuture<'a, T>> + Send + 'a,
) -> BoxStream<'a, T> {
    stream::iter(work).buffered(AT_ONCE).boxed()
}
