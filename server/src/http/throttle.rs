//! Slows down who guesses passwords, codes or the token of the set-up.
//!
//! A few attempts are free; each one after them doubles the time to wait. Counted for each name and
//! for each address, in memory: a restart forgets, which no attacker can cause. A name under attack
//! is slowed for its owner too, but never for longer than [`LONGEST`], and a one-time link gets in
//! without the name.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use hozon_app::session::SECOND_STEP_COOKIE;
use url::form_urlencoded;

use super::{
    address::SET_UP,
    origin::{client, wants_page},
    session,
};

/// Attempts that cost no time.
const FREE: u32 = 5;
const LONGEST: Duration = Duration::from_mins(1);
/// After this long without an attempt, all is forgotten.
const MEMORY: Duration = Duration::from_mins(15);
/// More keys than this are not kept; who floods the table is the first to be forgotten.
const MOST_KEYS: usize = 10_000;
const LONGEST_FORM: usize = 64 * 1024;

/// Who tried, how often, and when for the last time.
#[derive(Clone, Debug, Default)]
pub(super) struct Throttle {
    tries: Arc<Mutex<HashMap<Key, Tries>>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Name(String),
    Address(IpAddr),
}

#[derive(Clone, Copy, Debug)]
struct Tries {
    count: u32,
    last: Instant,
}

impl Throttle {
    /// Counts an attempt, or says how long to wait for the next one.
    fn attempt(&self, keys: &[Key], now: Instant) -> Result<(), Duration> {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = left(&mut tries, keys, now);
        if !wait.is_zero() {
            return Err(wait);
        }
        count(&mut tries, keys, now);
        Ok(())
    }

    /// How long to wait for the next attempt; counts none.
    fn wait(&self, keys: &[Key], now: Instant) -> Duration {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        left(&mut tries, keys, now)
    }

    /// Counts an attempt that came in time and was wrong.
    fn miss(&self, keys: &[Key], now: Instant) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        count(&mut tries, keys, now);
    }

    fn forget(&self, keys: &[Key]) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            tries.remove(key);
        }
    }
}

fn left(tries: &mut HashMap<Key, Tries>, keys: &[Key], now: Instant) -> Duration {
    tries.retain(|_, tried| now.duration_since(tried.last) < MEMORY);
    keys.iter()
        .filter_map(|key| tries.get(key))
        .map(|tried| (tried.last + pause(tried.count)).saturating_duration_since(now))
        .max()
        .unwrap_or_default()
}

fn count(tries: &mut HashMap<Key, Tries>, keys: &[Key], now: Instant) {
    for key in keys {
        if tries.len() >= MOST_KEYS && !tries.contains_key(key) {
            let oldest = tries
                .iter()
                .min_by_key(|(_, tried)| tried.last)
                .map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                tries.remove(&oldest);
            }
        }
        let tried = tries.entry(key.clone()).or_insert(Tries {
            count: 0,
            last: now,
        });
        tried.count += 1;
        tried.last = now;
    }
}

/// How long to wait after so many attempts.
fn pause(count: u32) -> Duration {
    match count.checked_sub(FREE) {
        Some(beyond) => Duration::from_secs(1 << beyond.min(6)).min(LONGEST),
        None => Duration::ZERO,
    }
}

/// Answers 429 to an attempt that comes too early. An attempt that signs in, or takes the first of two steps, is forgotten:
/// the engine counts codes by itself.
pub(super) async fn slow_down(
    State(throttle): State<Throttle>,
    request: Request,
    next: Next,
) -> Response {
    if shows_set_up(&request) {
        return slow_down_set_up(&throttle, request, next).await;
    }
    if request.method() != Method::POST || !session::is_sign_in(request.uri().path()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(form) = axum::body::to_bytes(body, LONGEST_FORM).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let address = client(&parts.extensions);
    let field = |wanted: &str| {
        form_urlencoded::parse(&form)
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.into_owned())
    };
    let name = field("name");
    let keys: Vec<Key> = address
        .map(Key::Address)
        .into_iter()
        .chain(
            name.as_deref()
                .map(|name| Key::Name(name.trim().to_lowercase())),
        )
        .collect();
    if let Err(wait) = throttle.attempt(&keys, Instant::now()) {
        tracing::warn!(client = ?address, "too many attempts to sign in");
        if parts.uri.path() == "/api/set_up" {
            return too_early(&parts.headers, wait, SET_UP, Vec::new());
        }
        let back = vec![("name", name), ("next", field("next"))];
        return too_early(&parts.headers, wait, "/sign-in", back);
    }
    let response = next.run(Request::from_parts(parts, Body::from(form))).await;
    if signs_in(response.headers()) {
        throttle.forget(&keys);
    }
    response
}

