//! What keeps people from locking everybody out, or themselves in.

use crate::context::OpContext;
use crate::error::{ConflictCode, Kind, OpError, OpResult};
use domain::{Actor, PersonId};
use store::people::{self, PersonRow};
use store::{Tx, local_credentials};

/// Nobody changes what they themselves may.
pub(super) fn not_oneself(cx: &OpContext, person: PersonId) -> OpResult<()> {
    if *cx.actor() == (Actor::Person { id: person }) {
        return Err(OpError::Conflict {
            code: ConflictCode::OwnRoles,
        });
    }
    Ok(())
}

/// The person, if there is one.
pub(super) async fn found(tx: &mut Tx, person: PersonId) -> OpResult<PersonRow> {
    let row = people::find(tx, person).await?;
    row.ok_or_else(|| OpError::not_found(Kind::Person, &person.to_string()))
}

/// Refuses a change that leaves nobody who may run the installation and has a way to come in.
pub(super) async fn an_admin_is_left(tx: &mut Tx) -> OpResult<()> {
    if local_credentials::usable_admins(tx).await? == 0 {
        return Err(OpError::Conflict {
            code: ConflictCode::LastAdmin,
        });
    }
    Ok(())
}
