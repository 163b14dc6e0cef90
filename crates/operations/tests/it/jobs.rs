//! What the engine writes, and under which claim.

use crate::fake_aws;
use crate::policies::attach;
use crate::world::{DEV, PROD, START, World, promotion};
use domain::job::{CopyEvent, CopyState, PolicyEvent};
use domain::{
    Failure, FailureCode, JobEvent, JobState, JobWord, Millis, PlanDigest, Step, StepStatus,
};
use operations::jobs::{
    self, Advanced, CallOutcome, CallRecord, ClaimedJob, Held, Intent, JobLook, PutOff, Seen,
    StepRecord,
};
use operations::ports::aws::{Call, ErrorClass, Refusal};
use operations::{OpContext, OpError, events, policies, promotions};

const LEASE: i64 = 60_000;
const COPY: &str =
    "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/version/v7/1795515260123";

const WRITES: [&str; 3] = [
    "CopyProjectVersion",
    "PutProjectPolicy",
    "DeleteProjectPolicy",
];

async fn queued(world: &World) -> ClaimedJob {
    promotions::propose(&world.cx, &promotion()).await.unwrap();
    claim(&world.engine()).await
}

async fn claim(cx: &OpContext) -> ClaimedJob {
    let mut claimed = jobs::claim(cx, "worker-1", LEASE, 8).await.unwrap();
    assert_eq!(claimed.len(), 1);
    claimed.remove(0)
}

fn call(operation: &'static str) -> Call {
    Call {
        operation,
        at: Millis::new(START),
        took_ms: 412,
        request_id: Some("7c9e6679".to_owned()),
    }
}

fn answered(operation: &'static str, said: &str) -> CallRecord {
    CallRecord {
        account: PROD.parse().unwrap(),
        write: WRITES.contains(&operation).then_some(operation),
        call: call(operation),
        outcome: CallOutcome::Answered(said.to_owned()),
    }
}

fn noted(note: &str) -> StepRecord {
    StepRecord {
        notes: vec![note.to_owned()],
        ..StepRecord::default()
    }
}

async fn step(cx: &OpContext, job: &ClaimedJob, event: CopyEvent, record: StepRecord) -> JobState {
    let event = JobEvent::Copy(event);
    match jobs::advance(cx, &job.claim, event, record, true)
        .await
        .unwrap()
    {
        Advanced::Done(state) => state,
        other => panic!("{other:?}"),
    }
}

async fn statuses(world: &World, job: &ClaimedJob) -> Vec<StepStatus> {
    let view = jobs::get(&world.cx, &job.claim.job().to_string())
        .await
        .unwrap();
    view.steps.iter().map(|step| step.status).collect()
}

#[tokio::test]
async fn a_job_is_claimed_once_and_again_when_its_lease_has_run_out() {
    let world = World::new(0).await;
    let cx = world.engine();
    assert!(jobs::claim(&cx, "w", LEASE, 8).await.unwrap().is_empty());
    assert_eq!(jobs::next_due(&cx).await.unwrap(), None);
    let job = queued(&world).await;
    assert_eq!(job.environment.as_str(), "prod");
    assert_eq!(PlanDigest::of(&job.plan_json), job.approved);
    assert_eq!((job.attempts, job.memory.as_deref()), (0, None));
    assert!(jobs::claim(&cx, "w", LEASE, 8).await.unwrap().is_empty());
    assert_eq!(
        jobs::next_due(&cx).await.unwrap(),
        Some(Millis::new(START + LEASE))
    );

    world.clock.advance(LEASE);
    let again = claim(&cx).await;
    assert_eq!(again.claim.number(), job.claim.number() + 1);
    assert_eq!(
        jobs::renew(&cx, &job.claim, LEASE).await.unwrap(),
        Held::Lost
    );
    assert_eq!(
        jobs::renew(&cx, &again.claim, LEASE).await.unwrap(),
        Held::Yes
    );
}

