//! The audit as a file: what the filter of its page shows, oldest first, as long as it may be.

use axum::{
    Extension,
    body::Body,
    extract::{Query, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::{TryStreamExt, stream::BoxStream};
use hozon_engine::{AuditFormat, Engine, ErrorCode, Result};
use hozon_model::{AuditQuery, User};
use jiff::Timestamp;
use serde::Deserialize;

use super::origin;

/// The shape of the file, beside the [`AuditQuery`] in the same address.
#[derive(Debug, Deserialize)]
pub(super) struct Shape {
    /// `csv` or `jsonl`.
    format: String,
}

/// A download for whoever may look at the audit; it leaves a line there itself.
pub(super) async fn export(
    State(engine): State<Engine>,
    Extension(user): Extension<Option<User>>,
    Query(shape): Query<Shape>,
    Query(query): Query<AuditQuery>,
    request: Request,
) -> Response {
    let Some(user) = user else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let format = match shape.format.parse::<AuditFormat>() {
        Ok(format) => format,
        Err(why) => return (StatusCode::BAD_REQUEST, why + "\n").into_response(),
    };
    let origin = origin::client(request.extensions())
        .map_or_else(|| "console".to_owned(), |ip| format!("console {ip}"));
    match pieces(&engine, &user, &origin, query, format).await {
        Ok(pieces) => file(pieces, format),
        Err(error) if error.code() == ErrorCode::PermissionDenied => {
            (StatusCode::FORBIDDEN, format!("{error}\n")).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the audit cannot be exported");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn pieces(
    engine: &Engine,
    user: &User,
    origin: &str,
    query: AuditQuery,
    format: AuditFormat,
) -> Result<BoxStream<'static, Result<String>>> {
    let caller = engine.caller_of(user, origin).await?;
    engine.export_audit(&caller, query, format).await
}

/// A file that breaks off shows as a download that failed, never as a shorter one.
fn file(pieces: BoxStream<'static, Result<String>>, format: AuditFormat) -> Response {
    let (kind, ending) = match format {
        AuditFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        AuditFormat::JsonLines => ("application/x-ndjson", "jsonl"),
    };
    let day = Timestamp::now().strftime("%Y-%m-%d");
    let disposition = format!("attachment; filename=\"hozon-audit-{day}.{ending}\"");
    let disposition = HeaderValue::from_str(&disposition).expect("a date is plain text");
    let pieces =
        pieces.inspect_err(|error| tracing::error!(%error, "an export of the audit broke off"));
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    response
}
