//! Who comes in, what a request holds, and how an answer or a refusal looks.

use std::net::SocketAddr;

use axum::{
    Json,
    body::Bytes,
    extract::{ConnectInfo, FromRequest, MatchedPath, Request, State},
    http::{HeaderValue, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use hozon_engine::{Error, ErrorCode, access::Acts};
use hozon_model::ErrorReport;
use serde::{Serialize, de::DeserializeOwned};

use super::Api;
use crate::key::bearer;

/// What handlers answer.
pub(super) type Answer<T> = Result<Json<T>, Refusal>;

/// An error on its way out.
#[derive(Debug)]
pub(super) struct Refusal(Error);

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

#[derive(Serialize)]
struct Body<'a> {
    error: &'a ErrorReport,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let error = self.0.report();
        let status = match error.code {
            ErrorCode::KeyRefused => StatusCode::UNAUTHORIZED,
            ErrorCode::PermissionDenied => StatusCode::FORBIDDEN,
            ErrorCode::InvalidInput => StatusCode::BAD_REQUEST,
            ErrorCode::CatalogFailed | ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        if status.is_server_error() {
            tracing::error!(%error, "a request failed");
        }
        (status, Json(Body { error })).into_response()
    }
}

/// The document that a request's body holds.
#[derive(Debug)]
pub(super) struct Given<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Given<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let body = Bytes::from_request(request, state)
            .await
            .map_err(IntoResponse::into_response)?;
        serde_json::from_slice(&body).map(Self).map_err(|error| {
            let error = Error::new(ErrorCode::InvalidInput, "body")
                .because(error.to_string())
                .hint("use a command line of the server's version");
            Refusal(error).into_response()
        })
    }
}

/// Lets in who bears a key, not too often.
pub(super) async fn admit(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let Some(key) = bearer(request.headers()) else {
        let error = Error::new(ErrorCode::KeyRefused, "")
            .because("none was sent")
            .hint("make one with `hozon key create` on the server's machine");
        return Refusal(error).into_response();
    };
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let origin = address.map_or_else(
        || super::BASE.to_owned(),
        |ConnectInfo(address)| format!("{} {}", super::BASE, address.ip()),
    );
    let caller = match api.engine.caller_by_key(key, &origin).await {
        Ok(caller) => caller,
        Err(error) => return Refusal(error).into_response(),
    };
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("", MatchedPath::as_str);
    if let Err(seconds) = api
        .limits
        .count(&caller.actor().name, request.method(), path)
    {
        let mut response = StatusCode::TOO_MANY_REQUESTS.into_response();
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return response;
    }
    request.extensions_mut().insert(caller);
    next.run(request).await
}

/// A path, or a way to ask for it, that this server does not know.
pub(super) async fn no_such_path(uri: Uri) -> Response {
    let error = Error::new(ErrorCode::InvalidInput, uri.path())
        .because("this server knows no such path")
        .hint("use a command line of the server's version");
    (
        StatusCode::NOT_FOUND,
        Json(Body {
            error: error.report(),
        }),
    )
        .into_response()
}
