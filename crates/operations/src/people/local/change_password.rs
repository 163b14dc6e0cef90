//! Changing one's own password.

use super::hashing::{HASHING, Match};
use super::throttle::{Origin, Tries};
use super::{Password, SecretToken, check_new};
use crate::audit::{Entry, Verb, about_person};
use crate::context::OpContext;
use crate::error::{ConflictCode, Kind, OpError, OpResult};
use crate::field::{Field, FieldCode, FieldError};
use crate::people::{LOCAL, end_sign_ins_of};
use domain::{Action, Actor};
use serde::Deserialize;
use store::local_credentials::{self, Credential};
use store::people::PersonRow;
use store::{Reader, known_devices, people};

/// What is typed into the form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ChangePasswordForm {
    /// The present password.
    pub current_password: Password,
    /// The new one.
    pub password: Password,
    /// The same.
    pub password_again: Password,
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangedPassword {
    /// The new password counts.
    Done,
    /// The present password was tried too often; nothing was looked at.
    Wait {
        /// For so many seconds.
        seconds: u32,
    },
}

/// Whether the caller is a local user, who has a password to change.
pub async fn has_password(cx: &OpContext) -> OpResult<bool> {
    cx.require(Action::ManageOwn)?;
    let mut reader = cx.store.read().await?;
    Ok(own(cx, &mut reader).await?.is_some())
}

/// Gives the caller, a local user, a new password. Their other sign-ins end, their other browsers
/// are not known any more, and links that were made for their password are worth nothing.
///
/// The present password is asked for, and tries of it are counted.
pub async fn change_password(
    cx: &OpContext,
    form: ChangePasswordForm,
    known: Option<&str>,
) -> OpResult<ChangedPassword> {
    cx.require(Action::ManageOwn)?;
    let mut reader = cx.store.read().await?;
    let Some((person, credential)) = own(cx, &mut reader).await? else {
        return Err(OpError::not_found(Kind::Person, &cx.actor().to_string()));
    };
    drop(reader);
    let wrong = check(&form, &person);
    if !wrong.is_empty() {
        return Err(OpError::Invalid(wrong));
    }
    let owner = Origin::Owner(person.id);
    let tries = match Tries::look(cx, &person.subject, owner).await? {
        Ok(tries) => tries,
        Err(wait) => {
            return Ok(ChangedPassword::Wait {
                seconds: wait.seconds(),
            });
        }
    };
    let (compare, hash) = (HASHING.admit()?, HASHING.admit()?);
    if let Err(wait) = tries.take(cx).await? {
        return Ok(ChangedPassword::Wait {
            seconds: wait.seconds(),
        });
    }
    let stored = Some(credential.password_hash.clone());
    let (matched, _) = compare.compare(form.current_password, stored).await?;
    if matched == Match::No {
        return refused(cx, &person).await;
    }
    let hash = hash.hash(form.password, cx.random.as_ref()).await?;
    let device = known
        .and_then(SecretToken::presented)
        .map(|token| token.hash());
    keep(cx, &person, &credential, &hash, device.as_deref()).await?;
    tries.give_back(cx).await;
    Ok(ChangedPassword::Done)
}

/// The caller as a local user with a password.
async fn own(cx: &OpContext, reader: &mut Reader) -> OpResult<Option<(PersonRow, Credential)>> {
    let Actor::Person { id } = cx.actor() else {
        return Ok(None);
    };
    let person = people::find(reader, *id).await?;
    let Some(person) = person.filter(|person| person.issuer == LOCAL) else {
        return Ok(None);
    };
    let credential = local_credentials::find(reader, *id).await?;
    Ok(credential.map(|credential| (person, credential)))
}

fn check(form: &ChangePasswordForm, person: &PersonRow) -> Vec<FieldError> {
    let current = (form.current_password.is_empty())
        .then(|| FieldError::new(Field::CurrentPassword, FieldCode::Required));
    let long = form
        .current_password
        .is_too_long()
        .then(|| FieldError::new(Field::CurrentPassword, FieldCode::CurrentPasswordWrong));
    let names = [person.subject.as_str(), person.name.as_str()];
    let new = check_new(&form.password, &form.password_again, &names);
    current.into_iter().chain(long).chain(new).collect()
}

async fn refused(cx: &OpContext, person: &PersonRow) -> OpResult<ChangedPassword> {
    let mut tx = cx.store.begin().await?;
    let entry = Entry::new(cx, Verb::SetPassword, about_person(person.id), cx.now());
    tx.audit(entry.with("refused", "password").done());
    tx.commit().await?;
    let wrong = FieldError::new(Field::CurrentPassword, FieldCode::CurrentPasswordWrong);
    Err(OpError::field(wrong))
}

async fn keep(
    cx: &OpContext,
    person: &PersonRow,
    compared: &Credential,
    hash: &str,
    device: Option<&str>,
) -> OpResult<()> {
    let mut tx = cx.store.begin().await?;
    let present = local_credentials::find(&mut tx, person.id).await?;
    if present.as_ref() != Some(compared) {
        return Err(OpError::Conflict {
            code: ConflictCode::StaleState,
        });
    }
    local_credentials::set(&mut tx, person.id, hash, cx.now()).await?;
    let current = cx.caller.sign_in.map(|sign_in| sign_in.id);
    end_sign_ins_of(&mut tx, person.id, current).await?;
    known_devices::forget(&mut tx, person.id, device).await?;
    store::setup_links::delete_all(&mut tx, store::setup_links::LinkFor::PasswordOf(person.id))
        .await?;
    let entry = Entry::new(cx, Verb::SetPassword, about_person(person.id), cx.now());
    tx.audit(entry.with("by", "owner").done());
    tx.commit().await?;
    Ok(())
}
