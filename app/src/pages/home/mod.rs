//! Home: what runs, what ran, whether the accounts work, and the first steps of a new installation.

mod crossing;
mod first_steps;
mod health;

use domain::{Action, Millis};
use leptos::prelude::*;
use leptos_meta::Title;
use operations::PageRequest;
use operations::accounts::AccountView;
use operations::environments::EnvironmentView;
use operations::jobs::JobView;
use operations::promotions::ProposalRow;
use operations::{OpContext, OpResult, accounts, environments, jobs, promotions};

use crate::pages::{jobs as job_pages, load, promotions as promotion_pages};
use crate::ui::card::Card;
use crate::ui::empty::Empty;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::page_head::PageHead;
use crossing::Crossing;
use first_steps::FirstSteps;
use health::Health;

/// How many running jobs are drawn; the list of promotions has them all.
const RUNNING: usize = 5;
/// How many recent promotions are shown.
const RECENT: u32 = 8;

/// All that Home shows.
pub(crate) struct Overview {
    environments: Vec<EnvironmentView>,
    accounts: Vec<AccountView>,
    running: Vec<JobView>,
    recent: Vec<ProposalRow>,
    now: Millis,
}

impl Overview {
    /// Reads it, without any call to AWS.
    pub(crate) async fn read(cx: &OpContext) -> OpResult<Self> {
        let mut running = Vec::new();
        let listed = jobs::list(cx, PageRequest::default()).await?.items;
        for job in listed
            .into_iter()
            .filter(|job| !job.word.is_terminal())
            .take(RUNNING)
        {
            running.push(jobs::get(cx, &job.id.to_string()).await?);
        }
        let recent = PageRequest {
            before: None,
            limit: RECENT,
        };
        Ok(Self {
            environments: environments::list(cx).await?,
            accounts: accounts::list(cx).await?,
            running,
            recent: promotions::list(cx, recent).await?.items,
            now: cx.now(),
        })
    }
}

/// The first page.
#[component]
pub fn Home() -> impl IntoView {
    load(
        async |cx: OpContext| {
            if !cx.may(Action::ViewProposals) {
                return OpResult::Ok(None);
            }
            let proposes = cx.may(Action::ProposePromotion);
            Ok(Some((Overview::read(&cx).await?, proposes)))
        },
        |read| {
            let Some((overview, proposes)) = read else {
                return nothing_yet();
            };
            view! {
                <Title text="Home" />
                <PageHead
                    title="Home"
                    actions=proposes
                        .then(|| {
                            view! {
                                <a class="btn btn-primary" href="/promotions/new">
                                    <Icon glyph=Glyph::Plus />
                                    "New promotion"
                                </a>
                            }
                        })
                        .into_any()
                />
                <div data-fragment="/fragments/home" data-follows="job look proposal inventory installation resync">
                    {live(overview)}
                </div>
            }
            .into_any()
        },
    )
}

/// For somebody without a role.
fn nothing_yet() -> AnyView {
    view! {
        <Title text="Home" />
        <PageHead title="Home" />
        <Card id="no-role" title="You are signed in">
            <Empty
                title="You have no role yet"
                text="What there is to see and do depends on your roles. Ask an admin of this installation to give you one."
            >
                <a class="btn" href="/settings">
                    "Your settings"
                </a>
            </Empty>
        </Card>
    }
    .into_any()
}

/// Everything below the head.
pub(crate) fn live(overview: Overview) -> AnyView {
    let Overview {
        environments,
        accounts,
        running,
        recent,
        now,
    } = overview;
    let fresh = recent.is_empty();
    let count = running.len();
    view! {
        <div class="stack">
            <Crossing environments accounts=accounts.clone() now />
            <div class="cols cols-aside">
                <div class="stack">
                    {fresh.then(|| view! { <FirstSteps accounts=accounts.clone() /> })}
                    {(count > 0)
                        .then(|| {
                            view! {
                                <Card
                                    id="running"
                                    title=view! {
                                        "Running jobs " <span class="muted">"(" {count} ")"</span>
                                    }
                                >
                                    <ul class="rows border-t border-border">
                                        {running
                                            .into_iter()
                                            .map(|job| view! { <li>{job_pages::summary(job)}</li> })
                                            .collect_view()}
                                    </ul>
                                </Card>
                            }
                        })}
                    {(!fresh)
                        .then(|| {
                            view! {
                                <Card
                                    id="recent"
                                    title="Recent promotions"
                                    aside=view! {
                                        <a class="small" href="/promotions">
                                            "All promotions"
                                        </a>
                                    }
                                        .into_any()
                                >
                                    {promotion_pages::table(recent, now)}
                                </Card>
                            }
                        })}
                </div>
                <aside class="stack" aria-label="State of the accounts">
                    <Health accounts now />
                </aside>
            </div>
        </div>
    }
    .into_any()
}
