//! Beside the steps: what is proven, and what happened when.

use domain::{JobKind, JobWord, Step, StepStatus};
use leptos::prelude::*;
use operations::jobs::JobView;

use crate::text;
use crate::ui::age::Second;
use crate::ui::card::Card;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::lane::step_name;
use crate::ui::seal::Seal;
use crate::ui::status::never_ran;

/// Where a step stands; none for one that never ran.
fn status(job: &JobView, step: Step) -> Option<StepStatus> {
    job.steps
        .iter()
        .find(|view| view.step == step && !never_ran(view))
        .map(|view| view.status)
}

/// What becomes of the grant, from the steps that put and remove it.
fn grant(job: &JobView) -> &'static str {
    match (status(job, Step::Grant), status(job, Step::Revoke)) {
        (Some(StepStatus::Skipped), _) => "not needed",
        (_, Some(StepStatus::Done)) => "removed",
        (_, Some(StepStatus::Moving)) => "being removed",
        (Some(StepStatus::Done), _) if job.word == JobWord::NeedsOperator => {
            "stands until the job ends"
        }
        (Some(StepStatus::Done), _) => "stands until the copy has ended",
        (Some(StepStatus::Moving), _) => "being put",
        _ => "not put",
    }
}

/// The plan that runs, how often the copy was asked for, and the grant.
#[component]
pub(super) fn Proof(job: JobView) -> impl IntoView {
    let copies = job
        .calls
        .iter()
        .filter(|call| call.operation == "CopyProjectVersion")
        .count();
    let copy = (job.kind == JobKind::Copy).then(|| {
        view! {
            <dt>"Copy asked for"</dt>
            <dd>{text::counted(copies, "time", "times")}</dd>
            <dt>"Grant"</dt>
            <dd>{grant(&job)}</dd>
        }
    });
    view! {
        <Card id="proof" title="Proof">
            <dl class="card-body facts">
                <dt>"Plan"</dt>
                <dd>
                    <Seal digest=job.digest.clone() />
                </dd>
                {copy}
                <dt>"Calls"</dt>
                <dd>{text::count(job.calls_total)} " to AWS"</dd>
                <dt>"Job id"</dt>
                <dd>
                    <code class="break-all">{job.id.to_string()}</code>
                </dd>
            </dl>
        </Card>
    }
}

/// What happened when, newest first: ends of steps, and the beginning of the present one.
#[component]
pub(super) fn Events(job: JobView) -> impl IntoView {
    let mut events = vec![(job.created_at, Glyph::Promotions, "", "Job made".to_owned())];
    for step in job.steps.iter().filter(|step| !never_ran(step)) {
        let name = step_name(step.step);
        let (at, glyph, class, word) = match step.status {
            StepStatus::Waiting => continue,
            StepStatus::Moving => (step.started_at, Glyph::Moving, "text-moving", "began"),
            StepStatus::Done => (step.ended_at, Glyph::Done, "text-done", "done"),
            StepStatus::Failed => (step.ended_at, Glyph::Failed, "text-failed", "failed"),
            StepStatus::Skipped => (step.ended_at, Glyph::Stopped, "", "not needed"),
        };
        events.extend(at.map(|at| (at, glyph, class, format!("{name} {word}"))));
    }
    if let Some(at) = job.ended_at {
        events.push((
            at,
            Glyph::Seal,
            "",
            format!("Job ended: {}", job.word.as_str()),
        ));
    }
    // Stable: of two at one moment the later one in the job's own order stays on top.
    events.reverse();
    events.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    let items = events.into_iter().map(|(at, glyph, class, text)| {
        view! {
            <li>
                <Icon glyph class />
                <span>
                    {text} <br /> <span class="tiny muted">
                        <Second at />
                    </span>
                </span>
            </li>
        }
    });
    view! {
        <Card id="events" title="Events">
            <ol class="card-body timeline">{items.collect_view()}</ol>
        </Card>
    }
}
