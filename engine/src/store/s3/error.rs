//! What a service answers, in the engine's words. Only the answer's code and message are repeated, never a request:
//! a request carries signatures.

use object_store::client::{HttpError, HttpErrorKind};

use super::Inner;
use crate::{Error, ErrorCode};

/// Which right was needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    Reading,
    Writing,
}

impl Inner {
    /// Names what failed on `subject`.
    pub(super) fn error(&self, doing: Doing, subject: &str, error: &object_store::Error) -> Error {
        let answer = Answer::of(error);
        let place = format!("s3://{}", self.place.bucket);
        let service = self
            .place
            .endpoint
            .as_ref()
            .map_or_else(|| place.clone(), ToString::to_string);
        let refused = match doing {
            Doing::Reading => ErrorCode::StorageUnreadable,
            Doing::Writing => ErrorCode::StorageUnwritable,
        };
        if let Some(why) = silence(error) {
            let hint = if self.has_keys || self.place.endpoint.is_some() {
                "check the endpoint's host and port, and that the service runs"
            } else {
                "no keys are set and this machine provides none: set an access key and a secret key"
            };
            return Error::new(ErrorCode::StorageUnreachable, service)
                .because(why)
                .hint(hint);
        }
        let (code, subject, why, hint) = match answer.code.as_str() {
            "NoSuchBucket" => (
                refused,
                place,
                "there is no such bucket".to_owned(),
                "check the bucket's name and the endpoint, or make the bucket",
            ),
            "InvalidAccessKeyId" => (
                refused,
                place,
                "the service does not know the access key".to_owned(),
                "check the access key",
            ),
            "SignatureDoesNotMatch" => (
                refused,
                place,
                "the secret key does not belong to the access key".to_owned(),
                "check the secret key",
            ),
            "RequestTimeTooSkewed" => (refused, service, answer.text(), "set this machine's clock"),
            "AuthorizationHeaderMalformed"
            | "PermanentRedirect"
            | "IllegalLocationConstraintException" => {
                (refused, place, answer.text(), "set the bucket's region")
            }
            "InsufficientStorage"
            | "XMinioStorageFull"
            | "QuotaExceeded"
            | "QuotaExceededException" => (
                ErrorCode::StorageFull,
                place,
                answer.text(),
                "free space there, raise the quota, or delete backups",
            ),
            _ if answer.status == 507 => (
                ErrorCode::StorageFull,
                place,
                answer.text(),
                "free space there, raise the quota, or delete backups",
            ),
            _ if matches!(answer.status, 401 | 403) => (
                refused,
                subject.to_owned(),
                answer.text(),
                match doing {
                    Doing::Reading => {
                        "allow these keys to list the bucket and to get objects (`s3:ListBucket`, `s3:GetObject`)"
                    }
                    Doing::Writing => {
                        "allow these keys to put and delete objects (`s3:PutObject`, `s3:DeleteObject`)"
                    }
                },
            ),
            _ if answer.status >= 500 => (
                ErrorCode::StorageUnreachable,
                service,
                answer.text(),
                "try again later; look into the service's log if it stays so",
            ),
            _ => (
                refused,
                subject.to_owned(),
                answer.text(),
                "check that the endpoint is an S3 service",
            ),
        };
        Error::new(code, subject).because(why).hint(hint)
    }
}

/// Whether it is the bucket that is missing.
pub(super) fn is_no_bucket(error: &object_store::Error) -> bool {
    Answer::of(error).code == "NoSuchBucket"
}

/// An answer's code and message, for errors that need no more.
pub(super) fn words(error: &(dyn std::error::Error + 'static)) -> String {
    Answer::read(&error.to_string()).text()
}

/// Why there was no answer, if there was none.
fn silence(error: &object_store::Error) -> Option<String> {
    let mut link = Some(error as &(dyn std::error::Error + 'static));
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
struct Answer {
    /// HTTP's; 0 if there is none.
    status: u16,
    /// S3's; empty if there is none.
    code: String,
    message: String,
}

impl Answer {
    fn of(error: &object_store::Error) -> Self {
        Self::read(&error.to_string())
    }

    /// The library shows an answer only as text: `… status code: 403 Forbidden: <body>`.
    fn read(text: &str) -> Self {
        let element = |name: &str| {
            let start = text.split_once(&format!("<{name}>"))?.1;
            Some(start.split_once(&format!("</{name}>"))?.0.to_owned())
        };
        let status = text
            .split_once("status code: ")
            .and_then(|(_, rest)| rest.get(..3)?.parse().ok());
        Self {
            status: status.unwrap_or_default(),
            code: element("Code").unwrap_or_default(),
            message: element("Message").unwrap_or_default(),
        }
    }

    fn text(&self) -> String {
        match (self.status, self.code.as_str()) {
            (0, "") => "the service gave an answer that cannot be understood".to_owned(),
            (status, "") => format!("the service answered {status}"),
            (0, code) => format!("the service answered {code}: {}", self.message),
            (status, code) => format!("the service answered {status} {code}: {}", self.message),
        }
    }
}
