//! What somebody sees who types `hozon …`: every text under a snapshot, every exit code checked.

mod json;
mod lists;
mod refusals;
mod story;
mod world;
