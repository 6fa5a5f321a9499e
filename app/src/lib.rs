//! Hozon's console: pages, widgets, translations and server functions.
//!
//! Every page is made on the server and works as it arrives: links, and forms that post. What must live
//! in the browser (a running job's progress, a modal dialog, a copy button) is an island, and only
//! islands are compiled to WebAssembly. See `docs/adr/0001-islands.md`.
// Leptos writes `pub` before the properties of every component, whatever the component itself is.
#![allow(unreachable_pub)]
// A component owns its properties, whether or not it uses them up.
#![allow(clippy::needless_pass_by_value)]
// Server functions are asynchronous by their nature, whether or not one of them waits.
#![allow(clippy::unused_async)]
#![recursion_limit = "512"]

pub mod format;
pub mod islands;

#[cfg(feature = "ssr")]
mod actions;
#[cfg(feature = "ssr")]
mod app;
#[cfg(feature = "ssr")]
mod error;
#[cfg(feature = "ssr")]
mod flash;
#[cfg(all(test, feature = "ssr"))]
mod gallery;
#[cfg(feature = "ssr")]
pub mod help;
#[cfg(feature = "ssr")]
mod layout;
#[cfg(feature = "ssr")]
mod made_key;
#[cfg(feature = "ssr")]
mod one_time_link;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod recovery_codes;
#[cfg(feature = "ssr")]
pub mod reference;
#[cfg(feature = "ssr")]
mod rights;
#[cfg(feature = "ssr")]
pub mod session;
#[cfg(feature = "ssr")]
mod text;
#[cfg(feature = "ssr")]
mod visit;
#[cfg(feature = "ssr")]
mod widgets;

#[cfg(feature = "ssr")]
pub use app::{App, shell};
#[cfg(feature = "ssr")]
pub use error::AppError;

/// Makes the browser ready for islands; each is then brought to life by its own function.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
