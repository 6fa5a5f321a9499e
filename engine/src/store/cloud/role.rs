//! Keys that a role lends. They come from the Security Token Service, are used until shortly before they expire, and are
//! asked for anew then, by whichever request comes first.

use std::{error::Error as StdError, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use http::{Method, header::CONTENT_TYPE};
use jiff::Timestamp;
use object_store::{
    CredentialProvider,
    aws::{AwsAuthorizer, AwsCredential, AwsCredentialProvider},
    client::{HttpClient, HttpRequest, HttpRequestBody},
};
use tokio::{sync::Mutex, time::Instant};
use url::form_urlencoded;

use super::error::Answer;

/// So long before they expire, keys are asked for anew: what is on its way must not become invalid.
const BEFORE: Duration = Duration::from_mins(5);
/// Where that fails, the old ones are used and it is tried again after so long.
const AGAIN: Duration = Duration::from_secs(10);
/// For so many seconds keys are lent; every role allows an hour.
const SECONDS: &str = "3600";

/// The role, and who asks for it.
pub(super) struct Role {
    pub(super) arn: String,
    /// What the owner of the role wants to hear, so that nobody else's request is mistaken for theirs.
    pub(super) external_id: Option<String>,
    /// Signs the request to be lent keys.
    pub(super) asker: AwsCredentialProvider,
    /// Of the Security Token Service.
    pub(super) endpoint: String,
    pub(super) region: String,
    pub(super) http: HttpClient,
}

/// Gives the library the keys that a role lends.
pub(super) struct Lender {
    role: Role,
    lent: Mutex<Option<Lent>>,
}

impl fmt::Debug for Lender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lender").field(&self.role.arn).finish()
    }
}

struct Lent {
    keys: Arc<AwsCredential>,
    renew: Instant,
    expire: Instant,
}

/// Why there are no keys.
#[derive(Debug)]
pub(super) struct NotLent {
    pub(super) role: String,
    pub(super) why: String,
}

impl fmt::Display for NotLent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "role `{}` lends no keys: {}", self.role, self.why)
    }
}

impl StdError for NotLent {}

impl Lender {
    pub(super) fn new(role: Role) -> Self {
        Self {
            role,
            lent: Mutex::new(None),
        }
    }
}

#[async_trait]
impl CredentialProvider for Lender {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        let mut held = self.lent.lock().await;
        let now = Instant::now();
        if let Some(lent) = held.as_ref().filter(|lent| now < lent.renew) {
            return Ok(lent.keys.clone());
        }
        match self.role.ask().await {
            Ok(new) => {
                let keys = new.keys.clone();
                *held = Some(new);
                Ok(keys)
            }
            Err(error) => match held.as_mut().filter(|lent| now < lent.expire) {
                Some(old) => {
                    old.renew = now + AGAIN;
                    tracing::warn!(role = %self.role.arn, %error, "keys of a role are not renewed");
                    Ok(old.keys.clone())
                }
                None => Err(error),
            },
        }
    }
}

impl Role {
    async fn ask(&self) -> object_store::Result<Lent> {
        let asker = self.asker.get_credential().await?;
        let mut request = self.request()?;
        AwsAuthorizer::new(&asker, "sts", &self.region).try_authorize(&mut request, None)?;
        let answer = self.http.execute(request).await.map_err(failed)?;
        let (parts, body) = answer.into_parts();
        let body = body.bytes().await.map_err(failed)?;
        let text = String::from_utf8_lossy(&body);
        let not_lent = |why| {
            failed(NotLent {
                role: self.arn.clone(),
                why,
            })
        };
        if !parts.status.is_success() {
            let answer = Answer::from_body(parts.status.as_u16(), &text);
            return Err(not_lent(answer.text()));
        }
        lent(&text).ok_or_else(|| not_lent("the answer holds no keys".to_owned()))
    }

    fn request(&self) -> object_store::Result<HttpRequest> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("Action", "AssumeRole")
            .append_pair("Version", "2011-06-15")
            .append_pair("RoleArn", &self.arn)
            .append_pair("RoleSessionName", "hozon")
            .append_pair("DurationSeconds", SECONDS);
        if let Some(id) = &self.external_id {
            form.append_pair("ExternalId", id);
        }
        http::Request::builder()
            .method(Method::POST)
            .uri(&self.endpoint)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(HttpRequestBody::from(form.finish()))
            .map_err(failed)
    }
}

fn failed(source: impl Into<Box<dyn StdError + Send + Sync>>) -> object_store::Error {
    object_store::Error::Generic {
        store: "STS",
        source: source.into(),
    }
}

/// The keys in an answer.
fn lent(text: &str) -> Option<Lent> {
    let element = |name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        let (value, _) = rest.split_once(&format!("</{name}>"))?;
        Some(value.trim().to_owned())
    };
    let keys = AwsCredential {
        key_id: element("AccessKeyId")?,
        secret_key: element("SecretAccessKey")?,
        token: Some(element("SessionToken")?),
    };
    let until: Timestamp = element("Expiration")?.parse().ok()?;
    let left = Duration::try_from(until.duration_since(Timestamp::now())).unwrap_or_default();
    let now = Instant::now();
    Some(Lent {
        keys: Arc::new(keys),
        renew: now + left.saturating_sub(BEFORE).max(left / 2),
        expire: now + left,
    })
}

