//! The REST APIs: doors to [`hozon_engine::Engine`] for programs that speak another product's language.
//!
//! * [`v1`]: `/api/v1`, the server of milvus-backup, so that its clients need another address and nothing else.
//! * [`v2`]: `/v2`, the control plane of the managed vendor of Milvus.
//! * [`own`]: `/hozon/v1`, what the command line says to a server elsewhere.
//!
//! Handlers decode, ask the engine once or twice, and encode. What is allowed, audited and kept is the engine's to say;
//! nothing here knows pages or a command line.
#![warn(missing_docs)]

mod body;
mod follow;
mod key;
pub mod own;
mod pages;
mod query;
mod served;
pub mod v1;
pub mod v2;

pub use key::Key;
