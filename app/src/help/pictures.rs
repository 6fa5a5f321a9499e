//! Which pictures of the guides there are. The browser tests take them into `public/help`; the build script lists them.

/// Every picture that was taken, as it is served. None at all, or each that a guide names.
pub(super) const TAKEN: &[&str] = include!(concat!(env!("OUT_DIR"), "/pictures.rs"));
