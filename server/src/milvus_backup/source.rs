//! Where a value came from, and what is wrong with it.

use std::fmt;

use serde::Serialize;

/// Where a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Source {
    /// A line of the file.
    Line(usize),
    /// A variable of the environment.
    Variable(&'static str),
    /// milvus-backup's default.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Variable(name) => f.write_str(name),
            Self::Default => f.write_str("default"),
        }
    }
}

/// Something that is not acceptable. Never repeats a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    source: Source,
    /// Empty where it is not about a key.
    key: String,
    why: String,
}

impl Problem {
    pub(super) fn new(source: Source, key: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            source,
            key: key.into(),
            why: why.into(),
        }
    }

    pub(super) fn at(line: usize, key: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(Source::Line(line), key, why)
    }

    /// Whether nobody wrote what is wrong.
    pub(super) fn is_about_a_default(&self) -> bool {
        self.source == Source::Default
    }

    /// The line it is on; 0 for what is not in the file.
    pub(super) fn line(&self) -> usize {
        match self.source {
            Source::Line(line) => line,
            Source::Variable(_) | Source::Default => 0,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, key, why } = self;
        match (source, key.as_str()) {
            (source, "") => write!(f, "{source}: {why}"),
            (Source::Default, key) => write!(f, "`{key}`, which is not set: {why}"),
            (Source::Variable(name), key) => write!(f, "variable `{name}`, for `{key}`: {why}"),
            (Source::Line(line), key) => write!(f, "line {line}: `{key}`: {why}"),
        }
    }
}
