//! Ending sign-ins.

use crate::audit::{Entry, Verb, about_person};
use crate::context::OpContext;
use crate::error::{Kind, OpError, OpResult};
use domain::{Action, Actor, PersonId, SignInId};
use store::{Tx, people, sign_ins};

/// Ends the sign-in that the request came with. Nothing happens if it came with none.
pub async fn sign_out(cx: &OpContext) -> OpResult<()> {
    let (Some(sign_in), Actor::Person { id }) = (cx.caller.sign_in, cx.actor()) else {
        return Ok(());
    };
    let mut tx = cx.store.begin().await?;
    if sign_ins::end(&mut tx, sign_in.id, *id).await? {
        let entry = Entry::new(cx, Verb::SignOut, about_person(*id), cx.now());
        tx.audit(entry.with("sign_in", &sign_in.id).done());
        tx.commit().await?;
    }
    Ok(())
}

/// Ends one of the caller's own sign-ins, wherever it is.
pub async fn end_sign_in(cx: &OpContext, id: &str) -> OpResult<()> {
    cx.require(Action::ManageOwn)?;
    let missing = || OpError::not_found(Kind::SignIn, id);
    let Actor::Person { id: person } = cx.actor() else {
        return Err(missing());
    };
    let parsed: SignInId = id.parse().map_err(|_| missing())?;
    let mut tx = cx.store.begin().await?;
    if !sign_ins::end(&mut tx, parsed, *person).await? {
        return Err(missing());
    }
    let entry = Entry::new(cx, Verb::EndSignIn, about_person(*person), cx.now());
    tx.audit(entry.with("sign_in", &parsed).done());
    tx.commit().await?;
    Ok(())
}

/// Ends all sign-ins of a person but `except`, and lets their open streams end, because what they
/// may has changed. Belongs into the transaction of that change.
pub async fn end_sign_ins_of(
    tx: &mut Tx,
    person: PersonId,
    except: Option<SignInId>,
) -> OpResult<()> {
    sign_ins::end_of(tx, person, except).await?;
    people::raise_version(tx, person).await?;
    Ok(())
}
