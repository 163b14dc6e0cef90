//! The question before something is asked of a job.

use domain::RequestVerb;
use leptos::prelude::*;
use operations::jobs::JobView;

/// The job, and a key that lets one look at the page ask once.
pub(super) fn hidden(job: &JobView, verb: RequestVerb) -> impl IntoView + use<> {
    let key = format!("{}-{}-{}", job.id, job.v, verb.as_str());
    view! {
        <input type="hidden" name="job" value=job.id.to_string() />
        <input type="hidden" name="form_id" value=key />
    }
}

/// The question before something is asked of a job; a popover, so that it opens without a script.
#[component]
pub(super) fn Confirm(
    job: JobView,
    verb: RequestVerb,
    title: &'static str,
    text: String,
    button: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let id = format!("confirm-{}", verb.as_str());
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    let back = id.clone();
    let action = format!("/api/jobs/{}", verb.as_str());
    let class = match verb {
        RequestVerb::Stop | RequestVerb::GiveUp => "btn btn-danger",
        _ => "btn btn-primary",
    };
    let dismiss = if verb == RequestVerb::Stop {
        "Let it run"
    } else {
        "Back"
    };
    view! {
        <div class="dialog" id=id popover role="dialog" aria-labelledby=labelled_by>
            <form method="post" action=action>
                {hidden(&job, verb)} <div class="dialog-head">
                    <h2 id=title_id>{title}</h2>
                </div> <div class="dialog-body">
                    <p>{text}</p>
                    {children.map(|children| children())}
                </div> <div class="dialog-foot">
                    <button
                        type="button"
                        class="btn"
                        popovertarget=back
                        popovertargetaction="hide"
                        autofocus
                    >
                        {dismiss}
                    </button>
                    <button type="submit" class=class>
                        {button}
                    </button>
                </div>
            </form>
        </div>
    }
}