#[tokio::test]
async fn a_lost_claim_writes_nothing() {
    let world = World::new(0).await;
    let cx = world.engine();
    let lost = queued(&world).await;
    world.clock.advance(LEASE);
    claim(&cx).await;
    let before = world.written().await;
    let event = JobEvent::Copy(CopyEvent::CheckPassed);
    let advanced = jobs::advance(&cx, &lost.claim, event, noted("x"), false)
        .await
        .unwrap();
    assert!(matches!(advanced, Advanced::Lost), "{advanced:?}");
    let put_off = PutOff {
        record: noted("x"),
        ..PutOff::default()
    };
    assert_eq!(
        jobs::put_off(&cx, &lost.claim, put_off).await.unwrap(),
        Held::Lost
    );
    let intent = Some(intent());
    let begun = jobs::begin_step(&cx, &lost.claim, Step::Check, intent, &[])
        .await
        .unwrap();
    assert_eq!(begun, Held::Lost);
    assert!(
        jobs::looked(&cx, vec![look(&lost, "COPYING_IN_PROGRESS")])
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        jobs::standing(&cx, &lost.claim).await.unwrap().rebuilt,
        None
    );
    assert_eq!(world.written().await, before);
    let view = jobs::get(&world.cx, &lost.claim.job().to_string())
        .await
        .unwrap();
    assert_eq!(
        (view.word, view.aws, view.calls_total),
        (JobWord::Queued, None, 0)
    );
}

fn intent() -> Intent {
    Intent {
        operation: "PutProjectPolicy",
        target: "arn".to_owned(),
        detail: "customhouse-x, Sid Ch1".to_owned(),
    }
}

fn look(job: &ClaimedJob, status: &str) -> JobLook {
    JobLook {
        claim: job.claim.clone(),
        status: status.to_owned(),
        seen_at: Millis::new(START + 1_000),
        next_look_at: Millis::new(START + 6_000),
        call: answered("DescribeProjectVersions", status),
    }
}

