//! `/api/v1` as clients of milvus-backup see it, on a real engine; one test on a real Milvus, named in
//! `HOZON_TEST_MILVUS_LOCAL`.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod answers;
mod drop_in;
#[path = "../../../engine/tests/repository_world/mod.rs"]
mod repository_world;
#[path = "../../../engine/tests/support/mod.rs"]
mod support;
mod world;
