//! Listing one's own sign-ins.

use crate::context::OpContext;
use crate::error::OpResult;
use domain::{Action, Actor, Millis, SignInId};
use serde::Serialize;

/// A sign-in as its person sees it.
#[derive(Clone, Debug, Serialize)]
pub struct SignInView {
    /// Which one.
    pub id: SignInId,
    /// Whether it is the one of this request.
    pub current: bool,
    /// How the person proved who they are.
    pub method: String,
    /// When it began.
    pub at: Millis,
    /// When the browser last asked for something; exact to a minute.
    pub seen_at: Millis,
    /// When it ends by itself, if it is not used any more.
    pub ends_at: Millis,
    /// Where it began.
    pub address: Option<String>,
    /// How the browser names itself. Untrusted text.
    pub browser: String,
}

/// The caller's own sign-ins that have not ended, the one used last first.
pub async fn sign_ins(cx: &OpContext) -> OpResult<Vec<SignInView>> {
    cx.require(Action::ManageOwn)?;
    let Actor::Person { id } = cx.actor() else {
        return Ok(Vec::new());
    };
    let (now, idle_ms) = (cx.now(), cx.settings.sign_in.idle_ms);
    let mut reader = cx.store.read().await?;
    let rows = store::sign_ins::of_person(&mut reader, *id).await?;
    let current = cx.caller.sign_in.map(|sign_in| sign_in.id);
    let views = rows.into_iter().map(|row| SignInView {
        current: current == Some(row.id),
        ends_at: row.ends_at.min(row.seen_at.plus(idle_ms)),
        id: row.id,
        method: row.method,
        at: row.at,
        seen_at: row.seen_at,
        address: row.address,
        browser: row.browser,
    });
    Ok(views.filter(|view| view.ends_at > now).collect())
}
