//! What an operator can do with a job whose copy is in doubt, and what there is to go by.

use domain::RequestVerb;
use leptos::prelude::*;
use operations::jobs::{Found, GrantView, JobView};

use super::confirm::{Confirm, hidden};
use crate::text;
use crate::ui::age::{Ago, Second};
use crate::ui::arn::Arn;
use crate::ui::card::Card;

/// What was seen, and the four ways on. Every form works without a script.
#[component]
pub(super) fn Operator(job: JobView) -> impl IntoView {
    let now = job.now;
    let name = job
        .arrow
        .subject
        .rsplit(' ')
        .next()
        .unwrap_or_default()
        .to_owned();
    let found = job.sought.as_ref().and_then(|sought| sought.found.clone());
    let seen = match (&job.sought, &found) {
        (_, Some(found)) => facts(found, job.grant.clone()).into_any(),
        (Some(_), None) => view! {
            <p class="card-body">
                "AWS shows no version of the planned name. A copy that it took may still come to light."
            </p>
        }
        .into_any(),
        (None, _) => view! { <p class="card-body muted">"AWS has not been looked at since."</p> }
        .into_any(),
    };
    let age = job.sought.as_ref().map(|sought| {
        let at = sought.at;
        view! { <span class="age">"AWS looked at " <Ago at now /></span> }.into_any()
    });
    let ways = job.may_ask.clone();
    let ways = ways
        .into_iter()
        .filter(|verb| *verb != RequestVerb::Stop)
        .map(|verb| {
            let way = way(&job, verb, found.as_ref(), &name);
            view! { <li>{way}</li> }
        });
    let ways = ways.collect_view();
    let missing = (!job.may_ask.contains(&RequestVerb::Resend)).then(|| {
        view! {
            <li class="small muted">
                "The same copy can be sent again only after a look that found no version of its name."
            </li>
        }
    });
    view! {
        <Card id="operator" title="Your decision" aside=view! { {age} }.into_any()>
            {seen}
            <ul class="rows border-t border-border">{ways} {missing}</ul>
        </Card>
    }
}

/// What AWS shows of the version under the planned name, and what of the grant.
fn facts(found: &Found, grant: Option<GrantView>) -> impl IntoView {
    let source = match (&found.source, found.source_matches) {
        (Some(source), Some(true)) => format!("{source}, as planned"),
        (Some(source), Some(false)) => format!("{source}, which is not the planned one"),
        (Some(source), None) => format!("{source}; whether that is the planned one cannot be told"),
        (None, _) => "AWS does not show it".to_owned(),
    };
    let version = found.version.to_string();
    let of = format!("{} {}", found.version.project_name(), found.version.name());
    view! {
        <dl class="card-body facts">
            <dt>"Version"</dt>
            <dd>
                <Arn arn=version of />
            </dd>
            <dt>"Status"</dt>
            <dd>
                <code>{found.status.clone()}</code>
            </dd>
            {found
                .created
                .map(|at| {
                    view! {
                        <dt>"Made"</dt>
                        <dd>
                            <Second at />
                        </dd>
                    }
                })}
            <dt>"Copied from"</dt>
            <dd class="break-all">{source}</dd>
            <dt>"Output"</dt>
            <dd class="break-all">
                {found.output.clone().unwrap_or_else(|| "AWS does not show it".to_owned())}
            </dd>
            <dt>"Not adopted"</dt>
            <dd>{found.verdict.clone()}</dd>
            {grant.map(standing)}
        </dl>
    }
}

/// Whether the grant stands, and until when.
pub(super) fn standing(grant: GrantView) -> impl IntoView {
    let text = if grant.may_stand {
        format!(
            "may stand, in case the copy still needs it, until the job ends or {}",
            text::minute(grant.ends)
        )
    } else {
        "removed: no copy of this job can come under a name that is another’s".to_owned()
    };
    view! {
        <dt>"Grant"</dt>
        <dd>{text}</dd>
    }
}

