//! What differs between services: how a place is written, what it is called, which client speaks to it.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hozon_model::{StorageCredentials, StorageLocation};
use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, RetryConfig, StaticCredentialProvider,
    aws::{AmazonS3, AmazonS3Builder, AwsCredential, AwsCredentialProvider},
    azure::{MicrosoftAzure, MicrosoftAzureBuilder},
    client::HttpConnector,
    gcp::{GcpCredential, GoogleCloudStorage, GoogleCloudStorageBuilder},
};
use url::Url;

use super::{
    machine,
    role::{Lender, Role},
};

use crate::{
    Error, ErrorCode, Result,
    store::{
        credentials::{service_account, unusable},
        http::Connector,
    },
};

/// A request that fails for a passing reason is tried again so often, and not after so long.
const RETRIES: usize = 5;
const RETRY_FOR: Duration = Duration::from_secs(30);

/// Who keeps the objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Service {
    S3,
    Azure,
    Google,
}

impl Service {
    /// How a place is written.
    pub(in crate::store) fn form(self) -> &'static str {
        match self {
            Self::S3 => "s3://bucket/path",
            Self::Azure => "az://account/container/path",
            Self::Google => "gs://bucket/path",
        }
    }

    /// What holds the objects.
    pub(in crate::store) fn bucket(self) -> &'static str {
        match self {
            Self::Azure => "container",
            Self::S3 | Self::Google => "bucket",
        }
    }
}

/// Where objects lie, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct Place {
    pub(in crate::store) service: Service,
    /// The storage account; empty where there is none.
    pub(in crate::store) account: String,
    pub(in crate::store) bucket: String,
    /// Without `/` at its ends; empty for the bucket's root.
    pub(in crate::store) prefix: String,
    pub(in crate::store) endpoint: Option<Url>,
}

impl Place {
    /// The bucket, as an operator writes it.
    pub(super) fn url(&self) -> String {
        match self.service {
            Service::S3 => format!("s3://{}", self.bucket),
            Service::Azure => format!("az://{}/{}", self.account, self.bucket),
            Service::Google => format!("gs://{}", self.bucket),
        }
    }

    /// The root of the service, without `/` at its end; none for the cloud's own.
    pub(super) fn base(&self) -> Option<String> {
        let endpoint = self.endpoint.as_ref()?;
        let base = endpoint.as_str().trim_end_matches('/');
        let of_account = endpoint
            .host_str()
            .is_some_and(|host| host.starts_with(&format!("{}.", self.account)));
        // Where the host does not name the account, the path does: emulators and some private clouds are so.
        Some(match self.service {
            Service::Azure if !of_account && !base.ends_with(&format!("/{}", self.account)) => {
                format!("{base}/{}", self.account)
            }
            _ => base.to_owned(),
        })
    }
}

/// The library's client of a service.
#[derive(Debug)]
pub(super) enum Client {
    S3(AmazonS3),
    Azure(MicrosoftAzure),
    Google(GoogleCloudStorage),
}

impl Client {
    pub(super) fn new(
        location: &StorageLocation,
        place: &Place,
        credentials: &StorageCredentials,
        connector: Connector,
    ) -> Result<Self> {
        let wrong = || {
            unusable(&format!(
                "`{}` takes no credentials of this kind",
                place.service.form()
            ))
        };
        match place.service {
            Service::S3 => s3(location, place, credentials, connector, wrong),
            Service::Azure => azure(place, credentials, connector, wrong),
            Service::Google => google(place, credentials, connector, wrong),
        }
    }

    pub(super) fn objects(&self) -> &dyn ObjectStore {
        match self {
            Self::S3(client) => client,
            Self::Azure(client) => client,
            Self::Google(client) => client,
        }
    }
}

fn retries() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(5),
            base: 2.,
        },
        max_retries: RETRIES,
        retry_timeout: RETRY_FOR,
    }
}

fn options() -> ClientOptions {
    ClientOptions::new().with_allow_http(true)
}

fn built<T>(client: object_store::Result<T>, place: &Place) -> Result<T> {
    // What the library says could repeat what it was given, so it is not passed on.
    client.map_err(|_| {
        Error::new(ErrorCode::InvalidInput, place.url())
            .because("the credentials cannot be read")
            .hint("paste them again, whole and without anything else")
    })
}

/// The bucket's region: requests are signed for it.
pub(super) fn region(location: &StorageLocation) -> &str {
    location.region.as_deref().unwrap_or("us-east-1")
}

