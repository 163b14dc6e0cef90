//! What people asked of a job.

use domain::{Millis, RequestVerb};
use leptos::prelude::*;
use operations::jobs::JobView;

use crate::ui::age::Ago;
use crate::ui::card::Card;

/// What was asked and what the engine made of it, newest first.
#[component]
pub(super) fn Requests(job: JobView) -> impl IntoView {
    let now: Millis = job.now;
    let items = job.requests.into_iter().map(move |request| {
        let what = match request.verb {
            RequestVerb::LookAgain => "Look again",
            RequestVerb::Adopt => "Adopt a version",
            RequestVerb::Resend => "Send again",
            RequestVerb::GiveUp => "Give up",
            RequestVerb::Stop => "Stop",
        };
        let answer = match (request.accepted, request.answer) {
            (None, _) => "waits for the engine’s next visit".to_owned(),
            (Some(true), answer) => answer.unwrap_or_default(),
            (Some(false), answer) => format!("Not done. {}", answer.unwrap_or_default()),
        };
        let version = request
            .version
            .map(|version| view! { <code class="break-all">{version.to_string()}</code> " " });
        let vouched = request.vouched.then_some("Vouched for. ");
        view! {
            <li>
                <p class="small">
                    <b>{what}</b> " by " {request.actor} ", " <Ago at=request.at now />
                </p>
                <p class="small muted">{version} {vouched} {answer}</p>
            </li>
        }
    });
    view! {
        <Card id="requests" title="Asked by people">
            <ul class="rows">{items.collect_view()}</ul>
        </Card>
    }
}
