//! A hook that is a service: a POST, signed, which follows no redirect and goes where stores may go.

use std::error::Error as _;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::CONTENT_TYPE;
use sha2::Sha256;
use url::Url;

use super::{LONGEST, Trouble};
use crate::{accounts::Secret, store::guarded};

/// The header with the signature of the body.
pub(super) const SIGNATURE: &str = "X-Hozon-Signature";

pub(super) async fn ask(
    url: &Url,
    secret: &Secret,
    document: Vec<u8>,
    private: bool,
) -> Result<Vec<u8>, Trouble> {
    let client = guarded(private).build().map_err(unreachable)?;
    let mut answer = client
        .post(url.clone())
        .header(CONTENT_TYPE, "application/json")
        .header(SIGNATURE, signature(secret, &document))
        .body(document)
        .send()
        .await
        .map_err(unreachable)?;
    if !answer.status().is_success() {
        return Err(Trouble::Status(answer.status().as_u16()));
    }
    let mut taken = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(unreachable)? {
        if taken.len() + piece.len() > LONGEST {
            return Err(Trouble::TooLong);
        }
        taken.extend_from_slice(&piece);
    }
    Ok(taken)
}

/// `sha256=` and the HMAC-SHA256 of the body, hexadecimal.
pub(super) fn signature(secret: &Secret, document: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(document);
    let mut text = "sha256=".to_owned();
    for byte in mac.finalize().into_bytes().as_slice() {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// With every cause, and without the address, whose path may be a secret.
fn unreachable(error: reqwest::Error) -> Trouble {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    Trouble::Unreachable(text)
}
