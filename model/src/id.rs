//! Identifiers. To everybody but the engine that makes them they are opaque text.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes text as it is; whether it names anything is the catalog's to say.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text of the identifier.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self(text.to_owned()))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    };
}

identifier! {
    /// A backup: `backup0_` (cluster or database) or `backup11_` (chosen collections) and 15 hexadecimal digits.
    BackupId
}
identifier! {
    /// A registered cluster: `in01-` and 15 hexadecimal digits.
    ClusterId
}
identifier! {
    /// A job: `job-` and 22 lower-case letters and digits.
    JobId
}
identifier! {
    /// A project: `proj-` and 22 hexadecimal digits.
    ProjectId
}

impl ProjectId {
    /// The project that is always there, and that everything belongs to that names no other.
    pub const DEFAULT: &str = "proj-0000000000000000000000";
}

impl Default for ProjectId {
    /// The project that is always there.
    fn default() -> Self {
        Self::new(Self::DEFAULT)
    }
}

identifier! {
    /// An API key: `key-` and 22 lower-case letters and digits. It is no secret.
    KeyId
}
identifier! {
    /// An integration: `integ-` and 19 lower-case letters and digits.
    IntegrationId
}
