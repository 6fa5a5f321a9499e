//! What the `hozon` binary is made of: its configuration, its command line and its HTTP server.
//!
//! A library, so that tests can drive the router in their own process. All work is done by
//! [`hozon_engine::Engine`]; here are only the doors to it.

pub mod cli;
pub mod config;
pub mod http;
mod logging;
mod milvus_backup;
pub mod oidc;
