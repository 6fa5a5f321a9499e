//! What a service answers, in the engine's words: one mapping for all, with the few words that differ in
//! [`says`](Service::says). Only the answer's code and message are repeated, never a request: a request carries
//! signatures.

use std::error::Error as StdError;

use object_store::client::{HttpError, HttpErrorKind};
use serde_json::Value;

use super::{Inner, Service, role::NotLent};
use crate::{Error, ErrorCode};

/// Which right was needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    Reading,
    Writing,
}

/// What an answer means, whoever gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    NoBucket,
    UnknownKey,
    WrongSecret,
    WrongClock,
    WrongRegion,
    Full,
    Forbidden,
    Trouble,
    Other,
}

impl Service {
    /// What this service means by an answer.
    fn says(self, answer: &Answer) -> Meaning {
        match answer.code.as_str() {
            "NoSuchBucket" | "ContainerNotFound" | "ContainerBeingDeleted" => Meaning::NoBucket,
            "InvalidAccessKeyId" | "invalid_client" | "unauthorized_client" | "invalid_grant" => {
                Meaning::UnknownKey
            }
            "SignatureDoesNotMatch" | "AuthenticationFailed" | "InvalidAuthenticationInfo" => {
                Meaning::WrongSecret
            }
            "RequestTimeTooSkewed" => Meaning::WrongClock,
            "AuthorizationHeaderMalformed"
            | "PermanentRedirect"
            | "TemporaryRedirect"
            | "IllegalLocationConstraintException" => Meaning::WrongRegion,
            "InsufficientStorage"
            | "XMinioStorageFull"
            | "QuotaExceeded"
            | "QuotaExceededException" => Meaning::Full,
            _ => match answer.status {
                507 => Meaning::Full,
                301 | 302 | 307 | 308 if self == Self::S3 => Meaning::WrongRegion,
                401 if self == Self::Google => Meaning::UnknownKey,
                401 | 403 => Meaning::Forbidden,
                429 | 500.. => Meaning::Trouble,
                _ => Meaning::Other,
            },
        }
    }

    fn unknown_key(self) -> (&'static str, &'static str) {
        match self {
            Self::S3 => (
                "the service does not know the access key",
                "check the access key",
            ),
            Self::Azure => (
                "Microsoft Entra does not accept the application",
                "check the tenant, the client and whether the client secret has expired",
            ),
            Self::Google => (
                "Google Cloud does not accept the service account",
                "check that the service account exists and that its key was not revoked",
            ),
        }
    }

    fn wrong_secret(self) -> (&'static str, &'static str) {
        match self {
            Self::S3 | Self::Google => (
                "the secret key does not belong to the access key",
                "check the secret key",
            ),
            Self::Azure => (
                "the account's key or the shared access signature is wrong",
                "check the key, or whether the shared access signature has expired",
            ),
        }
    }

    /// Which right to give.
    fn right(self, doing: Doing) -> &'static str {
        match (self, doing) {
            (Self::S3, Doing::Reading) => {
                "allow these keys to list the bucket and to get objects (`s3:ListBucket`, `s3:GetObject`)"
            }
            (Self::S3, Doing::Writing) => {
                "allow these keys to put and delete objects (`s3:PutObject`, `s3:DeleteObject`)"
            }
            (Self::Azure, Doing::Reading) => {
                "give the role `Storage Blob Data Reader`, or a shared access signature that reads and lists"
            }
            (Self::Azure, Doing::Writing) => {
                "give the role `Storage Blob Data Contributor`, or a shared access signature that creates, writes and deletes"
            }
            (Self::Google, Doing::Reading) => {
                "give the service account the role `Storage Object Viewer` on the bucket"
            }
            (Self::Google, Doing::Writing) => {
                "give the service account the role `Storage Object User` on the bucket"
            }
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::S3 => "an S3 service",
            Self::Azure => "an Azure Blob service",
            Self::Google => "a Google Cloud Storage service",
        }
    }
}

impl Inner {
    /// Names what failed on `subject`.
    pub(super) fn error(&self, doing: Doing, subject: &str, error: &object_store::Error) -> Error {
        let service = self.place.service;
        let place = self.place.url();
        let address = self
            .place
            .endpoint
            .as_ref()
            .map_or_else(|| place.clone(), ToString::to_string);
        if let Some(why) = silence(error) {
            let hint = if self.has_keys || self.place.endpoint.is_some() {
                "check the endpoint's host and port, and that the service runs"
            } else {
                "no credentials are set and this machine provides none: set them"
            };
            return Error::new(ErrorCode::StorageUnreachable, address)
                .because(why)
                .hint(hint);
        }
        let refused = match doing {
            Doing::Reading => ErrorCode::StorageUnreadable,
            Doing::Writing => ErrorCode::StorageUnwritable,
        };
        if let Some(NotLent { role, why }) = not_lent(error) {
            return Error::new(refused, role)
                .because(format!("this role lends no keys: {why}"))
                .hint(
                    "check the role's ARN, that its trust policy names whose keys ask for it, and the external id",
                );
        }
        let answer = Answer::of(error);
        let (code, subject, why, hint) = match service.says(&answer) {
            Meaning::NoBucket => (
                refused,
                place,
                format!("there is no such {}", service.bucket()),
                format!(
                    "check the {0}'s name and the endpoint, or make the {0}",
                    service.bucket()
                ),
            ),
            Meaning::UnknownKey => {
                let (why, hint) = service.unknown_key();
                (refused, place, why.to_owned(), hint.to_owned())
            }
            Meaning::WrongSecret => {
                let (why, hint) = service.wrong_secret();
                (refused, place, why.to_owned(), hint.to_owned())
            }
            Meaning::WrongClock => (
                refused,
                address,
                answer.text(),
                "set this machine's clock".to_owned(),
            ),
            Meaning::WrongRegion => (
                refused,
                place,
                answer.text(),
                "set the bucket's region".to_owned(),
            ),
            Meaning::Full => (
                ErrorCode::StorageFull,
                place,
                answer.text(),
                "free space there, raise the quota, or delete backups".to_owned(),
            ),
            Meaning::Forbidden => (
                refused,
                subject.to_owned(),
                answer.text(),
                service.right(doing).to_owned(),
            ),
            Meaning::Trouble => (
                ErrorCode::StorageUnreachable,
                address,
                answer.text(),
                "try again later; look into the service's log if it stays so".to_owned(),
            ),
            Meaning::Other => (
                refused,
                subject.to_owned(),
                answer.text(),
                format!("check that the endpoint is {}", service.name()),
            ),
        };
        Error::new(code, subject).because(why).hint(hint)
    }
}

