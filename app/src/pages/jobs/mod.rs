//! The page of one job: what it has done, what AWS says, and what is to come.

mod aside;
mod calls;
mod failure;
mod steps;

use domain::{JobKind, JobWord, Millis, StepStatus};
use leptos::prelude::*;
use leptos_meta::Title;
use operations::jobs::{self, JobView, StepView};
use operations::{OpContext, OpResult};

use crate::layout::nav::LiveBadge;
use crate::links;
use crate::pages::{load, param};
use crate::text;
use crate::ui::age::{Ago, Moment, Since};
use crate::ui::card::Card;
use crate::ui::crumbs::Crumbs;
use crate::ui::flash::Flash;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::lane::{Lane, Station};
use crate::ui::page_head::PageHead;
use crate::ui::route::Route;
use crate::ui::seal::Seal;
use crate::ui::status::{StateLook, Status, Tone, never_ran};
use aside::{Events, Proof};
use failure::{FailureBox, Obstacle};
use steps::Steps;

/// The page of one job, at an address that stays.
#[component]
pub fn Detail() -> impl IntoView {
    let id = param("id");
    load(
        async move |cx: OpContext| OpResult::Ok(jobs::get(&cx, &id).await?),
        |job| {
            let title = format!("Job {}", job.number);
            let fragment = format!("/fragments{}", links::job(job.id));
            let follows = format!("{} resync", job.id);
            view! {
                <Title text=format!("{title}: {}", job.word.as_str()) />
                <Crumbs
                    above=vec![
                        ("/promotions".to_owned(), "Promotions".to_owned()),
                        (links::promotion(job.proposal.id), proposal_name(&job)),
                    ]
                    here=title
                />
                <div
                    data-fragment=fragment
                    data-follows=follows
                >
                    {live(job)}
                </div>
            }
            .into_any()
        },
    )
}

/// When work on the job began: with its first step, though it was still queued then.
fn started(job: &JobView) -> Millis {
    let first = job.steps.iter().find_map(|step| step.started_at);
    first.or(job.started_at).unwrap_or(job.created_at)
}

/// What the job carries out, by name.
fn proposal_name(job: &JobView) -> String {
    let what = match job.kind {
        JobKind::Copy => "Promotion",
        JobKind::Policy => "Policy change",
    };
    format!("{what} {}", job.proposal.number)
}

