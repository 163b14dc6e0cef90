//! The steps of a role test, each with its evidence and what to mend.

use domain::Millis;
use leptos::prelude::*;
use operations::accounts::{RoleTestStep, RoleTestView, TestResult};

use crate::islands::copy::CopyButton;
use crate::text;
use crate::ui::age::Ago;
use crate::ui::icon::{Glyph, Icon};

/// All steps of one test; those that are not as they must be stand open.
#[component]
pub(super) fn RoleTest(test: RoleTestView, now: Millis) -> impl IntoView {
    let good = test
        .steps
        .iter()
        .filter(|step| step.result == TestResult::Ok)
        .count();
    let all = test.steps.len();
    let steps = test
        .steps
        .into_iter()
        .map(|step| view! { <li><Step step /></li> });
    view! {
        <ul class="checks border-t border-border">{steps.collect_view()}</ul>
        <p class="card-foot">
            <span>{good} " of " {all} " as they must be"</span>
            <span>"tested " <Ago at=test.tested_at now /></span>
        </p>
    }
}

#[component]
fn Step(step: RoleTestStep) -> impl IntoView {
    let (glyph, colour, spoken) = match step.result {
        TestResult::Ok => (Glyph::Done, "text-done", "Passed: "),
        TestResult::Failed => (Glyph::Failed, "text-failed", "Failed: "),
        TestResult::CannotTell => (Glyph::Unknown, "text-person", "Cannot tell: "),
    };
    let class = match step.result {
        TestResult::Ok => "check",
        TestResult::Failed => "check check-failed",
        TestResult::CannotTell => "check check-person",
    };
    let region = step.region.map(|region| format!(" in {region}"));
    view! {
        <details class=class open=step.result != TestResult::Ok>
            <summary>
                <Icon glyph class=colour />
                <span>
                    <span class="sr-only">{spoken}</span>
                    {step.check.title()}
                    {region}
                    " "
                    <code class="muted nowrap">{step.check.call()}</code>
                </span>
                <span class="check-time">{step.took_ms.map(text::duration)}</span>
                <Icon glyph=Glyph::Chevron class="chev" />
            </summary>
            <div class="check-evidence">
                <p>{step.cause}</p>
                {match (step.aws_code, step.aws_message) {
                    (Some(code), message) => {
                        view! {
                            <p>
                                "AWS said " <code>{code}</code>
                                {message.map(|message| format!(": {message}"))}
                            </p>
                        }
                            .into_any()
                    }
                    (None, Some(message)) => {
                        view! { <p>"In the way: " {message} "."</p> }.into_any()
                    }
                    (None, None) => ().into_any(),
                }}
                {step
                    .request_id
                    .map(|id| view! { <p>"Request id " <code>{id}</code></p> })}
                {step
                    .fix
                    .map(|fix| {
                        view! {
                            <p>
                                <b>"Fix. "</b>
                                {fix}
                            </p>
                        }
                    })}
                {step
                    .policy
                    .map(|policy| {
                        view! {
                            <div class="code-box">
                                <pre class="code code-wrap" tabindex="0" aria-label="Policy to attach">
                                    {policy.clone()}
                                </pre>
                                <CopyButton text=policy label="Copy policy".to_owned() />
                            </div>
                        }
                    })}
            </div>
        </details>
    }
}
