//! Copies within Google Cloud Storage: its JSON API rewrites an object into another bucket, in as many requests as that
//! takes.
//!
//! The library speaks the XML API, whose copy knows one bucket here and is one request, however long it takes. What the
//! library lends is the token that it signs in with; a rewrite needs no other signature.

use futures::FutureExt;
use http::{HeaderValue, Method, header::AUTHORIZATION};
use object_store::{ObjectMeta, gcp::GoogleCloudStorage, path::Path};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use url::Url;

use super::{
    Inner,
    service_copy::{Refused, empty, refused},
};

/// The service's own address.
const GOOGLE: &str = "https://storage.googleapis.com";

/// What an object's name keeps as it is where it is one part of a path.
const NAME: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// How a rewrite stands, as the service tells it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rewrite {
    done: bool,
    /// Goes on where this answer stopped; good for a week.
    #[serde(default, rename = "rewriteToken")]
    token: String,
    /// In bytes, as text.
    #[serde(default)]
    object_size: String,
}

impl Inner {
    /// The copy appears with the last answer, whole.
    pub(super) async fn google_copy(
        &self,
        client: &GoogleCloudStorage,
        target: &Path,
        from: &Self,
        found: &ObjectMeta,
    ) -> Result<(), Refused> {
        let base = self.place.base().unwrap_or_else(|| GOOGLE.to_owned());
        let start = rewrite_url(
            &base,
            (&from.place.bucket, found.location.as_ref()),
            (&self.place.bucket, target.as_ref()),
            found.version.as_deref(),
        )?;
        let mut url = start.clone();
        loop {
            let body = self.google_post(client, &url).await?;
            let rewrite: Rewrite = serde_json::from_str(&body)
                .map_err(|_| Refused("the answer does not say how the copy stands".to_owned()))?;
            if rewrite.done {
                return rewrite.check(found.size);
            }
            if rewrite.token.is_empty() {
                return Err(Refused("the answer does not say how to go on".to_owned()));
            }
            url = start.clone();
            url.query_pairs_mut()
                .append_pair("rewriteToken", &rewrite.token);
        }
    }

    /// Sends a request without a body; what the service answers.
    async fn google_post(&self, client: &GoogleCloudStorage, url: &Url) -> Result<String, Refused> {
        let (_, body) = self
            .trying(|| {
                async {
                    let mut request = empty(Method::POST, url, &[])?;
                    let credential = client.credentials().get_credential().await;
                    let credential = credential.map_err(|error| refused(&error))?;
                    // Who is asked anonymously gets no token.
                    if !credential.bearer.is_empty() {
                        let bearer = format!("Bearer {}", credential.bearer);
                        let mut bearer = HeaderValue::from_str(&bearer)
                            .map_err(|_| Refused("the token cannot be sent".to_owned()))?;
                        bearer.set_sensitive(true);
                        request.headers_mut().insert(AUTHORIZATION, bearer);
                    }
                    Ok(request)
                }
                .boxed()
            })
            .await?;
        Ok(body)
    }
}

impl Rewrite {
    fn check(&self, size: u64) -> Result<(), Refused> {
        if self.object_size == size.to_string() {
            return Ok(());
        }
        Err(Refused(format!(
            "the copy has {} bytes instead of {size}",
            self.object_size
        )))
    }
}

/// Buckets with keys in them, and the very generation of the source that is meant: none that took its place meanwhile.
fn rewrite_url(
    base: &str,
    (from, source): (&str, &str),
    (to, target): (&str, &str),
    generation: Option<&str>,
) -> Result<Url, Refused> {
    let (source, target) = (
        utf8_percent_encode(source, NAME),
        utf8_percent_encode(target, NAME),
    );
    let address = format!("{base}/storage/v1/b/{from}/o/{source}/rewriteTo/b/{to}/o/{target}");
    let mut url = Url::parse(&address).map_err(|error| Refused(error.to_string()))?;
    if let Some(generation) = generation {
        url.query_pairs_mut()
            .append_pair("sourceGeneration", generation);
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_part_of_the_path() {
        let source = ("one", "a/データ 1+%/x.y~_-");
        let url = rewrite_url(GOOGLE, source, ("two.eu", "b/c"), Some("1700000000000001"));
        assert_eq!(
            url.unwrap().as_str(),
            "https://storage.googleapis.com/storage/v1/b/one/o/\
             a%2F%E3%83%87%E3%83%BC%E3%82%BF%201%2B%25%2Fx.y~_-/rewriteTo/b/two.eu/o/b%2Fc\
             ?sourceGeneration=1700000000000001"
        );
    }

    #[test]
    fn an_answer_says_how_the_copy_stands() {
        let going_on: Rewrite = serde_json::from_str(
            r#"{"kind":"storage#rewriteResponse","totalBytesRewritten":"1","objectSize":"9","done":false,"rewriteToken":"a+/="}"#,
        )
        .unwrap();
        assert!(!going_on.done);
        assert_eq!(going_on.token, "a+/=");
        let done: Rewrite =
            serde_json::from_str(r#"{"done":true,"objectSize":"9","resource":{"size":"9"}}"#)
                .unwrap();
        assert!(done.done && done.check(9).is_ok());
        let Refused(why) = done.check(8).unwrap_err();
        assert_eq!(why, "the copy has 9 bytes instead of 8");
        assert!(serde_json::from_str::<Rewrite>(r#"{"kind":"storage#object"}"#).is_err());
    }
}