/// Everything below the breadcrumb.
pub(crate) fn live(job: JobView) -> AnyView {
    let now = job.now;
    let running = !job.word.is_terminal();
    let said = format!("Job {}: {}", job.number, job.word.as_str());
    let proposal = links::promotion(job.proposal.id);
    let name = proposal_name(&job);
    let waiting = job.waiting.clone();
    let lane = lane(&job);
    let steps = view! { <Steps job=job.clone() /> };
    let proof = view! { <Proof job=job.clone() /> };
    let events = view! { <Events job=job.clone() /> };
    let outcome = outcome(&job);
    let (number, word) = (job.number, job.word);
    let (started, ended) = (started(&job), job.ended_at);
    view! {
        <div data-said=said>
            <PageHead
                title=format!("Job {number}")
                status=view! {
                    <Status look=word large=true />
                    {waiting
                        .map(|waiting| {
                            view! {
                                <span class="badge is-person">
                                    "tried again " <Ago at=waiting.next_try_at now />
                                </span>
                            }
                        })}
                }
                    .into_any()
                meta=view! {
                    <p class="page-meta">
                        <a href=proposal>{name}</a>
                        <span aria-hidden="true">"·"</span>
                        <span>"started " <Moment at=started /></span>
                        {ended
                            .map(|at| {
                                let length = at.since(started);
                                let length = u64::try_from(length).unwrap_or(0);
                                view! {
                                    <span aria-hidden="true">"·"</span>
                                    <span>
                                        "ended " <Ago at now /> ", took " {text::duration(length)}
                                    </span>
                                }
                            })}
                    </p>
                }
                    .into_any()
                actions=view! {
                    {running
                        .then(|| {
                            view! {
                                <noscript>
                                    <span class="age">"this page reloads every 10 s"</span>
                                </noscript>
                                <LiveBadge />
                            }
                        })}
                }
                    .into_any()
            />
            <div class="stack">
                {outcome} {lane} <div class="cols cols-aside">
                    <Card
                        id="steps"
                        title="Steps"
                        aside=view! {
                            {(!running)
                                .then(|| view! { <span class="small muted">"nothing is left to do"</span> })}
                        }
                            .into_any()
                    >
                        {steps}
                    </Card>
                    <aside class="stack" aria-label="Proof and calls">
                        {proof} {events}
                    </aside>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// How the job ended, why it needs a person, or what is in its way; nothing while it runs well.
fn outcome(job: &JobView) -> AnyView {
    if let (Some(waiting), None) = (&job.waiting, &job.failure) {
        return view! { <Obstacle waiting=waiting.clone() now=job.now /> }.into_any();
    }
    match (&job.failure, job.word) {
        (None, JobWord::Succeeded) => succeeded(job).into_any(),
        (Some(failure), _) => {
            view! { <FailureBox failure=failure.clone() word=job.word job=job.clone() /> }
                .into_any()
        }
        (None, _) => ().into_any(),
    }
}

fn succeeded(job: &JobView) -> impl IntoView + use<> {
    let account = &job.arrow.destination;
    let alias = account.alias.to_string();
    let text = match (job.kind, &job.version_arn) {
        (JobKind::Copy, Some(version)) => {
            let name = format!(
                "{} {} is in {alias}.",
                version.project_name(),
                version.name()
            );
            // The copy stands in the inventory; what else changed in the account meanwhile does not.
            let number = account.number.to_string();
            view! {
                <div class="spread items-center">
                    <p>
                        <b>{name}</b>
                        " It was read back, and the grant is removed."
                    </p>
                    <form method="post" action="/api/models/refresh">
                        <input type="hidden" name="account" value=number />
                        <button type="submit" class="btn btn-sm">
                            <Icon glyph=Glyph::Refresh />
                            "Read its models"
                        </button>
                    </form>
                </div>
            }
            .into_any()
        }
        _ => view! {
            <p>
                <b>"The change is made in " {alias} "."</b>
                " It was read back."
            </p>
        }
        .into_any(),
    };
    view! { <Flash tone=Tone::Done>{text}</Flash> }
}

fn lane(job: &JobView) -> impl IntoView + use<> {
    let stations = stations(job);
    view! {
        <section class="card" aria-label="Where the job is">
            <Lane arrow=job.arrow.clone() stations />
            <div class="card-foot">
                <Route arrow=job.arrow.clone() />
                <Seal digest=job.digest.clone() />
            </div>
        </section>
    }
}

fn stations(job: &JobView) -> Vec<Station> {
    let stations = job.steps.iter().map(|step| Station {
        step: step.step,
        status: step.status,
        never_ran: never_ran(step),
        time: time(step, job.now),
    });
    stations.collect()
}

/// How long a step took or has been running; nothing for one that did nothing.
fn time(step: &StepView, now: Millis) -> Option<AnyView> {
    match (step.status, step.took_ms, step.started_at) {
        (StepStatus::Skipped, ..) => None,
        (_, Some(took), _) => Some(text::duration(u64::try_from(took).unwrap_or(0)).into_any()),
        (StepStatus::Moving, None, Some(at)) => Some(view! { <Since at now /> }.into_any()),
        _ => None,
    }
}

/// One running job in a list: its number, state and lane.
pub(crate) fn summary(job: JobView) -> AnyView {
    let path = links::job(job.id);
    let (number, word, now) = (job.number, job.word, job.now);
    let said = job.aws.as_ref().map(|look| look.seen_at);
    view! {
        <div class="spread">
            <b>
                <a href=path>"Job " {number}</a>
            </b>
            <span class="row">
                {said
                    .map(|at| {
                        view! { <span class="tiny muted">"AWS said so " <Ago at now /></span> }
                    })} <Status look=StateLook::from(word) />
            </span>
        </div>
        <Lane arrow=job.arrow.clone() stations=stations(&job) />
        <div class="small">
            <Route arrow=job.arrow />
        </div>
    }
    .into_any()
}
