//! milvus-backup's configuration, read as milvus-backup reads it, and what Hozon makes of it.
//!
//! Text to dotted keys with their lines ([`yaml`]), checked against the keys of the file's version ([`keys`]) and completed
//! from environment and defaults ([`ledger`]), to a plan ([`plan`]). Nothing is asked of a server, and nothing is
//! changed: that is for whoever carries the plan out.

mod keys;
mod ledger;
mod plan;
mod settings;
mod source;
mod storage;
#[cfg(test)]
mod tests;
mod v1;
mod v2;
mod yaml;

use hozon_engine::{Error, ErrorCode};
use hozon_model::{NewCluster, NewIntegration};

pub(crate) use self::{
    keys::Version,
    ledger::{Left, Taken},
    settings::SettingsFile,
};
use self::{ledger::Ledger, source::Problem};

/// What things are to be called here: milvus-backup has no names for them.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub(crate) cluster: String,
    pub(crate) integration: String,
    pub(crate) project: Option<String>,
}

/// What becomes of a configuration.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) version: Version,
    pub(crate) taken: Vec<Taken>,
    pub(crate) left: Vec<Left>,
    /// What else should be known.
    pub(crate) notes: Vec<String>,
    pub(crate) cluster: NewCluster,
    pub(crate) integration: NewIntegration,
    pub(crate) settings: SettingsFile,
}

/// Reads a configuration; `file` is what messages call it.
///
/// # Errors
/// `InvalidInput` with everything that is wrong, each with its line and key. No secret is repeated.
pub(crate) fn read(
    file: &str,
    text: &str,
    environment: &dyn Fn(&str) -> Option<String>,
    names: &Names,
) -> Result<Plan, Error> {
    yaml::flatten(text)
        .map_err(|problem| vec![problem])
        .and_then(|entries| Ledger::new(&entries, environment))
        .and_then(|ledger| plan::plan(ledger, environment, names))
        .map_err(|problems| unacceptable(file, &problems))
}

fn unacceptable(file: &str, problems: &[Problem]) -> Error {
    let why = match problems {
        [problem] => problem.to_string(),
        problems => {
            let lines: Vec<String> = problems
                .iter()
                .map(|problem| format!("\n  {problem}"))
                .collect();
            format!("{} things are wrong:{}", problems.len(), lines.concat())
        }
    };
    Error::new(ErrorCode::InvalidInput, file)
        .because(why)
        .hint("correct it and run this again; nothing was changed")
}
