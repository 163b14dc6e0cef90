//! Whether a role works and leads where it should.

use crate::error::{Move, Stop};
use crate::outcome::StepOutcome;
use crate::visit::Visit;
use domain::{Failure, FailureCode, JobEvent, Region, RoleAccess};

/// Ends the job with `fail` unless a session of the role is in the role's registered account.
pub(super) async fn lands_in_its_account(
    visit: &mut Visit<'_>,
    access: &RoleAccess,
    region: &Region,
    fail: fn(Failure) -> JobEvent,
) -> Move<()> {
    let read = visit.identity(access, region).await;
    let identity = visit.need(read, FailureCode::RoleRefused, fail)?;
    if identity.account == access.account {
        return Ok(());
    }
    visit.note(format!(
        "Role {} leads into account {} instead of {}.",
        access.role, identity.account, access.account
    ));
    let failure = visit.failure(FailureCode::RoleElsewhere);
    Err(Stop::with(StepOutcome::Event(fail(failure))))
}
