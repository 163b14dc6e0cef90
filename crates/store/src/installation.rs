//! The installation: this deployment and its database.

use crate::cells::Cells;
use crate::dialect::{execute, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{InstallationId, Millis};

statements! {
    FIND = "SELECT id FROM installation";
    INSERT = "INSERT INTO installation (one, id, created_at) VALUES (1, $1, $2)";
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
