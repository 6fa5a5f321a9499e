//! Copies that the service makes itself, so that no byte passes through this process.
//!
//! The library knows copies within one bucket only. What is sent here beside it are the requests between two buckets;
//! the library signs them. Where a service refuses, whoever asked copies in another way.

use std::time::Duration;

use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream};
use http::{HeaderName, Method, StatusCode};
use object_store::{
    ObjectMeta, ObjectStoreExt,
    aws::{AmazonS3, AwsAuthorizer},
    azure::{AzureAuthorizer, AzureCredential, MicrosoftAzure},
    client::{HttpRequest, HttpRequestBody},
    multipart::{MultipartStore, PartId},
    path::Path,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use super::{
    CloudStore, Doing, Inner,
    error::Answer,
    service::{Client, Service, region},
};
use crate::{
    Result,
    store::copy::{Digest, Expected},
};

/// What one request copies at most: a service must answer before the connection counts as dead.
const PART: u64 = 64 << 20;
/// Parts on their way at a time.
const AT_ONCE: usize = 4;
/// A request that fails for a passing reason is sent so often.
const TRIES: u32 = 4;
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// How often a service that copies in the background is asked whether it is done.
const ASK_EVERY: Duration = Duration::from_millis(500);

/// What a key in a header keeps as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// Why the service did not copy.
#[derive(Debug)]
pub(super) struct Refused(pub(super) String);

/// What became of a copy that a service was asked for.
#[derive(Debug)]
pub(in crate::store) enum Asked {
    /// The object is there, whole.
    Copied,
    /// Nothing is there, for this reason.
    Refused(String),
}

impl CloudStore {
    /// Whether the service that keeps this store keeps the other one, too, and can be asked to copy: it wants to know
    /// by whom, but for an endpoint of Google's protocol that is asked anonymously.
    pub(in crate::store) fn shares_service_with(&self, other: &Self) -> bool {
        let (ours, theirs) = (&self.inner.place, &other.inner.place);
        let reached_alike = ours.service == theirs.service
            && ours.endpoint == theirs.endpoint
            && ours.account == theirs.account;
        let known = self.inner.has_keys || ours.endpoint.is_none();
        reached_alike && (known || ours.service == Service::Google)
    }

    /// Has the service copy an object of another store of the same service to here.
    ///
    /// # Errors
    /// `FileMissing` and `FileDamaged` if the source is not what was expected. Whatever else goes wrong is a refusal.
    pub(in crate::store) async fn copy_by_service(
        &self,
        path: &str,
        from: &Self,
        from_path: &str,
        expected: &Digest,
    ) -> Result<Asked> {
        let (target, source) = (self.inner.checked(path)?, from.inner.checked(from_path)?);
        let head = from.inner.objects().head(&source).await;
        let found = from.inner.answer(Doing::Reading, from_path, head).await?;
        Expected(Some(expected)).check_size(found.size, || from.inner.subject(from_path))?;
        let asked = match &self.inner.client {
            Client::S3(client) => {
                self.inner
                    .s3_copy(client, &target, &from.inner, &found)
                    .await
            }
            Client::Azure(client) => {
                self.inner
                    .azure_copy(client, &target, &from.inner, &found)
                    .await
            }
            Client::Google(client) => {
                self.inner
                    .google_copy(client, &target, &from.inner, &found)
                    .await
            }
        };
        Ok(match asked {
            Ok(()) => Asked::Copied,
            Err(Refused(why)) => Asked::Refused(why),
        })
    }
}

impl Inner {
    async fn s3_copy(
        &self,
        client: &AmazonS3,
        target: &Path,
        from: &Self,
        found: &ObjectMeta,
    ) -> std::result::Result<(), Refused> {
        let source = format!("{}/{}", from.place.bucket, found.location);
        let mut headers = vec![(
            HeaderName::from_static("x-amz-copy-source"),
            utf8_percent_encode(&source, PLAIN).to_string(),
        )];
        if let Some(tag) = &found.e_tag {
            let unchanged = HeaderName::from_static("x-amz-copy-source-if-match");
            headers.push((unchanged, tag.clone()));
        }
        let url = self.s3_url(target)?;
        if found.size <= PART {
            return self.s3_put(client, &url, &headers).await.map(drop);
        }
        let upload = Upload::begin(client, target).await?;
        let parts = (0..found.size.div_ceil(PART)).map(|number| {
            let (upload, mut url, mut headers) = (&upload, url.clone(), headers.clone());
            async move {
                url.query_pairs_mut()
                    .append_pair("partNumber", &(number + 1).to_string())
                    .append_pair("uploadId", &upload.id);
                let (first, end) = (number * PART, ((number + 1) * PART).min(found.size));
                let range = HeaderName::from_static("x-amz-copy-source-range");
                headers.push((range, format!("bytes={first}-{}", end - 1)));
                let body = self.s3_put(client, &url, &headers).await?;
                let content_id = entity_tag(&body)
                    .ok_or_else(|| Refused("the answer names no part".to_owned()))?;
                Ok(PartId { content_id })
            }
            .boxed()
        });
        let parts: Vec<PartId> = stream::iter(parts).buffered(AT_ONCE).try_collect().await?;
        upload.complete(parts).await
    }

    /// Sends a signed request without a body; what the service answers.
    async fn s3_put(
        &self,
        client: &AmazonS3,
        url: &Url,
        headers: &[(HeaderName, String)],
    ) -> std::result::Result<String, Refused> {
        let (_, body) = self
            .trying(|| {
                async {
                    let mut request = empty(Method::PUT, url, headers)?;
                    let credential = client.credentials().get_credential().await;
                    let credential = credential.map_err(|error| refused(&error))?;
                    AwsAuthorizer::new(&credential, "s3", region(&self.location))
                        .try_authorize(&mut request, None)
                        .map_err(|error| refused(&error))?;
                    Ok(request)
                }
                .boxed()
            })
            .await?;
        Ok(body)
    }

    fn s3_url(&self, key: &Path) -> std::result::Result<Url, Refused> {
        let base = self
            .place
            .base()
            .unwrap_or_else(|| format!("https://s3.{}.amazonaws.com", region(&self.location)));
        self.key_url(&base, key)
    }

    /// Within one account, whoever may write here may also name a source that it may read.
    async fn azure_copy(
        &self,
        client: &MicrosoftAzure,
        target: &Path,
        from: &Self,
        found: &ObjectMeta,
    ) -> std::result::Result<(), Refused> {
        let Client::Azure(reader) = &from.client else {
            return Err(Refused("the source is of another service".to_owned()));
        };
        let mut source = from.azure_url(&found.location)?;
        if let AzureCredential::SASToken(pairs) = &*azure_credential(reader).await? {
            source.query_pairs_mut().extend_pairs(pairs);
        }
        let url = self.azure_url(target)?;
        let mut headers = vec![(
            HeaderName::from_static("x-ms-copy-source"),
            source.to_string(),
        )];
        if let Some(tag) = &found.e_tag {
            headers.push((HeaderName::from_static("x-ms-source-if-match"), tag.clone()));
        }
        let mut state = self.azure_send(client, Method::PUT, &url, &headers).await?;
        while state == "pending" {
            tokio::time::sleep(ASK_EVERY).await;
            state = self.azure_send(client, Method::HEAD, &url, &[]).await?;
        }
        if state == "success" {
            Ok(())
        } else {
            Err(Refused(format!("the copy ended as `{state}`")))
        }
    }

    /// Sends a signed request; how the copy stands.
    async fn azure_send(
        &self,
        client: &MicrosoftAzure,
        method: Method,
        url: &Url,
        headers: &[(HeaderName, String)],
    ) -> std::result::Result<String, Refused> {
        let (answered, _) = self
            .trying(|| {
                async {
                    let mut request = empty(method.clone(), url, headers)?;
                    let credential = azure_credential(client).await?;
                    AzureAuthorizer::new(&credential, &self.place.account)
                        .try_authorize(&mut request)
                        .map_err(|error| refused(&error))?;
                    Ok(request)
                }
                .boxed()
            })
            .await?;
        let state = answered
            .get("x-ms-copy-status")
            .and_then(|state| state.to_str().ok());
        Ok(state.unwrap_or("unknown").to_owned())
    }

    fn azure_url(&self, key: &Path) -> std::result::Result<Url, Refused> {
        let base = self
            .place
            .base()
            .unwrap_or_else(|| format!("https://{}.blob.core.windows.net", self.place.account));
        self.key_url(&base, key)
    }

    fn key_url(&self, base: &str, key: &Path) -> std::result::Result<Url, Refused> {
        let key = utf8_percent_encode(key.as_ref(), PLAIN);
        Url::parse(&format!("{base}/{}/{key}", self.place.bucket))
            .map_err(|error| Refused(error.to_string()))
    }

    /// Sends what `make` makes, again after a passing failure.
    pub(super) async fn trying<'a>(
        &self,
        make: impl Fn() -> BoxFuture<'a, std::result::Result<HttpRequest, Refused>> + Send,
    ) -> std::result::Result<(http::HeaderMap, String), Refused> {
        let mut wait = FIRST_WAIT;
        let mut left = TRIES;
        loop {
            left -= 1;
            let (passing, why) = match self.http.execute(make().await?).await {
                Err(error) => (true, error.to_string()),
                Ok(answer) => {
                    let (parts, body) = answer.into_parts();
                    match body.bytes().await {
                        Err(error) => (true, error.to_string()),
                        Ok(body) => {
                            let body = String::from_utf8_lossy(&body).into_owned();
                            // A long copy is answered with 200 before anybody knows how it ends.
                            let failed = body.contains("<Error>");
                            if parts.status.is_success() && !failed {
                                return Ok((parts.headers, body));
                            }
                            let passing = parts.status.is_server_error()
                                && parts.status != StatusCode::NOT_IMPLEMENTED
                                || parts.status.is_success();
                            let answer = Answer::from_body(parts.status.as_u16(), &body);
                            (passing, answer.text())
                        }
                    }
                }
            };
            if !passing || left == 0 {
                return Err(Refused(why));
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
    }
}

/// An upload in parts that is taken back if it is given up.
struct Upload<'a> {
    client: &'a AmazonS3,
    target: &'a Path,
    id: String,
    open: bool,
}

impl<'a> Upload<'a> {
    async fn begin(client: &'a AmazonS3, target: &'a Path) -> std::result::Result<Self, Refused> {
        let id = client.create_multipart(target).await;
        Ok(Self {
            client,
            target,
            id: id.map_err(|error| refused(&error))?,
            open: true,
        })
    }

    async fn complete(mut self, parts: Vec<PartId>) -> std::result::Result<(), Refused> {
        let completed = self
            .client
            .complete_multipart(self.target, &self.id, parts)
            .await;
        self.open = completed.is_err();
        completed.map(drop).map_err(|error| refused(&error))
    }
}

impl Drop for Upload<'_> {
    fn drop(&mut self) {
        let Some(runtime) = self
            .open
            .then(tokio::runtime::Handle::try_current)
            .and_then(std::result::Result::ok)
        else {
            return;
        };
        let (client, target) = (self.client.clone(), self.target.clone());
        let id = std::mem::take(&mut self.id);
        runtime.spawn(async move {
            if client.abort_multipart(&target, &id).await.is_err() {
                tracing::warn!(%target, "parts of an unfinished copy stay in the bucket");
            }
        });
    }
}

