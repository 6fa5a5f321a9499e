//! The envelope: `requestId`, `code`, `msg`, `data`, with zero values left out as the original leaves them out.
//!
//! An application's error is HTTP 200 with a `code`; success is the absence of one.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use hozon_engine::{Error, ErrorCode};
use hozon_model::ErrorReport;
use serde::Serialize;
use utoipa::ToSchema;

/// What is wrong, in the original's numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Code {
    #[default]
    Success = 0,
    NotSupport = 1,
    NoPermission = 2,
    Fail = 3,
    ParameterError = 400,
    NotFound = 404,
    StorageNotReady = 503,
}

impl Code {
    /// The one for an error of the engine.
    pub(super) fn of(code: ErrorCode) -> Self {
        match code {
            ErrorCode::InvalidInput => Self::ParameterError,
            ErrorCode::BackupNotFound => Self::NotFound,
            ErrorCode::StorageUnreachable => Self::StorageNotReady,
            _ => Self::Fail,
        }
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(*self as i32)
    }
}

/// Whether a value is left out.
pub(super) fn absent<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// An answer that always has `data`, if only `null`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Answer<T> {
    #[serde(rename = "requestId", skip_serializing_if = "absent")]
    #[schema(required = false)]
    pub(super) request_id: String,
    #[serde(skip_serializing_if = "absent")]
    #[schema(value_type = i32, required = false)]
    pub(super) code: Code,
    #[serde(skip_serializing_if = "absent")]
    #[schema(required = false)]
    pub(super) msg: String,
    #[schema(required = true)]
    pub(super) data: Option<T>,
}

impl<T> Answer<T> {
    /// Success.
    pub(super) fn good(request_id: impl Into<String>, msg: &str, data: Option<T>) -> Self {
        Self {
            request_id: request_id.into(),
            code: Code::Success,
            msg: msg.to_owned(),
            data,
        }
    }
}

impl Answer<()> {
    /// A refusal of which the request is not known.
    pub(super) fn refused(code: Code, msg: &str) -> Self {
        Refusal::new(code, msg).of(String::new())
    }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self)
    }
}

/// The answer of `delete`, which has no `data`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Done {
    #[serde(rename = "requestId", skip_serializing_if = "absent")]
    #[schema(required = false)]
    pub(super) request_id: String,
    #[serde(skip_serializing_if = "absent")]
    #[schema(value_type = i32, required = false)]
    pub(super) code: Code,
    #[serde(skip_serializing_if = "absent")]
    #[schema(required = false)]
    pub(super) msg: String,
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self)
    }
}

/// Why a request is not served.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: Code,
    pub(super) msg: String,
}

impl Refusal {
    pub(super) fn new(code: Code, msg: impl Into<String>) -> Self {
        Self {
            code,
            msg: msg.into(),
        }
    }

    /// A parameter that is not acceptable.
    pub(super) fn parameter(msg: impl Into<String>) -> Self {
        Self::new(Code::ParameterError, msg)
    }

    /// Something that the original can do and the engine cannot.
    pub(super) fn unsupported(msg: impl Into<String>) -> Self {
        Self::new(Code::NotSupport, msg)
    }

    /// As the answer to a request.
    pub(super) fn of(self, request_id: impl Into<String>) -> Answer<()> {
        Answer {
            request_id: request_id.into(),
            code: self.code,
            msg: self.msg,
            data: None,
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::from(error.report())
    }
}

impl From<&ErrorReport> for Refusal {
    fn from(report: &ErrorReport) -> Self {
        Self::new(Code::of(report.code), told(report))
    }
}

/// An error with its advice, on one line.
pub(super) fn told(report: &ErrorReport) -> String {
    if report.hint.is_empty() {
        report.to_string()
    } else {
        format!("{report}; {}", report.hint)
    }
}

/// A body that cannot be decoded, as the original's framework answers it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Undecodable {
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) status: StatusCode,
    pub(super) error: String,
}

impl IntoResponse for Undecodable {
    fn into_response(self) -> Response {
        json(self.status, &self)
    }
}

/// A document with the original's content type.
fn json(status: StatusCode, document: &impl Serialize) -> Response {
    match serde_json::to_vec(document) {
        Ok(bytes) => {
            let kind = HeaderValue::from_static("application/json; charset=utf-8");
            (status, [(header::CONTENT_TYPE, kind)], bytes).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "an answer cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
