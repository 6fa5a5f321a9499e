//! Signing in by an identity provider: OpenID Connect's authorization code flow with PKCE.
//!
//! What is between leaving and coming back lies in the browser, in a cookie of its own: the state that the provider must
//! bring back, the nonce that its word must hold, the secret of the code challenge, and where to go afterwards. So any
//! server of several takes up what another began.

mod claims;
mod client;

use std::{
    collections::BTreeMap,
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hozon_engine::{
    Engine, Error, ErrorCode,
    accounts::{ProvidedIdentity, Secret},
};
use openidconnect::{
    AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, IssuerUrl, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _,
    core::{CoreClient, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreResponseType},
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use url::Url;

/// For so long a provider's own description, and its keys, are taken for true without asking.
const REMEMBERED: Duration = Duration::from_hours(1);
/// A word that does not fit those keys makes them be asked for anew, no more often than this.
const ASKED_AGAIN: Duration = Duration::from_mins(1);
/// Below the console's address: where the provider sends people back.
pub(crate) const CALLBACK: &str = "/oidc/callback";

/// How a provider is used, from the configuration's `[oidc]`.
#[derive(Clone, Debug)]
pub struct Options {
    /// The provider's address, letter for letter as it names itself.
    pub issuer: String,
    /// What this console is called there.
    pub client_id: String,
    /// What it proves that with; none for a public client, which PKCE alone guards.
    pub client_secret: Option<Secret>,
    /// What is asked for besides `openid`.
    pub scopes: Vec<String>,
    /// What the button of the sign-in page names.
    pub name: String,
    /// The claim that says what a person is called.
    pub name_claim: String,
    /// Whether people are let in of whom nobody here knows.
    pub let_in_unknown: bool,
    /// The claim that decides what a person may do.
    pub role_claim: String,
    /// What each of its values gives; without any, roles are given here.
    pub roles: BTreeMap<String, Vec<String>>,
    /// Where people reach the console.
    pub console: Url,
}

/// What lies in the browser between leaving and coming back. `Debug` shows none of it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Journey {
    state: String,
    nonce: String,
    verifier: String,
    /// Where to go when it is over: a path of the console.
    pub(crate) next: String,
}

impl fmt::Debug for Journey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Journey(…)")
    }
}

impl Journey {
    /// As a cookie's value.
    pub(crate) fn carried(&self) -> String {
        let json = serde_json::to_vec(self).expect("four texts can be written");
        URL_SAFE_NO_PAD.encode(json)
    }

    pub(crate) fn from_cookie(value: &str) -> Option<Self> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()
    }
}

/// What a provider says of itself, and when it was asked.
#[derive(Clone, Debug)]
struct Known {
    at: Instant,
    metadata: Arc<CoreProviderMetadata>,
}

