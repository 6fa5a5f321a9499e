//! The configuration's `[provisioning]`: who makes a cluster where a restore wants a new one.

use std::{ops::RangeInclusive, path::PathBuf};

use hozon_engine::{
    Error,
    accounts::Secret,
    provisioning::{Hook, Provisioning},
};
use serde::Deserialize;

use super::{
    resolve::{Environment, absolute, path, read_secret, seconds},
    unacceptable,
};

const ANSWER_SECONDS: RangeInclusive<u64> = 1..=600;
const DEADLINE_SECONDS: RangeInclusive<u64> = 1..=86_400;
/// The shortest secret that nobody guesses, in bytes.
const SHORTEST_SECRET: usize = 16;

/// The table as it stands in the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Contents {
    url: Option<String>,
    pub(super) secret_file: Option<PathBuf>,
    /// The program, and what it is always given.
    pub(super) command: Option<Vec<String>>,
    answer_seconds: Option<u64>,
    deadline_seconds: Option<u64>,
}

impl Contents {
    /// The hook, if one is named. `private` is whether a service may be at a loopback or private address.
    pub(super) fn hook(
        self,
        environment: Environment<'_>,
        private: bool,
    ) -> Result<Option<Provisioning>, Error> {
        let url = environment("HOZON_PROVISIONING_URL").or(self.url);
        let hook = match (url, self.command) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => {
                return Err(
                    unacceptable("provisioning", "both `url` and `command` are set")
                        .hint("set the one that is to be asked"),
                );
            }
            (Some(url), None) => {
                let file = path(
                    environment,
                    "HOZON_PROVISIONING_SECRET_FILE",
                    self.secret_file,
                )?;
                let secret = match (environment("HOZON_PROVISIONING_SECRET"), file) {
                    (Some(secret), _) => secret,
                    (None, Some(file)) => read_secret(&file)?,
                    (None, None) => String::new(),
                };
                if secret.len() < SHORTEST_SECRET {
                    return Err(unacceptable(
                        "provisioning.secret_file",
                        format!("the service at `url` needs a secret of {SHORTEST_SECRET} bytes or more, which signs what it is asked"),
                    )
                    .hint("make one with `openssl rand -hex 32`, name its file here, and give it to the service"));
                }
                Hook::service(&url, Secret::new(secret), private)?
            }
            (None, Some(command)) => program(command)?,
        };
        let mut provisioning = Provisioning::of(hook);
        if let Some(answer) = seconds("answer_seconds", &ANSWER_SECONDS, self.answer_seconds)? {
            provisioning.answer = answer;
        }
        if let Some(deadline) =
            seconds("deadline_seconds", &DEADLINE_SECONDS, self.deadline_seconds)?
        {
            provisioning.deadline = deadline;
        }
        Ok(Some(provisioning))
    }
}

fn program(command: Vec<String>) -> Result<Hook, Error> {
    let mut words = command.into_iter();
    let program = words.next().filter(|program| !program.is_empty());
    let program = program.ok_or_else(|| {
        unacceptable("provisioning.command", "it names no program")
            .hint("write it like `[\"/usr/local/bin/make-milvus\", \"--production\"]`")
    })?;
    Ok(Hook::Program {
        path: absolute(&PathBuf::from(program))?,
        arguments: words.collect(),
    })
}
