//! One matrix as a table; on narrow screens as one block for each version.

use domain::Millis;
use leptos::prelude::*;

use super::matrix::{Cell, Column, Here, Matrix, Row};
use crate::islands::filter::matches;
use crate::links;
use crate::text;
use crate::ui::age::{Age, Day};
use crate::ui::environment::{EnvironmentMark, look};
use crate::ui::status::Status;

/// A sheet with the versions of one project name. Rows that do not fit the lower-case `query` are
/// hidden; a sheet without visible rows is hidden by the style sheet.
#[component]
pub(super) fn Grid(matrix: Matrix, query: String, index: usize, now: Millis) -> impl IntoView {
    let id = format!("project-{index}");
    let label = format!("{} in {}, versions by account", matrix.name, matrix.region);
    let versions = matrix.rows.len();
    let head = matrix
        .columns
        .iter()
        .map(|column| head(column, now))
        .collect_view();
    let policies = matrix.columns.iter().find_map(|column| {
        let project = column.project.as_ref()?;
        Some((
            links::policies(project),
            column.place.account.alias.to_string(),
        ))
    });
    let empty = matrix.rows.is_empty();
    let filter_text = format!("{} {}", matrix.name, matrix.region).to_lowercase();
    let rows = matrix
        .rows
        .iter()
        .map(|row| line(&matrix, row, &query))
        .collect_view();
    let columns = matrix.columns.len() + 1;
    let (title, caption) = (id.clone(), label.clone());
    view! {
        <section class="card" aria-labelledby=title data-filter-group>
            <div class="card-head">
                <h2 id=id>
                    {matrix.name.to_string()} " "
                    <span class="muted">
                        {matrix.region.to_string()} " · " {text::counted(versions, "version", "versions")}
                    </span>
                </h2>
                {policies
                    .map(|(path, alias)| {
                        view! {
                            <a class="small" href=path>
                                "Policies in "
                                {alias}
                            </a>
                        }
                    })}
            </div>
            <div class="table-wrap" role="region" aria-label=caption tabindex="0">
                // Roles are written because narrow screens change `display`, which removes them.
                <table class="table grid-table" role="table">
                    <caption class="sr-only">{label}</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th scope="col" role="columnheader">
                                "Version"
                            </th>
                            {head}
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        {rows}
                        {empty
                            .then(|| {
                                let hidden = !matches(&filter_text, &query);
                                view! {
                                    <tr role="row" data-filter=filter_text hidden=hidden>
                                        <td role="cell" class="muted" colspan=columns.to_string()>
                                            "This project has no version yet."
                                        </td>
                                    </tr>
                                }
                            })}
                    </tbody>
                </table>
            </div>
        </section>
    }
}

fn head(column: &Column, now: Millis) -> impl IntoView + use<> {
    let account = column.place.account.clone();
    let alias = account.alias.to_string();
    view! {
        <th scope="col" role="columnheader">
            <span class="account">
                <EnvironmentMark account />
                " "
                <b class="text-text">{alias}</b>
            </span>
            <br />
            <Age verb="read" at=column.place.seen_at now />
        </th>
    }
}

fn line(matrix: &Matrix, row: &Row, query: &str) -> impl IntoView + use<> {
    let filter = matrix.filter_text(row);
    let hidden = !matches(&filter, query);
    let cells = matrix.columns.iter().zip(&row.cells).map(|(column, cell)| {
        let environment = column.place.account.environment.to_string();
        let inside = match cell {
            Cell::Here(here) => present(matrix, column, here).into_any(),
            Cell::NotHere { from } => absent(matrix, column, from.as_deref()).into_any(),
            Cell::NotRead => view! { <div class="cell-none">"not read yet"</div> }.into_any(),
        };
        view! {
            <td role="cell" data-env=environment>
                {inside}
            </td>
        }
    });
    let cells = cells.collect_view();
    view! {
        <tr role="row" data-filter=filter hidden=hidden>
            <th scope="row" role="rowheader">
                {row.name.to_string()}
            </th>
            {cells}
        </tr>
    }
}

fn present(matrix: &Matrix, column: &Column, here: &Here) -> impl IntoView + use<> {
    let version = &here.version;
    let live = version.status == domain::VersionStatus::Running;
    let class = format!("cell {}", look(column.place.account.colour));
    let origin = version.source.as_ref().map(|source| {
        let from = matrix.account(source.account());
        let place = from.map_or_else(
            || source.account().to_string(),
            |from| from.alias.to_string(),
        );
        let name = if source.name() == version.arn.name() {
            String::new()
        } else {
            format!(" {}", source.name())
        };
        format!("from {place}{name}")
    });
    view! {
        <a
            class=class
            class:cell-live=live
            href=links::version(&here.project, &version.arn)
            aria-label=format!("{} {} in {}", matrix.name, version.arn.name(), column.place.account.alias)
        >
            <Status look=&version.status />
            <span class="cell-f1">{version.f1.map(text::percent)}</span>
            <span class="cell-sub">
                <span>{version.created.map(|at| view! { <Day at /> })}</span>
                <span>{origin}</span>
            </span>
        </a>
    }
}

fn absent(matrix: &Matrix, column: &Column, from: Option<&Here>) -> impl IntoView + use<> {
    let promote = from.zip(column.project.as_ref()).map(|(from, project)| {
        let version = &from.version;
        let (name, alias) = (version.arn.name(), &column.place.account.alias);
        let label = format!("Promote {} {name} to {alias}", matrix.name);
        view! {
            <a
                class="btn btn-quiet btn-sm"
                href=links::promote_to(&version.arn, project)
                aria-label=label
            >
                "Promote"
            </a>
        }
    });
    let text = if column.project.is_some() {
        "not here"
    } else {
        "no project of this name"
    };
    view! {
        <div class="cell-none">
            <span>{text}</span>
            {promote}
        </div>
    }
}
