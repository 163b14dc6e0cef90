//! The one provider of an installation, and what is known about it at present.
//!
//! Its metadata and keys are read when they are first needed and again when they have aged. A
//! provider that cannot be reached stops nobody from seeing the console: it is tried again now and
//! then, and whoever wants to sign in meanwhile is told.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Clock, Millis};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKeySet,
    CoreTokenResponse,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, DiscoveryError,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, JsonWebKeySet, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    Scope, StandardErrorResponse, SubjectIdentifier, TokenResponse as _, UserInfoClaims,
    UserInfoError,
};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::claims::{Claims, Expected, Others};
use super::error::{Refused, Unavailable, Untrusted, chain, short};
use super::http::{Http, HttpError};
use super::metadata::{self, Metadata, Proof, Unusable};
use super::pending::Pending;
use super::returned::Returned;
use crate::config::OidcSection;

/// How long metadata count, in milliseconds.
const METADATA_MS: i64 = 60 * 60 * 1_000;
/// How long keys count, in milliseconds: so long a key that the provider took back is believed.
const KEYS_MS: i64 = 5 * 60 * 1_000;
/// Between two readings of the keys because a token was signed with none of them, in milliseconds:
/// nobody can have us ask more often.
const UNKNOWN_KEY_MS: i64 = 10 * 1_000;
/// After a failure the provider is left alone for so many milliseconds.
const FAILED_MS: i64 = 2_000;
/// How often a provider that was out of reach is tried again by itself.
const RETRY: Duration = Duration::from_secs(15);

/// The client with the addresses of one provider.
type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;
type ExchangeError = RequestTokenError<HttpError, StandardErrorResponse<CoreErrorResponseType>>;

/// The provider. Cheap to clone.
#[derive(Clone)]
pub struct Provider(Arc<Inner>);

