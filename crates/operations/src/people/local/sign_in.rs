//! Proving who one is by a password.

use super::hashing::{HASHING, Match};
use super::throttle::{Origin, Tries};
use super::{AccountName, LocalSignedIn, Password, SecretToken};
use crate::audit::{Entry, Verb, about_person};
use crate::caller::Caller;
use crate::context::OpContext;
use crate::error::{ConflictCode, OpError, OpResult};
use crate::people::{self, Device, Identity, LOCAL, SignInMethod};
use domain::{Actor, Authority, PersonId};
use serde::Deserialize;
use store::local_credentials::{self, Credential};
use store::people::PersonRow;
use store::{Tx, known_devices};

/// For how long a browser is known after a sign-in, in milliseconds: 90 days.
pub const DEVICE_MS: i64 = 90 * 24 * 3_600_000;

/// What is typed into the form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LocalSignInForm {
    /// The account name.
    pub account_name: String,
    /// The password.
    pub password: Password,
}

/// How a sign-in went.
pub enum LocalSignIn {
    /// The browser is signed in.
    Done(LocalSignedIn),
    /// Not with these. Nobody is told whether there is such an account, whether it is active, or
    /// whether the password was right.
    Refused,
    /// Too many tries; the password was not looked at.
    Wait {
        /// For so many seconds.
        seconds: u32,
    },
}

/// Signs in with an account name and a password. `known` is what the browser shows to be known, if
/// anything.
///
/// Each try is counted before the password is looked at, and given back if it was right. One that
/// cannot be made now, as too many others are, is [`OpError::Unavailable`] and not counted. A name
/// that nobody has takes the same time as one with another password, and is written down the same.
pub async fn sign_in(
    cx: &OpContext,
    form: LocalSignInForm,
    known: Option<&str>,
    device: &Device,
) -> OpResult<LocalSignIn> {
    let typed = form.account_name.trim().to_lowercase();
    let (person, credential) = find(cx, &typed).await?;
    let token = device_of(cx, known, person.as_ref()).await?;
    let hash = token.as_ref().map(SecretToken::hash);
    let origin = match &hash {
        Some(hash) => Origin::Device(hash),
        None => Origin::Source(device.address),
    };
    let tries = match Tries::look(cx, &typed, origin).await? {
        Ok(tries) => tries,
        Err(wait) => {
            return Ok(LocalSignIn::Wait {
                seconds: wait.seconds(),
            });
        }
    };
    let place = HASHING.admit()?;
    if let Err(wait) = tries.take(cx).await? {
        return Ok(LocalSignIn::Wait {
            seconds: wait.seconds(),
        });
    }
    if form.password.is_too_long() {
        return refused(cx, person.as_ref(), device).await;
    }
    let stored = credential
        .as_ref()
        .map(|credential| credential.password_hash.clone());
    let (matched, password) = place.compare(form.password, stored).await?;
    let (Some(person), Some(credential), Match::Yes { outdated }) = (&person, credential, matched)
    else {
        return refused(cx, person.as_ref(), device).await;
    };
    let dearer = if outdated {
        rehashed(cx, password).await
    } else {
        None
    };
    match finish(cx, person, &credential, dearer, device, token).await? {
        Some(done) => {
            tries.give_back(cx).await;
            Ok(LocalSignIn::Done(done))
        }
        None => Ok(LocalSignIn::Refused),
    }
}

/// The person of this account name with their credential. As much is read when there is none.
async fn find(cx: &OpContext, typed: &str) -> OpResult<(Option<PersonRow>, Option<Credential>)> {
    let mut reader = cx.store.read().await?;
    let person = match typed.parse::<AccountName>() {
        Ok(name) => store::people::find_subject(&mut reader, LOCAL, name.as_str()).await?,
        Err(_) => None,
    };
    let nobody = || PersonId::generate(cx.now(), cx.random.as_ref());
    let id = person.as_ref().map_or_else(nobody, |person| person.id);
    let credential = local_credentials::find(&mut reader, id).await?;
    Ok((person, credential))
}

