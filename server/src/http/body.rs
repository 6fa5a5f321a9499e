//! Bodies that come too slowly.
//!
//! The time is for the whole of a body: a client that sends a byte now and then would otherwise hold its place for ever.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    body::{Body, HttpBody},
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::{Stream, StreamExt, stream};
use tokio::time::{Instant, timeout_at};

/// Answers 408 where the body did not come in time, whatever the handler made of the part that came.
pub(super) async fn hurry(State(time): State<Duration>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let late = Arc::new(AtomicBool::new(false));
    let (parts, body) = request.into_parts();
    let body = Body::from_stream(in_time(body, time, Arc::clone(&late)));
    let response = next.run(Request::from_parts(parts, body)).await;
    if !late.load(Ordering::Relaxed) {
        return response;
    }
    let mut response = (
        StatusCode::REQUEST_TIMEOUT,
        "The request's body did not come in time.\n",
    )
        .into_response();
    response
        .headers_mut()
        .insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The pieces of a body until the time is over; then an error, and `late` is set.
fn in_time(
    body: Body,
    time: Duration,
    late: Arc<AtomicBool>,
) -> impl Stream<Item = Result<axum::body::Bytes, axum::Error>> + Send + 'static {
    let deadline = Instant::now() + time;
    let start = Some((body.into_data_stream(), late));
    stream::unfold(start, move |state| async move {
        let (mut pieces, late) = state?;
        match timeout_at(deadline, pieces.next()).await {
            Ok(Some(Ok(piece))) => Some((Ok(piece), Some((pieces, late)))),
            Ok(Some(Err(error))) => Some((Err(error), None)),
            Ok(None) => None,
            Err(elapsed) => {
                late.store(true, Ordering::Relaxed);
                Some((Err(axum::Error::new(elapsed)), None))
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;

    use super::*;

    #[tokio::test]
    async fn a_body_has_its_time_and_no_more() {
        let late = Arc::new(AtomicBool::new(false));
        let quick = Body::from("all of it");
        let pieces: Vec<_> = in_time(quick, Duration::from_secs(5), Arc::clone(&late))
            .collect()
            .await;
        assert_eq!(pieces.len(), 1);
        assert!(!late.load(Ordering::Relaxed));

        let first = stream::iter([Ok::<_, axum::Error>(Bytes::from_static(b"some"))]);
        let slow = Body::from_stream(first.chain(stream::pending()));
        let pieces: Vec<_> = in_time(slow, Duration::from_millis(50), Arc::clone(&late))
            .collect()
            .await;
        assert_eq!(pieces.len(), 2);
        assert!(pieces[0].is_ok() && pieces[1].is_err());
        assert!(late.load(Ordering::Relaxed));
    }
}
