//! One rich public error for everything the engine does.
//!
//! Whoever raises it knows what failed, on what, and why; advice is given where it is known.
//! The console translates by [`ErrorCode`], the CLI prints it as it stands, a job keeps its report.

use std::{error::Error as StdError, fmt};

pub use hozon_model::{ErrorCode, ErrorReport};

/// The engine's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What failed, on what, why, and what to do.
#[derive(Debug)]
pub struct Error {
    report: Box<ErrorReport>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// What failed on what. Add why with [`Self::because`] or [`Self::caused_by`].
    pub fn new(code: ErrorCode, subject: impl Into<String>) -> Self {
        Self {
            report: Box::new(ErrorReport {
                code,
                subject: subject.into(),
                detail: String::new(),
                hint: String::new(),
            }),
            source: None,
        }
    }

    /// Says why, in words.
    #[must_use]
    pub fn because(mut self, detail: impl Into<String>) -> Self {
        self.report.detail = detail.into();
        self
    }

    /// Says why, by the error that was met. Its text, with its own causes, becomes the detail.
    #[must_use]
    pub fn caused_by(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        let mut text = source.to_string();
        let mut cause = source.source();
        while let Some(error) = cause {
            let more = error.to_string();
            if !text.contains(&more) {
                text.push_str(": ");
                text.push_str(&more);
            }
            cause = error.source();
        }
        self.report.detail = text;
        self.source = Some(Box::new(source));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.report.hint = hint.into();
        self
    }

    /// What failed.
    pub fn code(&self) -> ErrorCode {
        self.report.code
    }

    /// The part that can be stored, translated and sent.
    pub fn report(&self) -> &ErrorReport {
        &self.report
    }

    /// Gives the report away.
    pub fn into_report(self) -> ErrorReport {
        *self.report
    }
}

impl From<ErrorReport> for Error {
    fn from(report: ErrorReport) -> Self {
        Self {
            report: Box::new(report),
            source: None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.report.fmt(f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}
