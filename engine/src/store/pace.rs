//! Moves many files, as many at a time as goes best: the [gauge](super::gauge) learns it while they move. Memory stays
//! bounded however many that are, because long files count for what of them may be held here.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use futures::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::{
    Store,
    gauge::{Gauge, Limits, Window},
};
use crate::{Error, Result};

/// One disk gains nothing from more, and never asks for fewer.
const ON_A_DISK: Limits = Limits {
    start: 4,
    least: 4,
    most: 4,
};
/// Each file waits for a network.
const OVER_A_NETWORK: Limits = Limits {
    start: 16,
    least: 2,
    most: 64,
};
/// Nothing of a file is held here while a service copies it.
const BY_A_SERVICE: Limits = Limits {
    start: 32,
    least: 4,
    most: 128,
};

/// Of one file so much may be held: parts that are on their way, and the one that fills.
const HELD_OF_ONE: u64 = 32 << 20;
/// Of all files together.
const HELD: u64 = 512 << 20;

/// How often it is looked whether there is something to decide.
const LOOK: Duration = Duration::from_millis(500);

/// How many files are on their way at a time between some stores. One of them serves a whole job, so that what was
/// learnt of the first collection holds for the next.
pub struct Pace {
    refusals: Box<dyn Fn() -> u64 + Send + Sync>,
    bytes: AtomicU64,
    state: Mutex<State>,
}

struct State {
    gauge: Gauge,
    window: Window,
    since: Instant,
    bytes_before: u64,
    refusals_before: u64,
    refusals_at_first: u64,
    highest: usize,
}

impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pace")
            .field("at_once", &self.at_once())
            .finish_non_exhaustive()
    }
}

impl Pace {
    /// The pace of files between these stores.
    pub fn of(stores: &[&Arc<dyn Store>]) -> Self {
        let local = stores.iter().all(|store| store.as_local().is_some());
        Self::between(if local { ON_A_DISK } else { OVER_A_NETWORK }, stores)
    }

    /// The pace of copies that one service makes.
    pub(super) fn by_a_service(stores: &[&Arc<dyn Store>]) -> Self {
        Self::between(BY_A_SERVICE, stores)
    }

    fn between(limits: Limits, stores: &[&Arc<dyn Store>]) -> Self {
        let stores: Vec<_> = stores.iter().copied().cloned().collect();
        Self::new(limits, move || {
            stores.iter().map(|store| store.throttled()).sum()
        })
    }

    fn new(limits: Limits, refusals: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        let refusals_before = refusals();
        Self {
            refusals: Box::new(refusals),
            bytes: AtomicU64::new(0),
            state: Mutex::new(State {
                gauge: Gauge::new(limits),
                window: Window::default(),
                since: Instant::now(),
                bytes_before: 0,
                refusals_before,
                refusals_at_first: refusals_before,
                highest: limits.start,
            }),
        }
    }

    /// How many files may be on their way now.
    pub fn at_once(&self) -> usize {
        self.state().gauge.at_once()
    }

    /// Tells of bytes as they arrive.
    pub fn passed(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Relaxed);
    }

    /// For a job's log: how many files were on their way at most, and how often a service asked for fewer requests.
    pub fn told(&self) -> String {
        let (highest, first) = {
            let state = self.state();
            (state.highest, state.refusals_at_first)
        };
        match (self.refusals)().saturating_sub(first) {
            0 => format!("up to {highest} files at a time"),
            refused => {
                format!("up to {highest} files at a time, asked {refused} times to be slower")
            }
        }
    }

    /// Between two runs nothing moves, and that says nothing.
    fn begin(&self) {
        let mut state = self.state();
        self.fresh(&mut state, Instant::now());
    }

    fn fresh(&self, state: &mut State, now: Instant) {
        state.window = Window {
            full: true,
            ..Window::default()
        };
        state.since = now;
        state.bytes_before = self.bytes.load(Relaxed);
        state.refusals_before = (self.refusals)();
    }

    /// Something else than the number keeps more files from being begun.
    fn not_full(&self) {
        self.state().window.full = false;
    }

    fn ended(&self) {
        self.state().window.files += 1;
    }

    fn look(&self, now: Instant) {
        let (bytes, refusals) = (self.bytes.load(Relaxed), (self.refusals)());
        let mut state = self.state();
        let window = Window {
            lasted: now.duration_since(state.since),
            bytes: bytes.saturating_sub(state.bytes_before),
            refusals: refusals.saturating_sub(state.refusals_before),
            ..state.window
        };
        if state.gauge.take(&window) {
            state.highest = state.highest.max(state.gauge.at_once());
            self.fresh(&mut state, now);
        }
    }

    /// A panic elsewhere leaves the numbers as good as they were.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs `work` on every item, as many at a time as the pace says, until one fails. `size` says how many bytes of an
