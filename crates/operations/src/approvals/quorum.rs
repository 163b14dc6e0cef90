//! Counting approvals.

use domain::{Actor, PlanDigest, Rule};
use store::approvals::ApprovalRow;

/// Whether `rule` is met for the plan of this number and digest.
///
/// Approvals of another plan number or digest do not count, nor does the rule's own for a rule that
/// asks for people. Under a rule of 0 the rule's own approval is the one that counts.
pub(crate) fn is_met(
    rule: &Rule,
    plan_number: i64,
    digest: &PlanDigest,
    approvals: &[ApprovalRow],
) -> bool {
    let counted = approvals
        .iter()
        .filter(|approval| approval.plan_number == plan_number && &approval.digest == digest);
    if rule.approvals == 0 {
        return counted
            .clone()
            .any(|approval| approval.actor == Actor::Rule);
    }
    counted
        .filter(|approval| is_person(&approval.actor))
        .count()
        >= usize::from(rule.approvals)
}

/// Whether somebody who signed in gave it.
fn is_person(actor: &Actor) -> bool {
    matches!(actor, Actor::Person { .. })
}
