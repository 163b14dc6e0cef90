//! Making one-time links. Their tokens are shown once and never stored.

use super::SecretToken;
use crate::audit::{Entry, Verb, about_installation, about_person};
use crate::context::OpContext;
use crate::error::{Kind, OpError, OpResult};
use crate::people::LOCAL;
use domain::{Action, PersonId};
use store::setup_links::{self, LinkFor};
use store::{Tx, local_credentials, people};

/// How long the link for a new administrator lives, in milliseconds.
pub const NEW_ADMINISTRATOR_MS: i64 = 15 * 60_000;
/// How long the link for somebody's password lives, in milliseconds.
pub const PASSWORD_MS: i64 = 60 * 60_000;

/// Whether nobody could run the installation: there is no active person with the role admin for all
/// environments who has a way to sign in. People of a demonstration do not count.
pub async fn needs_set_up(cx: &OpContext) -> OpResult<bool> {
    cx.require(Action::ManagePeople)?;
    let mut reader = cx.store.read().await?;
    let admins = local_credentials::usable_admins(&mut reader).await?;
    Ok(admins == 0)
}

/// Makes the token of a link that makes an administrator, good once and for
/// [`NEW_ADMINISTRATOR_MS`]. Others of that kind that were made before stay good for their time, until
/// one of them is used.
pub async fn new_administrator(cx: &OpContext) -> OpResult<SecretToken> {
    cx.require(Action::ManagePeople)?;
    let mut tx = cx.store.begin().await?;
    let expires_at = cx.now().plus(NEW_ADMINISTRATOR_MS);
    let token = SecretToken::generate(cx.random.as_ref());
    setup_links::insert(
        &mut tx,
        &token.hash(),
        LinkFor::NewAdministrator,
        expires_at,
    )
    .await?;
    let entry = Entry::new(cx, Verb::MakeSetUpLink, about_installation(), cx.now());
    tx.audit(entry.with("expires_at", &expires_at).done());
    tx.commit().await?;
    Ok(token)
}

/// Makes the token of a link by which a local user sets a password, good once and for
/// [`PASSWORD_MS`]. Links made for them before are worth nothing any more; the password that they have
/// stays until the link is used.
pub async fn new_password(cx: &OpContext, person: PersonId) -> OpResult<SecretToken> {
    cx.require(Action::ManagePeople)?;
    let mut tx = cx.store.begin().await?;
    let row = people::find(&mut tx, person).await?;
    if row.is_none_or(|row| row.issuer != LOCAL) {
        return Err(OpError::not_found(Kind::Person, &person.to_string()));
    }
    let token = insert(cx, &mut tx, person).await?;
    tx.commit().await?;
    Ok(token)
}

/// The same within a transaction.
pub(super) async fn insert(cx: &OpContext, tx: &mut Tx, person: PersonId) -> OpResult<SecretToken> {
    let link = LinkFor::PasswordOf(person);
    let expires_at = cx.now().plus(PASSWORD_MS);
    let token = SecretToken::generate(cx.random.as_ref());
    setup_links::delete_all(tx, link).await?;
    setup_links::insert(tx, &token.hash(), link, expires_at).await?;
    let entry = Entry::new(cx, Verb::MakePasswordLink, about_person(person), cx.now());
    tx.audit(entry.with("expires_at", &expires_at).done());
    Ok(token)
}
