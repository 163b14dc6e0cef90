//! The button that stops a job, with the truth about what that does.

use domain::{JobKind, JobWord, RequestVerb};
use leptos::prelude::*;
use operations::jobs::JobView;

use super::confirm::Confirm;
use crate::ui::icon::{Glyph, Icon};

/// What stopping the job does where it stands.
fn consequence(job: &JobView) -> &'static str {
    let mut calls = job.calls.iter();
    let asked = calls.any(|call| call.operation == "CopyProjectVersion");
    match (job.kind, job.word, &job.version_arn) {
        (JobKind::Policy, ..) => {
            "If the change has not been made, the job ends and nothing is changed. If AWS shows that it was made, it stays, and the job only reads it back."
        }
        (_, JobWord::Queued, _) => {
            "Nothing was granted and nothing was sent. The job ends, and no copy is made."
        }
        (_, JobWord::Verifying, _) => {
            "The copy is made and stays. It is not read back any more; the grant is removed, and the job ends with the new version’s ARN."
        }
        (.., Some(_)) => {
            "AWS has no cancel: it will finish the copy, and the new version stays in the destination. Customhouse removes the grant, looks on until the copy has ended, and then ends the job."
        }
        (.., None) if asked => {
            "AWS may have the copy already, and has no cancel. Customhouse removes the grant first, then looks for the copy until that is decided; the job ends with its ARN or with “no copy seen”."
        }
        _ => "The copy was not sent. The grant is removed, the job ends, and no copy is made.",
    }
}

/// Asks before it stops the job.
#[component]
pub(super) fn Stop(job: JobView) -> impl IntoView {
    let text = consequence(&job);
    view! {
        <button type="button" class="btn btn-danger" popovertarget="confirm-stop">
            <Icon glyph=Glyph::Stopped />
            "Stop…"
        </button>
        <Confirm
            job
            verb=RequestVerb::Stop
            title="Stop this job"
            text=text.to_owned()
            button="Stop the job"
        />
    }
}
