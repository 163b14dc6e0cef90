//! Tokens: what programs come in with. Only their hashes are here.

use crate::cells::{Cells, moment, to_json};
use crate::dialect::{execute, fetch_all, fetch_one, fetch_optional, statements};
use crate::error::StoreError;
use crate::store::Store;
use crate::tx::{Reader, Tx};
use domain::{Millis, PersonId, Roles, TokenId};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, person, name, scope, created_at, expires_at, last_used_at, revoked_at
            FROM tokens ",
            $rest
        )
    };
}

statements! {
    BY_HASH = select!("WHERE hash = $1");
    FIND = select!("WHERE id = $1");
    OF_PERSON = select!("WHERE person = $1 ORDER BY created_at DESC, id");
    INSERT = "INSERT INTO tokens (id, person, name, hash, scope, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    USED = "UPDATE tokens SET last_used_at = $2
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    REVOKE = "UPDATE tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    GOOD_OF = "SELECT COUNT(*) FROM tokens
        WHERE person = $1 AND revoked_at IS NULL AND expires_at > $2";
    STANDING = "SELECT t.id, p.version FROM tokens t JOIN people p ON p.id = t.person
        WHERE p.active AND t.revoked_at IS NULL AND t.expires_at > $1";
}

/// One token, without its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// Names it for people and for the audit; no secret.
    pub id: TokenId,
    /// For whom it acts.
    pub person: PersonId,
    /// What its owner calls it. Untrusted text.
    pub name: String,
    /// What it was made for: it can do nothing beyond that.
    pub scope: Roles,
    /// When it was made.
    pub created_at: Millis,
    /// From when on it is worth nothing.
    pub expires_at: Millis,
    /// When it was last used; exact to a minute.
    pub last_used_at: Option<Millis>,
    /// When it was revoked.
    pub revoked_at: Option<Millis>,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: String,
    person: String,
    name: String,
    scope: String,
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl Line {
    fn into_row(self) -> Result<TokenRow, StoreError> {
        let cells = Cells {
            table: "tokens",
            row: &self.id,
        };
        Ok(TokenRow {
            id: cells.text("id", self.id.clone())?,
            person: cells.text("person", self.person)?,
            name: self.name,
            scope: cells.json("scope", &self.scope)?,
            created_at: Millis::new(self.created_at),
            expires_at: Millis::new(self.expires_at),
            last_used_at: moment(self.last_used_at),
            revoked_at: moment(self.revoked_at),
        })
    }
}

/// The token of this hash, whether or not it is good still.
pub async fn by_hash(reader: &mut Reader, hash: &str) -> Result<Option<TokenRow>, StoreError> {
    let line = fetch_optional!(reader, Line, BY_HASH, hash)?;
    line.map(Line::into_row).transpose()
}

/// The token of this id, whether or not it is good still.
pub async fn find(reader: &mut Reader, id: TokenId) -> Result<Option<TokenRow>, StoreError> {
    let line = fetch_optional!(reader, Line, FIND, id.to_string())?;
    line.map(Line::into_row).transpose()
}

/// All tokens of a person, the newest first.
pub async fn of_person(reader: &mut Reader, person: PersonId) -> Result<Vec<TokenRow>, StoreError> {
    let lines = fetch_all!(reader, Line, OF_PERSON, person.to_string())?;
    lines.into_iter().map(Line::into_row).collect()
}

/// How many tokens of a person are good at `now`.
pub async fn good_of(
    reader: &mut Reader,
    person: PersonId,
    now: Millis,
) -> Result<i64, StoreError> {
    let (count,) = fetch_one!(reader, (i64,), GOOD_OF, person.to_string(), now.get())?;
    Ok(count)
}

/// Stores a token under the SHA-256 of its text.
pub async fn insert(tx: &mut Tx, row: &TokenRow, hash: &str) -> Result<(), StoreError> {
    let scope = to_json("tokens", "scope", &row.scope)?;
    execute!(
        tx,
        INSERT,
        row.id.to_string(),
        row.person.to_string(),
        &row.name,
        hash,
        &scope,
        row.created_at.get(),
        row.expires_at.get()
    )?;
    Ok(())
}

/// Notes that a token was used. No part of the history: it takes no number.
pub async fn used(store: &Store, id: TokenId, at: Millis) -> Result<(), StoreError> {
    let mut writer = store.begin_aside().await?;
    execute!(writer, USED, id.to_string(), at.get())?;
    writer.commit().await
}

/// Makes a token worth nothing from now on, and says whether it was not so yet.
pub async fn revoke(tx: &mut Tx, id: TokenId, at: Millis) -> Result<bool, StoreError> {
    Ok(execute!(tx, REVOKE, id.to_string(), at.get())? == 1)
}

/// Every token that is good at `now`, with the version of its person.
pub async fn standing(reader: &mut Reader, now: Millis) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(fetch_all!(reader, (String, i64), STANDING, now.get())?)
}