struct Inner {
    issuer: IssuerUrl,
    display_name: String,
    client_id: ClientId,
    secret: Option<ClientSecret>,
    scopes: Vec<Scope>,
    groups_claim: String,
    name_claim: String,
    is_loopback: bool,
    redirect: RedirectUrl,
    http: Http,
    clock: Arc<dyn Clock>,
    /// One asks, the others wait for what it learns.
    memory: tokio::sync::Mutex<Memory>,
    /// What pages show without waiting.
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Memory {
    known: Option<Known>,
    failed_at: Option<Millis>,
    unknown_key_at: Option<Millis>,
}

#[derive(Clone)]
struct Known {
    metadata: Arc<Metadata>,
    read_at: Millis,
    keys: CoreJsonWebKeySet,
    keys_at: Millis,
}

#[derive(Clone, Debug, Default)]
struct Seen {
    state: State,
    end_session: Option<Url>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Unknown,
    Answering,
    Failing,
}

/// Why there is no provider although one is configured.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// An address cannot be used.
    #[error("the addresses of sign_in.oidc cannot be used")]
    Address(#[source] url::ParseError),
    /// There is no client for HTTPS.
    #[error("cannot read the certificates that this machine trusts")]
    Certificates(#[source] io::Error),
}

impl Provider {
    /// The provider of this section. Nothing is asked yet. `console` is what browsers call this
    /// console, without a slash at the end.
    pub fn new(
        section: &OidcSection,
        console: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ProviderError> {
        let redirect = RedirectUrl::new(format!("{console}/auth/return"));
        let secret = section.client_secret();
        let is_loopback = section.is_loopback();
        Ok(Self(Arc::new(Inner {
            issuer: IssuerUrl::new(section.issuer.clone()).map_err(ProviderError::Address)?,
            display_name: section.display_name.clone(),
            client_id: ClientId::new(section.client_id.clone()),
            secret: secret.map(|secret| ClientSecret::new(secret.reveal().to_owned())),
            scopes: section.scopes.iter().cloned().map(Scope::new).collect(),
            groups_claim: section.groups_claim.clone(),
            name_claim: section.name_claim.clone(),
            is_loopback,
            redirect: redirect.map_err(ProviderError::Address)?,
            http: Http::new(is_loopback).map_err(ProviderError::Certificates)?,
            clock,
            memory: tokio::sync::Mutex::default(),
            seen: Mutex::default(),
        })))
    }

    /// What people call it.
    pub fn display_name(&self) -> &str {
        &self.0.display_name
    }

    /// Whether it could not be reached when it was last asked.
    pub fn is_failing(&self) -> bool {
        self.seen().state == State::Failing
    }

    /// The page on which people end their session at the provider, if it has one.
    ///
    /// It gets the client's id and nothing about the person (OpenID Connect RP-Initiated Logout
    /// 1.0): the provider asks before it signs anybody out.
    pub fn end_session(&self) -> Option<Url> {
        let mut url = self.seen().end_session?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.0.client_id);
        Some(url)
    }

    /// Where to send a browser for this attempt.
    pub async fn authorization(&self, pending: &Pending) -> Result<Url, Unavailable> {
        let known = self.known().await?;
        let client = self.client(&known);
        let verifier = PkceCodeVerifier::new(pending.verifier());
        let (state, nonce) = (pending.state(), pending.nonce());
        let (url, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scopes(self.0.scopes.iter().cloned())
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(url)
    }

    /// What the provider says of the person who came back to this attempt.
    pub async fn claims(&self, pending: &Pending, returned: &Returned) -> Result<Claims, Refused> {
        let known = self.known().await?;
        let names_itself = metadata::names_itself(&known.metadata);
        let code = returned.code(&self.0.issuer, names_itself)?;
        let tokens = self.exchange(&known, pending, code).await?;
        let expected = Expected {
            issuer: &self.0.issuer,
            client_id: &self.0.client_id,
            nonce: pending.nonce(),
            algorithms: metadata::algorithms(&known.metadata),
            now: self.0.clock.now(),
        };
        let token = tokens.id_token().ok_or(Untrusted::Unreadable)?;
        let verified = match expected.verify(token, &known.keys) {
            Err(error) if error.may_be_a_new_key() => match self.newer_keys(known.keys_at).await? {
                Some(keys) => expected.verify(token, &keys),
                None => Err(error),
            },
            verified => verified,
        };
        let claims = self.read(&verified?);
        if claims.is_complete() || known.metadata.userinfo_endpoint().is_none() {
            return Ok(claims);
        }
        let more = self.userinfo(&known, &tokens, claims.subject()).await?;
        Ok(claims.completed_by(more))
    }
}

impl Provider {
    /// Whom the console knows people of this provider by.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// Looks whether the provider is there, at once and, while it is not, now and then.
    pub async fn watch(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if self.seen().state != State::Answering {
                // What comes of it is remembered and logged.
                let _ = self.known().await;
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(RETRY) => {}
            }
        }
    }

    /// What is known about the provider, read now if it is not known yet or has aged.
    async fn known(&self) -> Result<Known, Unavailable> {
        let mut memory = self.0.memory.lock().await;
        let now = self.0.clock.now();
        if memory
            .failed_at
            .is_some_and(|at| is_fresh(at, FAILED_MS, now))
        {
            return Err(Unavailable::Recently);
        }
        let read = self.refreshed(memory.known.take(), now).await;
        self.note(&mut memory, read.as_ref());
        read
    }

    async fn refreshed(&self, known: Option<Known>, now: Millis) -> Result<Known, Unavailable> {
        match known {
            Some(known) if is_fresh(known.read_at, METADATA_MS, now) => {
                if is_fresh(known.keys_at, KEYS_MS, now) {
                    return Ok(known);
                }
                Ok(Known {
                    keys: self.keys(&known.metadata).await?,
                    keys_at: now,
                    ..known
                })
            }
            _ => self.discovered(now).await,
        }
    }

    async fn discovered(&self, now: Millis) -> Result<Known, Unavailable> {
        let metadata = Metadata::discover_async(self.0.issuer.clone(), &self.0.http);
        let metadata = metadata.await.map_err(unavailable)?;
        metadata::check(&metadata, self.0.is_loopback, self.0.secret.is_some())?;
        Ok(Known {
            keys: metadata.jwks().clone(),
            metadata: Arc::new(metadata),
            read_at: now,
            keys_at: now,
        })
    }

    async fn keys(&self, metadata: &Metadata) -> Result<CoreJsonWebKeySet, Unavailable> {
        let keys = JsonWebKeySet::fetch_async(metadata.jwks_uri(), &self.0.http);
        keys.await.map_err(unavailable)
    }

    /// Keys that were read after `seen_at`; none if they were read too recently to ask again.
    async fn newer_keys(&self, seen_at: Millis) -> Result<Option<CoreJsonWebKeySet>, Unavailable> {
        let mut memory = self.0.memory.lock().await;
        let Some(known) = memory.known.clone() else {
            return Ok(None);
        };
        if known.keys_at > seen_at {
            return Ok(Some(known.keys));
        }
        let now = self.0.clock.now();
        let asked = memory.unknown_key_at;
        if asked.is_some_and(|at| is_fresh(at, UNKNOWN_KEY_MS, now)) {
            return Ok(None);
        }
        memory.unknown_key_at = Some(now);
        let read = self.keys(&known.metadata).await.map(|keys| Known {
            keys,
            keys_at: now,
            ..known
        });
        self.note(&mut memory, read.as_ref());
        read.map(|known| Some(known.keys))
    }

    /// Remembers what came of asking, and says so when it is another thing than before.
    fn note(&self, memory: &mut Memory, read: Result<&Known, &Unavailable>) {
        let mut seen = self.seen_mut();
        match read {
            Ok(known) => {
                if seen.state != State::Answering {
                    tracing::info!(provider = self.issuer(), "the sign-in provider answers");
                }
                seen.state = State::Answering;
                seen.end_session = metadata::end_session(&known.metadata, self.0.is_loopback);
                memory.failed_at = None;
                memory.known = Some(known.clone());
            }
            Err(error) => {
                if seen.state != State::Failing {
                    let (provider, error) = (self.issuer(), chain(error));
                    tracing::warn!(provider, error, "the sign-in provider cannot be used");
                }
                seen.state = State::Failing;
                memory.failed_at = Some(self.0.clock.now());
                memory.known = None;
            }
        }
    }

    /// Redeems the code.
    async fn exchange(
        &self,
        known: &Known,
        pending: &Pending,
        code: AuthorizationCode,
    ) -> Result<CoreTokenResponse, Refused> {
        let client = self.client(known);
        let request = client.exchange_code(code);
        let request = request.map_err(|_| Unavailable::from(Unusable::NoTokenEndpoint))?;
        let tokens = request
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier()))
            .request_async(&self.0.http)
            .await;
        match tokens {
            Ok(tokens) => Ok(tokens),
            Err(error) => Err(self.not_redeemed(error).await),
        }
    }

