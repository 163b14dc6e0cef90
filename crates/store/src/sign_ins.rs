//! Sign-ins: a person at one browser, from signing in to its end.

use crate::cells::Cells;
use crate::dialect::{execute, fetch_all, fetch_optional, statements};
use crate::error::StoreError;
use crate::store::Store;
use crate::tx::{Reader, Tx};
use domain::{Millis, PersonId, SignInId};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, person, method, at, seen_at, ends_at, address, browser FROM sign_ins ",
            $rest
        )
    };
}

statements! {
    FIND = select!("WHERE id = $1");
    OF_PERSON = select!("WHERE person = $1 ORDER BY seen_at DESC, id");
    INSERT = "INSERT INTO sign_ins (id, person, method, at, seen_at, ends_at, address, browser)
        VALUES ($1, $2, $3, $4, $4, $5, $6, $7)";
    SEEN = "UPDATE sign_ins SET seen_at = $2 WHERE id = $1 AND seen_at < $2";
    END = "DELETE FROM sign_ins WHERE id = $1 AND person = $2";
    END_OF = "DELETE FROM sign_ins WHERE person = $1 AND id <> $2";
    STANDING = "SELECT s.id, p.version FROM sign_ins s JOIN people p ON p.id = s.person
        WHERE p.active AND s.ends_at > $1 AND s.seen_at > $2";
    DELETE_ENDED = "DELETE FROM sign_ins WHERE ends_at <= $1 OR seen_at <= $2";
}

/// One sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInRow {
    /// Which one.
    pub id: SignInId,
    /// Whose.
    pub person: PersonId,
    /// How they proved who they are: `oidc`, `local`, `demo`.
    pub method: String,
    /// When.
    pub at: Millis,
    /// When the browser last asked for something; exact to a minute.
    pub seen_at: Millis,
    /// When it ends however much it is used.
    pub ends_at: Millis,
    /// Where it began.
    pub address: Option<String>,
    /// How the browser names itself. Untrusted text.
    pub browser: String,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: String,
    person: String,
    method: String,
    at: i64,
    seen_at: i64,
    ends_at: i64,
    address: Option<String>,
    browser: String,
}

impl Line {
    fn into_row(self) -> Result<SignInRow, StoreError> {
        let cells = Cells {
            table: "sign_ins",
            row: &self.id,
        };
        Ok(SignInRow {
            id: cells.text("id", self.id.clone())?,
            person: cells.text("person", self.person)?,
            method: self.method,
            at: Millis::new(self.at),
            seen_at: Millis::new(self.seen_at),
            ends_at: Millis::new(self.ends_at),
            address: self.address,
            browser: self.browser,
        })
    }
}

/// The sign-in of this id, whether or not its time is over.
pub async fn find(reader: &mut Reader, id: SignInId) -> Result<Option<SignInRow>, StoreError> {
    let line = fetch_optional!(reader, Line, FIND, id.to_string())?;
    line.map(Line::into_row).transpose()
}

/// A person's sign-ins, the one seen last first.
pub async fn of_person(
    reader: &mut Reader,
    person: PersonId,
) -> Result<Vec<SignInRow>, StoreError> {
    let lines = fetch_all!(reader, Line, OF_PERSON, person.to_string())?;
    lines.into_iter().map(Line::into_row).collect()
}

/// Stores a sign-in, seen now.
pub async fn insert(tx: &mut Tx, row: &SignInRow) -> Result<(), StoreError> {
    execute!(
        tx,
        INSERT,
        row.id.to_string(),
        row.person.to_string(),
        &row.method,
        row.at.get(),
        row.ends_at.get(),
        row.address.as_deref(),
        &row.browser
    )?;
    Ok(())
}

/// Notes that a sign-in was used. No part of the history: it takes no number.
pub async fn seen(store: &Store, id: SignInId, at: Millis) -> Result<(), StoreError> {
    let mut writer = store.begin_aside().await?;
    execute!(writer, SEEN, id.to_string(), at.get())?;
    writer.commit().await
}

/// Ends a sign-in of this person, and says whether there was one.
pub async fn end(tx: &mut Tx, id: SignInId, person: PersonId) -> Result<bool, StoreError> {
    let ended = execute!(tx, END, id.to_string(), person.to_string())?;
    Ok(ended == 1)
}

/// Ends all sign-ins of a person but one, and gives their number.
pub async fn end_of(
    tx: &mut Tx,
    person: PersonId,
    except: Option<SignInId>,
) -> Result<u64, StoreError> {
    let except = except.map_or_else(String::new, |id| id.to_string());
    Ok(execute!(tx, END_OF, person.to_string(), &except)?)
}

/// Every sign-in that is good at `now`, with the version of its person. `idle_since` is the moment
/// since which a browser must have asked for something.
pub async fn standing(
    reader: &mut Reader,
    now: Millis,
    idle_since: Millis,
) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(fetch_all!(
        reader,
        (String, i64),
        STANDING,
        now.get(),
        idle_since.get()
    )?)
}

/// Deletes what has ended by itself, and gives its number.
pub async fn delete_ended(tx: &mut Tx, now: Millis, idle_since: Millis) -> Result<u64, StoreError> {
    Ok(execute!(tx, DELETE_ENDED, now.get(), idle_since.get())?)
}
