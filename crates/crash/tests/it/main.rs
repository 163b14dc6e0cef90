//! The short form of what `cargo xtask crash` does: each moment once, each lost answer once, a few
//! random rounds, and two faults built in on purpose that the judge must see.

use crash::control::Control;
use crash::database::{Kind, postgres_server};
use crash::drive::Driver;
use crash::finding::{Breach, Finding};
use crash::round::Round;
use std::sync::atomic::{AtomicU64, Ordering};

/// Tells apart the databases of this process.
static ROUNDS: AtomicU64 = AtomicU64::new(0);

fn kinds() -> Vec<Kind> {
    let postgres = postgres_server().map(|_| Kind::Postgres);
    [Some(Kind::Sqlite), postgres]
        .into_iter()
        .flatten()
        .collect()
}

async fn run(
    rounds: impl IntoIterator<Item = Round>,
    control: Option<Control>,
) -> Vec<(Finding, Round)> {
    let driver = Driver {
        program: env!("CARGO_BIN_EXE_crash").into(),
        control,
    };
    let mut wrong = Vec::new();
    for round in rounds {
        let number = ROUNDS.fetch_add(1, Ordering::Relaxed);
        let report = driver.run(&round, number).await;
        let report = report.expect("the round is carried out");
        let found = report.wrong.into_iter();
        wrong.extend(found.map(|finding| (finding, round.clone())));
    }
    wrong
}

/// The rounds of the matrix whose names fit, on every database there is. None if it takes a
/// PostgreSQL server, which the surroundings do not name.
fn matrix(fits: impl Fn(&str) -> bool) -> Vec<Round> {
    let rounds = kinds().into_iter().flat_map(Round::matrix);
    rounds.filter(|round| fits(&round.name)).collect()
}

async fn survives(rounds: Vec<Round>) {
    let wrong = run(rounds, None).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn found(wrong: &[(Finding, Round)], breach: Breach) -> bool {
    wrong.iter().any(|(finding, _)| finding.breach == breach)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_at_any_moment_of_a_copy_leaves_one_copy() {
    survives(matrix(|name| name.contains(":CopyProjectVersion"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_at_any_moment_of_a_grant_leaves_no_grant() {
    survives(matrix(|name| name.contains(":PutProjectPolicy"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_at_any_moment_of_a_removal_leaves_no_grant() {
    survives(matrix(|name| name.contains(":DeleteProjectPolicy"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_around_a_commit_or_a_look_loses_no_event() {
    survives(matrix(|name| {
        name.starts_with("outcome-") || name.starts_with("look-") || name.starts_with("copies")
    }))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_was_frozen_writes_nothing_when_it_wakes() {
    survives(matrix(|name| {
        [
            "frozen at intent-stored:PutProjectPolicy",
            "frozen with a refusal",
        ]
        .contains(&name)
    }))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_or_garbled_is_found_out() {
    survives(matrix(|name| name.contains(" of "))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_aws_shows_late_is_waited_for() {
    survives(matrix(|name| name.starts_with("a copy shown late"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn random_ends_and_faults_are_survived() {
    let seed: u64 = rand::random();
    let rounds = (0..6)
        .zip(kinds().into_iter().cycle())
        .map(|(number, kind)| Round::random(seed.wrapping_add(number), kind, 3))
        .collect();
    survives(rounds).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_judge_sees_copies_sent_again_under_another_name() {
    let rounds = matrix(|name| name == "reset_after of CopyProjectVersion");
    let wrong = run(rounds, Some(Control::Retries)).await;
    assert!(found(&wrong, Breach::NotApproved), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_judge_sees_events_that_a_reader_missed() {
    let rounds = matrix(|name| name == "outcome-stored (4)");
    let wrong = run(rounds, Some(Control::ForgetsPlace)).await;
    assert!(found(&wrong, Breach::WrongEvents), "{wrong:#?}");
}
