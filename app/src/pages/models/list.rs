//! The models page.

use leptos::prelude::*;
use leptos_meta::Title;
use operations::models::{self, ModelsView};
use operations::{OpContext, OpResult};

use super::grid::Grid;
use super::matrix::arrange;
use crate::forms::{self, FormName};
use crate::islands::filter::FilterBox;
use crate::layout::nav::LiveBadge;
use crate::pages::{load, query};
use crate::text::counted;
use crate::ui::age::{Ago, Moment};
use crate::ui::empty::Empty;
use crate::ui::flash::Flash;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::page_head::PageHead;
use crate::ui::problem::Refused;
use crate::ui::status::Tone;

/// Projects and versions of all accounts.
#[component]
pub fn List() -> impl IntoView {
    let form = forms::asked_for();
    let search = query("q").unwrap_or_default();
    load(
        async move |cx: OpContext| {
            let refused = forms::restore::<()>(form, FormName::RefreshModels).await;
            OpResult::Ok((models::list(&cx).await?, refused))
        },
        move |(models, refused)| {
            let count = models.projects.len();
            let accounts = models.places.len();
            view! {
                <Title text="Models" />
                <PageHead
                    title="Models"
                    meta=view! {
                        <p class="page-meta">
                            {counted(count, "project", "projects")} " in "
                            {counted(accounts, "place", "places")}
                            ", a place being one Region of one account"
                        </p>
                    }
                        .into_any()
                    actions=view! {
                        <LiveBadge />
                        <RefreshForm />
                        <a class="btn btn-primary" href="/promotions/new">
                            "New promotion"
                        </a>
                    }
                        .into_any()
                />
                <div class="stack">
                    {refused.map(|((), outcome)| view! { <Refused outcome /> })}
                    {(count > 0)
                        .then(|| {
                            view! {
                                <form
                                    class="card filter"
                                    role="search"
                                    method="get"
                                    action="/models"
                                    aria-label="Filter models"
                                >
                                    <FilterBox
                                        value=search.clone()
                                        placeholder="Filter by project, version, status, environment, account, Region"
                                            .to_owned()
                                    />
                                    <noscript>
                                        <button class="btn" type="submit">
                                            "Filter"
                                        </button>
                                    </noscript>
                                    {(!search.is_empty())
                                        .then(|| {
                                            view! {
                                                <a class="small" href="/models">
                                                    "Clear filter"
                                                </a>
                                            }
                                        })}
                                </form>
                            }
                        })}
                    <div data-fragment="/fragments/models" data-follows="inventory resync">
                        {live(models, &search)}
                    </div>
                </div>
            }
            .into_any()
        },
    )
}

/// The button that looks at AWS again.
#[component]
fn RefreshForm() -> impl IntoView {
    view! {
        <form method="post" action="/api/models/refresh">
            <button class="btn" type="submit">
                <Icon glyph=Glyph::Refresh />
                "Refresh"
            </button>
        </form>
    }
}

/// What went wrong, then one sheet for each project name and Region.
pub(crate) fn live(models: ModelsView, search: &str) -> AnyView {
    let now = models.now;
    let never = models
        .places
        .iter()
        .all(|place| place.seen_at.is_none() && place.error.is_none());
    let failures = models.places.clone().into_iter().filter_map(move |place| {
        let error = place.error?;
        let alias = place.account.alias.to_string();
        let seen = place
            .seen_at
            .map(|at| view! { " Showing its data of " <Moment at /> "." });
        Some(view! {
            <Flash tone=Tone::Person>
                <b>
                    {alias} " " {error.region.to_string()} ": "
                    {error.code.unwrap_or_else(|| "no answer".to_owned())} ", "
                    <Ago at=error.at now /> "."
                </b>
                {seen}
                " "
                <a href=crate::links::account(&place.account.number)>"Test its roles"</a>
            </Flash>
        })
    });
    let failures = failures.collect_view();
    let body = if models.projects.is_empty() {
        nothing(never, models.places.len()).into_any()
    } else {
        let sheets = arrange(&models)
            .into_iter()
            .enumerate()
            .map(|(index, matrix)| {
                view! { <Grid matrix query=search.to_lowercase() index now /> }
            });
        view! {
            {sheets.collect_view()}
            <p class="card empty filter-none">
                <span class="font-semibold">"No version fits the filter"</span>
            </p>
            <p class="tiny muted">"Percentages are F1 on each version’s own test set."</p>
        }
        .into_any()
    };
    view! { <div class="stack">{failures} {body}</div> }.into_any()
}

fn nothing(never: bool, places: usize) -> impl IntoView {
    let text = if never {
        "Reading asks DescribeProjects and DescribeProjectVersions in every Region of every account, through the reader roles. Nothing is changed in AWS.".to_owned()
    } else {
        format!(
            "DescribeProjects gave no project in {}.",
            counted(places, "place", "places")
        )
    };
    let title = if never {
        "Nothing has been read yet"
    } else {
        "No Custom Labels project"
    };
    view! {
        <section class="card" aria-label="No models">
            <Empty title text>
                <RefreshForm />
            </Empty>
        </section>
    }
}
