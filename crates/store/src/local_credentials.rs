//! Passwords of people of this installation, as hashes.

use crate::dialect::{execute, fetch_one, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{Millis, PersonId, Role, RoleAssignment};

statements! {
    FIND = "SELECT password_hash, changed_at FROM local_credentials WHERE person = $1";
    SET = "INSERT INTO local_credentials (person, password_hash, changed_at) VALUES ($1, $2, $3)
        ON CONFLICT (person) DO UPDATE
        SET password_hash = excluded.password_hash, changed_at = excluded.changed_at";
    REHASH = "UPDATE local_credentials SET password_hash = $3
        WHERE person = $1 AND password_hash = $2";
    USABLE_ADMINS = "SELECT COUNT(DISTINCT p.id) FROM people p
        JOIN person_roles r ON r.person = p.id
        WHERE p.active AND r.assignment = $1 AND p.issuer NOT IN ('service', 'demo')
        AND (p.issuer <> 'local'
            OR EXISTS (SELECT 1 FROM local_credentials c WHERE c.person = p.id))";
}

/// How one person's password is known again.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The PHC string of argon2id.
    pub password_hash: String,
    /// When the password was set.
    pub changed_at: Millis,
}

/// The person's credential; none for somebody without a password.
pub async fn find(reader: &mut Reader, person: PersonId) -> Result<Option<Credential>, StoreError> {
    let row = fetch_optional!(reader, (String, i64), FIND, person.to_string())?;
    Ok(row.map(|(password_hash, changed_at)| Credential {
        password_hash,
        changed_at: Millis::new(changed_at),
    }))
}

/// Gives the person this password, whether they had one or not.
pub async fn set(
    tx: &mut Tx,
    person: PersonId,
    password_hash: &str,
    at: Millis,
) -> Result<(), StoreError> {
    execute!(tx, SET, person.to_string(), password_hash, at.get())?;
    Ok(())
}

/// Stores the same password under a hash of higher cost, unless it was changed since `from` was
/// read.
pub async fn rehash(tx: &mut Tx, person: PersonId, from: &str, to: &str) -> Result<(), StoreError> {
    execute!(tx, REHASH, person.to_string(), from, to)?;
    Ok(())
}

/// How many people who may come in are admins of the whole installation and have a way to sign in:
/// local users a password. People of a demonstration do not count: no release lets them in.
pub async fn usable_admins(reader: &mut Reader) -> Result<i64, StoreError> {
    let admin = RoleAssignment::everywhere(Role::Admin).to_string();
    let (count,) = fetch_one!(reader, (i64,), USABLE_ADMINS, admin)?;
    Ok(count)
}

/// Names neither the hash nor its salt.
impl std::fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Credential")
            .field("password_hash", &"…")
            .field("changed_at", &self.changed_at)
            .finish()
    }
}
