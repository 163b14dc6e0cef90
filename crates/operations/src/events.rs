//! The numbered stream of committed changes, and the small views that it carries.
//!
//! A view holds no names and no ARNs, so that one serialised frame serves every reader.

mod head;
mod since;

pub use head::head;
pub use since::since;
pub use store::EventCursor;
pub use store::events::EventKind as EventName;

use domain::{Account, EnvironmentName, FailureCode, Millis, ProposalId, ProposalState};
use serde::Serialize;
use store::events::NewEvent;
use store::jobs::JobRow;

/// One change as it goes to readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamView {
    /// What kind of thing changed.
    pub name: EventName,
    /// The environment it belongs to; readers are filtered by it.
    pub environment: Option<EnvironmentName>,
    /// The thing's id: a job's, a proposal's, or an account's number.
    pub subject: String,
    /// The view as JSON on one line: `{id, env, state, aws, seen_at, next_look_at, code, v}`.
    pub data: String,
}

#[derive(Serialize)]
struct View<'a> {
    id: String,
    env: &'a EnvironmentName,
    state: &'a str,
    aws: Option<&'a str>,
    seen_at: Option<Millis>,
    next_look_at: Option<Millis>,
    code: Option<FailureCode>,
    v: i64,
}

impl View<'_> {
    fn event(&self, kind: EventName, at: Millis) -> NewEvent {
        NewEvent {
            kind,
            subject: self.id.clone(),
            environment: Some(self.env.clone()),
            view: serde_json::to_value(self).expect("texts and whole numbers are always JSON"),
            at,
        }
    }
}

/// An account was looked at.
pub(crate) fn inventory(account: &Account, good: bool, at: Millis) -> NewEvent {
    View {
        id: account.number.to_string(),
        env: &account.environment,
        state: if good { "refreshed" } else { "failed" },
        aws: None,
        seen_at: Some(at),
        next_look_at: None,
        code: None,
        v: 0,
    }
    .event(EventName::Inventory, at)
}

/// The installation was paused, or goes on.
pub(crate) fn installation(paused: bool, at: Millis) -> NewEvent {
    let state = if paused { "paused" } else { "running" };
    NewEvent {
        kind: EventName::Installation,
        subject: "installation".to_owned(),
        environment: None,
        view: serde_json::json!({ "id": "installation", "env": null, "state": state, "v": 0 }),
        at,
    }
}

/// A proposal came to be or changed.
pub(crate) fn proposal(
    id: ProposalId,
    environment: &EnvironmentName,
    state: &ProposalState,
    row_version: i64,
    at: Millis,
) -> NewEvent {
    View {
        id: id.to_string(),
        env: environment,
        state: state.word().as_str(),
        aws: None,
        seen_at: None,
        next_look_at: None,
        code: None,
        v: row_version,
    }
    .event(EventName::Proposal, at)
}

/// A job came to be or changed.
pub(crate) fn job(row: &JobRow, at: Millis) -> NewEvent {
    job_view(row).event(EventName::Job, at)
}

/// A job as it goes to readers without being an event: after a look that found nothing new.
pub(crate) fn job_look(row: &JobRow) -> StreamView {
    let view = job_view(row);
    StreamView {
        name: EventName::Job,
        environment: Some(row.environment.clone()),
        subject: view.id.clone(),
        data: serde_json::to_string(&view).expect("texts and whole numbers are always JSON"),
    }
}

fn job_view(row: &JobRow) -> View<'_> {
    View {
        id: row.id.to_string(),
        env: &row.environment,
        state: row.state.word().as_str(),
        aws: row.aws_status.as_ref().map(domain::VersionStatus::as_str),
        seen_at: row.aws_seen_at,
        next_look_at: row.next_look_at,
        code: row.state.failure().map(|failure| failure.code),
        v: row.row_version,
    }
}
