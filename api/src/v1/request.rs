//! What every request brings: its id, its query, its body, and who sends it.

use std::net::SocketAddr;

use axum::{
    body::Bytes,
    extract::{ConnectInfo, FromRequestParts, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, request::Parts},
};
use hozon_model::Actor;

use super::answer::Undecodable;
use crate::body::Fields;

/// The header that names a request. Not `RequestId`, which the original does not read either.
const REQUEST_ID: &str = "request_id";

/// The id in the header; empty if there is none.
pub(super) fn given_id(headers: &HeaderMap) -> String {
    let text = headers
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok());
    text.unwrap_or_default().trim().to_owned()
}

/// An id of one's own, unless one is given.
pub(super) fn or_new(id: String) -> String {
    if id.is_empty() {
        uuid::Uuid::new_v4().to_string()
    } else {
        id
    }
}

/// A body's fields, or the answer to one that cannot be read.
pub(super) fn fields(
    body: Result<Bytes, BytesRejection>,
    refusal: impl Fn(&str) -> String,
) -> Result<Fields, Undecodable> {
    let body = body.map_err(|rejection| Undecodable {
        status: rejection.status(),
        error: refusal(&rejection.body_text()),
    })?;
    Fields::of_body(&body).map_err(|wrong| bad_request(&wrong, refusal))
}

/// The answer to a body that holds something else than it should.
pub(super) fn bad_request(wrong: &str, refusal: impl Fn(&str) -> String) -> Undecodable {
    Undecodable {
        status: StatusCode::BAD_REQUEST,
        error: refusal(wrong),
    }
}

/// Who asks: for the audit.
#[derive(Clone, Debug)]
pub(super) struct Caller(pub(super) Actor);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(Actor {
            name: "api:milvus-backup".to_owned(),
            origin: address.map_or_else(
                || super::BASE.to_owned(),
                |ConnectInfo(address)| format!("{} {}", super::BASE, address.ip()),
            ),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_without_an_id_gets_one() {
        let mut headers = HeaderMap::new();
        headers.insert("RequestId", "other".parse().unwrap());
        assert_eq!(given_id(&headers), "");
        assert_eq!(or_new(given_id(&headers)).len(), 36);
        headers.insert(REQUEST_ID, "mine".parse().unwrap());
        assert_eq!(or_new(given_id(&headers)), "mine");
    }
}
