//! The projects whose policies can be seen.

use domain::Millis;
use leptos::prelude::*;
use leptos_meta::Title;
use operations::models::{self, ModelsView, ProjectView};
use operations::{OpContext, OpResult};

use crate::forms::{self, FormName};
use crate::links;
use crate::pages::load;
use crate::ui::age::Ago;
use crate::ui::card::Card;
use crate::ui::empty::Empty;
use crate::ui::environment::EnvironmentMark;
use crate::ui::page_head::PageHead;
use crate::ui::problem::Refused;
use crate::ui::table::{Column, Table};

/// All projects, each with the way to its policies.
#[component]
pub fn List() -> impl IntoView {
    let form = forms::asked_for();
    load(
        async move |cx: OpContext| {
            let attach = forms::restore::<serde_json::Value>(form, FormName::AttachPolicy).await;
            let remove = forms::restore::<serde_json::Value>(form, FormName::RemovePolicy).await;
            let refused = attach.or(remove).map(|(_, outcome)| outcome);
            OpResult::Ok((models::list(&cx).await?, refused))
        },
        |(models, refused)| {
            view! {
                <Title text="Policies" />
                <PageHead
                    title="Policies"
                    meta=view! {
                        <p class="page-meta prose">
                            "A project policy lets roles of other accounts copy from a project. AWS allows five for each project, with 2,000 characters in each."
                        </p>
                    }
                        .into_any()
                />
                <div class="stack">
                    {refused.map(|outcome| view! { <Refused outcome /> })}
                    <div data-fragment="/fragments/policies" data-follows="inventory resync">
                        {live(models)}
                    </div>
                </div>
            }
            .into_any()
        },
    )
}

/// The sheet with the rows.
pub(crate) fn live(models: ModelsView) -> AnyView {
    view! {
        <Card id="projects" title="Source projects">
            {table(models.projects, models.now)}
        </Card>
    }
    .into_any()
}

fn table(projects: Vec<ProjectView>, now: Millis) -> AnyView {
    if projects.is_empty() {
        return view! {
            <Empty
                title="No project has been seen"
                text="Projects appear here once the models of an account have been read."
            >
                <a class="btn" href="/models">
                    "Open models"
                </a>
            </Empty>
        }
        .into_any();
    }
    let rows = projects.into_iter().map(move |project| {
        view! {
            <tr>
                <th scope="row">
                    <a href=links::policies(&project.arn)>{project.arn.name().to_string()}</a>
                </th>
                <td>
                    <span class="account">
                        <EnvironmentMark account=project.account.clone() />
                        " "
                        {project.account.alias.to_string()}
                    </span>
                </td>
                <td>{project.arn.region().to_string()}</td>
                <td class="num">{project.versions.len()}</td>
                <td class="num">
                    <Ago at=project.seen_at now />
                </td>
            </tr>
        }
    });
    view! {
        <Table
            caption="Projects with the way to their policies"
            class="table-min"
            head=view! {
                <Column name="Project" />
                <Column name="Account" />
                <Column name="Region" />
                <Column name="Versions" figures=true />
                <Column name="Project read" figures=true />
            }
        >
            {rows.collect_view()}
        </Table>
    }
    .into_any()
}
