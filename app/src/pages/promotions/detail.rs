//! One proposal: the plan in its boxes, its seal, who approved, and the job.

use domain::{JobWord, Millis, Plan};
use leptos::prelude::*;
use leptos_meta::Title;
use operations::promotions::{self, PlanBox, ProposalView};
use operations::{OpContext, OpResult};

use super::table::{name, state};
use crate::islands::copy::CopyButton;
use crate::layout::nav::LiveBadge;
use crate::links;
use crate::pages::{load, param};
use crate::text::counted;
use crate::ui::age::{Ago, Moment};
use crate::ui::arn::Arn;
use crate::ui::card::Card;
use crate::ui::crumbs::Crumbs;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::page_head::PageHead;
use crate::ui::route::Route;
use crate::ui::seal::Seal;
use crate::ui::status::{StateLook, Status};

/// The page of one proposal.
#[component]
pub fn Detail() -> impl IntoView {
    let id = param("id");
    load(
        async move |cx: OpContext| OpResult::Ok((promotions::get(&cx, &id).await?, cx.now())),
        |(proposal, now)| {
            let title = name(proposal.row.kind, proposal.row.number);
            let state = state(&proposal.row).word;
            let path = format!("/fragments{}", links::promotion(proposal.row.id));
            view! {
                <Title text=format!("{title}: {state}") />
                <Crumbs
                    above=vec![("/promotions".to_owned(), "Promotions".to_owned())]
                    here=title
                />
                <div data-fragment=path data-follows="job proposal resync">
                    {live(proposal, now)}
                </div>
            }
            .into_any()
        },
    )
}

/// Head and sheets of a proposal.
pub(crate) fn live(proposal: ProposalView, now: Millis) -> AnyView {
    let row = &proposal.row;
    let look = state(row);
    let title = name(row.kind, row.number);
    let said = format!("{title}: {}", look.word);
    let requester = row.requester_name.clone();
    let created_at = row.created_at;
    let to_job = row.job.as_ref().map(|job| {
        view! {
            <a class="btn btn-primary" href=links::job(job.id)>
                "Open job "
                {job.number}
            </a>
        }
    });
    let again = again(&proposal);
    view! {
        <div data-said=said>
            <PageHead
                title=title
                status=view! { <Status look large=true /> }.into_any()
                meta=view! {
                    <div class="mt-1">
                        <Route arrow=row.arrow.clone() />
                    </div>
                    <p class="page-meta">
                        <span>"requested by " {requester}</span>
                        <span aria-hidden="true">"·"</span>
                        <Moment at=created_at />
                    </p>
                }
                    .into_any()
                actions=view! {
                    <LiveBadge />
                    {again}
                    {to_job}
                }
                    .into_any()
            />
            <div class="cols cols-aside">
                <div class="stack">
                    {proposal
                        .reason
                        .clone()
                        .map(|reason| {
                            view! {
                                <Card id="reason" title="Reason">
                                    <p class="card-body prose whitespace-pre-wrap">{reason}</p>
                                </Card>
                            }
                        })} {plan(&proposal)}
                </div>
                <aside class="stack" aria-label="Approval and job">
                    {approvals(&proposal, now)} {job(&proposal)}
                </aside>
            </div>
        </div>
    }
    .into_any()
}

/// After a job that did not succeed: the form with the same ends and the next free name.
fn again(proposal: &ProposalView) -> Option<impl IntoView + use<>> {
    let ended = proposal.row.job.as_ref().map(|job| job.word);
    match (&proposal.plan, ended) {
        (Plan::Promotion(plan), Some(JobWord::Failed | JobWord::Stopped)) => {
            let path = links::promote_to(&plan.source_version, &plan.destination_project);
            Some(view! { <a class="btn" href=path>"Promote again"</a> })
        }
        _ => None,
    }
}

