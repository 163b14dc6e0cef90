//! Entries as rows.

use leptos::prelude::*;
use operations::audit::{AuditView, Phase, SubjectKind};

use crate::links;
use crate::text::second;
use crate::ui::table::{Column, Table};

/// What people read for a phase.
pub(super) fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Done => "done",
        Phase::Intended => "sent to AWS",
        Phase::Outcome => "answered by AWS",
        Phase::Refused => "refused",
    }
}

/// The rows, newest first.
pub(super) fn table(entries: Vec<AuditView>) -> AnyView {
    let rows = entries.into_iter().map(row);
    view! {
        <Table
            caption="Audit entries, newest first"
            class="table-wide"
            head=view! {
                <Column name="Entry" figures=true />
                <Column name="Time" />
                <Column name="Who" />
                <Column name="Action and object" />
                <Column name="Result" />
                <Column name="Way" />
                <Column name="Request and details" />
            }
        >
            {rows.collect_view()}
        </Table>
    }
    .into_any()
}

fn row(entry: AuditView) -> impl IntoView {
    let behalf = entry
        .on_behalf_of
        .map(|whom| view! { <br /> <span class="muted tiny">"for " {whom.name}</span> });
    let object = object(entry.subject.kind, &entry.subject.id, entry.subject_name);
    let refused = entry.phase == Phase::Refused;
    let way = entry.channel.map(|channel| channel.replace('_', " "));
    let address = entry.address.map(|address| {
        view! { <br /> <span class="muted tiny mono">{address.to_string()}</span> }
    });
    let details = entry.details.into_iter().map(|(name, value)| {
        view! {
            <dt>{name}</dt>
            <dd class="mono">{value}</dd>
        }
    });
    view! {
        <tr id=format!("e{}", entry.n)>
            <td class="num">{entry.n}</td>
            <td class="nowrap">
                <time datetime=entry.at.to_string()>{second(entry.at)}</time>
            </td>
            <td>{entry.actor.name} {behalf}</td>
            <th scope="row" class="font-normal">
                <code>{entry.action}</code>
                <br />
                <span class="muted">{object}</span>
            </th>
            <td class=if refused { "nowrap text-failed" } else { "nowrap" }>{phase_word(entry.phase)}</td>
            <td>{way} {address}</td>
            <td>
                <details>
                    <summary>
                        <code class="tiny">{entry.request_id.unwrap_or_else(|| "none".to_owned())}</code>
                    </summary>
                    <dl class="facts small">
                        {details.collect_view()} <dt>"hash"</dt> <dd class="mono">{entry.hash}</dd>
                    </dl>
                </details>
            </td>
        </tr>
    }
}

/// What was acted on, with a link where it has a page.
fn object(kind: SubjectKind, id: &str, name: Option<String>) -> AnyView {
    let page = match kind {
        SubjectKind::Job => id.parse().ok().map(links::job),
        SubjectKind::Proposal => id.parse().ok().map(links::promotion),
        SubjectKind::Account => id.parse().ok().map(|number| links::account(&number)),
        _ => None,
    };
    let text = name.unwrap_or_else(|| id.to_owned());
    let kind = kind.as_str();
    match page {
        Some(page) => view! { {kind} " " <a href=page>{text}</a> }.into_any(),
        None if text == kind => view! { {kind} }.into_any(),
        None => view! { {kind} " " {text} }.into_any(),
    }
}
