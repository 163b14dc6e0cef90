//! Browsers from which people have signed in, by the SHA-256 of the cookie that they got.

use crate::cells::Cells;
use crate::dialect::{execute, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{Millis, PersonId};

statements! {
    REMEMBER = "INSERT INTO known_devices (token_hash, person, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (token_hash) DO UPDATE SET expires_at = excluded.expires_at
        WHERE known_devices.person = excluded.person";
    FIND = "SELECT person FROM known_devices WHERE token_hash = $1 AND expires_at > $2";
    TRIM = "DELETE FROM known_devices WHERE person = $1 AND token_hash NOT IN (
            SELECT token_hash FROM known_devices WHERE person = $1
            ORDER BY expires_at DESC, token_hash LIMIT $2)";
    FORGET = "DELETE FROM known_devices WHERE person = $1 AND token_hash <> $2";
    DELETE_EXPIRED = "DELETE FROM known_devices WHERE expires_at <= $1";
}

/// How many devices of one person are known; of more, those longest unused are forgotten.
pub const PER_PERSON: i64 = 20;

/// Knows the device as the person's until `expires_at`, and forgets those beyond [`PER_PERSON`].
pub async fn remember(
    tx: &mut Tx,
    token_hash: &str,
    person: PersonId,
    expires_at: Millis,
) -> Result<(), StoreError> {
    let person = person.to_string();
    execute!(tx, REMEMBER, token_hash, &person, expires_at.get())?;
    execute!(tx, TRIM, &person, PER_PERSON)?;
    Ok(())
}

/// Whose device it is; none if it is not known.
pub async fn find(
    reader: &mut Reader,
    token_hash: &str,
    now: Millis,
) -> Result<Option<PersonId>, StoreError> {
    let row = fetch_optional!(reader, (String,), FIND, token_hash, now.get())?;
    let cells = Cells {
        table: "known_devices",
        row: "of a cookie",
    };
    row.map(|(person,)| cells.text("person", person))
        .transpose()
}

/// Forgets the person's devices but the one with this hash, if there is one.
pub async fn forget(
    tx: &mut Tx,
    person: PersonId,
    except: Option<&str>,
) -> Result<u64, StoreError> {
    let except = except.unwrap_or_default();
    Ok(execute!(tx, FORGET, person.to_string(), except)?)
}

/// Deletes what has expired and gives the number of devices deleted.
pub async fn delete_expired(tx: &mut Tx, now: Millis) -> Result<u64, StoreError> {
    Ok(execute!(tx, DELETE_EXPIRED, now.get())?)
}
