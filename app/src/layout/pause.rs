//! The banner on every page while the installation is paused.

use leptos::prelude::*;
use operations::installation::{self, Pause, PauseReason, Strays};
use operations::{OpContext, OpResult, people};

use super::somebody;
use crate::ui::age::Moment;
use crate::ui::flash::Flash;
use crate::ui::status::Tone;

/// Says that nothing new is sent to AWS, why, and who can change that. Nothing while there is no
/// pause, and where it cannot be read: the page itself says so then.
#[component]
pub(super) fn PauseBanner() -> impl IntoView {
    let cx = somebody();
    let notice = Suspend::new(async move {
        let notice = Notice::read(&cx?).await.ok()?;
        notice.map(banner)
    });
    view! {
        <div data-fragment="/fragments/pause" data-follows="installation resync">
            {notice}
        </div>
    }
}

/// What the banner says.
pub(crate) struct Notice {
    pause: Pause,
    by: String,
    strays: Option<String>,
}

impl Notice {
    /// None while there is no pause.
    pub(crate) async fn read(cx: &OpContext) -> OpResult<Option<Self>> {
        let Some(pause) = installation::paused(cx).await? else {
            return Ok(None);
        };
        let by = people::name_of(cx, &pause.by).await?;
        // Whoever may not see policies is not told of what stands in them.
        let strays = installation::strays(cx).await.ok();
        let strays = strays.as_ref().and_then(told);
        Ok(Some(Self { pause, by, strays }))
    }
}

/// How many grants stand that no job put, and what is not known yet.
fn told(strays: &Strays) -> Option<String> {
    let count = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {many}")),
    };
    let found = count(
        strays.statements.len(),
        "grant stands in a project policy that no job of this database put.",
        "grants stand in project policies that no job of this database put.",
    );
    let unseen = count(
        strays.unseen.len(),
        "project was not looked through for such grants yet.",
        "projects were not looked through for such grants yet.",
    );
    let told: Vec<String> = found.into_iter().chain(unseen).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

pub(crate) fn banner(notice: Notice) -> impl IntoView {
    let Notice { pause, by, strays } = notice;
    let (why, next) = match pause.reason {
        PauseReason::Restored => (
            "This database is a restored one, or older than it was: what jobs did in AWS since is not in it.",
            "Compare the promotions and their jobs with AWS, then run",
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
                    "Paused since " <Moment at=pause.at /> " by " {by} "."
                </p>
                <p>
                    {why}
                    " Nothing is granted and no copy is sent; looking, verifying and revoking go on. "
                    {next}
                    " "
                    <code>"customhouse resume"</code>
                    "."
                </p>
                {strays
                    .map(|told| {
                        view! {
                            <p>
                                {told} " " <a href="/policies">"Look at the policies"</a>
                                "; the command lists each."
                            </p>
                        }
                    })}
            </Flash>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Millis;
    use operations::installation::{Stray, Unseen};

    #[test]
    fn strays_are_counted_and_none_is_nothing() {
        let project: domain::ProjectArn =
            "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1656565123456"
                .parse()
                .expect("an ARN");
        let stray = Stray {
            project: project.clone(),
            sid: "Ch01KATTTTTTTTTTTTTTTTTTTTTT".to_owned(),
            policy: "customhouse-abcdefghij".parse().expect("a name"),
            ends_at: None,
            first_seen_at: Millis::new(0),
        };
        let unseen = Unseen {
            project,
            error: None,
        };
        for (statements, projects, wanted) in [
            (0, 0, None),
            (
                1,
                0,
                Some("1 grant stands in a project policy that no job of this database put."),
            ),
            (
                2,
                1,
                Some(
                    "2 grants stand in project policies that no job of this database put. \
                     1 project was not looked through for such grants yet.",
                ),
            ),
        ] {
            let strays = Strays {
                statements: vec![stray.clone(); statements],
                unseen: vec![unseen.clone(); projects],
            };
            assert_eq!(told(&strays).as_deref(), wanted);
        }
    }
}
