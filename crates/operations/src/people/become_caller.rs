//! From what a request presents to who calls.

use crate::caller::{Caller, Channel, SignIn};
use crate::context::OpContext;
use crate::error::OpResult;
use domain::SignInId;
use std::net::IpAddr;
use store::Reader;
use store::people::{self, PersonRow};
use store::sign_ins;

/// How exactly it is kept when a browser was last seen, in milliseconds: a write for each request
/// would cost more than the request.
const SEEN_MS: i64 = 60_000;

/// Who calls with this sign-in; none if it is unknown, ended, idle for too long, or of somebody who
/// may not come in. `used` says that a person asked for something: fragments and streams, which a
/// page that was left open asks for by itself, do not keep it from being idle.
pub async fn by_sign_in(
    cx: &OpContext,
    id: SignInId,
    address: Option<IpAddr>,
    used: bool,
) -> OpResult<Option<Caller>> {
    let now = cx.now();
    let mut reader = cx.store.read().await?;
    let Some(row) = sign_ins::find(&mut reader, id).await? else {
        return Ok(None);
    };
    let idle_since = now.plus(-cx.settings.sign_in.idle_ms);
    if row.ends_at <= now || row.seen_at <= idle_since {
        return Ok(None);
    }
    let Some(person) = people::find(&mut reader, row.person).await? else {
        return Ok(None);
    };
    if !person.active {
        return Ok(None);
    }
    let mut caller = caller_of(&mut reader, &person, Channel::Page, address).await?;
    caller.sign_in = Some(SignIn { id, at: row.at });
    drop(reader);
    if used && now.since(row.seen_at) >= SEEN_MS {
        sign_ins::seen(&cx.store, id, now).await?;
    }
    Ok(Some(caller))
}

/// A person as the caller, with their roles as they are now.
pub async fn caller_of(
    reader: &mut Reader,
    person: &PersonRow,
    channel: Channel,
    address: Option<IpAddr>,
) -> OpResult<Caller> {
    Ok(Caller {
        name_hash: Some(person.name_hash.clone()),
        name: person.name.clone(),
        version: person.version,
        channel,
        address,
        ..Caller::person(person.id, people::roles(reader, person.id).await?)
    })
}
