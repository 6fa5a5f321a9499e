//! The routes of a router, read where they are written: a list of calls that lacks one is found out.

use std::collections::BTreeSet;

/// Method and path of every route, from the text of the module that makes the router.
pub(crate) fn routes(source: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for part in source.split(".route(").skip(1) {
        let end = [".route_layer(", ".merge(", ".fallback("]
            .iter()
            .filter_map(|next| part.find(next))
            .min();
        let part = &part[..end.unwrap_or(part.len())];
        let path = part
            .split('"')
            .nth(1)
            .expect("a route begins with its path");
        for method in ["get", "post", "put", "patch", "delete"] {
            let call = format!("{method}(");
            let is_there = part.match_indices(&call).any(|(at, _)| {
                let before = part[..at].chars().next_back();
                !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
            });
            if is_there {
                found.insert((method.to_uppercase(), path.to_owned()));
            }
        }
    }
    assert!(!found.is_empty(), "no route is found");
    found
}
