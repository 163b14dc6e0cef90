//! Signing in by an attempt that came back from a provider.

use super::sign_in::{Device, Identity, SignInMethod, SignedIn, sign_in_within};
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use domain::Millis;
use store::sign_in_returns;

/// How much longer than its end an attempt is remembered, in milliseconds: processes that share a
/// database have clocks of their own.
const SLACK_MS: i64 = 60_000;

/// An attempt to sign in through a provider.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Names it; at most 64 characters, and nothing that somebody could return with.
    pub id: String,
    /// When it is too old to come back.
    pub ends_at: Millis,
}

/// Begins a sign-in of the person that the provider proved, once for each attempt: `None` if this
/// one was used before.
///
/// Else as [`super::sign_in`]; an attempt of somebody who may not come in is used up too.
pub async fn sign_in_by_return(
    cx: &OpContext,
    identity: &Identity,
    device: &Device,
    attempt: &Attempt,
) -> OpResult<Option<SignedIn>> {
    let mut tx = cx.store.begin().await?;
    let keep_until = attempt.ends_at.plus(SLACK_MS);
    if !sign_in_returns::use_up(&mut tx, &attempt.id, keep_until, cx.now()).await? {
        return Ok(None);
    }
    let signed_in = sign_in_within(cx, &mut tx, identity, SignInMethod::Oidc, device).await;
    match signed_in {
        Ok(signed_in) => {
            tx.commit().await?;
            Ok(Some(signed_in))
        }
        // A refusal is part of the history too.
        Err(error @ OpError::Conflict { .. }) => {
            tx.commit().await?;
            Err(error)
        }
        Err(error) => Err(error),
    }
}
