//! The page of one job: what it has done, what AWS says, and what is to come.

mod aside;
mod calls;
mod confirm;
mod failure;
mod operator;
mod requests;
mod steps;
mod stop;
mod tries;

use domain::{JobKind, JobWord, Millis, RequestVerb, StepStatus};
use leptos::prelude::*;
use leptos_meta::Title;
use operations::installation::PauseReason;
use operations::jobs::JobRequestForm;
use operations::jobs::{self, JobView, QueueView, StepView};
use operations::{FieldError, OpContext, OpResult};

use crate::forms::{self, FormName, Outcome};
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
use operator::Operator;
use requests::Requests;
use steps::Steps;
use stop::Stop;

/// The page of one job, at an address that stays.
#[component]
pub fn Detail() -> impl IntoView {
    let id = param("id");
    let asked = forms::asked_for();
    load(
        async move |cx: OpContext| {
            let job = jobs::get(&cx, &id).await?;
            let refused = forms::restore::<JobRequestForm>(asked, FormName::JobRequest).await;
            OpResult::Ok((job, refused.map(|(_, outcome)| outcome)))
        },
        |(job, refused)| {
            let title = format!("Job {}", job.number);
            let fragment = format!("/fragments{}", links::job(job.id));
            // The place of a job that waits changes with the others.
            let subject = match &job.queue {
                Some(_) => "job".to_owned(),
                None => job.id.to_string(),
            };
            let follows = format!("{subject} installation resync");
            view! {
                <Title text=format!("{title}: {}", job.word.as_str()) />
                <Crumbs
                    above=vec![
                        ("/promotions".to_owned(), "Promotions".to_owned()),
                        (links::promotion(job.proposal.id), proposal_name(&job)),
                    ]
                    here=title
                />
                {refused.map(not_asked)}
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

/// Why what was asked of the job was not taken.
fn not_asked(outcome: Outcome) -> impl IntoView {
    let lines = match outcome {
        Outcome::Preview => Vec::new(),
        Outcome::Invalid(errors) => errors.iter().map(FieldError::text).collect(),
        Outcome::Refused {
            cause,
            consequence,
            next_step,
        } => vec![cause, consequence, next_step],
    };
    let lines = lines.into_iter().map(|line| view! { <p>{line}</p> });
    let lines = lines.collect_view();
    view! {
        <div id="errors" class="mb-4">
            <Flash tone=Tone::Failed>{lines}</Flash>
        </div>
    }
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
    let stop = job
        .may_ask
        .contains(&RequestVerb::Stop)
        .then(|| view! { <Stop job=job.clone() /> });
    let decision =
        (job.word == JobWord::NeedsOperator).then(|| view! { <Operator job=job.clone() /> });
    let requests = (!job.requests.is_empty()).then(|| view! { <Requests job=job.clone() /> });
    let (stopping, paused, queue) = (job.stopping, job.paused.is_some(), job.queue.clone());
    let (number, word) = (job.number, job.word);
    let (started, ended) = (started(&job), job.ended_at);
    view! {
        <div data-said=said>
            <PageHead
                title=format!("Job {number}")
                status=view! {
                    <Status look=word large=true />
                    {stopping.then(|| view! { <span class="badge is-person">"being stopped"</span> })}
                    {paused.then(|| view! { <span class="badge is-person">"paused"</span> })}
                    {(queue.is_some() && !paused)
                        .then(|| view! { <span class="badge">"waits for its turn"</span> })}
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
                        })} {stop}
                }
                    .into_any()
            />
            <div class="stack">
                {outcome} {decision} {lane} <div class="cols cols-aside">
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
                        {proof} {requests} {events}
                    </aside>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// How the job ended, why it needs a person, or what is in its way; nothing while it runs well.
fn outcome(job: &JobView) -> AnyView {
    if let Some(pause) = &job.paused {
        let why = match pause.reason {
            PauseReason::Restored => "the database is a restored one",
            PauseReason::Person => "somebody paused it",
        };
        let since = pause.since;
        return view! {
            <Flash tone=Tone::Person>
                <p class="font-semibold">"The job waits for the pause to be lifted."</p>
                <p>
                    "Since " <Moment at=since /> " nothing is granted and no copy is sent: " {why}
                    ". The job goes on by itself afterwards."
                </p>
            </Flash>
        }
        .into_any();
    }
    if let Some(queue) = &job.queue {
        return view! { <Queue queue=queue.clone() /> }.into_any();
    }
    let obstacle = match (&job.waiting, &job.failure) {
        (Some(waiting), None) => Some(view! { <Obstacle waiting=waiting.clone() now=job.now /> }),
        _ => None,
    };
    if job.stopping {
        return view! {
            <Stopping job=job.clone() />
            {obstacle}
        }
        .into_any();
    }
    if let Some(obstacle) = obstacle {
        return obstacle.into_any();
    }
    match (&job.failure, job.word) {
        (None, JobWord::Succeeded) => succeeded(job).into_any(),
        (None, JobWord::Stopped) => view! { <Stopped job=job.clone() /> }.into_any(),
        (Some(failure), _) => {
            view! { <FailureBox failure=failure.clone() word=job.word job=job.clone() /> }
                .into_any()
        }
        (None, _) => ().into_any(),
    }
}

/// Who is before the job, and why that costs nothing.
#[component]
fn Queue(queue: QueueView) -> impl IntoView {
    let QueueView {
        project,
        ahead,
        places,
        first,
    } = queue;
    let others = text::counted(ahead, "other", "others");
    let places = usize::try_from(places).unwrap_or(usize::MAX);
    let first = first.map(|(id, number, word)| {
        view! {
            " First is "
            <a href=links::job(id)>"job " {number}</a>
            ": "
            {word.as_str()}
            "."
        }
    });
    view! {
        <Flash tone=Tone::Waiting>
            <p class="font-semibold">"Waiting for " {others} " into " {project.to_string()} "."</p>
            <p>
                "Place " {ahead + 1} " in the queue; " {text::counted(places, "copy runs", "copies run")}
                " there at once. Nothing is granted while the job waits." {first}
            </p>
        </Flash>
    }
}

/// A stopped job that has not ended.
#[component]
fn Stopping(job: JobView) -> impl IntoView {
    let text = match (&job.version_arn, job.word) {
        (_, JobWord::Revoking) => "The grant is being removed.",
        (Some(_), _) => {
            "AWS has no cancel and will finish the copy. The grant is removed; the job ends with the new version’s ARN once the copy has ended."
        }
        (None, _) => {
            "It is not known yet whether AWS took the copy. The grant is removed; the copy is looked for, and the job ends with its ARN or with “no copy seen”."
        }
    };
    view! {
        <Flash tone=Tone::Person>
            <p class="font-semibold">"The job is being stopped."</p>
            <p>{text}</p>
        </Flash>
    }
}

/// What is left of a stopped job.
#[component]
fn Stopped(job: JobView) -> impl IntoView {
    let alias = job.arrow.destination.alias.to_string();
    let text = match (job.kind, &job.version_arn) {
        (JobKind::Copy, Some(version)) => view! {
            <p>
                "AWS made " <b>{version.project_name().to_string()} " " {version.name().to_string()}</b>
                " in " {alias}
                ". It stays there and was not read back; no grant is left."
            </p>
            <div class="actions mt-3">
                <ReadModels number=job.arrow.destination.number.to_string() />
            </div>
        }
        .into_any(),
        (JobKind::Copy, None) if !was_asked_for(&job) => view! {
            <p>"The copy was never sent, and no grant is left."</p>
        }
        .into_any(),
        (JobKind::Copy, None) => view! {
            <p>"No copy was made, or none was seen; the steps below say which. No grant is left."</p>
        }
        .into_any(),
        (JobKind::Policy, _) => view! { <p>"The change was not made."</p> }.into_any(),
    };
    view! {
        <Flash tone=Tone::Waiting>
            <p class="font-semibold">"The job was stopped."</p>
            {text}
        </Flash>
    }
}

/// Whether AWS was asked for the copy, as far as the calls that are shown tell.
fn was_asked_for(job: &JobView) -> bool {
    let mut calls = job.calls.iter();
    calls.any(|call| call.operation == "CopyProjectVersion") || job.calls.len() < job.calls_total
}

/// Reads the models of the account in which a version was made, so that they show it.
#[component]
fn ReadModels(number: String) -> impl IntoView {
    view! {
        <form method="post" action="/api/models/refresh">
            <input type="hidden" name="account" value=number />
            <button type="submit" class="btn btn-sm">
                <Icon glyph=Glyph::Refresh />
                "Read its models"
            </button>
        </form>
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
                    <ReadModels number />
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
