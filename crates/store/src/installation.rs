//! The installation: this deployment, its database, and the one switch that pauses it.

use crate::cells::{Cells, to_json};
use crate::dialect::{execute, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{Actor, InstallationId, Millis};
use serde::{Deserialize, Serialize};

statements! {
    FIND = "SELECT id FROM installation";
    INSERT = "INSERT INTO installation (one, id, created_at) VALUES (1, $1, $2)";
    FIND_PAUSE = "SELECT reason, actor, at FROM pause";
    /// A pause after a restore outranks one by a person and is never replaced by one.
    SET_PAUSE = "INSERT INTO pause (one, reason, actor, at) VALUES (1, $1, $2, $3)
        ON CONFLICT (one) DO UPDATE
        SET reason = excluded.reason, actor = excluded.actor, at = excluded.at
        WHERE excluded.reason = 'restored' AND pause.reason <> 'restored'";
    LIFT_PAUSE = "DELETE FROM pause RETURNING reason, actor, at";
}

/// Why nothing new is sent to AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// The database is a restored one, or older than it was: what happened since it was copied is
    /// not in it, so a person has to look before anything is sent.
    Restored,
    /// A person wanted it.
    Person,
}

impl PauseReason {
    /// The word used in SQL and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Restored => "restored",
            Self::Person => "person",
        }
    }
}

/// The switch, while it is on: grants and copies wait; looking, verifying and revoking go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Why.
    pub reason: PauseReason,
    /// Who turned it on.
    pub by: Actor,
    /// When.
    pub at: Millis,
}

const PAUSE: Cells<'static> = Cells {
    table: "pause",
    row: "1",
};

type PauseLine = (String, String, i64);

fn into_pause((reason, actor, at): PauseLine) -> Result<Pause, StoreError> {
    Ok(Pause {
        reason: PAUSE.text("reason", reason)?,
        by: PAUSE.json("actor", &actor)?,
        at: Millis::new(at),
    })
}

/// The installation's id; none before the first start.
pub async fn find(reader: &mut Reader) -> Result<Option<InstallationId>, StoreError> {
    let row = fetch_optional!(reader, (String,), FIND)?;
    let cells = Cells {
        table: "installation",
        row: "1",
    };
    row.map(|(id,)| cells.text("id", id)).transpose()
}

/// The installation's id; at the first start it becomes `fresh`, and never changes again.
pub async fn ensure(
    tx: &mut Tx,
    fresh: &InstallationId,
    at: Millis,
) -> Result<InstallationId, StoreError> {
    if let Some(id) = find(tx).await? {
        return Ok(id);
    }
    execute!(tx, INSERT, fresh.as_str(), at.get())?;
    Ok(fresh.clone())
}

/// The pause, if the installation is paused. Read it in the transaction that commits an intent:
/// one read earlier may be out of date.
pub async fn pause(reader: &mut Reader) -> Result<Option<Pause>, StoreError> {
    let line = fetch_optional!(reader, PauseLine, FIND_PAUSE)?;
    line.map(into_pause).transpose()
}

/// Pauses the installation and says whether that changed anything. One that is paused stays as it
/// is, except that [`PauseReason::Restored`] takes the place of [`PauseReason::Person`].
pub async fn set_pause(tx: &mut Tx, pause: &Pause) -> Result<bool, StoreError> {
    let actor = to_json("pause", "actor", &pause.by)?;
    let changed = execute!(tx, SET_PAUSE, pause.reason.as_str(), &actor, pause.at.get())?;
    Ok(changed == 1)
}

/// Lifts the pause and gives what it was; none if there was none.
pub async fn lift_pause(tx: &mut Tx) -> Result<Option<Pause>, StoreError> {
    let line = fetch_optional!(tx, PauseLine, LIFT_PAUSE)?;
    line.map(into_pause).transpose()
}
