//! Turns Milvus's refusals into errors that say what to do.
//!
//! Milvus refuses in two places: the gRPC status (credentials, unknown calls, broken connections) and a status inside
//! the answer, which itself has an old number (`error_code`) and a new one (`code`); either may be the only one set.

use std::{error::Error as _, time::Duration};

use milvus::proto::common::{ErrorCode as Old, Status as Body};
use tonic::Code;

use super::call::On;
use crate::{Error, ErrorCode, Result};

/// The numbers of Milvus's own error list that need their own treatment.
pub(super) mod number {
    pub(in super::super) const NOT_READY: i32 = 1;
    pub(in super::super) const UNAVAILABLE: i32 = 2;
    pub(in super::super) const RATE_LIMIT: i32 = 8;
    pub(in super::super) const COLLECTION_NOT_FOUND: i32 = 100;
    pub(in super::super) const COLLECTION_NOT_LOADED: i32 = 101;
    pub(in super::super) const INDEX_NOT_FOUND: i32 = 700;
    pub(in super::super) const DATABASE_NOT_FOUND: i32 = 800;
    pub(in super::super) const NOT_AUTHENTICATED: i32 = 1400;
    pub(in super::super) const NOT_PERMITTED: i32 = 1401;
}

/// Whether a status inside an answer has one of these numbers.
pub(super) fn is(body: Option<&Body>, code: i32, old: Old) -> bool {
    body.is_some_and(|body| body.code == code || old_code(body) == old as i32)
}

/// Whether a node of Milvus is not there yet, or any more: so it answers for some seconds after its start, with no
/// number of its own.
pub(super) fn is_starting(body: Option<&Body>) -> bool {
    body.is_some_and(|body| body.reason.contains("node not found"))
}

/// Fails if the status inside an answer is a refusal. No status at all means success: that is how 2.2 and 2.3 send it.
pub(super) fn check(on: &On, body: Option<&Body>) -> Result<()> {
    match body {
        Some(body) if body.code != 0 || old_code(body) != Old::Success as i32 => {
            Err(refused(on, body))
        }
        _ => Ok(()),
    }
}

#[allow(deprecated)] // 2.2 and some calls of 2.3 set only the old number.
fn old_code(body: &Body) -> i32 {
    body.error_code
}

fn refused(on: &On, body: &Body) -> Error {
    let old = Old::try_from(old_code(body)).unwrap_or(Old::UnexpectedError);
    let reason = if body.reason.is_empty() {
        &body.detail
    } else {
        &body.reason
    };
    let why = format!(
        "{}: {reason} (code {}, {})",
        on.rpc,
        body.code,
        old.as_str_name()
    );
    let (code, hint) = match (body.code, old) {
        (number::DATABASE_NOT_FOUND, _) => (
            ErrorCode::DatabaseNotFound,
            "check the name of the database; names are case-sensitive",
        ),
        (number::COLLECTION_NOT_FOUND, _)
        | (_, Old::CollectionNotExists | Old::CollectionNameNotFound) => (
            ErrorCode::CollectionNotFound,
            "check database and name; names are case-sensitive",
        ),
        (number::NOT_AUTHENTICATED | number::NOT_PERMITTED, _) | (_, Old::PermissionDenied) => {
            (ErrorCode::ClusterCredentialsRefused, PRIVILEGES)
        }
        (number::NOT_READY | number::UNAVAILABLE, _) | (_, Old::NotReadyServe) => {
            (ErrorCode::ClusterUnreachable, STARTING)
        }
        _ if is_starting(Some(body)) => (ErrorCode::ClusterUnreachable, STARTING),
        (number::RATE_LIMIT, _) | (_, Old::RateLimit) => (
            ErrorCode::MilvusFailed,
            "Milvus limits how often this may be asked (`quotaAndLimits`); try again later",
        ),
        (number::COLLECTION_NOT_LOADED, _) => (
            ErrorCode::MilvusFailed,
            "the collection is not in memory; load it first",
        ),
        _ => (
            ErrorCode::MilvusFailed,
            "the reason is Milvus's own; its log says more",
        ),
    };
    Error::new(code, &on.subject).because(why).hint(hint)
}

const STARTING: &str = "Milvus is starting or stopping; try again in a minute";
const PRIVILEGES: &str = "the user may sign in but not do this; give it the role `admin`";

/// An error of gRPC itself.
pub(super) fn transport(on: &On, address: &str, status: &tonic::Status) -> Error {
    let message = with_causes(status);
    let error = |code: ErrorCode, subject: &str| {
        Error::new(code, subject).because(format!("{}: {message}", on.rpc))
    };
    match status.code() {
        Code::Unauthenticated => error(ErrorCode::ClusterCredentialsRefused, address)
            .hint("check user and password, or the token"),
        Code::PermissionDenied => {
            error(ErrorCode::ClusterCredentialsRefused, &on.subject).hint(PRIVILEGES)
        }
        Code::Unimplemented => Error::new(ErrorCode::MilvusUnsupported, address)
            .because(format!("it does not know the call {}: {message}", on.rpc))
            .hint("Hozon needs a Milvus server of version 2.3; Milvus Lite has no such call"),
        Code::DeadlineExceeded => error(ErrorCode::TimedOut, &on.subject).hint(SLOW),
        // What the channel says when its own clock ran out first.
        Code::Cancelled if message.contains("Timeout expired") => {
            error(ErrorCode::TimedOut, &on.subject).hint(SLOW)
        }
        Code::Unavailable => {
            error(ErrorCode::ClusterUnreachable, address).hint("check that Milvus is running and can be reached")
        }
        Code::OutOfRange | Code::ResourceExhausted => error(ErrorCode::MilvusFailed, &on.subject)
            .hint("the request or its answer is larger than one side accepts"),
        // A connection that breaks, or a server that speaks no gRPC, has no code of its own.
        _ if status.source().is_some() || not_grpc(&message) => {
            error(ErrorCode::ClusterUnreachable, address).hint(
                "check that the address is Milvus's gRPC port, and that nothing between cuts connections",
            )
        }
        _ => error(ErrorCode::MilvusFailed, &on.subject)
            .hint("the reason is Milvus's own; its log says more"),
    }
}

/// The message and what the libraries below add to it, without the rest of a status.
fn with_causes(status: &tonic::Status) -> String {
    let mut text = status.message().to_owned();
    let mut cause = status.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}

fn not_grpc(message: &str) -> bool {
    [
        "http2 error",
        "h2 protocol error",
        "transport error",
        "invalid content-type",
        "grpc-status header missing",
    ]
    .iter()
    .any(|part| message.contains(part))
}

const SLOW: &str = "Milvus may be busy; try again, and look at its log if it stays so";

/// An answer that did not come.
pub(super) fn too_late(on: &On, after: Duration) -> Error {
    Error::new(ErrorCode::TimedOut, &on.subject)
        .because(format!(
            "{}: no answer within {} seconds",
            on.rpc,
            after.as_secs()
        ))
        .hint(SLOW)
}
