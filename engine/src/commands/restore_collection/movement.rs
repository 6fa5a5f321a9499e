//! Notices that something moves no more.

use std::time::Duration;

use tokio::time::Instant;

/// An import or an index that does not move for so long is given up.
pub(super) const STALLED: Duration = Duration::from_mins(15);

/// How far something is, and since when.
pub(super) struct Movement<T> {
    since: Instant,
    last: Option<T>,
}

impl<T: PartialEq> Movement<T> {
    pub(super) fn new() -> Self {
        Self {
            since: Instant::now(),
            last: None,
        }
    }

    /// Whether it has been at this point for too long.
    pub(super) fn ended(&mut self, now: T) -> bool {
        let now = Some(now);
        if self.last != now {
            (self.since, self.last) = (Instant::now(), now);
        }
        self.since.elapsed() > STALLED
    }
}
