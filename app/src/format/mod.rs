//! Amounts as text, the same on the server and in an island.
//!
//! English, Japanese and Chinese group digits and write decimals alike, so none of this needs a locale;
//! words around a number come from the translations.

pub mod call;
pub mod command;
mod form;
mod place;
mod size;

pub use place::place_url;
pub use size::{count, duration, size};
