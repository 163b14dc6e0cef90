//! What an ID token must be like to be believed, and what it says.
//!
//! `openidconnect` checks signature, algorithm, issuer, audience, expiry and nonce (OpenID Connect
//! Core 1.0, section 3.1.3.7). It leaves `azp`, `nbf` and `iat` to us.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Utc};
use domain::Millis;
use openidconnect::core::{
    CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm,
};
use openidconnect::{AdditionalClaims, ClientId, IssuerUrl, Nonce};
use operations::people::Identity;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::error::Untrusted;

/// How far the provider's clock may be from ours, in milliseconds.
const LEEWAY_MS: i64 = 60_000;
/// Longest subject (Core, section 2: 255 ASCII characters).
const LONGEST_SUBJECT: usize = 255;
/// Most groups of one person that are looked at.
const MOST_GROUPS: usize = 5_000;

/// What a token is compared with.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a IssuerUrl,
    pub(super) client_id: &'a ClientId,
    pub(super) nonce: String,
    /// None of them with a shared secret, see [`super::metadata::algorithms`].
    pub(super) algorithms: Vec<CoreJwsSigningAlgorithm>,
    pub(super) now: Millis,
}

impl Expected<'_> {
    /// Everything that the token says, if it holds.
    pub(super) fn verify(
        &self,
        token: &CoreIdToken,
        keys: &CoreJsonWebKeySet,
    ) -> Result<Map<String, Value>, Untrusted> {
        let lenient = moment(self.now.plus(-LEEWAY_MS))?;
        let latest = moment(self.now.plus(LEEWAY_MS))?;
        // As for a public client: one that knows no secret believes no signature made with one.
        let verifier = CoreIdTokenVerifier::new_public_client(
            self.client_id.clone(),
            self.issuer.clone(),
            keys.clone(),
        )
        .set_allowed_algs(self.algorithms.iter().cloned())
        .set_time_fn(move || lenient);
        let nonce = Nonce::new(self.nonce.clone());
        let claims = token.claims(&verifier, &nonce).map_err(Untrusted::Claims)?;
        let party = claims.authorized_party();
        if party.is_some_and(|party| party != self.client_id) {
            return Err(Untrusted::AuthorizedParty);
        }
        let everything = payload(token).ok_or(Untrusted::Unreadable)?;
        let not_before = everything.get("nbf").map(Value::as_f64);
        #[expect(clippy::cast_precision_loss, reason = "seconds fit a double exactly")]
        let begins_in_time =
            not_before.is_none_or(|at| at.is_some_and(|at| at <= latest.timestamp() as f64));
        if claims.issue_time() > latest || !begins_in_time {
            return Err(Untrusted::NotYet);
        }
        if !is_subject(claims.subject()) {
            return Err(Untrusted::Subject);
        }
        Ok(everything)
    }
}

/// Everything that a verified token says: the bytes that its signature covers.
fn payload(token: &CoreIdToken) -> Option<Map<String, Value>> {
    let text = token.to_string();
    let payload = BASE64.decode(text.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}

fn moment(at: Millis) -> Result<DateTime<Utc>, Untrusted> {
    DateTime::from_timestamp_millis(at.get()).ok_or(Untrusted::Unreadable)
}

fn is_subject(text: &str) -> bool {
    (1..=LONGEST_SUBJECT).contains(&text.len()) && text.bytes().all(|b| (0x20..0x7f).contains(&b))
}

/// Claims of the userinfo endpoint that Core does not define.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Others {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for Others {}

/// What the provider says of a person, as far as it is of use here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    subject: String,
    name: Option<String>,
    groups: Option<Vec<String>>,
}

impl Claims {
    /// Reads the named claims of a verified set.
    pub(super) fn new(claims: &Map<String, Value>, name: &str, groups: &str) -> Self {
        let text = |claim: &str| {
            let text = claims.get(claim)?.as_str()?.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        Self {
            subject: text("sub").unwrap_or_default(),
            name: text(name),
            groups: claims.get(groups).and_then(group_names),
        }
    }

    pub(super) fn subject(&self) -> &str {
        &self.subject
    }

    /// Whether nothing is left to ask for.
    pub(super) fn is_complete(&self) -> bool {
        self.name.is_some() && self.groups.is_some()
    }

    /// Takes what is missing from another set about the same person.
    pub(super) fn completed_by(self, more: Self) -> Self {
        Self {
            subject: self.subject,
            name: self.name.or(more.name),
            groups: self.groups.or(more.groups),
        }
    }

    /// Who this is to the console. Somebody without a name is called by their subject.
    pub fn identity(self, issuer: &str) -> Identity {
        Identity {
            issuer: issuer.to_owned(),
            name: self.name.unwrap_or_else(|| self.subject.clone()),
            subject: self.subject,
            groups: self.groups.unwrap_or_default(),
        }
    }
}

/// A list of texts, or one text. Anything else in it is left out.
fn group_names(claim: &Value) -> Option<Vec<String>> {
    match claim {
        Value::Array(list) => {
            let names = list.iter().filter_map(Value::as_str).map(str::to_owned);
            Some(names.take(MOST_GROUPS).collect())
        }
        Value::String(one) => Some(vec![one.clone()]),
        _ => None,
    }
}
