//! Why a job failed or needs a person: cause, consequence, next step, and AWS's own words.

use domain::{FailureCode, JobKind, JobWord, Millis};
use leptos::prelude::*;
use operations::jobs::{FailureView, JobView, WaitingView};

use crate::links;
use crate::ui::age::Ago;
use crate::ui::flash::Flash;
use crate::ui::lane::step_name;
use crate::ui::status::Tone;

/// The reason on top of the page, with the ways on.
#[component]
pub(super) fn FailureBox(failure: FailureView, word: JobWord, job: JobView) -> impl IntoView {
    let tone = if word == JobWord::NeedsOperator {
        Tone::Person
    } else {
        Tone::Failed
    };
    let step = step_name(failure.step);
    let again = (job.kind == JobKind::Copy && word.is_terminal()).then(|| {
        view! {
            <a class="btn btn-sm" href=links::promotion(job.proposal.id)>
                "Open promotion "
                {job.proposal.number}
            </a>
        }
    });
    view! {
        <Flash tone>
            <p class="font-semibold">"Step " {step.to_lowercase()} ": " {failure.cause}</p>
            {reasons(failure)}
            {again.map(|again| view! { <div class="actions mt-3">{again}</div> })}
        </Flash>
    }
}

/// What is in the way of a job that goes on by itself.
#[component]
pub(super) fn Obstacle(waiting: WaitingView, now: Millis) -> impl IntoView {
    let step = step_name(waiting.cause.step).to_lowercase();
    view! {
        <Flash tone=Tone::Person>
            <p class="font-semibold">"Step " {step} " waits: " {waiting.cause.cause}</p>
            <p>"It is tried again by itself, " <Ago at=waiting.next_try_at now /> "."</p>
            {reasons(waiting.cause)}
        </Flash>
    }
}

/// Consequence, next step and what AWS said, or what kept it from answering.
fn reasons(failure: FailureView) -> impl IntoView {
    // A copy that failed has a message of AWS's own and no code; else a call without a code was
    // never answered, and the message is ours.
    let spoke = failure.aws_code.is_some() || failure.code == FailureCode::CopyFailed;
    let label = if spoke { "AWS said" } else { "In the way" };
    let answer = match (failure.aws_code, failure.aws_message) {
        (Some(code), Some(message)) => {
            Some(view! { <code>{code}</code> ": " {message} }.into_any())
        }
        (Some(code), None) => Some(view! { <code>{code}</code> }.into_any()),
        (None, message) => message.map(IntoAny::into_any),
    };
    let answer = answer.map(|answer| {
        view! {
            <dt>{label}</dt>
            <dd>{answer}</dd>
        }
    });
    let request = failure.request_id.map(|id| {
        view! {
            <dt>"Request id"</dt>
            <dd>
                <code>{id}</code>
            </dd>
        }
    });
    view! {
        <dl class="facts mt-2">
            <dt>"Consequence"</dt>
            <dd>{failure.consequence}</dd>
            <dt>"Next step"</dt>
            <dd>{failure.next_step}</dd>
            {answer}
            {request}
        </dl>
    }
}
