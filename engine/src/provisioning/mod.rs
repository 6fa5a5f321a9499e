//! The provisioning hook: a service or a program of the operator's own that makes a cluster where a restore wants a new one.
//!
//! Hozon makes no clusters; whoever runs it may have something that does. It is asked with one document, again and again
//! under the same request identifier, until it answers with what registers a cluster, or refuses. Its answer holds
//! secrets: nothing of it goes into a log or an error, but the reason that it gives for people to read.

mod answer;
mod program;
mod service;
#[cfg(test)]
mod tests;

use std::{io, path::PathBuf, process::ExitStatus, time::Duration};

use hozon_model::{BackupId, ClusterId, ProjectId};
use jiff::Timestamp;
use serde::Serialize;
use thiserror::Error as ThisError;
use url::Url;

pub(crate) use self::answer::Answer;
use crate::{Error, ErrorCode, Result, accounts::Secret, store::parse_endpoint};

/// The shape of the question; a hook may refuse one that it does not know.
const VERSION: u32 = 1;

/// Bytes of the longest answer that is taken.
const LONGEST: usize = 256 * 1024;

/// Who makes clusters for restores, and how long that may take.
#[derive(Clone, Debug)]
pub struct Provisioning {
    /// Who is asked.
    pub hook: Hook,
    /// How long one answer may take.
    pub answer: Duration,
    /// How long a hook may ask to be asked again, from the first question of a job on.
    pub deadline: Duration,
}

impl Provisioning {
    /// How long one answer may take, where nothing else is said.
    pub const ANSWER: Duration = Duration::from_mins(1);
    /// How long a hook may ask to be asked again, where nothing else is said.
    pub const DEADLINE: Duration = Duration::from_mins(30);

    /// A hook with the time that is usual.
    pub fn of(hook: Hook) -> Self {
        Self {
            hook,
            answer: Self::ANSWER,
            deadline: Self::DEADLINE,
        }
    }
}

/// Who is asked. `Debug` leaves the secret out.
#[derive(Clone, Debug)]
pub enum Hook {
    /// A service, by a POST that is signed.
    Service {
        /// Its address.
        url: Url,
        /// Signs every question, so that the service knows who asks.
        secret: Secret,
    },
    /// A program on this machine, which reads the question and writes the answer.
    Program {
        /// An absolute path.
        path: PathBuf,
        /// What it is always given.
        arguments: Vec<String>,
    },
}

impl Hook {
    /// A service at an address, by the rule for the addresses of stores: the metadata service never, a loopback or
    /// private one only where `private` allows it.
    ///
    /// # Errors
    /// `InvalidInput` for what is no address, holds credentials, or may not be reached. The address is not repeated.
    pub fn service(url: &str, secret: Secret, private: bool) -> Result<Self> {
        match parse_endpoint(url, private) {
            Ok(url) => Ok(Self::Service { url, secret }),
            Err(error) => {
                let report = error.into_report();
                Err(Error::new(ErrorCode::InvalidInput, "provisioning.url")
                    .because(report.detail)
                    .hint("write `https://host:port/path`; a loopback or private address needs `private_endpoints = true` under `[stores]`"))
            }
        }
    }

    /// What it is called in logs and errors: without the path of a service, which may be a secret.
    fn name(&self) -> String {
        match self {
            Self::Service { url, .. } => {
                format!(
                    "the provisioning hook at {}",
                    url.origin().ascii_serialization()
                )
            }
            Self::Program { path, .. } => format!("the provisioning hook {}", path.display()),
        }
    }
}