/// One way on: its name, what it does, and the button.
fn way(
    job: &JobView,
    verb: RequestVerb,
    found: Option<&Found>,
    name: &str,
) -> impl IntoView + use<> {
    let (title, what, button, class) = match verb {
        RequestVerb::LookAgain => (
            "Look again",
            "Reads the destination project now. A version that is proven to be this job’s copy is adopted.".to_owned(),
            "Look again",
            "btn btn-sm",
        ),
        RequestVerb::Adopt => (
            "Adopt a version",
            format!("Takes a version named {name} for this job’s copy and goes on with reading it back."),
            "Adopt…",
            "btn btn-sm",
        ),
        RequestVerb::Resend => (
            "Send the same copy again",
            format!("Asks AWS once more for {name}. AWS takes a name once, so there are never two."),
            "Send again…",
            "btn btn-sm",
        ),
        RequestVerb::GiveUp => (
            "Give up",
            "Removes the grant and ends the job as Failed. What AWS may have made stays there.".to_owned(),
            "Give up…",
            "btn btn-sm btn-danger",
        ),
        RequestVerb::Stop => ("Stop", String::new(), "Stop…", "btn btn-sm"),
    };
    let act = if verb == RequestVerb::LookAgain {
        view! {
            <form method="post" action="/api/jobs/look-again">
                {hidden(job, verb)} <button type="submit" class=class>
                    {button}
                </button>
            </form>
        }
        .into_any()
    } else {
        let target = format!("confirm-{}", verb.as_str());
        view! {
            <button type="button" class=class popovertarget=target>
                {button}
            </button>
            {question(job, verb, found)}
        }
        .into_any()
    };
    view! {
        <div class="spread">
            <div class="min-w-0">
                <h3>{title}</h3>
                <p class="small muted">{what}</p>
            </div>
            <div class="actions">{act}</div>
        </div>
    }
}

fn question(job: &JobView, verb: RequestVerb, found: Option<&Found>) -> AnyView {
    let job = job.clone();
    match verb {
        RequestVerb::Adopt => {
            let version = found.map(|found| found.version.to_string()).unwrap_or_default();
            let unknown = found.is_none_or(|found| found.source_matches.is_none());
            view! {
                <Confirm
                    job
                    verb
                    title="Adopt a version"
                    text="The job goes on with this version: it is read back, the grant is removed, and the job ends. Only a version that AWS shows under the planned name, and that was not copied from another source, is taken. Customhouse changes nothing about it."
                        .to_owned()
                    button="Adopt this version"
                >
                    {adoption(version, unknown)}
                </Confirm>
            }
            .into_any()
        }
        RequestVerb::Resend => view! {
            <Confirm
                job
                verb
                title="Send the same copy again"
                text="AWS is looked at once more first. If there is still no version of the planned name, the same copy is sent. Should the one before come to light, AWS refuses the second: there are never two."
                    .to_owned()
                button="Send the copy again"
            />
        }
        .into_any(),
        _ => view! {
            <Confirm
                job
                verb
                title="Give up this job"
                text="The grant is removed and the job ends as Failed. A copy that AWS may have taken goes on and stays in the destination; Customhouse does not look after it any more."
                    .to_owned()
                button="Give up the job"
            />
        }
        .into_any(),
    }
}

/// The version's ARN and, where AWS does not show what it was copied from, the operator's word.
fn adoption(version: String, unknown: bool) -> impl IntoView {
    view! {
        <div class="field mt-3">
            <label class="label" for="version">
                "ARN of the version"
            </label>
            <input
                class="input"
                id="version"
                name="version"
                type="text"
                value=version
                required
                autocomplete="off"
                spellcheck="false"
            />
        </div>
        {unknown
            .then(|| {
                view! {
                    <label class="choice mt-3">
                        <input type="checkbox" name="vouched" value="yes" />
                        <span>
                            "I have looked into it: this version is this job’s copy, although AWS does not show what it was copied from. This is recorded with my name."
                        </span>
                    </label>
                }
            })}
    }
}
