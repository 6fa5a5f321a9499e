//! What binds a line of the audit to the one before it, and the look through all of them.

use std::collections::BTreeMap;

use hozon_model::{AuditLine, AuditProof, AuditQuery};
use serde_json::Value;

use crate::{
    Error, ErrorCode, Result,
    catalog::{AuditHead, Catalog},
};

/// Lines that are looked at together.
const PAGE: u64 = 1000;

/// The hash of a line and of the hash of the line before it (none before the first). Everything in it counts; lengths
/// keep one field from running into the next.
pub(crate) fn hash(before: &str, line: &AuditLine) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("hozon audit line, version 1");
    let json = |value: &Option<Value>| value.as_ref().map(canonical);
    let fields = [
        Some(before.to_owned()),
        Some(line.id.to_string()),
        Some(line.at.as_microsecond().to_string()),
        Some(line.actor.clone()),
        Some(line.origin.clone()),
        Some(line.action.clone()),
        Some(line.target.clone()),
        Some(line.outcome.clone()),
        json(&line.before),
        json(&line.after),
    ];
    for field in fields {
        match field {
            None => hasher.update(&[0]),
            Some(text) => hasher
                .update(&[1])
                .update(&(text.len() as u64).to_le_bytes())
                .update(text.as_bytes()),
        };
    }
    hasher.finalize().to_hex().to_string()
}

/// The same text for the same value, whatever the order its members came in.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let sorted: BTreeMap<_, _> = members.iter().collect();
            let members: Vec<_> = sorted
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        plain => plain.to_string(),
    }
}

/// Looks through the whole audit. With `earlier`, a hash that was the head once must be among the lines.
///
/// # Errors
/// `AuditBroken` names the first line that is missing or was changed.
pub(crate) async fn verify(catalog: &dyn Catalog, earlier: Option<&str>) -> Result<AuditProof> {
    // The head first: lines may be added while we look, and none of those counts against it.
    let head = catalog.audit_head().await?;
    let mut seen = AuditHead::default();
    let mut earlier_seen = earlier.is_none();
    while seen.lines < head.lines {
        let page = catalog
            .audit_after(&AuditQuery::default(), seen.lines, PAGE)
            .await?;
        for line in page.iter().take_while(|line| line.id <= head.lines) {
            if line.id != seen.lines + 1 {
                return Err(missing(seen.lines + 1));
            }
            if line.hash != hash(&seen.hash, line) {
                return Err(broken(
                    line.id,
                    "it, or the line before it, is not what was written",
                ));
            }
            earlier_seen |= earlier == Some(&line.hash);
            seen.lines = line.id;
            seen.hash.clone_from(&line.hash);
        }
        if page.is_empty() || page.last().is_some_and(|last| last.id > head.lines) {
            break;
        }
    }
    if seen.lines < head.lines {
        return Err(missing(seen.lines + 1));
    }
    if seen.hash != head.hash {
        return Err(broken(head.lines, "its hash is not the one that was noted"));
    }
    if !earlier_seen {
        return Err(
            Error::new(ErrorCode::AuditBroken, earlier.unwrap_or_default())
                .because("no line has this hash, so the audit is not the one that had it")
                .hint("compare with an export of that time"),
        );
    }
    Ok(AuditProof {
        lines: head.lines,
        head: head.hash,
    })
}

fn missing(id: u64) -> Error {
    broken(id, "it is missing")
}

fn broken(id: u64, why: &str) -> Error {
    Error::new(ErrorCode::AuditBroken, format!("line {id}"))
        .because(why)
        .hint("compare with an earlier export, and find out who can write to the catalog")
}
