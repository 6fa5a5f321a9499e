//! The translations as the compiler sees them, made by the build script.
#![allow(
    dead_code,
    unused_imports,
    missing_debug_implementations,
    clippy::all,
    clippy::pedantic
)]

include!(concat!(env!("OUT_DIR"), "/translations.rs"));
