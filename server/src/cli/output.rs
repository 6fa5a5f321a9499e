//! What a command says: the answer on stdout, everything else on stderr.
//!
//! With `--json` stdout carries exactly one document: the answer, or `{"error": …}`.

use std::io::{self, Write};

use hozon_engine::{Error, ErrorCode, ErrorReport};
use hozon_model::JobSummary;
use serde::Serialize;

use super::exit::{Exit, Failure};

/// Where answers go, and in which form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    pub(crate) json: bool,
}

#[derive(Serialize)]
struct ErrorDocument<'a> {
    error: &'a ErrorReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<&'a JobSummary>,
}

impl Output {
    /// Prints the answer: the document with `--json`, otherwise the text made for people.
    pub(crate) fn answer<T: Serialize>(
        self,
        document: &T,
        text: impl FnOnce(&T) -> String,
    ) -> Result<(), Failure> {
        if self.json {
            let json = serde_json::to_string_pretty(document)
                .map_err(|error| Error::new(ErrorCode::Internal, "JSON").caused_by(error))?;
            print(&json)
        } else {
            print(text(document).trim_end())
        }
    }

    /// Tells people something that is not part of the answer.
    pub(crate) fn note(self, text: &str) {
        if !self.json {
            say(text);
        }
    }

    /// Tells people what can be done next.
    pub(crate) fn hint(self, text: &str) {
        if !self.json {
            say_hint(text);
        }
    }

    /// Says why it did not end well.
    pub(crate) fn failure(self, failure: &Failure) {
        let Failure::Told { report, job } = failure else {
            return;
        };
        say(&format!("{RED}error{RESET}: {report}"));
        for line in report.hint.lines() {
            say_hint(line);
        }
        if self.json {
            error_document(report, job.as_deref());
        }
    }
}

/// Prints `{"error": …}`, with the job it happened in.
pub(crate) fn error_document(error: &ErrorReport, job: Option<&JobSummary>) {
    if let Ok(json) = serde_json::to_string_pretty(&ErrorDocument { error, job }) {
        // A closed stdout cannot be told anything, and the exit code says the rest.
        let _closed = print(&json);
    }
}

/// Prints a line to stdout. Whoever closes the pipe early (`| head`) has seen enough: no error.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    let written = if text.is_empty() {
        Ok(())
    } else {
        writeln!(stdout, "{text}")
    };
    match written.and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::Silent(Exit::Ok)),
        Err(error) => Err(Error::new(ErrorCode::Internal, "stdout")
            .caused_by(error)
            .into()),
    }
}

fn say_hint(text: &str) {
    say(&format!("{CYAN}hint{RESET}: {text}"));
}

fn say(text: &str) {
    // Nobody is left to be told that stderr is closed.
    let _closed = writeln!(anstream::stderr(), "{text}");
}

pub(crate) const RESET: &str = "\x1b[0m";
pub(crate) const BOLD: &str = "\x1b[1m";
const RED: &str = "\x1b[1;31m";
const CYAN: &str = "\x1b[1;36m";
