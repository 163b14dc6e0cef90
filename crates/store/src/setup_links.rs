//! One-time links: the one that makes the first administrator, and those that set a password.
//!
//! Only the SHA-256 of a token is stored. Using a link deletes its row and says whether there was
//! one, so that of any number of simultaneous uses exactly one wins on both databases.

use crate::cells::Cells;
use crate::dialect::{execute, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{Millis, PersonId};

statements! {
    INSERT = "INSERT INTO setup_links (token_hash, person, expires_at) VALUES ($1, $2, $3)";
    FIND = "SELECT person FROM setup_links WHERE token_hash = $1 AND expires_at > $2";
    USE = "DELETE FROM setup_links WHERE token_hash = $1 AND expires_at > $2 RETURNING person";
    DELETE_NEW = "DELETE FROM setup_links WHERE person IS NULL";
    DELETE_OF = "DELETE FROM setup_links WHERE person = $1";
    DELETE_EXPIRED = "DELETE FROM setup_links WHERE expires_at <= $1";
}

/// Whom a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkFor {
    /// An administrator who does not exist yet.
    NewAdministrator,
    /// The password of this person.
    PasswordOf(PersonId),
}

impl LinkFor {
    fn person(self) -> Option<String> {
        match self {
            Self::NewAdministrator => None,
            Self::PasswordOf(person) => Some(person.to_string()),
        }
    }
}

fn into_link((person,): (Option<String>,)) -> Result<LinkFor, StoreError> {
    let cells = Cells {
        table: "setup_links",
        row: "of a used token",
    };
    let person = cells.optional_text("person", person)?;
    Ok(person.map_or(LinkFor::NewAdministrator, LinkFor::PasswordOf))
}

/// Stores a link until `expires_at`.
pub async fn insert(
    tx: &mut Tx,
    token_hash: &str,
    link: LinkFor,
    expires_at: Millis,
) -> Result<(), StoreError> {
    execute!(tx, INSERT, token_hash, link.person(), expires_at.get())?;
    Ok(())
}

/// Whom the link is for; none if it is wrong, used or expired. It stays as it is.
pub async fn find(
    reader: &mut Reader,
    token_hash: &str,
    now: Millis,
) -> Result<Option<LinkFor>, StoreError> {
    let row = fetch_optional!(reader, (Option<String>,), FIND, token_hash, now.get())?;
    row.map(into_link).transpose()
}

/// Uses the link up and says whom it is for; none if it is wrong, used or expired.
pub async fn take(
    tx: &mut Tx,
    token_hash: &str,
    now: Millis,
) -> Result<Option<LinkFor>, StoreError> {
    let row = fetch_optional!(tx, (Option<String>,), USE, token_hash, now.get())?;
    row.map(into_link).transpose()
}

/// Deletes every other link of the same kind: for a new administrator, or for the same person.
pub async fn delete_all(tx: &mut Tx, link: LinkFor) -> Result<(), StoreError> {
    match link.person() {
        None => execute!(tx, DELETE_NEW)?,
        Some(person) => execute!(tx, DELETE_OF, person)?,
    };
    Ok(())
}

/// Deletes what has expired and gives the number of links deleted. They cannot be used before that
/// either; this only makes room.
pub async fn delete_expired(tx: &mut Tx, now: Millis) -> Result<u64, StoreError> {
    Ok(execute!(tx, DELETE_EXPIRED, now.get())?)
}
