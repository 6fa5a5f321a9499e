//! Holds bytes back so that no more of them pass than somebody allowed: between this process and services, in each
//! direction by itself. What a service copies, and what stays on this machine's disks, passes no network here and is
//! not counted. Small objects are not held either: a lease must not run out because it waits behind binlogs.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hozon_model::ByteRate;
use tokio::time::Instant;

use super::Store;

/// Objects below this size are not held, nor counted.
const SMALL: u64 = 256 << 10;

/// What was not used is lost after so long, so that there are no bursts after a quiet time.
const KEPT: Duration = Duration::from_millis(250);

/// What may pass; without a limit, everything. Clones share their limits.
#[derive(Clone, Debug, Default)]
pub struct Bandwidth {
    limits: Vec<Arc<Limit>>,
}

#[derive(Debug)]
struct Limit {
    received: Bucket,
    sent: Bucket,
}

/// Tokens as time: each byte takes its share of a second, and what comes later waits until that has passed.
#[derive(Debug)]
struct Bucket {
    rate: ByteRate,
    /// Until when everything is taken that was asked for so far.
    taken_until: Mutex<Option<Instant>>,
}

impl Bucket {
    fn new(rate: ByteRate) -> Self {
        Self {
            rate,
            taken_until: Mutex::new(None),
        }
    }

    /// Takes room for some bytes; they may pass at that moment.
    fn take(&self, bytes: u64, now: Instant) -> Instant {
        let seconds = bytes as f64 / self.rate.bytes_per_second() as f64;
        // Nothing that another thread could have left half done.
        let mut taken = self
            .taken_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let earliest = now.checked_sub(KEPT).unwrap_or(now);
        let from = taken.map_or(now, |until| until.max(earliest));
        let until = from + Duration::from_secs_f64(seconds);
        *taken = Some(until);
        until
    }
}

impl Bandwidth {
    /// So many bytes a second in each direction, for all clones together; none is no limit.
    pub fn new(rate: Option<ByteRate>) -> Self {
        let limit = |rate| {
            Arc::new(Limit {
                received: Bucket::new(rate),
                sent: Bucket::new(rate),
            })
        };
        Self {
            limits: rate.map(limit).into_iter().collect(),
        }
    }

    /// The limits of both.
    pub(super) fn and(&self, more: &Self) -> Self {
        Self {
            limits: self.limits.iter().chain(&more.limits).cloned().collect(),
        }
    }

    /// Returns when so many bytes may have come.
    pub(super) async fn received(&self, bytes: u64) {
        self.wait(bytes, |limit| &limit.received).await;
    }

    /// Returns when so many bytes may go.
    pub(super) async fn send(&self, bytes: u64) {
        self.wait(bytes, |limit| &limit.sent).await;
    }

    /// As [`Self::received`], for an object that was asked for at once.
    pub(super) async fn received_whole(&self, bytes: u64) {
        if bytes >= SMALL {
            self.received(bytes).await;
        }
    }

    /// As [`Self::send`], for an object that goes at once.
    pub(super) async fn send_whole(&self, bytes: u64) {
        if bytes >= SMALL {
            self.send(bytes).await;
        }
    }

    async fn wait(&self, bytes: u64, direction: impl Fn(&Limit) -> &Bucket) {
        let now = Instant::now();
        let until = self
            .limits
            .iter()
            .map(|limit| direction(limit).take(bytes, now))
            .max();
        if let Some(until) = until {
            tokio::time::sleep_until(until).await;
        }
    }
}

/// The same store with more limits. A directory has none: a disk is no network.
pub(crate) fn limited(store: &Arc<dyn Store>, limit: &Bandwidth) -> Arc<dyn Store> {
    match store.as_cloud() {
        Some(cloud) => Arc::new(cloud.limited(limit)),
        None => store.clone(),
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;

    const PIECE: u64 = 500_000;

    fn limit(text: &str) -> Bandwidth {
        Bandwidth::new(Some(text.parse().unwrap()))
    }

    /// Receives pieces; how long that took.
    async fn receive(bandwidth: &Bandwidth, pieces: usize) -> Duration {
        let started = Instant::now();
        for _ in 0..pieces {
            bandwidth.received(PIECE).await;
        }
        started.elapsed()
    }

    fn about(took: Duration, seconds: f64) -> bool {
        (took.as_secs_f64() - seconds).abs() < 0.1
    }

    #[tokio::test(start_paused = true)]
    async fn all_together_stay_below_the_limit() {
        let bandwidth = limit("10 MB/s");
        let clones: Vec<_> = (0..8).map(|_| bandwidth.clone()).collect();
        let all = join_all(clones.iter().map(|clone| receive(clone, 25))).await;
        let longest = all.iter().max().copied().unwrap();
        assert!(about(longest, 10.), "{all:?}");
        let shortest = all.iter().min().copied().unwrap();
        assert!(shortest.as_secs_f64() > 9., "each gets its share: {all:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn directions_do_not_wait_for_each_other() {
        let bandwidth = limit("10 MB/s");
        let started = Instant::now();
        let sent = async {
            for _ in 0..20 {
                bandwidth.send(PIECE).await;
            }
        };
        futures::join!(receive(&bandwidth, 20), sent);
        assert!(about(started.elapsed(), 1.));
    }

    #[tokio::test(start_paused = true)]
    async fn the_stricter_of_two_limits_holds() {
        let both = limit("10 MB/s").and(&limit("2 MB/s"));
        assert!(about(receive(&both, 20).await, 5.));
        let job = limit("100 MB/s").and(&limit("2 MB/s"));
        assert!(about(receive(&job, 20).await, 5.));
    }

    #[tokio::test(start_paused = true)]
    async fn a_quiet_time_is_not_made_up_for() {
        let bandwidth = limit("10 MB/s");
        receive(&bandwidth, 20).await;
        tokio::time::sleep(Duration::from_mins(1)).await;
        let took = receive(&bandwidth, 20).await;
        assert!(about(took, 0.75), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_held_without_a_limit_and_small_objects_never() {
        assert_eq!(receive(&Bandwidth::default(), 1000).await, Duration::ZERO);
        let strict = limit("1 MB/s");
        let started = Instant::now();
        for _ in 0..100 {
            strict.received_whole(1000).await;
            strict.send_whole(1000).await;
        }
        assert_eq!(started.elapsed(), Duration::ZERO);
        strict.send_whole(1_000_000).await;
        assert!(about(started.elapsed(), 1.));
    }
}
