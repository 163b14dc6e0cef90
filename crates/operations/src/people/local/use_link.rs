//! Using a one-time link.

use super::hashing::HASHING;
use super::sign_in::{begin, entry_of};
use super::{AccountName, LocalSignedIn, Password, SecretToken, check_new, create};
use crate::audit::Verb;
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use crate::field::{Field, FieldCode, FieldError};
use crate::people::{Device, LOCAL, end_sign_ins_of};
use domain::{Role, RoleAssignment};
use serde::Deserialize;
use store::people::{self, PersonRow};
use store::setup_links::{self, LinkFor};
use store::{Reader, known_devices, local_credentials};

/// What is typed into the page of a link.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LinkForm {
    /// The account name; only for a new administrator.
    pub account_name: String,
    /// What others see; only for a new administrator, who may leave it out.
    pub name: String,
    /// The new password.
    pub password: Password,
    /// The same.
    pub password_again: Password,
}

/// What a link is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkView {
    /// It makes an administrator.
    NewAdministrator,
    /// It sets the password of this account.
    PasswordOf {
        /// Its account name.
        account: String,
    },
}

/// What the link with this token is for; none if it is wrong, used or expired, or was made for
/// somebody who may not come in. Opening it changes nothing.
pub async fn open_link(cx: &OpContext, token: &str) -> OpResult<Option<LinkView>> {
    let mut reader = cx.store.read().await?;
    let found = find(cx, &mut reader, token).await?;
    Ok(found.map(|(_, person)| match person {
        None => LinkView::NewAdministrator,
        Some(person) => LinkView::PasswordOf {
            account: person.subject,
        },
    }))
}

/// Uses the link with this token and signs in from `device`; none if it is wrong, used or expired.
///
/// Making the administrator, or setting the password, and using the link up are one transaction: of
/// any number of simultaneous uses one wins. A form that is not accepted does not use it up. A
/// password that is set ends every sign-in of its owner.
pub async fn use_link(
    cx: &OpContext,
    token: &str,
    form: LinkForm,
    device: &Device,
) -> OpResult<Option<LocalSignedIn>> {
    let mut reader = cx.store.read().await?;
    let Some((token, person)) = find(cx, &mut reader, token).await? else {
        return Ok(None);
    };
    drop(reader);
    let account = check(&form, person.as_ref()).map_err(OpError::Invalid)?;
    let hash = HASHING.admit()?;
    let hash = hash.hash(form.password, cx.random.as_ref()).await?;

    let mut tx = cx.store.begin().await?;
    let now = cx.now();
    let Some(link) = setup_links::take(&mut tx, &token.hash(), now).await? else {
        return Ok(None);
    };
    setup_links::delete_all(&mut tx, link).await?;
    let (person, verb, roles) = match link {
        LinkFor::NewAdministrator => {
            let roles = vec![RoleAssignment::everywhere(Role::Admin)];
            let operator = cx.acting_as(domain::Actor::LocalOperator);
            let shown = Some(form.name.as_str());
            let person = create::insert(&operator, &mut tx, &account, shown, &roles).await?;
            (person, Verb::SetUp, roles)
        }
        LinkFor::PasswordOf(person) => {
            end_sign_ins_of(&mut tx, person, None).await?;
            known_devices::forget(&mut tx, person, None).await?;
            (person, Verb::SetPassword, Vec::new())
        }
    };
    local_credentials::set(&mut tx, person, &hash, now).await?;
    let row = people::find(&mut tx, person).await?;
    let row = row.ok_or_else(|| OpError::stored("person of a link"))?;
    let mut entry = entry_of(cx, verb, &row, device).with("by", "link");
    if !roles.is_empty() {
        entry = create::with_roles(entry, &roles);
    }
    tx.audit(entry.done());
    let signed_in = begin(cx, &mut tx, &row, device, None).await?;
    tx.commit().await?;
    Ok(Some(signed_in))
}

/// The link that is good at present, and whose password it sets.
async fn find(
    cx: &OpContext,
    reader: &mut Reader,
    token: &str,
) -> OpResult<Option<(SecretToken, Option<PersonRow>)>> {
    let Some(token) = SecretToken::presented(token) else {
        return Ok(None);
    };
    match setup_links::find(reader, &token.hash(), cx.now()).await? {
        None => Ok(None),
        Some(LinkFor::NewAdministrator) => Ok(Some((token, None))),
        Some(LinkFor::PasswordOf(person)) => {
            let person = people::find(reader, person).await?;
            let person = person.filter(|person| person.active && person.issuer == LOCAL);
            Ok(person.map(|person| (token, Some(person))))
        }
    }
}

/// The account name, or all that is wrong with the form.
fn check(form: &LinkForm, person: Option<&PersonRow>) -> Result<AccountName, Vec<FieldError>> {
    let (typed, shown) = match person {
        Some(person) => (person.subject.as_str(), person.name.as_str()),
        None => (form.account_name.as_str(), form.name.as_str()),
    };
    let account = typed.parse::<AccountName>().map_err(|_| {
        let code = if typed.trim().is_empty() {
            FieldCode::Required
        } else {
            FieldCode::NotAnAccountName
        };
        FieldError::new(Field::AccountName, code)
    });
    let password = check_new(&form.password, &form.password_again, &[typed, shown]);
    match account {
        Ok(account) if password.is_empty() => Ok(account),
        account => Err(account.err().into_iter().chain(password).collect()),
    }
}
