//! What somebody sees who types `hozon …`: every text under a snapshot, every exit code checked.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod access;
mod export;
mod import;
mod json;
mod lists;
mod policy;
mod refusals;
mod remote;
mod story;
mod world;
