//! Before every handler: the request gets an id, its key is looked up, and whoever comes too often is sent away.

use std::{net::SocketAddr, num::NonZeroU32};

use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderValue, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};
use hozon_engine::access::Acts;

use super::{Api, codes, envelope::Failure};
use crate::key::bearer;

/// The header that names a request in an answer.
const REQUEST_ID: &str = "requestid";

/// Counts that are kept before those that are full again are forgotten.
const MOST_COUNTS: usize = 10_000;

/// Who sent how many requests where.
#[derive(Debug)]
pub(crate) struct Limits {
    counts: DefaultKeyedRateLimiter<(String, Method, String)>,
}

impl Limits {
    pub(crate) fn new(per_second: NonZeroU32) -> Self {
        Self {
            counts: RateLimiter::keyed(Quota::per_second(per_second)),
        }
    }

    /// Counts a request, or says for how many seconds there is no room for another.
    pub(crate) fn count(&self, caller: &str, method: &Method, path: &str) -> Result<(), u64> {
        if self.counts.len() > MOST_COUNTS {
            self.counts.retain_recent();
        }
        let key = (caller.to_owned(), method.clone(), path.to_owned());
        self.counts.check_key(&key).map_err(|until| {
            let wait = until.wait_time_from(self.counts.clock().now());
            wait.as_secs() + 1
        })
    }
}

/// Names every request in its answer, also one that is refused.
pub(super) async fn name_request(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let id = uuid::Uuid::new_v4().simple().to_string();
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Lets in who bears a key, not too often.
pub(super) async fn admit(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let Some(key) = bearer(request.headers()) else {
        return Failure::new(codes::NOT_AUTHENTICATED, "User hasn't authenticated")
            .with_status(StatusCode::UNAUTHORIZED)
            .into_response();
    };
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let origin = address.map_or_else(
        || super::BASE.to_owned(),
        |ConnectInfo(address)| format!("{} {}", super::BASE, address.ip()),
    );
    let caller = match api.engine.caller_by_key(key, &origin).await {
        Ok(caller) => caller,
        Err(error) => return Failure::from(error).into_response(),
    };
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("", MatchedPath::as_str);
    if let Err(seconds) = api
        .limits
        .count(&caller.actor().name, request.method(), path)
    {
        return Failure::too_many(seconds).into_response();
    }
    request.extensions_mut().insert(caller);
    next.run(request).await
}
