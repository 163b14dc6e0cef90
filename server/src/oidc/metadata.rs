//! What the provider says about itself (OpenID Connect Discovery 1.0).

use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreJwsSigningAlgorithm as Algorithm, CoreResponseMode, CoreResponseType,
    CoreSubjectIdentifierType,
};
use openidconnect::{AdditionalProviderMetadata, ProviderMetadata, UserInfoUrl};
use serde::{Deserialize, Serialize};
use url::Url;

/// Signatures that need the provider's private key. What is signed with the client's secret, or not
/// at all, proves nothing.
const ASYMMETRIC: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// What the provider says about itself.
pub(super) type Metadata = ProviderMetadata<
    Extras,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What newer documents than Discovery add.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Extras {
    /// RFC 9207: the provider names itself when it sends a browser back.
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    /// OpenID Connect RP-Initiated Logout 1.0.
    end_session_endpoint: Option<String>,
}

impl AdditionalProviderMetadata for Extras {}

/// Metadata that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// An address without TLS, or none at all.
    #[error("the provider's metadata name an address that is not https")]
    Address,
    /// Nothing to redeem a code at.
    #[error("the provider's metadata name no token endpoint")]
    NoTokenEndpoint,
    /// Only signatures that prove nothing, or that are not known here.
    #[error("the provider's metadata list no signature algorithm that can be checked")]
    NoAlgorithm,
    /// The client cannot prove itself to it.
    #[error("the provider takes a client's secret neither by header nor by form")]
    NoClientAuthentication,
}

/// How the client proves itself at the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// In the `Authorization` header; with a public client its id in the form.
    Header,
    /// In the form.
    Form,
}

/// Refuses metadata that could not be used later on. `is_loopback` allows addresses without TLS.
pub(super) fn check(
    metadata: &Metadata,
    is_loopback: bool,
    has_secret: bool,
) -> Result<(), Unusable> {
    let token = metadata.token_endpoint().ok_or(Unusable::NoTokenEndpoint)?;
    let userinfo = metadata.userinfo_endpoint().map(UserInfoUrl::url);
    let all = [
        Some(metadata.authorization_endpoint().url()),
        Some(token.url()),
        Some(metadata.jwks_uri().url()),
        userinfo,
    ];
    if !all
        .into_iter()
        .flatten()
        .all(|url| is_safe(url, is_loopback))
    {
        return Err(Unusable::Address);
    }
    if algorithms(metadata).is_empty() {
        return Err(Unusable::NoAlgorithm);
    }
    proof(metadata, has_secret).map(|_| ())
}

/// The algorithms that an ID token may be signed with: what the provider lists, as far as it proves
/// anything.
pub(super) fn algorithms(metadata: &Metadata) -> Vec<Algorithm> {
    let listed = metadata.id_token_signing_alg_values_supported();
    let known = listed.iter().filter(|one| ASYMMETRIC.contains(one));
    known.cloned().collect()
}

/// How the client proves itself (Discovery, section 3: by header where nothing is listed).
pub(super) fn proof(metadata: &Metadata, has_secret: bool) -> Result<Proof, Unusable> {
    use CoreClientAuthMethod as Method;
    let Some(listed) = metadata.token_endpoint_auth_methods_supported() else {
        return Ok(Proof::Header);
    };
    if !has_secret || listed.contains(&Method::ClientSecretBasic) {
        Ok(Proof::Header)
    } else if listed.contains(&Method::ClientSecretPost) {
        Ok(Proof::Form)
    } else {
        Err(Unusable::NoClientAuthentication)
    }
}

/// Whether the provider promises to name itself when it sends a browser back.
pub(super) fn names_itself(metadata: &Metadata) -> bool {
    let extras = metadata.additional_metadata();
    extras.authorization_response_iss_parameter_supported
}

/// Where people end their session at the provider, if it has such a place.
pub(super) fn end_session(metadata: &Metadata, is_loopback: bool) -> Option<Url> {
    let text = metadata
        .additional_metadata()
        .end_session_endpoint
        .as_ref()?;
    let url = Url::parse(text).ok()?;
    is_safe(&url, is_loopback).then_some(url)
}

fn is_safe(url: &Url, is_loopback: bool) -> bool {
    let scheme = url.scheme();
    url.has_host() && (scheme == "https" || (is_loopback && scheme == "http"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// The metadata of a usual provider with these keys replaced.
    fn metadata(changes: &Value) -> Metadata {
        let mut document = json!({
            "issuer": "https://login.example.org",
            "authorization_endpoint": "https://login.example.org/auth",
            "token_endpoint": "https://login.example.org/token",
            "jwks_uri": "https://login.example.org/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["HS256", "none", "RS256", "ES256", "XY1"],
        });
        let object = document.as_object_mut().unwrap();
        object.extend(changes.as_object().unwrap().clone());
        serde_json::from_value(document).unwrap()
    }

    #[test]
    fn only_algorithms_that_prove_something_are_taken() {
        let found = algorithms(&metadata(&json!({})));
        assert_eq!(
            found,
            [Algorithm::RsaSsaPkcs1V15Sha256, Algorithm::EcdsaP256Sha256]
        );
        let weak = metadata(&json!({"id_token_signing_alg_values_supported": ["HS256", "none"]}));
        assert_eq!(check(&weak, false, true), Err(Unusable::NoAlgorithm));
    }

    #[test]
    fn every_address_needs_tls_except_on_this_machine() {
        for key in [
            "authorization_endpoint",
            "token_endpoint",
            "jwks_uri",
            "userinfo_endpoint",
        ] {
            let plain = metadata(&json!({key: "http://login.example.org/a"}));
            assert_eq!(check(&plain, false, true), Err(Unusable::Address), "{key}");
            assert_eq!(check(&plain, true, true), Ok(()), "{key}");
            let script = metadata(&json!({key: "javascript:alert(1)"}));
            assert_eq!(check(&script, true, true), Err(Unusable::Address), "{key}");
        }
        assert_eq!(check(&metadata(&json!({})), false, true), Ok(()));
    }

    #[test]
    fn the_secret_goes_where_the_provider_takes_it() {
        for (methods, has_secret, expected) in [
            (json!(null), true, Ok(Proof::Header)),
            (
                json!(["client_secret_post", "client_secret_basic"]),
                true,
                Ok(Proof::Header),
            ),
            (json!(["client_secret_post"]), true, Ok(Proof::Form)),
            (
                json!(["private_key_jwt"]),
                true,
                Err(Unusable::NoClientAuthentication),
            ),
            (json!(["none"]), false, Ok(Proof::Header)),
        ] {
            let metadata = metadata(&json!({"token_endpoint_auth_methods_supported": methods}));
            assert_eq!(proof(&metadata, has_secret), expected, "{methods}");
        }
    }

    #[test]
    fn a_place_to_sign_out_is_only_taken_as_a_web_address() {
        for (place, taken) in [
            (json!("https://login.example.org/end"), true),
            (json!("http://login.example.org/end"), false),
            (json!("javascript:alert(1)"), false),
            (json!("/end"), false),
            (json!(null), false),
        ] {
            let metadata = metadata(&json!({"end_session_endpoint": place}));
            assert_eq!(end_session(&metadata, false).is_some(), taken, "{place}");
        }
    }

    #[test]
    fn naming_itself_is_a_promise_that_has_to_be_made() {
        let key = "authorization_response_iss_parameter_supported";
        assert!(names_itself(&metadata(&json!({key: true}))));
        assert!(!names_itself(&metadata(&json!({key: false}))));
        assert!(!names_itself(&metadata(&json!({}))));
    }
}