/// Without keys, an endpoint is asked anonymously, and the cloud's own service with what the machine provides.
fn s3(
    location: &StorageLocation,
    place: &Place,
    credentials: &StorageCredentials,
    connector: Connector,
    wrong: impl Fn() -> Error,
) -> Result<Client> {
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&place.bucket)
        .with_region(region(location))
        .with_client_options(options())
        .with_http_connector(connector.clone())
        .with_retry(retries());
    if let Some(base) = place.base() {
        builder = builder
            .with_endpoint(base)
            .with_virtual_hosted_style_request(false)
            .with_skip_signature(*credentials == StorageCredentials::Machine);
    }
    match credentials {
        StorageCredentials::Machine if place.endpoint.is_some() => {}
        StorageCredentials::Machine => builder = machine::aws(builder, &machine::environment),
        StorageCredentials::S3Role {
            role_arn,
            external_id,
            access_key,
            secret_key,
        } => {
            let http = built(connector.connect(&options()), place)?;
            let asker: AwsCredentialProvider = match (access_key, secret_key) {
                (Some(key_id), Some(secret_key)) => {
                    Arc::new(StaticCredentialProvider::new(AwsCredential {
                        key_id: key_id.clone(),
                        secret_key: secret_key.clone(),
                        token: None,
                    }))
                }
                (None, None) => of_this_machine(location, place, connector)?,
                _ => return Err(unusable("one of access key and secret key is missing")),
            };
            let role = Role {
                arn: role_arn.clone(),
                external_id: external_id.clone(),
                asker,
                endpoint: place.base().unwrap_or_else(|| tokens(region(location))),
                region: region(location).to_owned(),
                http,
            };
            builder = builder.with_credentials(Arc::new(Lender::new(role)));
        }
        StorageCredentials::S3Keys {
            access_key,
            secret_key,
            session_token,
        } => {
            builder = builder
                .with_access_key_id(access_key)
                .with_secret_access_key(secret_key);
            if let Some(token) = session_token {
                builder = builder.with_token(token);
            }
        }
        _ => return Err(wrong()),
    }
    Ok(Client::S3(built(builder.build(), place)?))
}

/// What the cloud gives this machine.
fn of_this_machine(
    location: &StorageLocation,
    place: &Place,
    connector: Connector,
) -> Result<AwsCredentialProvider> {
    let builder = AmazonS3Builder::new()
        .with_bucket_name(&place.bucket)
        .with_region(region(location))
        .with_client_options(options())
        .with_http_connector(connector)
        .with_retry(retries());
    let client = machine::aws(builder, &machine::environment).build();
    Ok(built(client, place)?.credentials().clone())
}

/// The Security Token Service of a region.
fn tokens(region: &str) -> String {
    let end = if region.starts_with("cn-") { ".cn" } else { "" };
    format!("https://sts.{region}.amazonaws.com{end}")
}

fn azure(
    place: &Place,
    credentials: &StorageCredentials,
    connector: Connector,
    wrong: impl Fn() -> Error,
) -> Result<Client> {
    let mut builder = MicrosoftAzureBuilder::new()
        .with_account(&place.account)
        .with_container_name(&place.bucket)
        .with_client_options(options())
        .with_http_connector(connector)
        .with_retry(retries());
    if let Some(base) = place.base() {
        builder = builder.with_endpoint(base);
    }
    builder = match credentials {
        StorageCredentials::Machine if place.endpoint.is_some() => {
            builder.with_skip_signature(true)
        }
        StorageCredentials::Machine => machine::azure(builder, &machine::environment),
        StorageCredentials::AzureKey { key } => {
            BASE64_STANDARD.decode(key.trim()).map_err(|_| {
                unusable("the account's key is not Base64").hint("copy it from the portal, whole")
            })?;
            builder.with_access_key(key.trim())
        }
        StorageCredentials::AzureSas { token } => {
            builder.with_sas_authorization(signed_pairs(token)?)
        }
        StorageCredentials::AzureClient {
            tenant_id,
            client_id,
            client_secret,
        } => builder.with_client_secret_authorization(client_id, client_secret, tenant_id),
        _ => return Err(wrong()),
    };
    Ok(Client::Azure(built(builder.build(), place)?))
}

/// The parts of a shared access signature, which may be given with the address in front of it.
fn signed_pairs(token: &str) -> Result<Vec<(String, String)>> {
    let query = token.trim().rsplit('?').next().unwrap_or_default();
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    if pairs.iter().any(|(name, _)| name == "sig") {
        Ok(pairs)
    } else {
        Err(unusable("the shared access signature has no `sig`")
            .hint("paste the whole query string, as the portal shows it"))
    }
}

fn google(
    place: &Place,
    credentials: &StorageCredentials,
    connector: Connector,
    wrong: impl Fn() -> Error,
) -> Result<Client> {
    let mut builder = GoogleCloudStorageBuilder::new()
        .with_bucket_name(&place.bucket)
        .with_client_options(options())
        .with_http_connector(connector)
        .with_retry(retries());
    if let Some(base) = place.base() {
        builder = builder.with_base_url(&base);
    }
    builder = match credentials {
        StorageCredentials::Machine if place.endpoint.is_some() => {
            let nobody = GcpCredential {
                bearer: String::new(),
            };
            builder
                .with_credentials(Arc::new(StaticCredentialProvider::new(nobody)))
                .with_skip_signature(true)
        }
        StorageCredentials::Machine => machine::google(builder, &machine::environment),
        StorageCredentials::GoogleServiceAccount { json } => {
            builder.with_service_account_key(service_account(json)?)
        }
        _ => return Err(wrong()),
    };
    Ok(Client::Google(built(builder.build(), place)?))
}