/// What a hook is told.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Question<'a> {
    /// The same whenever the same cluster is asked for.
    pub(crate) request_id: &'a str,
    pub(crate) project_id: &'a ProjectId,
    pub(crate) project_name: &'a str,
    /// The plan of the project.
    pub(crate) plan: &'a str,
    pub(crate) region_id: &'a str,
    pub(crate) cluster_id: &'a ClusterId,
    pub(crate) cluster_name: &'a str,
    pub(crate) cu_size: u32,
    /// `KEEP`: what was loaded will be; `RELEASE`: nothing will.
    pub(crate) collection_status: &'a str,
    /// `ORIGINAL`: Milvus must be of `milvus_version`; `LATEST`: it may be newer.
    pub(crate) restore_version_policy: &'a str,
    pub(crate) backup_id: &'a BackupId,
    /// Of the cluster that was backed up.
    pub(crate) milvus_version: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    version: u32,
    /// What is old was recorded by somebody, and is sent again.
    sent_at: Timestamp,
    #[serde(flatten)]
    question: &'a Question<'a>,
}

impl Question<'_> {
    /// The document as it is sent now.
    fn document(&self) -> Vec<u8> {
        let document = Document {
            version: VERSION,
            sent_at: Timestamp::now(),
            question: self,
        };
        serde_json::to_vec(&document).expect("texts and numbers are always JSON")
    }
}

/// Why there is no answer that can be used.
#[derive(Debug, ThisError)]
pub(crate) enum Trouble {
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    #[error("it gave no answer within {0:?}")]
    Slow(Duration),
    #[error("it answered with HTTP {0}")]
    Status(u16),
    #[error("it could not be started: {0}")]
    NotStarted(io::Error),
    #[error("talking to it failed: {0}")]
    Broken(io::Error),
    #[error("it ended with {0}")]
    Ended(ExitStatus),
    #[error("its answer is longer than {} bytes", LONGEST)]
    TooLong,
    #[error("its answer {0}")]
    Unreadable(String),
    #[error("it refuses: {0}")]
    Refused(String),
}

impl Trouble {
    fn hint(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "check `url` under `[provisioning]`, and that the service runs",
            Self::Slow(_) => {
                "let it answer `{\"wait\": seconds}` while it works, or raise `answer_seconds`"
            }
            Self::Status(300..=399) => {
                "redirects are not followed: name the address itself as `url` under `[provisioning]`"
            }
            Self::Status(401 | 403) => {
                "check that it knows the secret that `secret_file` under `[provisioning]` holds"
            }
            Self::NotStarted(_) => {
                "check `command` under `[provisioning]`: a program that this user may run"
            }
            Self::Refused(_) => "do what it says, then retry the job",
            Self::Status(_) | Self::Broken(_) | Self::Ended(_) => {
                "look at the hook's own log, then retry the job"
            }
            Self::TooLong | Self::Unreadable(_) => {
                "correct the hook, then retry the job; docs/PROVISIONING.md has the shape of answers"
            }
        }
    }
}

impl Provisioning {
    /// Asks once. `private` is whether a name may lead to a loopback or private address.
    ///
    /// # Errors
    /// `ProvisioningFailed`, on the cluster that was asked for.
    pub(crate) async fn ask(&self, question: &Question<'_>, private: bool) -> Result<Answer> {
        let told = self.answered(question.document(), private).await;
        told.and_then(|bytes| Answer::read(&bytes))
            .map_err(|trouble| {
                Error::new(ErrorCode::ProvisioningFailed, question.cluster_name)
                    .because(format!(
                        "{}, request `{}`: {trouble}",
                        self.hook.name(),
                        question.request_id
                    ))
                    .hint(trouble.hint())
            })
    }

    async fn answered(&self, document: Vec<u8>, private: bool) -> Result<Vec<u8>, Trouble> {
        let asked = async {
            match &self.hook {
                Hook::Service { url, secret } => service::ask(url, secret, document, private).await,
                Hook::Program { path, arguments } => program::ask(path, arguments, &document).await,
            }
        };
        match tokio::time::timeout(self.answer, asked).await {
            Ok(answered) => answered,
            Err(_) => Err(Trouble::Slow(self.answer)),
        }
    }
}
