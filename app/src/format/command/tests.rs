//! What the tests of all commands begin with.

use super::{Verb, line};

/// The command for fields that are written down.
pub(super) fn said(verb: Verb, pairs: &[(&str, &str)]) -> String {
    let fields = pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    line(verb, &fields)
}
