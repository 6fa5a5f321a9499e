//! The frame of every page: the rail at its side, its head, its dialog, and how it says what went wrong.

mod loaded;
mod page;
mod rail;
mod switches;

pub(crate) use loaded::{loaded, status};
pub(crate) use page::{Page, Plain};
pub(crate) use rail::Section;
