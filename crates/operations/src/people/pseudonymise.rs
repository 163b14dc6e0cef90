//! Taking a person's name out of everything.

use super::guard;
use crate::audit::{Entry, Verb, about_person};
use crate::context::OpContext;
use crate::error::{Kind, OpError, OpResult};
use domain::{Action, PersonId};

/// Puts a person's id in the place of every name that they have or had, and forgets the salts, so
/// that nobody can try names against the hashes in the audit. The audit itself is not touched: its
/// chain holds as before. It cannot be undone; a person who signs in again gets the name that their
/// issuer tells then, so keep them out first.
pub async fn pseudonymise(cx: &OpContext, person: &str) -> OpResult<()> {
    cx.require(Action::ManagePeople)?;
    let id: PersonId = person
        .parse()
        .map_err(|_| OpError::not_found(Kind::Person, person))?;
    let mut tx = cx.store.begin().await?;
    guard::found(&mut tx, id).await?;
    store::people::replace_names(&mut tx, id, &id.to_string()).await?;
    tx.audit(Entry::new(cx, Verb::Pseudonymise, about_person(id), cx.now()).done());
    tx.commit().await?;
    Ok(())
}