/// Whether it is the bucket that is missing.
pub(super) fn is_no_bucket(error: &object_store::Error) -> bool {
    matches!(
        Answer::of(error).code.as_str(),
        "NoSuchBucket" | "ContainerNotFound"
    )
}

/// An answer's code and message, for errors that need no more.
pub(super) fn words(error: &(dyn StdError + 'static)) -> String {
    Answer::read(&error.to_string()).text()
}

/// Why a role lends no keys, if that is it.
fn not_lent(error: &object_store::Error) -> Option<&NotLent> {
    let mut link = Some(error as &(dyn StdError + 'static));
    while let Some(error) = link {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        link = error.source();
    }
    None
}

/// Why there was no answer, if there was none.
fn silence(error: &object_store::Error) -> Option<String> {
    let mut link = Some(error as &(dyn StdError + 'static));
    let mut silent = false;
    let mut last = String::new();
    while let Some(error) = link {
        if let Some(http) = error.downcast_ref::<HttpError>() {
            silent = !matches!(http.kind(), HttpErrorKind::Decode);
            if http.kind() == HttpErrorKind::Timeout {
                return Some("no answer in time".to_owned());
            }
        }
        last = error.to_string();
        link = error.source();
    }
    silent.then_some(last)
}

/// What the service said.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// HTTP's; 0 if there is none.
    pub(super) status: u16,
    /// The service's; empty if there is none.
    pub(super) code: String,
    message: String,
}

impl Answer {
    pub(super) fn of(error: &object_store::Error) -> Self {
        Self::read(&error.to_string())
    }

    /// The library shows an answer only as text: `… status code: 403 Forbidden: <body>`.
    fn read(text: &str) -> Self {
        let told = text
            .split_once("status code: ")
            .map_or("", |(_, rest)| rest);
        let status = told.get(..3).and_then(|digits| digits.parse().ok());
        Self::from_body(status.unwrap_or_default(), text)
    }

    /// From a body in XML, as all services have it, or in JSON, as those that give out tokens do.
    pub(super) fn from_body(status: u16, text: &str) -> Self {
        let element = |name: &str| {
            let start = text.split_once(&format!("<{name}>"))?.1;
            Some(start.split_once(&format!("</{name}>"))?.0.to_owned())
        };
        let xml = Self {
            status,
            code: element("Code").unwrap_or_default(),
            message: element("Message").unwrap_or_default(),
        };
        if xml.code.is_empty() {
            text.find('{')
                .and_then(|start| Self::from_json(status, &text[start..]))
                .unwrap_or(xml)
        } else {
            xml
        }
    }

    fn from_json(status: u16, text: &str) -> Option<Self> {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        let value = values.next()?.ok()?;
        let word = |pointer: &str| {
            value
                .pointer(pointer)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        Some(Self {
            status,
            code: word("/error")
                .or_else(|| word("/error/errors/0/reason"))
                .or_else(|| word("/error/status"))?,
            message: word("/error_description")
                .or_else(|| word("/error/message"))
                .unwrap_or_default(),
        })
    }

    pub(super) fn text(&self) -> String {
        // Azure adds the request's number and time on further lines.
        let message = self.message.lines().next().unwrap_or_default();
        match (self.status, self.code.as_str()) {
            (0, "") => "the service gave an answer that cannot be understood".to_owned(),
            (status, "") => format!("the service answered {status}"),
            (0, code) => format!("the service answered {code}: {message}"),
            (status, code) => format!("the service answered {status} {code}: {message}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_in_xml_and_json_are_read() {
        for (text, expected) in [
            (
                "… status code: 403 Forbidden: <Error><Code>AccessDenied</Code><Message>no</Message></Error>",
                "the service answered 403 AccessDenied: no",
            ),
            (
                r#"… status code: 401 Unauthorized: {"error":"invalid_client","error_description":"no\nTrace 1"}"#,
                "the service answered 401 invalid_client: no",
            ),
            (
                r#"… status code: 404 Not Found: {"error":{"code":404,"message":"gone","errors":[{"reason":"notFound"}]}}, after"#,
                "the service answered 404 notFound: gone",
            ),
            (
                "… status code: 418 I'm a teapot: tea",
                "the service answered 418",
            ),
            (
                "odd",
                "the service gave an answer that cannot be understood",
            ),
        ] {
            assert_eq!(Answer::read(text).text(), expected);
        }
    }
}
