//! Tries of a step that did not bring it to its end.

use domain::Step;
use leptos::prelude::*;
use operations::jobs::AttemptView;

use crate::text;
use crate::ui::lane::step_name;

fn word(outcome: &str) -> &'static str {
    match outcome {
        "retry" => "tried again",
        "held" => "held",
        "failed" => "failed",
        _ => "interrupted",
    }
}

/// Newest first, each with its cause. Folded unless `open`.
#[component]
pub(super) fn Tries(attempts: Vec<AttemptView>, step: Step, open: bool) -> impl IntoView {
    let summary = format!(
        "{} of step {} that did not end it",
        text::counted(attempts.len(), "try", "tries"),
        step_name(step).to_lowercase()
    );
    let items = attempts.into_iter().map(|attempt| {
        let (cause, said) = match attempt.cause {
            Some(cause) => {
                let said = match (cause.aws_code, cause.aws_message) {
                    (Some(code), Some(message)) => Some(format!("{code}: {message}")),
                    (code, message) => code.or(message),
                };
                (cause.cause, said)
            }
            None => (
                "The process that worked on it never came back; another one went on.",
                None,
            ),
        };
        let next = attempt
            .next_at
            .map(|at| format!(", next {}", text::time_of_day(at)));
        view! {
            <li class="small">
                <time datetime=attempt.at.to_string() title=text::second(attempt.at)>
                    {text::time_of_day(attempt.at)}
                </time>
                " "
                <b>{word(attempt.outcome)}</b>
                {next}
                ": "
                {cause}
                {said.map(|said| view! { " " <code class="break-all">{said}</code> })}
            </li>
        }
    });
    view! {
        <details class="calls" open=open>
            <summary class="pad small">{summary}</summary>
            <ol class="rows">{items.collect_view()}</ol>
        </details>
    }
}