/// The way in by a provider. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Door {
    options: Arc<Options>,
    http: reqwest::Client,
    known: Arc<Mutex<Option<Known>>>,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Door {
    /// Does not ask the provider anything yet: the console starts whether that one is up or not.
    ///
    /// # Errors
    /// `Internal` where the system offers no TLS.
    pub fn new(options: Options) -> Result<Self, Error> {
        Ok(Self {
            options: Arc::new(options),
            http: client::new()?,
            known: Arc::default(),
        })
    }

    /// What the button of the sign-in page names.
    pub(crate) fn name(&self) -> &str {
        &self.options.name
    }

    /// Whether people are let in of whom nobody here knows.
    pub(crate) fn lets_in_unknown(&self) -> bool {
        self.options.let_in_unknown
    }

    /// Where to send somebody, and what their browser keeps meanwhile.
    ///
    /// # Errors
    /// `ProviderFailed`.
    pub(crate) async fn leave(&self, next: String) -> Result<(Url, Journey), Error> {
        let metadata = self.metadata(REMEMBERED).await?;
        let client = self.client(&metadata)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let request = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(self.options.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge);
        let (url, state, nonce) = request.url();
        let journey = Journey {
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
            next,
        };
        Ok((url, journey))
    }

    /// Who came back, by the provider's word for the code that they brought.
    ///
    /// # Errors
    /// `ProviderFailed` for a state that is not this journey's, a code that the provider does not take, and a word that
    /// does not hold; `IdentityRefused` for somebody who has no name; what the engine says of roles that do not fit.
    pub(crate) async fn come_back(
        &self,
        engine: &Engine,
        journey: Journey,
        state: &str,
        code: String,
    ) -> Result<ProvidedIdentity, Error> {
        if journey.state.is_empty() || journey.state != state {
            return Err(failed(
                "the state is not the one that this browser left with",
            ));
        }
        let nonce = Nonce::new(journey.nonce);
        let metadata = self.metadata(REMEMBERED).await?;
        let client = self.client(&metadata)?;
        let http = |request: HttpRequest| client::send(self.http.clone(), request);
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(failed_by)?
            .set_pkce_verifier(PkceCodeVerifier::new(journey.verifier))
            .request_async(&http)
            .await
            .map_err(failed_by)?;
        let word = answer
            .id_token()
            .ok_or_else(|| failed("the provider sent no ID token"))?;
        let verified = word.claims(&verifier(&client), &nonce).map(|_| ());
        if let Err(error) = verified {
            // Its keys may have changed since they were asked for.
            let newer = self.metadata(ASKED_AGAIN).await?;
            if Arc::ptr_eq(&newer, &metadata) {
                return Err(failed_by(error));
            }
            word.claims(&verifier(&self.client(&newer)?), &nonce)
                .map_err(failed_by)?;
        }
        let claims =
            claims::of(&word.to_string()).ok_or_else(|| failed("the ID token cannot be read"))?;
        claims::identity(engine, &self.options, metadata.issuer().as_str(), &claims).await
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> Result<Client, Error> {
        let back = self.options.console.join(CALLBACK).map_err(failed_by)?;
        let secret = self
            .options
            .client_secret
            .as_ref()
            .map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        Ok(CoreClient::from_provider_metadata(
            metadata.clone(),
            ClientId::new(self.options.client_id.clone()),
            secret,
        )
        .set_redirect_uri(RedirectUrl::from_url(back)))
    }

    /// What the provider says of itself: not older than that. Of many who want to know one asks.
    async fn metadata(&self, age: Duration) -> Result<Arc<CoreProviderMetadata>, Error> {
        let mut known = self.known.lock().await;
        if let Some(known) = &*known
            && known.at.elapsed() < age
        {
            return Ok(known.metadata.clone());
        }
        let issuer = IssuerUrl::new(self.options.issuer.clone()).map_err(failed_by)?;
        let http = |request: HttpRequest| client::send(self.http.clone(), request);
        let metadata = CoreProviderMetadata::discover_async(issuer, &http)
            .await
            .map_err(failed_by)?;
        let metadata = Arc::new(metadata);
        *known = Some(Known {
            at: Instant::now(),
            metadata: metadata.clone(),
        });
        Ok(metadata)
    }
}

/// What holds a provider's word: signatures that only the provider can make. Those that anybody who knows the client's
/// secret can make, and none at all, do not count.
fn verifier(client: &Client) -> openidconnect::core::CoreIdTokenVerifier<'_> {
    client.id_token_verifier().set_allowed_algs([
        CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
        CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
        CoreJwsSigningAlgorithm::RsaSsaPssSha256,
        CoreJwsSigningAlgorithm::RsaSsaPssSha384,
        CoreJwsSigningAlgorithm::RsaSsaPssSha512,
        CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        CoreJwsSigningAlgorithm::EcdsaP384Sha384,
        CoreJwsSigningAlgorithm::EdDsa,
    ])
}

fn failed(why: &str) -> Error {
    Error::new(ErrorCode::ProviderFailed, "").because(why)
}

fn failed_by(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorCode::ProviderFailed, "").caused_by(error)
}
