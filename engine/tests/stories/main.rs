//! Whole stories on real servers: what an operator does, from registering a cluster to deleting a backup.
//!
//! `make test` starts the servers and names them in `HOZON_TEST_MILVUS_LOCAL` and `HOZON_TEST_MILVUS_S3`.
#![allow(clippy::unwrap_used)]

mod adoption;
mod adoption_repository;
mod copies;
mod damage;
mod edited;
mod exports;
mod happy;
mod integrations;
mod interrupted;
mod outside;
mod refusals;
mod relay;
#[path = "../support/mod.rs"]
mod support;
mod ways;
mod world;