/// The token that the browser shows, if it is known as that person's.
async fn device_of(
    cx: &OpContext,
    shown: Option<&str>,
    person: Option<&PersonRow>,
) -> OpResult<Option<SecretToken>> {
    let Some(token) = shown.and_then(SecretToken::presented) else {
        return Ok(None);
    };
    let mut reader = cx.store.read().await?;
    let owner = known_devices::find(&mut reader, &token.hash(), cx.now()).await?;
    let theirs = owner.is_some() && owner == person.map(|person| person.id);
    Ok(theirs.then_some(token))
}

/// Writes down that somebody known was refused. For a name that nobody has a transaction is committed
/// just the same, so that no clock tells the two apart.
async fn refused(
    cx: &OpContext,
    person: Option<&PersonRow>,
    device: &Device,
) -> OpResult<LocalSignIn> {
    let mut tx = cx.store.begin().await?;
    if let Some(person) = person {
        let entry = entry_of(cx, Verb::SignIn, person, device);
        tx.audit(
            entry
                .with("method", "local")
                .with("refused", "password")
                .done(),
        );
    }
    tx.commit().await?;
    Ok(LocalSignIn::Refused)
}

/// A hash at the present cost, if there is a place to make one.
async fn rehashed(cx: &OpContext, password: Password) -> Option<String> {
    let place = HASHING.admit().ok()?;
    place.hash(password, cx.random.as_ref()).await.ok()
}

/// Begins the sign-in, unless the password was changed while it was compared, or the person may not
/// come in.
async fn finish(
    cx: &OpContext,
    person: &PersonRow,
    compared: &Credential,
    dearer: Option<String>,
    device: &Device,
    token: Option<SecretToken>,
) -> OpResult<Option<LocalSignedIn>> {
    let mut tx = cx.store.begin().await?;
    let now = local_credentials::find(&mut tx, person.id).await?;
    if now.as_ref() != Some(compared) {
        return Ok(None);
    }
    if let Some(dearer) = dearer {
        let former = &compared.password_hash;
        local_credentials::rehash(&mut tx, person.id, former, &dearer).await?;
    }
    let begun = begin(cx, &mut tx, person, device, token).await;
    let inactive = ConflictCode::PersonInactive;
    match begun {
        Ok(done) => {
            tx.commit().await?;
            Ok(Some(done))
        }
        Err(OpError::Conflict { code }) if code == inactive => {
            tx.commit().await?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Begins a sign-in of a local user, whose browser is known from now on.
pub(super) async fn begin(
    cx: &OpContext,
    tx: &mut Tx,
    person: &PersonRow,
    device: &Device,
    token: Option<SecretToken>,
) -> OpResult<LocalSignedIn> {
    let identity = Identity {
        issuer: LOCAL.to_owned(),
        subject: person.subject.clone(),
        name: person.name.clone(),
        groups: Vec::new(),
    };
    let signed_in = people::sign_in_within(cx, tx, &identity, SignInMethod::Local, device).await?;
    let token = token.unwrap_or_else(|| SecretToken::generate(cx.random.as_ref()));
    let until = cx.now().plus(DEVICE_MS);
    known_devices::remember(tx, &token.hash(), person.id, until).await?;
    Ok(LocalSignedIn {
        signed_in,
        device: token,
    })
}

/// An entry about what somebody at `device` did as `person`.
pub(super) fn entry_of(cx: &OpContext, verb: Verb, person: &PersonRow, device: &Device) -> Entry {
    let cx = cx.called_by(Caller {
        actor: Actor::Person { id: person.id },
        authority: Authority::Nobody,
        name_hash: Some(person.name_hash.clone()),
        address: device.address,
        ..cx.caller.clone()
    });
    Entry::new(&cx, verb, about_person(person.id), cx.now())
}