/// Whether somebody shows the page of the first start a token, which tells them whether it is right.
fn shows_set_up(request: &Request) -> bool {
    let query = request.uri().query().unwrap_or_default();
    matches!(*request.method(), Method::GET | Method::HEAD)
        && request.uri().path() == SET_UP
        && form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "token")
}

/// Only a wrong token counts: whoever holds the right one may look at the page as often as they like.
async fn slow_down_set_up(throttle: &Throttle, request: Request, next: Next) -> Response {
    let address = client(request.extensions());
    let keys: Vec<Key> = address.map(Key::Address).into_iter().collect();
    let wait = throttle.wait(&keys, Instant::now());
    if !wait.is_zero() {
        tracing::warn!(client = ?address, "too many attempts to set up");
        return too_early(request.headers(), wait, SET_UP, Vec::new());
    }
    let response = next.run(request).await;
    if response.status() == StatusCode::FORBIDDEN {
        throttle.miss(&keys, Instant::now());
    }
    response
}

/// People come back to the page they typed on, which tells them how long to wait.
fn too_early(
    headers: &HeaderMap,
    wait: Duration,
    page: &str,
    back: Vec<(&str, Option<String>)>,
) -> Response {
    let seconds = wait.as_secs() + 1;
    let mut response = if wants_page(headers) {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("wait", &seconds.to_string());
        for (field, value) in back {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                query.append_pair(field, &value);
            }
        }
        Redirect::to(&format!("{page}?{}", query.finish())).into_response()
    } else {
        let text = format!("Too many attempts; the next one is possible in {seconds} s.\n");
        (StatusCode::TOO_MANY_REQUESTS, text).into_response()
    };
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, seconds.into());
    response
}

fn signs_in(headers: &HeaderMap) -> bool {
    let begins = |cookie: &str| {
        [session::COOKIE, SECOND_STEP_COOKIE]
            .into_iter()
            .filter_map(|name| cookie.strip_prefix(name))
            .any(|rest| rest.starts_with('=') && !rest.starts_with("=;"))
    };
    headers
        .get_all(header::SET_COOKIE)
        .iter()
        .filter_map(|cookie| cookie.to_str().ok())
        .any(begins)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn guessing_gets_slower_and_a_success_is_forgiven() {
        let throttle = Throttle::default();
        let keys = [Key::Name("admin".to_owned())];
        let start = Instant::now();
        for _ in 0..FREE {
            assert_eq!(throttle.attempt(&keys, start), Ok(()));
        }
        assert_eq!(throttle.attempt(&keys, start), Err(Duration::from_secs(1)));
        let later = start + Duration::from_secs(1);
        assert_eq!(throttle.attempt(&keys, later), Ok(()));
        assert_eq!(throttle.attempt(&keys, later), Err(Duration::from_secs(2)));
        throttle.forget(&keys);
        assert_eq!(throttle.attempt(&keys, later), Ok(()));
    }

    #[test]
    fn waiting_is_asked_for_without_being_counted() {
        let throttle = Throttle::default();
        let keys = [Key::Address(IpAddr::from([10, 0, 0, 2]))];
        let start = Instant::now();
        for _ in 0..20 {
            assert!(throttle.wait(&keys, start).is_zero());
        }
        for _ in 0..FREE {
            throttle.miss(&keys, start);
        }
        assert_eq!(throttle.wait(&keys, start), Duration::from_secs(1));
        assert!(throttle.attempt(&keys, start).is_err());
    }

    #[test]
    fn either_step_is_forgiven_where_it_was_right() {
        let answer = |cookie: &'static str| {
            let mut headers = HeaderMap::new();
            headers.append(header::SET_COOKIE, HeaderValue::from_static("lang=ja"));
            headers.append(header::SET_COOKIE, HeaderValue::from_static(cookie));
            signs_in(&headers)
        };
        assert!(answer("hozon_session=abc; Path=/"));
        assert!(answer("hozon_second_step=abc; Path=/"));
        for other in [
            "hozon_session=; Path=/",
            "hozon_second_step=; Path=/",
            "hozon_flash=abc; Path=/",
        ] {
            assert!(!answer(other), "{other}");
        }
    }

    #[test]
    fn nobody_waits_longer_than_a_minute_and_all_is_forgotten() {
        assert_eq!(pause(10_000), LONGEST);
        let throttle = Throttle::default();
        let keys = [Key::Address(IpAddr::from([10, 0, 0, 1]))];
        let mut now = Instant::now();
        for _ in 0..30 {
            assert_eq!(throttle.attempt(&keys, now), Ok(()));
            now += LONGEST;
        }
        now += MEMORY;
        for _ in 0..FREE {
            assert_eq!(throttle.attempt(&keys, now), Ok(()));
        }
    }
}