    async fn not_redeemed(&self, error: ExchangeError) -> Refused {
        match error {
            RequestTokenError::Request(error) => {
                let error = Unavailable::Http(error);
                self.note(&mut *self.0.memory.lock().await, Err(&error));
                error.into()
            }
            RequestTokenError::ServerResponse(response) => {
                let word = short(response.error().as_ref());
                match response.error() {
                    CoreErrorResponseType::InvalidClient
                    | CoreErrorResponseType::UnauthorizedClient => Refused::Client(word),
                    _ => Refused::Code(word),
                }
            }
            // The answer holds tokens: what is wrong with it is told without quoting it.
            RequestTokenError::Parse(..) => Untrusted::Unreadable.into(),
            RequestTokenError::Other(error) => Unavailable::Answer(short(&error)).into(),
        }
    }

    /// What the userinfo endpoint adds about `subject`.
    async fn userinfo(
        &self,
        known: &Known,
        tokens: &CoreTokenResponse,
        subject: &str,
    ) -> Result<Claims, Refused> {
        let client = self.client(known);
        let subject = SubjectIdentifier::new(subject.to_owned());
        let request = client.user_info(tokens.access_token().clone(), Some(subject));
        let request = request.map_err(|error| Unavailable::Answer(short(&error.to_string())))?;
        let answer: Result<UserInfoClaims<Others, CoreGenderClaim>, _> =
            request.request_async(&self.0.http).await;
        let claims = match answer {
            Ok(claims) => serde_json::to_value(claims),
            Err(UserInfoError::ClaimsVerification(error)) => {
                return Err(Untrusted::Claims(error).into());
            }
            Err(UserInfoError::Request(error)) => return Err(Unavailable::Http(error).into()),
            Err(error) => return Err(Unavailable::Answer(short(&error.to_string())).into()),
        };
        match claims {
            Ok(Value::Object(claims)) => Ok(self.read(&claims)),
            _ => Err(Untrusted::Unreadable.into()),
        }
    }

    fn read(&self, claims: &Map<String, Value>) -> Claims {
        Claims::new(claims, &self.0.name_claim, &self.0.groups_claim)
    }

    fn client(&self, known: &Known) -> Client {
        let metadata = Metadata::clone(&known.metadata);
        let proof = metadata::proof(&metadata, self.0.secret.is_some());
        let (id, secret) = (self.0.client_id.clone(), self.0.secret.clone());
        let client = CoreClient::from_provider_metadata(metadata, id, secret)
            .set_redirect_uri(self.0.redirect.clone());
        match proof {
            Ok(Proof::Form) => client.set_auth_type(AuthType::RequestBody),
            _ => client.set_auth_type(AuthType::BasicAuth),
        }
    }

    fn seen(&self) -> Seen {
        self.seen_mut().clone()
    }

    fn seen_mut(&self) -> MutexGuard<'_, Seen> {
        self.0.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_fresh(at: Millis, longest_ms: i64, now: Millis) -> bool {
    (0..longest_ms).contains(&now.since(at))
}

fn unavailable(error: DiscoveryError<HttpError>) -> Unavailable {
    match error {
        DiscoveryError::Request(error) => Unavailable::Http(error),
        error => Unavailable::Answer(chain(&error)),
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Provider")
            .field("issuer", &self.issuer())
            .finish_non_exhaustive()
    }
}
