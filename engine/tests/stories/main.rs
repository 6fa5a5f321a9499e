//! Whole stories on real servers: what an operator does, from registering a cluster to deleting a backup.
//!
//! `make test` starts the servers and names them in `HOZON_TEST_MILVUS_LOCAL` and `HOZON_TEST_MILVUS_S3`.
#![allow(clippy::unwrap_used)]

mod damage;
mod happy;
mod interrupted;
mod refusals;
mod relay;
#[path = "../support/mod.rs"]
mod support;
mod ways;
mod world;