/// item pass through this process. Results come in the order in which items end. Items are taken from the iterator only
/// when there is room, so memory does not grow with their number.
pub(crate) fn at_pace<'a, T, R>(
    items: impl Iterator<Item = T> + Send + 'a,
    pace: &'a Pace,
    size: impl Fn(&T) -> u64 + Send + 'a,
    work: impl Fn(T) -> BoxFuture<'a, Result<R>> + Send + 'a,
) -> BoxFuture<'a, Result<Vec<R>>>
where
    T: Send + 'a,
    R: Send + 'a,
{
    async move {
        let mut items = items;
        let mut next = items.next();
        let mut under_way = FuturesUnordered::new();
        let (mut held, mut done) = (0_u64, Vec::new());
        let mut looks = interval_at(Instant::now() + LOOK, LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        pace.begin();
        loop {
            while under_way.len() < pace.at_once()
                && let Some(item) = next.take_if(|item| {
                    under_way.is_empty() || held + size(&*item).min(HELD_OF_ONE) <= HELD
                })
            {
                let holds = size(&item).min(HELD_OF_ONE);
                held += holds;
                under_way.push(work(item).map(move |done| (holds, done)));
                next = items.next();
            }
            if under_way.len() < pace.at_once() {
                pace.not_full();
            }
            tokio::select! {
                // First, or files that end all the time would keep it from ever being looked at.
                biased;
                now = looks.tick() => pace.look(now),
                ended = under_way.next() => match ended {
                    None => return Ok::<Vec<R>, Error>(done),
                    Some((holds, result)) => {
                        held -= holds;
                        done.push(result?);
                        pace.ended();
                    }
                },
            }
        }
    }
    .boxed()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::ErrorCode;

    const SMALL: Limits = Limits {
        start: 4,
        least: 1,
        most: 32,
    };

    fn quiet(limits: Limits) -> Pace {
        Pace::new(limits, || 0)
    }

    /// How many are on their way, and how many were at most.
    #[derive(Default)]
    struct Crowd {
        now: AtomicUsize,
        most: AtomicUsize,
    }

    impl Crowd {
        async fn stay(&self, time: Duration) {
            let now = self.now.fetch_add(1, Relaxed) + 1;
            self.most.fetch_max(now, Relaxed);
            tokio::time::sleep(time).await;
            self.now.fetch_sub(1, Relaxed);
        }

        fn most(&self) -> usize {
            self.most.load(Relaxed)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn more_are_begun_while_that_moves_more() {
        let (pace, crowd) = (quiet(SMALL), Crowd::default());
        let done = at_pace(
            0..4000,
            &pace,
            |_| 1000,
            |item| {
                let (pace, crowd) = (&pace, &crowd);
                async move {
                    crowd.stay(Duration::from_millis(100)).await;
                    pace.passed(1000);
                    Ok(item)
                }
                .boxed()
            },
        )
        .await
        .unwrap();
        assert_eq!(done.len(), 4000);
        assert_eq!(done.iter().sum::<u32>(), (0..4000).sum::<u32>());
        assert_eq!(crowd.most(), 32);
        assert_eq!(pace.told(), "up to 32 files at a time");
    }

    #[tokio::test(start_paused = true)]
    async fn fewer_are_begun_when_a_service_refuses() {
        let refused = Arc::new(AtomicU64::new(0));
        let counted = refused.clone();
        let pace = Pace::new(OVER_A_NETWORK, move || counted.load(Relaxed));
        let crowd = Crowd::default();
        at_pace(
            0..2000,
            &pace,
            |_| 1000,
            |_| {
                let (crowd, refused) = (&crowd, &refused);
                async move {
                    crowd.stay(Duration::from_millis(100)).await;
                    if crowd.now.load(Relaxed) > 5 {
                        refused.fetch_add(1, Relaxed);
                    }
                    Ok(())
                }
                .boxed()
            },
        )
        .await
        .unwrap();
        assert_eq!(crowd.most(), 16, "it begins with so many");
        assert!(pace.at_once() <= 8, "{pace:?}");
        assert!(pace.told().contains("times to be slower"));
    }

    #[tokio::test(start_paused = true)]
    async fn long_files_are_fewer_at_a_time() {
        let (pace, crowd) = (quiet(OVER_A_NETWORK), Crowd::default());
        let long = Limits {
            start: 40,
            ..OVER_A_NETWORK
        };
        for (limits, size, most) in [
            (long, 1 << 30, 16),
            (long, 1 << 20, 40),
            (ON_A_DISK, 1 << 30, 4),
        ] {
            let (pace, crowd) = (quiet(limits), Crowd::default());
            at_pace(
                0..100,
                &pace,
                move |_| size,
                |_| {
                    let crowd = &crowd;
                    async move {
                        crowd.stay(Duration::from_millis(1)).await;
                        Ok(())
                    }
                    .boxed()
                },
            )
            .await
            .unwrap();
            assert_eq!(crowd.most(), most, "{size}");
        }
        let none: Vec<()> = at_pace(
            0..0,
            &pace,
            |_| 0,
            |_| {
                let crowd = &crowd;
                async move {
                    crowd.stay(LOOK).await;
                    Ok(())
                }
                .boxed()
            },
        )
        .await
        .unwrap();
        assert!(none.is_empty() && crowd.most() == 0);
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_failure_ends_it() {
        let (pace, begun) = (quiet(SMALL), AtomicUsize::new(0));
        let result = at_pace(
            0..1000,
            &pace,
            |_| 1,
            |item| {
                let begun = &begun;
                async move {
                    begun.fetch_add(1, Relaxed);
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    if item == 10 {
                        return Err(Error::new(ErrorCode::StorageFull, "disk"));
                    }
                    Ok(())
                }
                .boxed()
            },
        )
        .await;
        assert_eq!(result.unwrap_err().code(), ErrorCode::StorageFull);
        assert!(begun.load(Relaxed) < 20);
    }
}
