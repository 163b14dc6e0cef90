//! The banner on every page while the installation is paused.

use leptos::prelude::*;
use operations::OpContext;
use operations::installation::{self, Pause, PauseReason};

use crate::ui::age::Moment;
use crate::ui::flash::Flash;
use crate::ui::status::Tone;

/// Says that nothing new is sent to AWS, why, and who can change that. Nothing while there is no
/// pause, and where it cannot be read: the page itself says so then.
#[component]
pub(super) fn PauseBanner() -> impl IntoView {
    let cx = use_context::<OpContext>();
    let paused = Suspend::new(async move {
        let paused = match cx {
            Some(cx) => installation::paused(&cx).await.ok().flatten(),
            None => None,
        };
        paused.map(banner)
    });
    view! {
        <div data-fragment="/fragments/pause" data-follows="installation resync">
            {paused}
        </div>
    }
}

pub(crate) fn banner(pause: Pause) -> impl IntoView {
    let (why, next) = match pause.reason {
        PauseReason::Restored => (
            "This database is a restored one, or older than it was: what jobs did in AWS since is not in it.",
            "Compare the jobs below with AWS, then run",
        ),
        PauseReason::Person => (
            "Somebody paused the installation.",
            "Whoever runs it lifts the pause with",
        ),
    };
    view! {
        <div class="mb-4" id="paused">
            <Flash tone=Tone::Person>
                <p class="font-semibold">
                    "Paused since " <Moment at=pause.at /> " by " {pause.by.to_string()} "."
                </p>
                <p>
                    {why}
                    " Nothing is granted and no copy is sent; looking, verifying and revoking go on. "
                    {next}
                    " "
                    <code>"customhouse resume"</code>
                    "."
                </p>
            </Flash>
        </div>
    }
}