async fn azure_credential(
    client: &MicrosoftAzure,
) -> std::result::Result<std::sync::Arc<AzureCredential>, Refused> {
    client
        .credentials()
        .get_credential()
        .await
        .map_err(|error| refused(&error))
}

/// A request without a body.
pub(super) fn empty(
    method: Method,
    url: &Url,
    headers: &[(HeaderName, String)],
) -> std::result::Result<HttpRequest, Refused> {
    let mut request = http::Request::builder()
        .method(method)
        .uri(url.as_str())
        .header(http::header::CONTENT_LENGTH, "0");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request
        .body(HttpRequestBody::empty())
        .map_err(|error| Refused(error.to_string()))
}

pub(super) fn refused(error: &object_store::Error) -> Refused {
    Refused(Answer::of(error).text())
}

/// The entity tag in the answer to the copy of a part.
fn entity_tag(body: &str) -> Option<String> {
    let (_, rest) = body.split_once("<ETag>")?;
    let (tag, _) = rest.split_once("</ETag>")?;
    Some(tag.trim().replace("&quot;", "\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_from_what_services_answer() {
        for body in [
            "<CopyPartResult><ETag>\"a1\"</ETag></CopyPartResult>",
            "<CopyPartResult><ETag> &quot;a1&quot; </ETag></CopyPartResult>",
        ] {
            assert_eq!(entity_tag(body).as_deref(), Some("\"a1\""));
        }
        assert_eq!(entity_tag("<CopyPartResult/>"), None);
    }

    #[test]
    fn keys_in_headers_are_ascii() {
        let key = utf8_percent_encode("b/データ 1+%/x.y~_-", PLAIN).to_string();
        assert_eq!(key, "b/%E3%83%87%E3%83%BC%E3%82%BF%201%2B%25/x.y~_-");
    }
}
