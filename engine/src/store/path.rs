//! What may be a path in a store: nothing that could name a place outside the root, and none of the names
//! that a store keeps for its own unfinished files.

use crate::{Error, ErrorCode, Result};

/// Unfinished files begin with this, beside their target.
pub(super) const UNFINISHED: &str = ".hozon-part-";

/// Refuses whatever is not a plain relative path.
pub(crate) fn check(path: &str) -> Result<()> {
    match path.split('/').find_map(fault) {
        None => Ok(()),
        Some(fault) => Err(
            Error::new(ErrorCode::InvalidInput, path.escape_default().to_string()).because(fault),
        ),
    }
}

/// The same for prefixes, which are empty or end in `/`.
pub(super) fn check_prefix(prefix: &str) -> Result<()> {
    if prefix.is_empty() {
        return Ok(());
    }
    let Some(path) = prefix.strip_suffix('/') else {
        return Err(Error::new(ErrorCode::InvalidInput, prefix).because("a prefix ends in `/`"));
    };
    check(path)
}

fn fault(segment: &str) -> Option<&'static str> {
    match segment {
        "" => Some("a path has no empty parts and does not begin or end with `/`"),
        "." | ".." => Some("`.` and `..` are not allowed in a path"),
        _ if segment.chars().any(char::is_control) => {
            Some("control characters are not allowed in a path")
        }
        _ if segment.starts_with(UNFINISHED) => Some("names of unfinished files are not allowed"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_pass_in_any_language() {
        for path in [
            "a",
            "data/in01-0/insert_log/1/2/3",
            "備份/集合 一/日本語.json",
            "a..b/...c",
        ] {
            check(path).unwrap();
            check_prefix(&format!("{path}/")).unwrap();
        }
        check_prefix("").unwrap();
    }

    #[test]
    fn nothing_leads_outside() {
        for path in [
            "",
            "/",
            "/etc/passwd",
            "..",
            "../a",
            "a/../b",
            "a/./b",
            "a//b",
            "a/",
            "a\0b",
            "a\nb",
            "a/.hozon-part-1",
        ] {
            assert_eq!(
                check(path).unwrap_err().code(),
                ErrorCode::InvalidInput,
                "{path:?}"
            );
        }
        assert!(check_prefix("a").is_err());
        assert!(check_prefix("../").is_err());
    }
}
