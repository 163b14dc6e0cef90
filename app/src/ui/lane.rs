//! The crossing: two accounts and, between them, the steps of the job on one line.

use domain::{Step, StepStatus};
use leptos::prelude::*;
use operations::{AccountIdentity, Arrow};

use super::environment::look;
use super::icon::{Glyph, Icon};

/// One step as a station of the lane.
pub struct Station {
    /// Which step.
    pub step: Step,
    /// Where it stands.
    pub status: StepStatus,
    /// Whether the job ended before it came to this step.
    pub never_ran: bool,
    /// How long it took or has been running, as a view; none before it begins.
    pub time: Option<AnyView>,
}

/// The name of a step as people read it.
pub fn step_name(step: Step) -> &'static str {
    match step {
        Step::Check => "Check",
        Step::Grant => "Grant",
        Step::Copy => "Copy",
        Step::Apply => "Apply",
        Step::Verify => "Verify",
        Step::Revoke => "Revoke",
    }
}

/// Source, stations, destination. A job that stays within one account has no source.
#[component]
pub fn Lane(
    /// Between which accounts.
    arrow: Arrow,
    /// The steps in order.
    stations: Vec<Station>,
) -> impl IntoView {
    let class = match (arrow.source.is_some(), stations.len()) {
        (true, _) => "lane",
        (false, _) => "lane lane-single",
    };
    let list = if stations.len() == 3 {
        "stations stations-3"
    } else {
        "stations"
    };
    let source = arrow
        .source
        .map(|account| view! { <Quay account arrives=false /> });
    let stations = stations
        .into_iter()
        .enumerate()
        .map(|(index, station)| view! { <StationMark number=index + 1 station /> });
    view! {
        <div class=class>
            {source} <ol class=list aria-label="Steps">
                {stations.collect_view()}
            </ol> <Quay account=arrow.destination arrives=true />
        </div>
    }
}

#[component]
fn Quay(account: AccountIdentity, arrives: bool) -> impl IntoView {
    let side = if arrives { "quay-to" } else { "quay-from" };
    view! {
        <div class=format!("quay {side} {}", look(account.colour))>
            <span class="quay-env">
                {arrives.then(|| view! { <span class="sr-only">"to "</span> })}
                {account.environment.to_string()}
            </span>
            <span class="quay-name">{account.alias.to_string()}</span>
            <span class="quay-id">{account.number.grouped()}</span>
        </div>
    }
}

#[component]
fn StationMark(number: usize, station: Station) -> impl IntoView {
    let (class, spoken) = match station.status {
        StepStatus::Waiting => ("station station-waiting", ": waiting"),
        StepStatus::Moving => ("station station-moving", ": in progress"),
        StepStatus::Done => ("station station-done", ": done"),
        StepStatus::Failed => ("station station-failed", ": failed"),
        StepStatus::Skipped if station.never_ran => ("station station-skipped", ": not run"),
        StepStatus::Skipped => ("station station-skipped", ": not needed"),
    };
    let current = (station.status == StepStatus::Moving).then_some("step");
    view! {
        <li class=class aria-current=current>
            <span class="station-mark">
                <StepMark number status=station.status />
            </span>
            <span class="station-name">
                {step_name(station.step)} <span class="sr-only">{spoken}</span>
            </span>
            <span class="station-time">{station.time}</span>
        </li>
    }
}

/// What stands in the circle of a step: its number until it begins, then its state.
#[component]
pub fn StepMark(
    /// The step's number, from 1.
    number: usize,
    /// Where it stands.
    status: StepStatus,
) -> impl IntoView {
    match status {
        StepStatus::Waiting => number.into_any(),
        StepStatus::Moving => view! { <Icon glyph=Glyph::Spinner class="spin" /> }.into_any(),
        StepStatus::Done => view! { <Icon glyph=Glyph::Check /> }.into_any(),
        StepStatus::Failed => view! { <Icon glyph=Glyph::Cross /> }.into_any(),
        StepStatus::Skipped => view! { <Icon glyph=Glyph::Dash /> }.into_any(),
    }
}
