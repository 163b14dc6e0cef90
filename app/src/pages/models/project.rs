//! One project with its versions.

use leptos::prelude::*;
use leptos_meta::Title;
use operations::models::{self, ProjectView, VersionView};
use operations::{Kind, OpError};
use operations::{OpContext, OpResult};

use crate::links;
use crate::pages::{load, param};
use crate::text;
use crate::ui::age::{Age, Day};
use crate::ui::arn::Arn;
use crate::ui::card::Card;
use crate::ui::crumbs::Crumbs;
use crate::ui::empty::Empty;
use crate::ui::environment::AccountName;
use crate::ui::page_head::PageHead;
use crate::ui::status::Status;
use crate::ui::table::{Column, Table};

/// The page of one project.
#[component]
pub fn Project() -> impl IntoView {
    let key = param("project");
    load(
        async move |cx: OpContext| {
            let arn = links::project_of(&key).ok_or(OpError::NotFound {
                kind: Kind::Project,
                id: key,
            })?;
            OpResult::Ok((models::get_project(&cx, &arn.to_string()).await?, cx.now()))
        },
        |(project, now)| {
            let name = project.arn.name().to_string();
            let policies = links::policies(&project.arn);
            view! {
                <Title text=name.clone() />
                <Crumbs above=vec![("/models".to_owned(), "Models".to_owned())] here=name.clone() />
                <PageHead
                    title=name.clone()
                    meta=view! {
                        <p class="page-meta">
                            <AccountName account=project.account.clone() with_number=true />
                            <span aria-hidden="true">"·"</span>
                            <span>{project.arn.region().to_string()}</span>
                        </p>
                        <Arn arn=project.arn.to_string() of=format!("project {name}") />
                    }
                        .into_any()
                    actions=view! {
                        <Age verb="read" at=Some(project.seen_at) now />
                        <a class="btn" href=policies>
                            "Project policies"
                        </a>
                    }
                        .into_any()
                />
                {versions(project)}
            }
            .into_any()
        },
    )
}

fn versions(project: ProjectView) -> impl IntoView {
    let count = project.versions.len();
    let body = if count == 0 {
        view! {
            <Empty
                title="No version yet"
                text="Versions appear here once one is trained or copied into this project."
            />
        }
        .into_any()
    } else {
        let rows = project
            .versions
            .iter()
            .map(|version| row(&project, version))
            .collect_view();
        view! {
            <Table
                caption="Versions of the project, newest first"
                class="table-min"
                head=view! {
                    <Column name="Version" />
                    <Column name="Status" />
                    <Column name="F1" figures=true />
                    <Column name="Created" />
                    <Column name="Origin" />
                    <Column name="Action" figures=true />
                }
            >
                {rows}
            </Table>
        }
        .into_any()
    };
    view! {
        <Card id="versions" title=view! { "Versions " <span class="muted">"(" {count} ")"</span> }>
            {body}
        </Card>
    }
}

fn row(project: &ProjectView, version: &VersionView) -> impl IntoView + use<> {
    let name = version.arn.name().to_string();
    let origin = match &version.source {
        Some(source) => format!("{} in {}", source.name(), source.account().grouped()),
        None => "trained here".to_owned(),
    };
    let promote = version.copyable.then(|| {
        view! {
            <a
                class="btn btn-sm"
                href=links::promote(&version.arn)
                aria-label=format!("Promote {name}")
            >
                "Promote"
            </a>
        }
    });
    view! {
        <tr>
            <th scope="row">
                <a href=links::version(&project.arn, &version.arn)>{name}</a>
            </th>
            <td>
                <Status look=&version.status />
            </td>
            <td class="num">{version.f1.map_or_else(|| "–".to_owned(), text::percent)}</td>
            <td>{version.created.map(|at| view! { <Day at /> })}</td>
            <td>{origin}</td>
            <td class="num">{promote}</td>
        </tr>
    }
}
