//! Recovery codes: each stands in for a code of the app once, should the phone be lost. They are random and long (80
//! bits), so the catalog keeps a plain fast hash of each.

use crate::{Result, id};

/// So many are made at a time.
const CODES: usize = 10;
/// 5 bits each.
const LETTERS: usize = 16;
/// They are written in groups of so many.
const GROUP: usize = 4;

/// New codes, as people write them down: `abcd-efgh-ijkl-mnop`.
pub(super) fn new_codes() -> Result<Vec<String>> {
    (0..CODES)
        .map(|_| Ok(grouped(&id::secret(LETTERS)?)))
        .collect()
}

fn grouped(letters: &str) -> String {
    let mut code = String::new();
    for (place, letter) in letters.chars().enumerate() {
        if place > 0 && place.is_multiple_of(GROUP) {
            code.push('-');
        }
        code.push(letter);
    }
    code
}

/// What the catalog keeps of a code, in the plain form of [`super::code::plain`].
pub(super) fn hash(user: &str, plain: &str) -> String {
    let whose = format!("{user}\n{plain}");
    let hash = blake3::derive_key("hozon recovery code, version 1", whose.as_bytes());
    blake3::Hash::from_bytes(hash).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::accounts::code;

    #[test]
    fn codes_are_many_different_and_easy_to_read() {
        let codes = new_codes().unwrap();
        let different: BTreeSet<_> = codes.iter().collect();
        assert_eq!(different.len(), CODES);
        for written in &codes {
            assert_eq!(written.len(), 19, "{written}");
            assert_eq!(code::plain(written).len(), LETTERS);
            assert!(!code::is_of_app(&code::plain(written)));
        }
    }

    #[test]
    fn a_code_is_one_users() {
        assert_eq!(hash("alice", "abcd"), hash("alice", "abcd"));
        assert_ne!(hash("alice", "abcd"), hash("bob", "abcd"));
        assert_ne!(hash("alice", "abcd"), hash("alice", "abce"));
    }
}