#[tokio::test]
async fn a_copy_from_queue_to_end() {
    use StepStatus::{Done, Moving, Skipped, Waiting};
    let world = World::new(0).await;
    let cx = world.engine();
    let job = queued(&world).await;
    assert_eq!(
        statuses(&world, &job).await,
        [Moving, Waiting, Waiting, Waiting, Waiting]
    );
    step(&cx, &job, CopyEvent::CheckPassed, noted("6 checks passed.")).await;
    assert_eq!(
        statuses(&world, &job).await,
        [Done, Moving, Waiting, Waiting, Waiting]
    );

    let begun = jobs::begin_step(&cx, &job.claim, Step::Grant, Some(intent()), &[])
        .await
        .unwrap();
    assert_eq!(begun, Held::Yes);
    assert_eq!(
        world.audit(1).await,
        ["engine aws.put_project_policy Intended"]
    );
    let record = StepRecord {
        calls: vec![
            answered("ListProjectPolicies", ""),
            answered("PutProjectPolicy", ""),
        ],
        skipped: false,
        ..noted("Grant put.")
    };
    step(&cx, &job, CopyEvent::Granted, record).await;
    let audit = world.audit(2).await;
    assert_eq!(
        audit,
        [
            "engine job.advance Done",
            "engine aws.put_project_policy Outcome"
        ]
    );

    let at = Millis::new(START);
    step(
        &cx,
        &job,
        CopyEvent::CopyIntended { at },
        StepRecord::default(),
    )
    .await;
    let audit = world.audit(2).await;
    assert_eq!(
        audit,
        [
            "engine job.advance Done",
            "engine aws.copy_project_version Intended"
        ]
    );
    let version = COPY.parse().unwrap();
    let record = StepRecord {
        calls: vec![answered("CopyProjectVersion", "accepted")],
        memory: Some(r#"{"n":1}"#.to_owned()),
        ..StepRecord::default()
    };
    let event = JobEvent::Copy(CopyEvent::CopyAccepted { version });
    let advanced = jobs::advance(&cx, &job.claim, event, record, false)
        .await
        .unwrap();
    assert!(matches!(
        advanced,
        Advanced::Done(JobState::Copy(CopyState::Copying { .. }))
    ));
    let job = claim(&cx).await;
    assert_eq!(job.accepted_at, Some(Millis::new(START)));
    assert_eq!(job.memory.as_deref(), Some(r#"{"n":1}"#));

    step(&cx, &job, CopyEvent::CopyCompleted, StepRecord::default()).await;
    assert_eq!(
        statuses(&world, &job).await,
        [Done, Done, Done, Moving, Waiting]
    );
    step(&cx, &job, CopyEvent::Verified, StepRecord::default()).await;
    let record = StepRecord {
        skipped: true,
        ..noted("Nothing to remove.")
    };
    step(&cx, &job, CopyEvent::Revoked, record).await;
    assert_eq!(
        statuses(&world, &job).await,
        [Done, Done, Done, Done, Skipped]
    );
    assert_eq!(world.audit(1).await, ["engine job.end Done"]);

    let view = jobs::get(&world.cx, &job.claim.job().to_string())
        .await
        .unwrap();
    assert_eq!(view.word, JobWord::Succeeded);
    assert_eq!(view.version_arn.unwrap().to_string(), COPY);
    assert_eq!(view.steps[0].notes, ["6 checks passed."]);
    let operations: Vec<_> = view
        .calls
        .iter()
        .map(|call| call.operation.as_str())
        .collect();
    assert_eq!(
        operations,
        [
            "CopyProjectVersion",
            "PutProjectPolicy",
            "ListProjectPolicies"
        ]
    );
    assert_eq!(jobs::next_due(&cx).await.unwrap(), None);
    let after = jobs::advance(
        &cx,
        &job.claim,
        JobEvent::Copy(CopyEvent::Revoked),
        StepRecord::default(),
        false,
    )
    .await;
    assert!(matches!(after, Err(OpError::Internal(_))));
}

#[tokio::test]
async fn a_failure_leads_through_revoke_and_passes_over_what_is_not_reached() {
    use StepStatus::{Done, Failed, Moving, Skipped};
    let world = World::new(0).await;
    let cx = world.engine();
    let job = queued(&world).await;
    step(&cx, &job, CopyEvent::CheckPassed, StepRecord::default()).await;
    step(&cx, &job, CopyEvent::Granted, StepRecord::default()).await;
    let mut failure = Failure::new(FailureCode::CopyDenied, Step::Copy);
    failure.aws_code = Some("AccessDeniedException".to_owned());
    let error = fake_aws::error(
        call("CopyProjectVersion"),
        ErrorClass::Refused(Refusal::Access),
    );
    let record = StepRecord {
        calls: vec![CallRecord::refused(&PROD.parse().unwrap(), &error)],
        ..StepRecord::default()
    };
    step(&cx, &job, CopyEvent::CopyRefused(failure), record).await;
    assert_eq!(
        statuses(&world, &job).await,
        [Done, Done, Failed, Skipped, Moving]
    );
    step(&cx, &job, CopyEvent::Revoked, StepRecord::default()).await;
    let view = jobs::get(&world.cx, &job.claim.job().to_string())
        .await
        .unwrap();
    assert_eq!(view.word, JobWord::Failed);
    let failure = view.failure.unwrap();
    assert_eq!(failure.code, FailureCode::CopyDenied);
    assert_eq!(failure.cause, FailureCode::CopyDenied.cause());
    assert_eq!(view.calls[0].answer, "refused: AccessDeniedException");
    // The name is free for another promotion again.
    promotions::propose(&world.cx, &promotion()).await.unwrap();
}

#[tokio::test]
async fn a_check_that_fails_ends_the_job_at_once() {
    use StepStatus::{Failed, Skipped};
    let world = World::new(0).await;
    let job = queued(&world).await;
    let failure = Failure::new(FailureCode::NameTaken, Step::Check);
    step(
        &world.engine(),
        &job,
        CopyEvent::CheckFailed(failure),
        StepRecord::default(),
    )
    .await;
    let expected = [Failed, Skipped, Skipped, Skipped, Skipped];
    assert_eq!(statuses(&world, &job).await, expected);
}

#[tokio::test]
async fn putting_off_counts_tells_why_and_forgets_on_the_next_state() {
    let world = World::new(0).await;
    let cx = world.engine();
    let mut job = queued(&world).await;
    for attempt in 1..=2 {
        let later = PutOff {
            after_ms: 5_000,
            count: true,
            cause: Some(Failure::new(FailureCode::AwsUnreachable, Step::Check)),
            record: StepRecord {
                memory: Some(format!("m{attempt}")),
                ..StepRecord::default()
            },
            heard: 0,
        };
        assert_eq!(
            jobs::put_off(&cx, &job.claim, later).await.unwrap(),
            Held::Yes
        );
        let view = jobs::get(&world.cx, &job.claim.job().to_string())
            .await
            .unwrap();
        let waiting = view.waiting.unwrap();
        assert_eq!(waiting.cause.code, FailureCode::AwsUnreachable);
        assert_eq!(waiting.next_try_at, Millis::new(START + 5_000 * attempt));
        assert!(jobs::claim(&cx, "w", LEASE, 1).await.unwrap().is_empty());
        world.clock.advance(5_000);
        job = claim(&cx).await;
        assert_eq!(i64::from(job.attempts), attempt);
        assert_eq!(job.memory.unwrap(), format!("m{attempt}"));
    }
    let job = {
        let event = JobEvent::Copy(CopyEvent::CheckPassed);
        let advanced = jobs::advance(&cx, &job.claim, event, StepRecord::default(), false).await;
        assert!(matches!(advanced, Ok(Advanced::Done(_))));
        claim(&cx).await
    };
    assert_eq!((job.attempts, job.memory), (0, None));
    assert_eq!(job.step_since, Millis::new(START + 10_000));
    let view = jobs::get(&world.cx, &job.claim.job().to_string())
        .await
        .unwrap();
    assert_eq!(view.waiting, None);
}

#[tokio::test]
async fn a_look_is_an_event_only_when_the_status_is_new() {
    let world = World::new(0).await;
    let cx = world.engine();
    let job = queued(&world).await;
    let head = events::head(&cx).await.unwrap();
    let views = jobs::looked(&cx, vec![look(&job, "COPYING_IN_PROGRESS")])
        .await
        .unwrap();
    assert!(views.is_empty());
    let events = events::since(&cx, head, 10).await.unwrap().unwrap();
    assert_eq!(events.len(), 1);
    let head = events::head(&cx).await.unwrap();

    world.clock.advance(6_000);
    let job = claim(&cx).await;
    assert_eq!(job.look.as_ref().unwrap().status, "COPYING_IN_PROGRESS");
    let views = jobs::looked(&cx, vec![look(&job, "COPYING_IN_PROGRESS")])
        .await
        .unwrap();
    assert_eq!(events::head(&cx).await.unwrap(), head);
    let [view] = &views[..] else {
        panic!("{views:?}");
    };
    let data: serde_json::Value = serde_json::from_str(&view.data).unwrap();
    assert_eq!(data["aws"], "COPYING_IN_PROGRESS");
    assert_eq!(data["next_look_at"], START + 6_000);
    assert!(!view.data.contains("arn:"));
    let view = jobs::get(&world.cx, &job.claim.job().to_string())
        .await
        .unwrap();
    assert_eq!(view.calls_total, 2);
    assert_eq!(view.next_look_at, Some(Millis::new(START + 6_000)));
}

#[tokio::test]
async fn what_was_seen_goes_with_the_change_that_it_brought() {
    let world = World::new(0).await;
    let cx = world.engine();
    let job = queued(&world).await;
    let seen = |status: &str| StepRecord {
        seen: Some(Seen {
            status: status.to_owned(),
            seen_at: Millis::new(START),
            request_id: Some("7c9e6679".to_owned()),
        }),
        ..StepRecord::default()
    };
    step(
        &cx,
        &job,
        CopyEvent::CheckPassed,
        seen("COPYING_IN_PROGRESS"),
    )
    .await;
    let view = jobs::get(&world.cx, &job.claim.job().to_string())
        .await
        .unwrap();
    assert_eq!(view.aws.unwrap().status, "COPYING_IN_PROGRESS");
    let later = PutOff {
        record: seen("COPYING_COMPLETED"),
        ..PutOff::default()
    };
    assert_eq!(
        jobs::put_off(&cx, &job.claim, later).await.unwrap(),
        Held::Yes
    );
    let view = jobs::get(&world.cx, &job.claim.job().to_string())
        .await
        .unwrap();
    assert_eq!(view.aws.unwrap().status, "COPYING_COMPLETED");
}

#[tokio::test]
async fn a_plan_stands_while_registry_and_approvals_do() {
    let world = World::new(0).await;
    let cx = world.engine();
    let job = queued(&world).await;
    let standing = jobs::standing(&cx, &job.claim).await.unwrap();
    assert!(standing.rule_met);
    assert_eq!(standing.rebuilt.as_ref(), Some(&job.approved));

    let mut rule = crate::world::environment("prod", 2, 0).rule;
    rule.reference.version = 2;
    let mut tx = world.cx.store.begin().await.unwrap();
    store::environments::add_rule(&mut tx, &rule, Millis::new(START))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let standing = jobs::standing(&cx, &job.claim).await.unwrap();
    assert!(standing.rule_met);
    assert_ne!(standing.rebuilt.as_ref(), Some(&job.approved));
}

#[tokio::test]
async fn a_step_that_the_job_is_not_in_does_not_begin() {
    let world = World::new(0).await;
    let job = queued(&world).await;
    let begun = jobs::begin_step(
        &world.engine(),
        &job.claim,
        Step::Grant,
        Some(intent()),
        &[],
    )
    .await;
    assert!(matches!(begun, Err(OpError::Conflict { .. })));
}

#[tokio::test]
async fn a_policy_job_goes_its_own_way() {
    use StepStatus::Done;
    let world = World::new(0).await;
    let cx = world.engine();
    policies::propose_attach(&world.cx, &attach("standing", ""))
        .await
        .unwrap();
    let job = claim(&cx).await;
    assert_eq!(job.environment.as_str(), "dev");
    for event in [
        PolicyEvent::CheckPassed,
        PolicyEvent::Applied,
        PolicyEvent::Verified,
    ] {
        let event = JobEvent::Policy(event);
        let advanced = jobs::advance(&cx, &job.claim, event, StepRecord::default(), true).await;
        assert!(matches!(advanced, Ok(Advanced::Done(_))));
    }
    assert_eq!(statuses(&world, &job).await, [Done, Done, Done]);
    let view = jobs::get(&world.cx, &job.claim.job().to_string())
        .await
        .unwrap();
    assert_eq!(view.project.account().as_str(), DEV);
    assert_eq!(
        view.arrow.to_string(),
        "inspector: attach policy standing · vision-dev · eu-west-1"
    );
}

/// A worker of before may hold a claim that the database has forgotten.
#[tokio::test]
async fn a_database_that_went_back_gives_no_number_of_a_claim_out_again() {
    let world = World::new(0).await;
    let cx = world.engine();
    let job = queued(&world).await;
    operations::installation::declare_restored(&world.cx, 1, "it is a test")
        .await
        .unwrap();
    let put_off = jobs::put_off(&cx, &job.claim, PutOff::default()).await;
    assert_eq!(put_off.unwrap(), Held::Lost);
    let again = claim(&cx).await;
    assert!(again.claim.number() > job.claim.number() + 1_000);
}
