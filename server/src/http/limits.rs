//! How much and how long: what one request, one connection and all of them together may take.

use std::time::Duration;

/// What the server takes, and for how long. The defaults suit a console and its APIs on any network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections that are open at a time; one more is told to come again.
    pub connections: usize,
    /// Bytes of a request's line and headers.
    pub header_bytes: usize,
    /// How long a client may take to send them, and how long a connection may be idle between two requests.
    pub header_time: Duration,
    /// Bytes of a request's body: more than any form needs; a private authority's certificates are the largest part.
    pub body_bytes: usize,
    /// How long a client may take to send it.
    pub body_time: Duration,
    /// How long a client may take no byte of an answer.
    pub write_time: Duration,
    /// How long the console may think about a page. A cluster that does not answer is given up by the engine before.
    pub answer_time: Duration,
    /// How long requests and jobs get to come to a stop.
    pub shutdown_time: Duration,
    /// How long a browser that came by TLS is to come by nothing else; zero does not ask for it.
    pub hsts: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            header_bytes: 32 * 1024,
            header_time: Duration::from_secs(30),
            body_bytes: 1024 * 1024,
            body_time: Duration::from_mins(1),
            write_time: Duration::from_secs(30),
            answer_time: Duration::from_secs(90),
            shutdown_time: Duration::from_secs(20),
            hsts: Duration::from_hours(365 * 24),
        }
    }
}