fn plan(proposal: &ProposalView) -> impl IntoView + use<> {
    let boxes = proposal
        .boxes
        .iter()
        .cloned()
        .map(|part| view! { <DeclarationBox part /> });
    let boxes = boxes.collect_view();
    let digest = proposal.digest.clone();
    let json = proposal.canonical_json.clone();
    view! {
        <Card
            id="plan"
            title=view! { "Plan " <span class="muted">{proposal.plan_number}</span> }
            aside=view! { <Seal digest=digest.clone() /> }.into_any()
        >
            <dl class="decl">{boxes}</dl>
            <details class="card-body small">
                <summary>"Canonical JSON, the text that the digest is made of"</summary>
                <div class="code-box">
                    <pre class="code code-wrap" tabindex="0" role="region" aria-label="Canonical JSON">
                        {json.clone()}
                    </pre>
                    <CopyButton text=json label="Copy canonical JSON".to_owned() />
                </div>
                <p class="muted mt-2">
                    "SHA-256 " <code class="break-all">{digest.to_string()}</code>
                </p>
            </details>
            <p class="card-foot">"What runs is this plan. A change makes another digest."</p>
        </Card>
    }
}

#[component]
fn DeclarationBox(part: PlanBox) -> impl IntoView {
    let single = part.lines.len() == 1;
    let title = part.title;
    let lines = part.lines.into_iter().map(|line| {
        let label = (!single).then(|| view! { <span class="decl-label">{line.label}</span> });
        let value = if line.value.starts_with("arn:") {
            let of = format!("{title}: {}", line.label);
            view! { <Arn arn=line.value of /> }.into_any()
        } else if line.value.starts_with('{') {
            view! { <code class="decl-code">{line.value}</code> }.into_any()
        } else {
            view! { <span class="decl-value">{line.value}</span> }.into_any()
        };
        view! { <div class="decl-line">{label} {value}</div> }
    });
    view! {
        <div class="decl-box">
            <dt>
                <span class="decl-no">{part.number}</span>
                {title}
            </dt>
            <dd>{lines.collect_view()}</dd>
        </div>
    }
}

fn approvals(proposal: &ProposalView, now: Millis) -> impl IntoView + use<> {
    let needed = usize::from(proposal.rule.approvals);
    let rule = format!(
        "{}, version {}",
        proposal.rule.reference.environment, proposal.rule.reference.version
    );
    let stamps = proposal.approvals.iter().map(|approval| {
        let digest = approval.digest.short().to_owned();
        view! {
            <li class="stamp text-done">
                <b>"Approved"</b>
                <span class="tiny">
                    "by " {approval.by_name.clone()} ", " <Ago at=approval.at now />
                </span>
                <span class="tiny">"plan " <code>{digest}</code></span>
                <Icon glyph=Glyph::Seal />
            </li>
        }
    });
    let stamps = stamps.collect::<Vec<_>>();
    let text = match needed {
        0 => "The rule asks for no approval: it approves by itself.".to_owned(),
        _ => format!(
            "The rule asks for {}.",
            counted(needed, "approval", "approvals")
        ),
    };
    view! {
        <Card id="approvals" title="Approvals">
            <div class="card-body stack-sm">
                <p class="small muted">"Rule of " {rule} ". " {text}</p>
                <ul class="stack-sm">{stamps}</ul>
            </div>
        </Card>
    }
}

fn job(proposal: &ProposalView) -> impl IntoView + use<> {
    let run_before = proposal.plan.run_before();
    let body = match &proposal.row.job {
        Some(job) => view! {
            <dt>"Job"</dt>
            <dd>
                <a href=links::job(job.id)>"Job " {job.number}</a>
            </dd>
            <dt>"Status"</dt>
            <dd>
                <Status look=StateLook::from(job.word) />
            </dd>
        }
        .into_any(),
        None => view! {
            <dt>"Job"</dt>
            <dd class="muted">"made once the proposal is approved"</dd>
        }
        .into_any(),
    };
    view! {
        <Card id="job" title="Job">
            <dl class="card-body facts">
                {body} <dt>"Run before"</dt> <dd>
                    <Moment at=run_before />
                </dd>
            </dl>
        </Card>
    }
}
