//! The HTTP client that asks a provider: it follows no redirects, waits not for long, and reads no more than a provider
//! has to say.

use std::{fmt, time::Duration};

use hozon_engine::{Error, ErrorCode};
use openidconnect::{HttpRequest, HttpResponse};

const CONNECT: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(15);
/// Keys of many kinds and a description fit many times.
const LARGEST: usize = 1024 * 1024;

pub(super) fn new() -> Result<reqwest::Client, Error> {
    reqwest::Client::builder()
        .user_agent(concat!("hozon/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .timeout(LONGEST)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| Error::new(ErrorCode::Internal, "HTTP client").caused_by(error))
}

/// Asks once.
pub(super) async fn send(
    client: reqwest::Client,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let mut answer = client.execute(request.try_into()?).await?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await? {
        if body.len() + piece.len() > LARGEST {
            return Err(Fault::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    let mut response = HttpResponse::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Fault {
    Http(reqwest::Error),
    TooLarge,
}

impl From<reqwest::Error> for Fault {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(error) => error.fmt(f),
            Self::TooLarge => write!(f, "the answer is longer than {LARGEST} bytes"),
        }
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Http(error) => error.source(),
            Self::TooLarge => None,
        }
    }
}
