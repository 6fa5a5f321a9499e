//! Jobs through real queues on a real catalog file: workers that stop, die, lose their lease or race each other.
#![allow(clippy::unwrap_used)]

mod bad_ends;
mod cancel;
mod lease;
mod runner;
mod watch;
mod work;
