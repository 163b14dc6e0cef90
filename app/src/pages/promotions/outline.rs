//! What a promotion does, beside its form.

use domain::{Rule, Step};
use leptos::prelude::*;

use crate::text::counted;
use crate::ui::card::Card;
use crate::ui::lane::step_name;

/// The five steps of a copy job, and what each means.
const STEPS: [(Step, &str); 5] = [
    (
        Step::Check,
        "Reads both ends again and compares the digest of the plan.",
    ),
    (
        Step::Grant,
        "Lets the destination’s promoter role copy this one version, for a while.",
    ),
    (
        Step::Copy,
        "Asks AWS once, then looks until AWS has finished.",
    ),
    (
        Step::Verify,
        "Reads the new version back: status and source must match.",
    ),
    (Step::Revoke, "Removes the grant, after a failure too."),
];

/// The steps, and how many approvals the rule of the chosen destination asks for.
#[component]
pub(super) fn Outline(rule: Option<Rule>) -> impl IntoView {
    let steps = STEPS.into_iter().enumerate().map(|(index, (step, text))| {
        view! {
            <li class="step step-waiting">
                <span class="station-mark" aria-hidden="true">
                    {index + 1}
                </span>
                <div class="min-w-0">
                    <h3>{step_name(step)}</h3>
                    <p class="small muted">{text}</p>
                </div>
            </li>
        }
    });
    let text = match rule {
        None => "Approvals: as the rule of the destination’s environment asks.".to_owned(),
        Some(rule) if rule.approvals == 0 => format!(
            "{} asks for no approval: its rule approves by itself, and the job starts at once.",
            rule.reference.environment
        ),
        Some(rule) => format!(
            "{} asks for {}.",
            rule.reference.environment,
            counted(usize::from(rule.approvals), "approval", "approvals")
        ),
    };
    view! {
        <Card id="outline" title="What will happen">
            <ol class="steps steps-outline">{steps.collect_view()}</ol>
            <p class="card-foot">{text}</p>
        </Card>
    }
}
