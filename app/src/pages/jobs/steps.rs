//! The steps of a job, one below the other.

use domain::{JobKind, JobWord, Millis, Step, StepStatus};
use leptos::prelude::*;
use operations::jobs::{JobView, LookView, StepView};

use super::calls::Calls;
use super::time;
use super::tries::Tries;
use crate::ui::age::{Ago, Moment};
use crate::ui::arn::Arn;
use crate::ui::lane::{StepMark, step_name};
use crate::ui::status::{StateLook, Status, never_ran};

/// What a step does, for the time before it has something to say itself.
fn purpose(kind: JobKind, step: Step) -> &'static str {
    match (kind, step) {
        (_, Step::Check) => "Reads both ends again; the plan’s digest must be the approved one.",
        (_, Step::Grant) => "Lets the destination’s promoter role copy exactly this version.",
        (_, Step::Copy) => "AWS copies the model; it gives no percentage.",
        (_, Step::Apply) => "Makes the change of the project policy.",
        (JobKind::Copy, Step::Verify) => {
            "Reads the new version back: status and source must match."
        }
        (JobKind::Policy, Step::Verify) => "Reads the project’s policies back.",
        (_, Step::Revoke) => "Removes the grant. Runs after a failure too.",
    }
}

/// All steps; those under way or failed with what AWS said.
#[component]
pub(super) fn Steps(job: JobView) -> impl IntoView {
    let steps = job
        .steps
        .iter()
        .enumerate()
        .map(|(index, step)| one(&job, index + 1, step));
    let steps = steps.collect_view();
    view! { <ol class="steps">{steps}</ol> }
}

fn one(job: &JobView, number: usize, step: &StepView) -> impl IntoView + use<> {
    let class = match step.status {
        StepStatus::Waiting => "step step-waiting",
        StepStatus::Moving => "step step-moving",
        StepStatus::Done => "step step-done",
        StepStatus::Failed => "step step-failed",
        StepStatus::Skipped => "step step-skipped",
    };
    // While a person is waited for, nothing runs.
    let waits = job.word == JobWord::NeedsOperator && step.status == StepStatus::Moving;
    let time = time(step, job.now).filter(|_| !waits);
    let notes = match step.notes[..] {
        [] => vec![purpose(job.kind, step.step).to_owned()],
        _ => step.notes.clone(),
    };
    let notes = notes
        .into_iter()
        .map(|note| view! { <p class="small muted">{note}</p> });
    let notes = notes.collect_view();
    let panel = panel(job, step);
    let now = job.now;
    let deadline = step.deadline_at.map(|at| {
        if at <= now {
            view! {
                <p class="small text-person">
                    "Late: it was to be done by " <Moment at />
                </p>
            }
            .into_any()
        } else {
            view! {
                <p class="small muted">
                    "Counts as late after " <Moment at />
                </p>
            }
            .into_any()
        }
    });
    // A step that a stop ended was not found needless.
    let look = if job.word == JobWord::Stopped
        && step.status == StepStatus::Skipped
        && !never_ran(step)
        && step.step != Step::Revoke
    {
        StateLook::stopped()
    } else if job.word == JobWord::NeedsOperator && step.step == Step::Copy {
        StateLook::from(job.word)
    } else {
        StateLook::from(step)
    };
    view! {
        <li class=class id=format!("step-{}", step.step.as_str())>
            <span class="station-mark" aria-hidden="true">
                <StepMark number status=step.status />
            </span>
            <div class="min-w-0">
                <div class="step-head">
                    <h3>{step_name(step.step)}</h3>
                    <span class="row">
                        <Status look />
                        {time.map(|time| view! { <span class="small muted nowrap">{time}</span> })}
                    </span>
                </div>
                {notes}
                {deadline}
                {panel}
            </div>
        </li>
    }
}

/// What AWS said and what came of it; nothing before the step begins.
fn panel(job: &JobView, step: &StepView) -> AnyView {
    if step.status == StepStatus::Waiting || never_ran(step) {
        return ().into_any();
    }
    let calls: Vec<_> = job
        .calls
        .iter()
        .filter(|call| call.step == step.step)
        .cloned()
        .collect();
    let moving = step.status == StepStatus::Moving;
    let look = (step.step == Step::Copy).then(|| job.aws.clone()).flatten();
    let version = (step.step == Step::Copy)
        .then(|| job.version_arn.clone())
        .flatten();
    let attempts: Vec<_> = job
        .attempts
        .iter()
        .filter(|attempt| attempt.step == step.step)
        .cloned()
        .collect();
    if calls.is_empty() && attempts.is_empty() && look.is_none() && version.is_none() {
        return ().into_any();
    }
    let alias = job.arrow.destination.alias.to_string();
    let next = job.next_look_at.filter(|_| moving);
    let version = version.map(|version| {
        let of = format!("{} {} in {alias}", version.project_name(), version.name());
        view! {
            <dt>"New version"</dt>
            <dd>
                <Arn arn=version.to_string() of />
            </dd>
        }
    });
    let facts = version.map(|version| {
        view! {
            <div class="pad">
                <dl class="facts">{version}</dl>
            </div>
        }
    });
    view! {
        <div class="step-panel">
            {look.map(|look| said(look, moving, next, job.now))} {facts}
            {(!attempts.is_empty())
                .then(|| {
                    let open = step.status == StepStatus::Failed;
                    view! { <Tries attempts step=step.step open /> }
                })}
            {(!calls.is_empty())
                .then(|| {
                    view! { <Calls calls step=step.step open=moving || step.status == StepStatus::Failed /> }
                })}
        </div>
    }
    .into_any()
}

/// Looks are this far apart, in milliseconds, before the page mentions what that means.
const OLD_MS: i64 = 5_000;

fn may_be_old(age_ms: i64) -> String {
    format!(", status may be {} s old", age_ms / 1_000)
}

/// AWS's last word on the copy: what, when, and when it is asked again.
fn said(look: LookView, moving: bool, next: Option<Millis>, now: Millis) -> impl IntoView {
    let class = if moving {
        "aws-said is-moving"
    } else {
        "aws-said"
    };
    view! {
        <div class=class>
            <p class="spread">
                <span class="text-text">"AWS said " <code>{look.status}</code></span>
                <b>
                    <Ago at=look.seen_at now />
                </b>
            </p>
            <p class="spread small muted">
                <span>
                    {look
                        .request_id
                        .map(|id| {
                            view! {
                                <span>"request id " <code>{id}</code></span>
                            }
                        })}
                </span>
                {next
                    .map(|at| {
                        let age_ms = at.since(look.seen_at);
                        let old = (age_ms >= OLD_MS).then(|| may_be_old(age_ms));
                        view! {
                            <span>"next look " <Ago at now /> {old}</span>
                        }
                    })}
            </p>
        </div>
    }
}