#[cfg(test)]
mod tests {
    use std::{collections::VecDeque, sync};

    use http::Response;
    use object_store::{
        StaticCredentialProvider,
        client::{HttpError, HttpResponse, HttpResponseBody, HttpService},
    };

    use super::*;

    const ARN: &str = "arn:aws:iam::123456789012:role/hozon";

    /// Keeps what it is asked, and answers what it was told to; after that it fails.
    #[derive(Clone, Debug, Default)]
    struct Scripted {
        asked: Arc<sync::Mutex<Vec<String>>>,
        answers: Arc<sync::Mutex<VecDeque<(u16, String)>>>,
    }

    #[async_trait]
    impl HttpService for Scripted {
        async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
            let signed = request.headers().get("authorization").unwrap();
            assert!(
                signed
                    .to_str()
                    .unwrap()
                    .contains("/us-east-1/sts/aws4_request")
            );
            let body = request.body().as_bytes().unwrap().to_vec();
            self.asked
                .lock()
                .unwrap()
                .push(String::from_utf8(body).unwrap());
            let refusal = "<Error><Code>Down</Code><Message>no</Message></Error>".to_owned();
            let next = self.answers.lock().unwrap().pop_front();
            let (status, body) = next.unwrap_or((500, refusal));
            let body = HttpResponseBody::from(body);
            Ok(Response::builder().status(status).body(body).unwrap())
        }
    }

    impl Scripted {
        fn lends(&self, key: &str, minutes: i64) {
            let until = Timestamp::now() + jiff::SignedDuration::from_mins(minutes);
            let text = format!(
                "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>{key}</AccessKeyId>\
                 <SecretAccessKey>hush</SecretAccessKey><SessionToken>token/+=</SessionToken>\
                 <Expiration>{until}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
            );
            self.answers.lock().unwrap().push_back((200, text));
        }

        fn times(&self) -> usize {
            self.asked.lock().unwrap().len()
        }

        fn lender(&self, external_id: Option<&str>) -> Lender {
            Lender::new(Role {
                arn: ARN.to_owned(),
                external_id: external_id.map(str::to_owned),
                asker: Arc::new(StaticCredentialProvider::new(AwsCredential {
                    key_id: "AKIDEXAMPLE".to_owned(),
                    secret_key: "hush".to_owned(),
                    token: None,
                })),
                endpoint: "https://sts.us-east-1.amazonaws.com".to_owned(),
                region: "us-east-1".to_owned(),
                http: HttpClient::new(self.clone()),
            })
        }
    }

    async fn key(lender: &Lender) -> String {
        lender.get_credential().await.unwrap().key_id.clone()
    }

    #[tokio::test(start_paused = true)]
    async fn keys_are_lent_once_and_anew_before_they_expire() {
        let service = Scripted::default();
        service.lends("first", 60);
        service.lends("second", 60);
        let lender = service.lender(Some("hozon 1&2"));
        for _ in 0..3 {
            assert_eq!(key(&lender).await, "first");
        }
        tokio::time::advance(Duration::from_mins(54)).await;
        assert_eq!(key(&lender).await, "first");
        assert_eq!(service.times(), 1);
        tokio::time::advance(Duration::from_mins(2)).await;
        assert_eq!(key(&lender).await, "second");
        assert_eq!(service.times(), 2);
        let asked = service.asked.lock().unwrap()[0].clone();
        assert!(asked.contains("Action=AssumeRole&"), "{asked}");
        assert!(asked.contains("ExternalId=hozon+1%262"), "{asked}");
        assert!(asked.contains("role%2Fhozon"), "{asked}");
    }

    #[tokio::test(start_paused = true)]
    async fn old_keys_serve_as_long_as_they_are_good() {
        let service = Scripted::default();
        service.lends("first", 60);
        let lender = service.lender(None);
        assert_eq!(key(&lender).await, "first");
        tokio::time::advance(Duration::from_mins(56)).await;
        for _ in 0..5 {
            assert_eq!(key(&lender).await, "first");
        }
        assert_eq!(service.times(), 2, "it is not asked by every request");
        tokio::time::advance(Duration::from_mins(5)).await;
        assert!(lender.get_credential().await.is_err());
        service.lends("later", 60);
        assert_eq!(key(&lender).await, "later");
        assert!(!service.asked.lock().unwrap()[0].contains("ExternalId"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_says_why_and_nothing_secret() {
        let service = Scripted::default();
        let denied = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>";
        service
            .answers
            .lock()
            .unwrap()
            .extend([(403, denied.to_owned()), (200, "<html>".to_owned())]);
        let lender = service.lender(None);
        for words in ["403 AccessDenied: not you", "holds no keys"] {
            let error = lender.get_credential().await.unwrap_err();
            let text = format!("{error} {error:?}");
            assert!(text.contains(ARN) && text.contains(words), "{text}");
            assert!(!text.contains("hush"), "{text}");
        }
        assert!(!format!("{lender:?}").contains("hush"));
    }
}
