//! The calls to AWS that a step made.

use domain::Step;
use leptos::prelude::*;
use operations::jobs::CallView;

use crate::text;
use crate::ui::lane::step_name;
use crate::ui::table::{Column, Table};

/// Newest first, each with AWS's request id. Folded unless `open`.
#[component]
pub(super) fn Calls(calls: Vec<CallView>, step: Step, open: bool) -> impl IntoView {
    let summary = format!(
        "{} to AWS in step {}",
        text::counted(calls.len(), "call", "calls"),
        step_name(step).to_lowercase()
    );
    let rows = calls.into_iter().map(|call| {
        view! {
            <tr>
                <td class="nowrap">
                    <time datetime=call.at.to_string() title=text::second(call.at)>
                        {text::time_of_day(call.at)}
                    </time>
                </td>
                <td>
                    <code>{call.operation}</code>
                </td>
                <td class="answer">{call.answer}</td>
                <td class="num">{text::duration(u64::try_from(call.took_ms).unwrap_or(0))}</td>
                <td>{call.request_id.map(|id| view! { <code>{id}</code> })}</td>
            </tr>
        }
    });
    view! {
        <details class="calls" open=open>
            <summary class="pad small">{summary}</summary>
            <Table
                caption="Calls to AWS, newest first"
                class="table-calls"
                head=view! {
                    <Column name="Time, UTC" />
                    <Column name="Call" />
                    <Column name="Answer" />
                    <Column name="Took" figures=true />
                    <Column name="Request id" />
                }
            >
                {rows.collect_view()}
            </Table>
        </details>
    }
}
