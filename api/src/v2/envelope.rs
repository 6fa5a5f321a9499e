//! The envelope: `{"code":0,"data":…}`, or `{"code":…,"message":…}`. An error of the matter itself is HTTP 200.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use hozon_engine::{Error, ErrorCode};
use hozon_model::ErrorReport;
use serde::Serialize;

use super::codes;

/// What handlers answer.
pub(super) type Answer<T> = Result<Good<T>, Failure>;

/// Success.
#[derive(Debug)]
pub(super) struct Good<T>(pub(super) T);

/// The body of success.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Envelope<T> {
    code: i32,
    data: T,
}

impl<T: Serialize> IntoResponse for Good<T> {
    fn into_response(self) -> Response {
        Json(Envelope {
            code: 0,
            data: self.0,
        })
        .into_response()
    }
}

/// Failure.
#[derive(Debug)]
pub(super) struct Failure {
    status: StatusCode,
    pub(super) code: i32,
    pub(super) message: String,
    retry_after_seconds: Option<u64>,
}

/// The body of failure.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct FailureBody {
    code: i32,
    message: String,
}

impl Failure {
    /// An error of the matter itself.
    pub(super) fn new(code: i32, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::OK,
            code,
            message: message.into(),
            retry_after_seconds: None,
        }
    }

    /// A parameter that is not acceptable.
    pub(super) fn parameter(message: impl Into<String>) -> Self {
        Self::new(codes::PARAMETER, message)
    }

    /// With another HTTP status.
    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// For those who come too often.
    pub(super) fn too_many(seconds: u64) -> Self {
        Self {
            retry_after_seconds: Some(seconds),
            ..Self::new(
                codes::TOO_MANY,
                "too many requests of this kind; wait and ask again",
            )
            .with_status(StatusCode::TOO_MANY_REQUESTS)
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = FailureBody {
            code: self.code,
            message: self.message,
        };
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after_seconds {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::from(error.report())
    }
}

impl From<&ErrorReport> for Failure {
    fn from(report: &ErrorReport) -> Self {
        let message = if report.hint.is_empty() {
            report.to_string()
        } else {
            format!("{report}; {}", report.hint)
        };
        let status = status(report.code);
        if status.is_server_error() {
            tracing::error!(error = %report, "a request failed");
        }
        let message = match report.code {
            // In the vendor's words, and no more.
            ErrorCode::KeyRefused => "The apikey is illegal".to_owned(),
            _ => message,
        };
        Self::new(codes::of(report.code), message).with_status(status)
    }
}

/// With which HTTP status an error is answered.
pub(super) fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::KeyRefused => StatusCode::UNAUTHORIZED,
        ErrorCode::Internal | ErrorCode::CatalogFailed => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::OK,
    }
}

pub(super) async fn no_such_path() -> Failure {
    Failure::new(codes::PATH, "there is nothing at this path").with_status(StatusCode::NOT_FOUND)
}

pub(super) async fn no_such_method() -> Failure {
    Failure::new(codes::PATH, "this path does not answer this method")
        .with_status(StatusCode::METHOD_NOT_ALLOWED)
}
