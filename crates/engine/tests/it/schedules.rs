//! Random schedules of faults and kills. The oracle is the fake's own account of what was done.

use crate::support::{Fault, Habit, Rig, destination};
use domain::JobWord;
use domain::job::CopyState;
use operations::ports::aws::Refusal;
use proptest::prelude::*;

const OPERATIONS: [&str; 6] = [
    "CopyProjectVersion",
    "CopyProjectVersion",
    "DescribeProjectVersions",
    "ListProjectPolicies",
    "PutProjectPolicy",
    "DeleteProjectPolicy",
];

fn faults() -> impl Strategy<Value = Fault> {
    prop_oneof![
        2 => Just(Fault::None),
        3 => Just(Fault::Lost),
        3 => Just(Fault::Unclear),
        2 => Just(Fault::DiesBefore),
        3 => Just(Fault::DiesAfter),
        1 => Just(Fault::NotSent),
        1 => Just(Fault::EditedBefore),
        1 => Just(Fault::Refused(Refusal::Throughput, "ProvisionedThroughputExceededException")),
        1 => Just(Fault::Refused(Refusal::Limit, "LimitExceededException")),
        1 => Just(Fault::Refused(Refusal::Access, "AccessDeniedException")),
        1 => Just(Fault::Refused(Refusal::Quota, "ServiceQuotaExceededException")),
    ]
}

#[derive(Clone, Debug)]
struct Schedule {
    faults: Vec<(&'static str, Fault)>,
    hidden_ms: i64,
    copy_fails: bool,
    seed: u64,
}

fn schedules() -> impl Strategy<Value = Schedule> {
    let fault = (proptest::sample::select(&OPERATIONS[..]), faults());
    (
        proptest::collection::vec(fault, 0..14),
        prop_oneof![3 => Just(0_i64), 1 => Just(20_000), 1 => Just(55_000), 1 => Just(300_000)],
        prop::bool::weighted(0.2),
        any::<u64>(),
    )
        .prop_map(|(faults, hidden_ms, copy_fails, seed)| Schedule {
            faults,
            hidden_ms,
            copy_fails,
            seed,
        })
}

async fn run(schedule: Schedule) -> Result<(), TestCaseError> {
    let rig = Rig::seeded(schedule.seed).await;
    {
        let mut world = rig.aws.world();
        world.hidden_ms = schedule.hidden_ms;
        if schedule.copy_fails {
            world.habits.insert(Habit::FailsCopies);
        }
    }
    let job = rig.propose().await;
    for (operation, fault) in schedule.faults {
        rig.aws.script(operation, [fault]);
    }
    // Each engine lives until it is killed in a call; then the next one takes over.
    let mut word = JobWord::Queued;
    for life in 0..40 {
        let engine = rig.engine(&format!("life-{life}"));
        tokio::select! {
            biased;
            () = rig.aws.stuck.notified() => {}
            ended = rig.finish(&engine, job) => {
                word = ended;
                break;
            }
        }
    }
    let needs_operator = word == JobWord::NeedsOperator;
    prop_assert!(word.is_terminal() || needs_operator, "{word:?}");
    let seen = {
        let world = rig.aws.world();
        prop_assert!(world.accepted.len() <= 1, "two copies");
        prop_assert_eq!(
            world.needless,
            0,
            "a copy was sent although its version could be seen"
        );
        world.accepted.clone()
    };
    // Asked behind the faults that are left over.
    prop_assert_eq!(rig.aws.versions(&destination()), seen.len());
    match rig.copy_state(job).await {
        CopyState::Succeeded { version } => prop_assert_eq!(seen, [version]),
        // What failed without a version has made none: unclear is never failed.
        CopyState::Failed { version, .. } => {
            prop_assert_eq!(seen.first().cloned(), version);
        }
        CopyState::NeedsOperator { .. } => {}
        state => prop_assert!(false, "{state:?}"),
    }
    prop_assert_eq!(rig.unpaired(job).await, Vec::<String>::new());
    if !needs_operator {
        prop_assert_eq!(rig.grants(), 0, "a grant was left");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn never_two_copies_never_a_grant_left_and_unclear_is_never_failed(schedule in schedules()) {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(run(schedule))?;
    }
}
