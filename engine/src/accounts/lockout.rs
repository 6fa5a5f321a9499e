//! Slows down who guesses passwords or codes, whatever front they use and however often the server starts.
//!
//! Counted by the hash of the name that was typed, whether there is such a user or not, so that nothing can be told from
//! it. An owner whose name is under attack gets in by a one-time link meanwhile.

use jiff::{SignedDuration, Timestamp};

use crate::{Engine, Error, ErrorCode, Result, catalog::SignInFailures};

/// Wrong passwords and codes in a row that cost nothing.
const FREE: u64 = 10;
/// Nobody waits for longer.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);
/// After so long without an attempt all is forgotten.
const MEMORY: SignedDuration = SignedDuration::from_hours(24);

/// How long to wait after the last attempt: doubled by each one that was not free.
fn wait(failures: u64) -> SignedDuration {
    match failures.checked_sub(FREE) {
        None => SignedDuration::ZERO,
        Some(more) => {
            let seconds = 1_i64.checked_shl(more.min(30) as u32).unwrap_or(i64::MAX);
            SignedDuration::from_secs(seconds).min(LONGEST)
        }
    }
}

/// How long is left of that.
fn left(failures: SignInFailures, now: Timestamp) -> SignedDuration {
    let passed = now.duration_since(failures.last_at);
    if passed >= MEMORY {
        return SignedDuration::ZERO;
    }
    (wait(failures.count) - passed).max(SignedDuration::ZERO)
}

fn hashed(name: &str) -> String {
    let hash = blake3::derive_key("hozon sign-in name, version 1", name.as_bytes());
    blake3::Hash::from_bytes(hash).to_hex().to_string()
}

impl Engine {
    /// Refuses (`SignInLocked`) an attempt that comes too soon.
    pub(super) async fn refuse_locked(&self, name: &str, now: Timestamp) -> Result<()> {
        let failures = self.catalog().sign_in_failures(&hashed(name)).await?;
        let left = failures.map_or(SignedDuration::ZERO, |failures| left(failures, now));
        if left.is_zero() {
            return Ok(());
        }
        let seconds = left.as_secs() + i64::from(left.subsec_nanos() > 0);
        Err(Error::new(ErrorCode::SignInLocked, "")
            .because(format!("wait for {seconds} s"))
            .hint("sign in with a one-time link, or try again then"))
    }

    /// Counts a wrong password or code.
    pub(super) async fn count_failure(&self, name: &str, now: Timestamp) -> Result<()> {
        self.catalog()
            .add_sign_in_failure(&hashed(name), now, now - MEMORY)
            .await
    }

    /// Somebody came in.
    pub(super) async fn forget_failures(&self, name: &str) -> Result<()> {
        self.catalog().forget_sign_in_failures(&hashed(name)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_a_quarter_of_an_hour() {
        for (failures, seconds) in [
            (0, 0),
            (FREE - 1, 0),
            (FREE, 1),
            (FREE + 1, 2),
            (FREE + 5, 32),
            (FREE + 9, 512),
            (FREE + 10, 900),
            (u64::MAX, 900),
        ] {
            assert_eq!(wait(failures).as_secs(), seconds, "{failures}");
        }
    }

    #[test]
    fn time_heals() {
        let last_at = Timestamp::now();
        let failures = SignInFailures {
            count: FREE + 3,
            last_at,
        };
        for (seconds, still) in [(0, 8), (3, 5), (8, 0), (9, 0), (-60, 68)] {
            let now = last_at + SignedDuration::from_secs(seconds);
            assert_eq!(left(failures, now).as_secs(), still);
        }
        let long = SignInFailures {
            count: u64::MAX,
            ..failures
        };
        assert!(left(long, last_at + MEMORY).is_zero());
    }
}
