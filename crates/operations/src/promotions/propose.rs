//! Proposing a promotion.

use super::PromotionForm;
use super::check::{Checked, check};
use crate::context::OpContext;
use crate::error::OpResult;
use crate::idempotency::Request;
use crate::proposals::{Proposed, Submission, replay, submit};
use domain::plan::{Output, PlannedGrant, Verification};
use domain::{Action, Millis, Plan, PromotionPlan, ProposalId, RolePurpose};

const HOUR_MS: i64 = 3_600_000;

/// Checks every field, builds the plan, stores the proposal and sends it. Under a rule that asks
/// for no approval the plan is approved by the rule and its job queued; else it waits for approval.
///
/// Nothing is asked of AWS. The same form sent twice acts once and gives what the first gave.
pub async fn propose(cx: &OpContext, form: &PromotionForm) -> OpResult<Proposed> {
    cx.require(Action::ProposePromotion)?;
    let id = ProposalId::generate(cx.now(), cx.random.as_ref());
    let request = Request::new(cx, "promotions.propose", &form.form_id, form)?;
    let mut tx = cx.store.begin().await?;
    if let Some(earlier) = replay(cx, &mut tx, request.as_ref()).await? {
        return Ok(earlier);
    }
    let checked = check(cx, &mut tx, form, id).await?;
    cx.require_in(Action::ProposePromotion, &checked.destination.environment)?;
    let submission = submission(id, checked, cx.now(), cx.settings.grant_hours);
    let proposed = submit(cx, &mut tx, &submission, request.as_ref()).await?;
    tx.commit().await?;
    Ok(proposed)
}

fn submission(id: ProposalId, checked: Checked, now: Millis, grant_hours: u16) -> Submission {
    let run_before = now.plus(checked.rule.run_within_ms);
    let promoter = |account: &domain::Account| account.access(RolePurpose::Promoter).role;
    let plan = PromotionPlan {
        proposal: id,
        grant: PlannedGrant {
            sid: PlannedGrant::sid_for(id),
            principal: promoter(&checked.destination),
            resource: checked.source_version.clone(),
            ends: run_before
                .plus(i64::from(grant_hours) * HOUR_MS)
                .whole_second(),
        },
        grantor: promoter(&checked.source),
        source_project: checked.source_project,
        source_version: checked.source_version,
        destination_project: checked.destination_project,
        version_name: checked.version_name,
        output: Output {
            bucket: checked.bucket,
            prefix: checked.prefix,
        },
        kms_key: checked.kms_key,
        tags: checked.tags,
        verification: Verification::ReadBack,
        rule: checked.rule.reference.clone(),
        run_before,
    };
    Submission {
        plan: Plan::Promotion(Box::new(plan)),
        environment: checked.destination.environment,
        rule: checked.rule,
        reason: checked.reason,
    }
}
