//! The HTTP client of every store: it does not follow redirects, resolves names through the [guard](super::endpoint),
//! and waits when a service says that it is asked too much, for all requests of a store together.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use http::{StatusCode, header::RETRY_AFTER};
use object_store::{
    ClientOptions,
    client::{HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpService},
};

use super::endpoint::Resolver;

/// How long a server may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a connection may stay silent.
const SILENCE: Duration = Duration::from_mins(1);
/// The first wait after "slow down", and the longest.
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// What a service has said of its load.
#[derive(Debug, Default)]
pub(crate) struct Load {
    throttled: AtomicU64,
    /// Since when it says nothing but "slow down".
    since: Mutex<Option<Instant>>,
}

impl Load {
    /// How often the service asked for fewer requests.
    pub(crate) fn throttled(&self) -> u64 {
        self.throttled.load(Ordering::Relaxed)
    }

    /// Takes note of an answer; tells for how long there were none but refusals.
    fn note(&self, refused: bool) -> Duration {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        if !refused {
            *since = None;
            return Duration::ZERO;
        }
        self.throttled.fetch_add(1, Ordering::Relaxed);
        since.get_or_insert_with(Instant::now).elapsed()
    }
}

/// What every client is made of: it follows no redirect, and reaches what the [guard](super::endpoint) lets it.
pub(crate) fn guarded(private: bool) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("hozon/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .dns_resolver(Arc::new(Resolver { private }))
}

/// Makes the clients of one store.
#[derive(Clone, Debug)]
pub(super) struct Connector {
    pub(super) private: bool,
    pub(super) patience: Duration,
    pub(super) load: Arc<Load>,
}

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        // The client for the machine's own identity wants to be told soon that there is none.
        let connect = match options.get_config_value(&object_store::ClientConfigKey::ConnectTimeout)
        {
            Some(text) if text == "1s" => Duration::from_secs(1),
            _ => CONNECT,
        };
        let client = guarded(self.private)
            .connect_timeout(connect)
            .read_timeout(SILENCE)
            .build()
            .map_err(|error| object_store::Error::Generic {
                store: "HTTP client",
                source: Box::new(error),
            })?;
        Ok(HttpClient::new(Patient {
            inner: HttpClient::new(client),
            patience: self.patience,
            load: self.load.clone(),
        }))
    }
}

/// Sends again what was refused for load, later and later, as long as there is patience.
#[derive(Debug)]
struct Patient {
    inner: HttpClient,
    patience: Duration,
    load: Arc<Load>,
}

#[async_trait]
impl HttpService for Patient {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let mut wait = FIRST_WAIT;
        loop {
            let again = HttpRequest::from_parts(parts.clone(), body.clone());
            let answer = self.inner.execute(again).await?;
            let refused = matches!(
                answer.status(),
                StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
            );
            let refused_for = self.load.note(refused);
            if !refused || refused_for >= self.patience {
                return Ok(answer);
            }
            let asked = answer
                .headers()
                .get(RETRY_AFTER)
                .and_then(|text| text.to_str().ok()?.parse().ok())
                .map(Duration::from_secs);
            let pause = asked.unwrap_or_else(|| jittered(wait)).min(LONGEST_WAIT);
            drop(answer);
            tokio::time::sleep(pause).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

/// Between a half and the whole of it, so that many that were refused together do not come back together.
fn jittered(wait: Duration) -> Duration {
    let mut byte = [0_u8];
    // Without randomness the wait is merely not spread.
    let _ = getrandom::fill(&mut byte);
    wait.mul_f64(0.5 + f64::from(byte[0]) / 510.)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_spread() {
        for _ in 0..100 {
            let wait = jittered(Duration::from_secs(2));
            assert!(wait >= Duration::from_secs(1) && wait <= Duration::from_secs(2));
        }
    }

    #[test]
    fn a_good_answer_ends_the_time_of_refusals() {
        let load = Load::default();
        assert!(load.note(true) < Duration::from_millis(5));
        std::thread::sleep(Duration::from_millis(20));
        assert!(load.note(true) >= Duration::from_millis(20));
        load.note(false);
        assert!(load.note(true) < Duration::from_millis(15));
        assert_eq!(load.throttled(), 3);
    }
}
