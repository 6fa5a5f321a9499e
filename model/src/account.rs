//! Who acts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a user may do. One role so far; the permission table grows from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Owns the organization and may do everything.
    OrganizationOwner,
}

/// A person who can sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The name typed at sign-in.
    pub name: String,
    /// What the user may do.
    pub role: Role,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Whether a password was set; without one only a one-time link signs in.
    pub has_password: bool,
}

/// Who asks the engine for a change: the audit keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// A user's name, or `cli:<login name>` for a command typed on the server itself.
    pub name: String,
    /// Where the request came from: `console`, `cli`, and an address where there is one.
    pub origin: String,
}
