//! Who acts: people, their sessions, and programs with keys.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Grant, KeyId};

/// A person who can sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The name typed at sign-in.
    pub name: String,
    /// What the user may do.
    pub grants: Vec<Grant>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Whether a password was set; without one only a one-time link signs in.
    pub has_password: bool,
    /// Whether signing in with the password asks for a code of an authenticator app, too.
    #[serde(default)]
    pub has_totp: bool,
    /// Whether an identity provider vouches for this user.
    #[serde(default)]
    pub has_identity: bool,
}

/// Who asks the engine for a change: the audit keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// A user's name, or `cli:<login name>` for a command typed on the server itself.
    pub name: String,
    /// Where the request came from: `console`, `cli`, and an address where there is one.
    pub origin: String,
}

/// A user to make. `Debug` leaves the password out.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct NewUser {
    /// 1 to 64 characters, no space among them.
    pub name: String,
    /// What the user may do.
    #[serde(default)]
    pub grants: Vec<Grant>,
    /// 12 characters at least; without one only a one-time link signs in.
    #[serde(default)]
    pub password: Option<String>,
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser")
            .field("name", &self.name)
            .field("grants", &self.grants)
            .finish_non_exhaustive()
    }
}

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Names the session; nobody can sign in with it.
    pub id: String,
    /// Who is signed in.
    pub user: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it ends, if it is not used before.
    pub expires_at: Timestamp,
    /// From where.
    pub origin: String,
}

/// What lets a program in. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Identifies the key; part of nothing secret.
    pub id: KeyId,
    /// Unique, chosen by whoever made it.
    pub name: String,
    /// What whoever has it may do.
    pub grants: Vec<Grant>,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it stops working; none: never.
    pub expires_at: Option<Timestamp>,
    /// When it was used for the last time, to a minute.
    pub last_used_at: Option<Timestamp>,
}

/// A key to make.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewApiKey {
    /// 1 to 64 characters of any language.
    pub name: String,
    /// What it may do: no more than whoever makes it.
    pub grants: Vec<Grant>,
    /// When it stops working; none: never.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// A key that was made, with its secret, which is shown this once. `Debug` leaves it out.
#[derive(Clone, Serialize, Deserialize)]
pub struct MadeApiKey {
    /// The key.
    #[serde(flatten)]
    pub key: ApiKey,
    /// What a program sends as `Authorization: Bearer …`.
    pub secret: String,
}

impl fmt::Debug for MadeApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MadeApiKey")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
