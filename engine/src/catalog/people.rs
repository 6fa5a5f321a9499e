//! What is kept of those who come in, and of what they did.

use jiff::Timestamp;

/// One line of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// From where.
    pub origin: String,
    /// What: `cluster.add`, `backup.create` …
    pub action: String,
    /// On what.
    pub target: String,
    /// `ok`, or the code of the error.
    pub outcome: String,
    /// What was there before.
    pub before: Option<serde_json::Value>,
    /// What is there now.
    pub after: Option<serde_json::Value>,
}

/// How far the audit is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditHead {
    /// How many lines there must be.
    pub lines: u64,
    /// The hash of the last one; empty before the first.
    pub hash: String,
}

/// Wrong passwords in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInFailures {
    /// How many.
    pub count: u64,
    /// When the last one was tried.
    pub last_at: Timestamp,
}

/// What lets somebody in: a session's cookie or a one-time link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Hash of the secret, hexadecimal.
    pub hash: String,
    /// Whether it is a link (used once) or a session.
    pub is_link: bool,
    /// Whom it lets in.
    pub user: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it runs out.
    pub expires_at: Timestamp,
    /// From where it was made.
    pub origin: String,
}

/// The secret that a user's authenticator app shares, as it is kept. `Debug` shows how it is sealed, not what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptTotp {
    /// The sealed secret.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub begun_at: Timestamp,
    /// Whether a code of it was typed once; until then nobody is asked for one.
    pub confirmed: bool,
}

/// Somebody between the two steps of signing in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondStep {
    /// Hash of the secret that their browser holds, hexadecimal.
    pub hash: String,
    /// Whose password was right.
    pub user: String,
    /// When they must begin again.
    pub expires_at: Timestamp,
}
