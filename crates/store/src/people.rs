//! People: who they are, what they are called, and their roles.

use crate::cells::{Cells, moment};
use crate::dialect::{execute, fetch_all, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{Actor, Millis, PersonId, RoleAssignment, Roles};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.issuer, p.subject, p.active, p.version, p.created_at, p.signed_in_at,
                n.name, n.hash
            FROM people p
            JOIN person_names n ON n.person = p.id AND n.hash = (SELECT m.hash
                FROM person_names m WHERE m.person = p.id ORDER BY m.since DESC, m.hash LIMIT 1) ",
            $rest
        )
    };
}

statements! {
    LIST = select!("ORDER BY n.name, p.id");
    FIND = select!("WHERE p.id = $1");
    FIND_SUBJECT = select!("WHERE p.issuer = $1 AND p.subject = $2");
    INSERT = "INSERT INTO people (id, issuer, subject, active, version, created_at)
        VALUES ($1, $2, $3, TRUE, 1, $4)";
    SET_ACTIVE = "UPDATE people SET active = $2, version = version + 1 WHERE id = $1";
    RAISE_VERSION = "UPDATE people SET version = version + 1 WHERE id = $1";
    SIGNED_IN = "UPDATE people SET signed_in_at = $2 WHERE id = $1";
    INSERT_NAME = "INSERT INTO person_names (person, hash, name, salt, since)
        VALUES ($1, $2, $3, $4, $5)";
    SALTS = "SELECT name, hash, salt, since FROM person_names WHERE person = $1
        ORDER BY since DESC";
    RENEW_NAME = "UPDATE person_names SET since = $3 WHERE person = $1 AND hash = $2";
    REPLACE_NAMES = "UPDATE person_names SET name = $2, salt = '' WHERE person = $1";
    NAMES = "SELECT person, hash, name FROM person_names";
    ROLES = "SELECT assignment, source, given_by, at FROM person_roles WHERE person = $1
        ORDER BY assignment, source";
    GIVE = "INSERT INTO person_roles (person, assignment, source, given_by, at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (person, assignment, source) DO NOTHING";
    TAKE = "DELETE FROM person_roles WHERE person = $1 AND assignment = $2 AND source = $3";
}

/// A person, or a service account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Names them for ever.
    pub id: PersonId,
    /// Who vouches for them: an OpenID Connect issuer, or `local`, `demo`, `service`.
    pub issuer: String,
    /// What the issuer calls them. Untrusted text.
    pub subject: String,
    /// Whether they may come in.
    pub active: bool,
    /// Rises when what they may changes.
    pub version: i64,
    /// When they came in first, or were made.
    pub created_at: Millis,
    /// When they last signed in.
    pub signed_in_at: Option<Millis>,
    /// What they are called. Untrusted text.
    pub name: String,
    /// The salted hash of the name.
    pub name_hash: String,
}

/// Who keeps a role up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoleSource {
    /// An admin gave it.
    Given,
    /// Their groups at the issuer gave it.
    Groups,
}

impl RoleSource {
    /// The word used in SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Groups => "groups",
        }
    }
}

/// One role of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleRow {
    /// The role with its reach.
    pub assignment: RoleAssignment,
    /// Who keeps it up to date.
    pub source: RoleSource,
    /// Who gave it.
    pub given_by: Actor,
    /// When.
    pub at: Millis,
}

/// A name that a person has or had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameRow {
    /// The name. Untrusted text.
    pub name: String,
    /// Its salted hash.
    pub hash: String,
    /// The salt, in hexadecimal digits; empty once the name was replaced.
    pub salt: String,
    /// Since when it is the name.
    pub since: Millis,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: String,
    issuer: String,
    subject: String,
    active: bool,
    version: i64,
    created_at: i64,
    signed_in_at: Option<i64>,
    name: String,
    hash: String,
}

impl Line {
    fn into_row(self) -> Result<PersonRow, StoreError> {
        let cells = Cells {
            table: "people",
            row: &self.id,
        };
        Ok(PersonRow {
            id: cells.text("id", self.id.clone())?,
            issuer: self.issuer,
            subject: self.subject,
            active: self.active,
            version: self.version,
            created_at: Millis::new(self.created_at),
            signed_in_at: moment(self.signed_in_at),
            name: self.name,
            name_hash: self.hash,
        })
    }
}

/// Everybody, by name.
pub async fn list(reader: &mut Reader) -> Result<Vec<PersonRow>, StoreError> {
    let lines = fetch_all!(reader, Line, LIST)?;
    lines.into_iter().map(Line::into_row).collect()
}

/// The person of this id.
pub async fn find(reader: &mut Reader, id: PersonId) -> Result<Option<PersonRow>, StoreError> {
    let line = fetch_optional!(reader, Line, FIND, id.to_string())?;
    line.map(Line::into_row).transpose()
}

