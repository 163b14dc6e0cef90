//! Proposing to attach a policy.

use super::PolicyForm;
use super::check::{Errors, new_name, project, reason, wanted};
use super::propose_remove::submission;
use crate::accounts::Registry;
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use crate::field::{Field, FieldCode};
use crate::idempotency::{self, Request};
use crate::proposals::{Proposed, replay, submit};
use domain::Action;
use domain::plan::PolicyChange;

/// Checks every field, builds the plan with the exact document, stores the proposal and sends it.
/// The document is the one that [`super::preview()`] shows for the same choices.
///
/// A name that the project has already is refused: nobody's policy is overwritten. Nothing is asked
/// of AWS. The same form sent twice acts once and gives what the first gave.
pub async fn propose_attach(cx: &OpContext, form: &PolicyForm) -> OpResult<Proposed> {
    cx.require(Action::ProposePolicyChange)?;
    let request = Request::new(cx, "policies.propose_attach", &form.form_id, form)?;
    let mut tx = cx.store.begin().await?;
    if let Some(earlier) = replay(cx, &mut tx, request.as_ref()).await? {
        return Ok(earlier);
    }
    let registry = Registry::visible(cx, &mut tx, Action::ViewPolicies).await?;
    let mut errors = Errors::default();
    let found = project(&mut tx, &registry, &form.project, &mut errors).await?;
    let arn = found.as_ref().map(|(arn, _)| arn);
    let name = new_name(&mut tx, arn, &form.policy_name, &mut errors).await?;
    let wanted = wanted(&registry, arn, form, &mut errors);
    if wanted
        .as_ref()
        .is_some_and(|wanted| !wanted.findings.is_empty())
    {
        errors.add(Field::Versions, FieldCode::DocumentRefused);
    }
    let reason = reason(&form.reason, &mut errors);
    errors.extend(idempotency::check_key(&form.form_id));
    errors.check()?;
    let checked = found.zip(name).zip(wanted);
    let (((project, account), name), wanted) =
        checked.ok_or_else(|| OpError::stored("checked policy form"))?;
    let change = PolicyChange::Attach {
        document: wanted.document,
    };
    cx.require_in(Action::ProposePolicyChange, &account.environment)?;
    let submission = submission(cx, &registry, (project, &account), (name, change), reason)?;
    let proposed = submit(cx, &mut tx, &submission, request.as_ref()).await?;
    tx.commit().await?;
    Ok(proposed)
}
