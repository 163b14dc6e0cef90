//! From the `Authorization` header of a request to who calls.

use super::secret::TokenSecret;
use crate::caller::{Caller, Channel};
use crate::context::OpContext;
use crate::error::OpResult;
use crate::people::caller_of;
use domain::Authority;
use std::net::IpAddr;
use store::{people, tokens};

/// How exactly it is kept when a token was last used, in milliseconds: a write for each request
/// would cost more than the request.
const USED_MS: i64 = 60_000;

/// Who calls with `Authorization: Bearer …` (RFC 6750); none if that is no token, or one that is
/// unknown, expired, revoked, or of somebody who may not come in.
pub async fn authenticate(
    cx: &OpContext,
    authorization: &str,
    address: Option<IpAddr>,
) -> OpResult<Option<Caller>> {
    let Some(secret) = bearer(authorization).and_then(TokenSecret::read) else {
        return Ok(None);
    };
    let now = cx.now();
    let mut reader = cx.store.read().await?;
    let Some(token) = tokens::by_hash(&mut reader, &secret.hash()).await? else {
        return Ok(None);
    };
    if token.revoked_at.is_some() || token.expires_at <= now {
        return Ok(None);
    }
    let Some(person) = people::find(&mut reader, token.person).await? else {
        return Ok(None);
    };
    if !person.active {
        return Ok(None);
    }
    let owner = people::roles(&mut reader, person.id).await?;
    let mut caller = caller_of(&mut reader, &person, Channel::Api, address).await?;
    drop(reader);
    caller.token = Some(token.id);
    caller.authority = Authority::Token {
        owner,
        scope: token.scope,
    };
    let recently = |used| now.since(used) < USED_MS;
    if !token.last_used_at.is_some_and(recently) {
        tokens::used(&cx.store, token.id, now).await?;
    }
    Ok(Some(caller))
}

/// The scheme is read in any case (RFC 9110 §11.1).
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim_matches(' '))
}