/// The person whom `issuer` calls `subject`.
pub async fn find_subject(
    reader: &mut Reader,
    issuer: &str,
    subject: &str,
) -> Result<Option<PersonRow>, StoreError> {
    let line = fetch_optional!(reader, Line, FIND_SUBJECT, issuer, subject)?;
    line.map(Line::into_row).transpose()
}

/// Stores a person without a name; [`set_name`] belongs into the same transaction.
pub async fn insert(
    tx: &mut Tx,
    id: PersonId,
    issuer: &str,
    subject: &str,
    at: Millis,
) -> Result<(), StoreError> {
    execute!(tx, INSERT, id.to_string(), issuer, subject, at.get())?;
    Ok(())
}

/// Lets a person in, or keeps them out.
pub async fn set_active(tx: &mut Tx, id: PersonId, active: bool) -> Result<(), StoreError> {
    execute!(tx, SET_ACTIVE, id.to_string(), active)?;
    Ok(())
}

/// Says that what a person may has changed.
pub async fn raise_version(tx: &mut Tx, id: PersonId) -> Result<(), StoreError> {
    execute!(tx, RAISE_VERSION, id.to_string())?;
    Ok(())
}

/// Keeps when a person signed in.
pub async fn signed_in(tx: &mut Tx, id: PersonId, at: Millis) -> Result<(), StoreError> {
    execute!(tx, SIGNED_IN, id.to_string(), at.get())?;
    Ok(())
}

/// The names of a person, the present one first.
pub async fn names_of(reader: &mut Reader, id: PersonId) -> Result<Vec<NameRow>, StoreError> {
    let lines = fetch_all!(reader, (String, String, String, i64), SALTS, id.to_string())?;
    let rows = lines.into_iter().map(|(name, hash, salt, since)| NameRow {
        name,
        hash,
        salt,
        since: Millis::new(since),
    });
    Ok(rows.collect())
}

/// Every name that anybody has or had: person, hash, name.
pub async fn names(reader: &mut Reader) -> Result<Vec<(String, String, String)>, StoreError> {
    Ok(fetch_all!(reader, (String, String, String), NAMES)?)
}

/// Makes `name` the present one; the row of the same hash, if there is one, is taken up again.
pub async fn set_name(tx: &mut Tx, id: PersonId, name: &NameRow) -> Result<(), StoreError> {
    let person = id.to_string();
    let renewed = execute!(tx, RENEW_NAME, &person, &name.hash, name.since.get())?;
    if renewed == 0 {
        execute!(
            tx,
            INSERT_NAME,
            &person,
            &name.hash,
            &name.name,
            &name.salt,
            name.since.get()
        )?;
    }
    Ok(())
}

/// Puts `instead` in the place of every name of a person, and forgets the salts, without which
/// nobody can try names against the hashes.
pub async fn replace_names(tx: &mut Tx, id: PersonId, instead: &str) -> Result<(), StoreError> {
    execute!(tx, REPLACE_NAMES, id.to_string(), instead)?;
    Ok(())
}

/// The roles of a person with what is known of each.
pub async fn role_rows(reader: &mut Reader, id: PersonId) -> Result<Vec<RoleRow>, StoreError> {
    let lines = fetch_all!(reader, (String, String, String, i64), ROLES, id.to_string())?;
    let key = id.to_string();
    let cells = Cells {
        table: "person_roles",
        row: &key,
    };
    let rows = lines.into_iter().map(|(assignment, source, given_by, at)| {
        Ok(RoleRow {
            assignment: cells.text("assignment", assignment)?,
            source: match source.as_str() {
                "given" => RoleSource::Given,
                "groups" => RoleSource::Groups,
                _ => return Err(cells.inconsistent("source")),
            },
            given_by: cells.json("given_by", &given_by)?,
            at: Millis::new(at),
        })
    });
    rows.collect()
}

/// All that a person is trusted with.
pub async fn roles(reader: &mut Reader, id: PersonId) -> Result<Roles, StoreError> {
    let rows = role_rows(reader, id).await?;
    Ok(rows.into_iter().map(|row| row.assignment).collect())
}

/// Gives a person a role, unless they have it from the same source.
pub async fn give(tx: &mut Tx, id: PersonId, role: &RoleRow) -> Result<bool, StoreError> {
    let given_by = crate::cells::to_json("person_roles", "given_by", &role.given_by)?;
    let given = execute!(
        tx,
        GIVE,
        id.to_string(),
        role.assignment.to_string(),
        role.source.as_str(),
        &given_by,
        role.at.get()
    )?;
    Ok(given == 1)
}

/// Takes a role away, and says whether it was there.
pub async fn take(
    tx: &mut Tx,
    id: PersonId,
    assignment: &RoleAssignment,
    source: RoleSource,
) -> Result<bool, StoreError> {
    let assignment = assignment.to_string();
    let taken = execute!(tx, TAKE, id.to_string(), &assignment, source.as_str())?;
    Ok(taken == 1)
}
