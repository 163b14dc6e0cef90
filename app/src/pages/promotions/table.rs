//! Proposals as rows.

use domain::{Millis, ProposalKind};
use leptos::prelude::*;
use operations::promotions::ProposalRow;

use crate::links;
use crate::text::counted;
use crate::ui::age::Ago;
use crate::ui::route::ShortRoute;
use crate::ui::status::{StateLook, Status};
use crate::ui::table::{Column, Table};

/// The state to show: the job's once there is one.
pub(crate) fn state(row: &ProposalRow) -> StateLook {
    match &row.job {
        Some(job) => StateLook::from(job.word),
        None => StateLook::from(row.word),
    }
}

/// `Promotion 3` or `Policy change 4`.
pub(crate) fn name(kind: ProposalKind, number: i64) -> String {
    match kind {
        ProposalKind::Promotion => format!("Promotion {number}"),
        ProposalKind::PolicyChange => format!("Policy change {number}"),
    }
}

/// The rows, newest first.
pub(crate) fn table(rows: Vec<ProposalRow>, now: Millis) -> AnyView {
    let rows = rows.into_iter().map(move |row| line(row, now));
    view! {
        <Table
            caption="Promotions and policy changes, newest first"
            class="table-min"
            head=view! {
                <Column name="Number" />
                <Column name="What" />
                <Column name="From, to" />
                <Column name="Status" />
                <Column name="Job" />
                <Column name="Requested" figures=true />
            }
        >
            {rows.collect_view()}
        </Table>
    }
    .into_any()
}

fn line(row: ProposalRow, now: Millis) -> impl IntoView {
    let look = state(&row);
    let label = name(row.kind, row.number);
    let behind = row.job.as_ref().filter(|job| job.behind > 0).map(|job| {
        let others = counted(job.behind, "other", "others");
        let project = row.arrow.subject.split(' ').next().unwrap_or_default();
        view! { <p class="tiny muted">"Waiting for " {others} " into " {project.to_owned()}</p> }
    });
    let job = row.job.as_ref().map(|job| {
        view! { <a href=links::job(job.id)>"Job " {job.number}</a> }
    });
    view! {
        <tr>
            <th scope="row">
                <a href=links::promotion(row.id) aria-label=label>
                    {row.number}
                </a>
            </th>
            <td>{row.arrow.subject.clone()}</td>
            <td>
                <ShortRoute arrow=row.arrow.clone() />
            </td>
            <td>
                <Status look />
                {behind}
            </td>
            <td class="nowrap">{job}</td>
            <td class="num nowrap">
                <Ago at=row.created_at now />
            </td>
        </tr>
    }
}
