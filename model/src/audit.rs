//! Who did what, from where, on what, and what came of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A line of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Counts from 1, without gaps.
    pub id: u64,
    /// When.
    pub at: Timestamp,
    /// Who: a user's name, `key:<name>`, `cli:<login name>`, `policy`.
    pub actor: String,
    /// From where.
    pub origin: String,
    /// What: `cluster.add`, `backup.create` …
    pub action: String,
    /// On what.
    pub target: String,
    /// `ok`, or the code of the error.
    pub outcome: String,
    /// What was there before, where something was changed or removed.
    pub before: Option<serde_json::Value>,
    /// What is there now, where something was made or changed.
    pub after: Option<serde_json::Value>,
    /// Of this line and of the hash of the line before it, hexadecimal.
    pub hash: String,
}

/// A line of the audit, and what it was bound to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundAuditLine {
    /// The line.
    pub line: AuditLine,
    /// The hash of the line before it; none for the first line, and where the line before is missing.
    pub hash_before: Option<String>,
}

/// Which lines of the audit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// Only by this actor.
    pub actor: Option<String>,
    /// Only this action (`backup.create`), or every action on a kind of thing (`backup`).
    pub action: Option<String>,
    /// Only on this target.
    pub target: Option<String>,
    /// Only with this outcome: `ok`, the code of an error, or `failed` for everything but `ok`.
    pub outcome: Option<String>,
    /// Only from this moment on.
    pub since: Option<Timestamp>,
    /// Only before this moment.
    pub until: Option<Timestamp>,
    /// From 1; 0 means 1.
    pub page: u64,
    /// 1 to 100; 0 means 25.
    pub page_size: u64,
}

/// What a look through the whole audit found: every line is there, and none was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditProof {
    /// How many lines there are.
    pub lines: u64,
    /// The hash of the last one. Whoever keeps it elsewhere can prove later that nothing before it was changed.
    pub head: String,
}
