//! Whether a collection is really gone. Just after its start Milvus says of some collections that they are not there,
//! and lists them. A backup of all that believed it would lack them and be called whole.

use std::time::Duration;

use futures::future::BoxFuture;
use hozon_model::CollectionName;

use crate::{Error, ErrorCode, Result, source::Milvus};

/// So often a collection that is listed is looked for …
const ATTEMPTS: u32 = 8;
/// … with this between.
pub(super) const PAUSE: Duration = Duration::from_secs(5);

/// What `look` finds. It ends with `CollectionNotFound` only if no list has the collection either; until then it looks
/// again, after `again` was told why.
pub(super) async fn unless_gone<'a, T>(
    name: &CollectionName,
    look: impl Fn() -> BoxFuture<'a, Result<T>> + Send + Sync,
    is_listed: impl Fn() -> BoxFuture<'a, Result<bool>> + Send + Sync,
    again: impl Fn(Error) -> BoxFuture<'a, Result<()>> + Send + Sync,
) -> Result<T>
where
    T: Send,
{
    let mut attempt = 1;
    loop {
        let error = match look().await {
            Err(error) if error.code() == ErrorCode::CollectionNotFound => error,
            found => return found,
        };
        if !is_listed().await? {
            return Err(error);
        }
        if attempt == ATTEMPTS {
            let why = error.into_report().detail;
            return Err(Error::new(ErrorCode::MilvusFailed, name.to_string())
                .because(format!(
                    "Milvus lists it and says that it is not there: {why}"
                ))
                .hint("look at Milvus's log; try again when it is well, or back up the others by name"));
        }
        attempt += 1;
        again(error).await?;
    }
}

/// Whether Milvus lists a collection.
pub(super) async fn is_listed(milvus: &dyn Milvus, name: &CollectionName) -> Result<bool> {
    let databases = milvus.databases().await?;
    if !databases.contains(&name.database) {
        return Ok(false);
    }
    let collections = milvus.collections(&name.database).await?;
    Ok(collections.contains(&name.name))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

    use futures::FutureExt;

    use super::*;

    /// What comes of a collection that is found at the given look, and listed until the given one.
    async fn looked(found_at: u32, listed_until: u32) -> (Result<u32>, u32) {
        let name = "default.books".parse().unwrap();
        let looks = AtomicU32::new(0);
        let (looks, again) = (&looks, &AtomicU32::new(0));
        let look = || {
            let look = looks.fetch_add(1, SeqCst) + 1;
            let found = if look >= found_at {
                Ok(look)
            } else {
                Err(Error::new(ErrorCode::CollectionNotFound, "default.books"))
            };
            async move { found }.boxed()
        };
        let listed = || {
            let listed = looks.load(SeqCst) < listed_until;
            async move { Ok(listed) }.boxed()
        };
        let count = |error: Error| {
            assert_eq!(error.code(), ErrorCode::CollectionNotFound);
            again.fetch_add(1, SeqCst);
            async { Ok(()) }.boxed()
        };
        let found = unless_gone(&name, look, listed, count).await;
        (found, again.load(SeqCst))
    }

    #[tokio::test]
    async fn what_is_listed_is_looked_for_again() {
        let (found, again) = looked(1, u32::MAX).await;
        assert_eq!((found.unwrap(), again), (1, 0));
        let (found, again) = looked(4, u32::MAX).await;
        assert_eq!((found.unwrap(), again), (4, 3));
    }

    #[tokio::test]
    async fn what_no_list_has_is_gone() {
        for listed_until in [0, 3] {
            let (found, _) = looked(u32::MAX, listed_until).await;
            assert_eq!(found.unwrap_err().code(), ErrorCode::CollectionNotFound);
        }
    }

    #[tokio::test]
    async fn what_stays_listed_and_unfound_is_no_collection_that_was_dropped() {
        let (found, again) = looked(u32::MAX, u32::MAX).await;
        assert_eq!(found.unwrap_err().code(), ErrorCode::MilvusFailed);
        assert_eq!(again, ATTEMPTS - 1);
    }

    #[tokio::test]
    async fn other_errors_are_left_as_they_are() {
        let name = "default.books".parse().unwrap();
        let busy = || async { Err::<(), _>(Error::new(ErrorCode::TimedOut, "books")) }.boxed();
        let never = || async { panic!("an error of another kind says nothing of lists") }.boxed();
        let again = |_| async { panic!("nor is it a reason to look again") }.boxed();
        let found = unless_gone(&name, busy, never, again).await;
        assert_eq!(found.unwrap_err().code(), ErrorCode::TimedOut);
    }
}
