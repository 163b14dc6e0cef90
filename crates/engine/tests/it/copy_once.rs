//! At most one copy: unclear answers, adoption, sending again, and versions of others.

use crate::support::{Fault, ForeignVersion, Habit, Rig, destination, source_version};
use domain::job::{CopyCall, CopyState};
use domain::{Clock, FailureCode, JobWord};
use operations::ports::aws::Refusal;

#[tokio::test]
async fn a_copy_whose_answer_was_lost_is_adopted() {
    let rig = Rig::new().await;
    rig.aws.script("CopyProjectVersion", [Fault::Lost]);
    let job = rig.propose().await;
    assert_eq!(
        rig.finish(&rig.engine("one"), job).await,
        JobWord::Succeeded
    );
    assert_eq!(rig.aws.count("CopyProjectVersion"), 1);
    assert_eq!(
        rig.view(job).await.version_arn,
        rig.aws.world().accepted.first().cloned()
    );
}

#[tokio::test]
async fn a_copy_is_adopted_by_its_tags_when_its_output_is_not_shown() {
    let rig = Rig::new().await;
    rig.aws.world().habits.insert(Habit::HidesOutput);
    rig.aws.script("CopyProjectVersion", [Fault::Lost]);
    let job = rig.propose().await;
    assert_eq!(
        rig.finish(&rig.engine("one"), job).await,
        JobWord::Succeeded
    );
    assert_eq!(rig.aws.count("CopyProjectVersion"), 1);
}

#[tokio::test]
async fn without_a_proof_a_person_is_asked_and_the_copy_is_adopted_once_it_shows() {
    let rig = Rig::new().await;
    rig.aws.world().habits.insert(Habit::HidesOutput);
    rig.aws.world().habits.insert(Habit::HidesTags);
    rig.aws.script("CopyProjectVersion", [Fault::Lost]);
    let job = rig.propose().await;
    let engine = rig.engine("one");
    assert_eq!(rig.finish(&engine, job).await, JobWord::NeedsOperator);
    let failure = rig.view(job).await.failure.expect("a reason");
    assert_eq!(failure.code, FailureCode::ForeignVersion);
    rig.aws.world().habits.remove(&Habit::HidesTags);
    rig.until(&engine, job, JobWord::Succeeded).await;
    assert_eq!(rig.aws.count("CopyProjectVersion"), 1);
    assert_eq!(rig.grants(), 0);
}

#[tokio::test]
async fn a_copy_that_never_arrived_is_sent_again_under_the_same_name() {
    let rig = Rig::new().await;
    rig.aws.script("CopyProjectVersion", [Fault::Unclear]);
    let job = rig.propose().await;
    let engine = rig.engine("one");
    rig.until(&engine, job, JobWord::Copying).await;
    let sent_at = rig.clock.now();
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    let world = rig.aws.world();
    assert_eq!(world.copies.len(), 1, "the first never arrived");
    assert_eq!(world.accepted.len(), 1);
    assert_eq!(world.copies[0].version_name.as_str(), "v7");
    assert!(
        rig.clock.now().since(sent_at) >= 60_000,
        "it waits before it sends again"
    );
}

/// Between an unclear answer and the next sending lie two looks after the wait.
#[tokio::test]
async fn nothing_is_sent_again_before_two_late_looks() {
    let rig = Rig::new().await;
    rig.aws.script("CopyProjectVersion", [Fault::Unclear]);
    let job = rig.propose().await;
    let engine = rig.engine("one");
    while rig.aws.count("CopyProjectVersion") < 1 {
        engine.run_once().await.expect("the engine works");
    }
    let sent_at = rig.clock.now();
    let mut late_looks = 0;
    while rig.aws.count("CopyProjectVersion") < 2 {
        rig.to_next(&engine).await;
        let before = rig.aws.count("DescribeProjectVersions");
        engine.run_once().await.expect("the engine works");
        if rig.clock.now().since(sent_at) >= 60_000 {
            late_looks += rig.aws.count("DescribeProjectVersions") - before;
        }
    }
    assert!(late_looks >= 2, "{late_looks}");
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
}

#[tokio::test]
async fn a_new_version_that_stays_hidden_for_a_while_is_not_sent_twice() {
    let rig = Rig::new().await;
    rig.aws.world().hidden_ms = 45_000;
    rig.aws.script("CopyProjectVersion", [Fault::Lost]);
    let job = rig.propose().await;
    assert_eq!(
        rig.finish(&rig.engine("one"), job).await,
        JobWord::Succeeded
    );
    assert_eq!(rig.aws.count("CopyProjectVersion"), 1);
}

/// AWS hides the version longer than we wait: the same name is sent and refused, and the version
/// is adopted when it shows. There are never two.
#[tokio::test]
async fn a_version_hidden_for_longer_than_the_wait_is_adopted_in_the_end() {
    let rig = Rig::new().await;
    rig.aws.world().hidden_ms = 200_000;
    rig.aws.script("CopyProjectVersion", [Fault::Lost]);
    let job = rig.propose().await;
    assert_eq!(
        rig.finish(&rig.engine("one"), job).await,
        JobWord::Succeeded
    );
    assert_eq!(rig.accepted(), 1);
    assert!(rig.aws.count("CopyProjectVersion") > 1);
}

/// The second sending is definitely refused, but the first was taken: the refusal proves nothing.
#[tokio::test]
async fn a_refusal_of_a_second_sending_does_not_end_the_job() {
    let rig = Rig::new().await;
    rig.aws.world().hidden_ms = 400_000;
    let quota = Fault::Refused(Refusal::Quota, "ServiceQuotaExceededException");
    rig.aws.script("CopyProjectVersion", [Fault::Lost, quota]);
    let job = rig.propose().await;
    assert_eq!(
        rig.finish(&rig.engine("one"), job).await,
        JobWord::Succeeded
    );
    assert_eq!(rig.accepted(), 1);
}

#[tokio::test]
async fn after_a_refusal_of_a_second_sending_a_person_is_asked_and_nothing_more_is_sent() {
    let rig = Rig::new().await;
    let quota = Fault::Refused(Refusal::Quota, "ServiceQuotaExceededException");
    rig.aws
        .script("CopyProjectVersion", [Fault::Unclear, quota]);
    let job = rig.propose().await;
    assert_eq!(
        rig.finish(&rig.engine("one"), job).await,
        JobWord::NeedsOperator
    );
    let failure = rig.view(job).await.failure.expect("a reason");
    assert_eq!(failure.code, FailureCode::CopyUnclear);
    assert_eq!(
        failure.aws_code.as_deref(),
        Some("ServiceQuotaExceededException")
    );
    assert_eq!(rig.aws.count("CopyProjectVersion"), 2);
}

#[tokio::test]
async fn if_nothing_ever_becomes_clear_a_person_is_asked_and_aws_is_watched() {
    let rig = Rig::new().await;
    rig.aws
        .script("CopyProjectVersion", vec![Fault::Unclear; 40]);
    let job = rig.propose().await;
    let engine = rig.engine("one");
    let before = rig.clock.now();
    assert_eq!(rig.finish(&engine, job).await, JobWord::NeedsOperator);
    let waited = rig.clock.now().since(before);
    assert!((600_000..700_000).contains(&waited), "{waited}");
    let failure = rig.view(job).await.failure.expect("a reason");
    assert_eq!(failure.code, FailureCode::CopyUnclear);
    let sent = rig.aws.count("CopyProjectVersion");
    for _ in 0..5 {
        let now = rig.clock.now();
        rig.to_next(&engine).await;
        engine.run_once().await.expect("the engine works");
        assert!(rig.clock.now().since(now) <= 60_000);
    }
    assert_eq!(
        rig.aws.count("CopyProjectVersion"),
        sent,
        "nothing is sent any more"
    );
}

/// Each of these versions lacks exactly one proof.
#[tokio::test]
async fn a_version_that_lacks_a_proof_is_neither_used_nor_sent_over() {
    let other: domain::ProjectVersionArn =
        "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v6/1656600000000"
            .parse()
            .expect("a version ARN");
    let ours = Some(source_version());
    for (what, source, age_ms, marked) in [
        ("another source", Some(other), 0, true),
        ("no source", None, 0, true),
        ("made long before", ours.clone(), 3_600_000, true),
        ("nobody's mark", ours, 0, false),
    ] {
        let rig = Rig::new().await;
        let job = rig.propose().await;
        let engine = rig.engine("one");
        rig.until(&engine, job, JobWord::Granting).await;
        let proposal = rig.view(job).await.proposal.id.to_string();
        rig.aws.add_foreign(&ForeignVersion {
            project: &destination(),
            name: "v7",
            source,
            created: rig.clock.now().plus(-age_ms),
            prefix: if marked { &proposal } else { "theirs" },
        });
        let word = rig.finish(&engine, job).await;
        assert_eq!(word, JobWord::NeedsOperator, "{what}");
        let failure = rig.view(job).await.failure.expect("a reason");
        assert_eq!(failure.code, FailureCode::ForeignVersion, "{what}");
        assert_eq!(rig.aws.count("CopyProjectVersion"), 1, "{what}");
        assert_eq!(rig.accepted(), 0, "{what}");
    }
}

#[tokio::test]
async fn a_name_that_is_taken_beforehand_ends_the_job_in_its_check() {
    let rig = Rig::new().await;
    let job = rig.propose().await;
    rig.aws.add_foreign(&ForeignVersion {
        project: &destination(),
        name: "v7",
        source: Some(source_version()),
        created: rig.clock.now(),
        prefix: "theirs",
    });
    assert_eq!(rig.finish(&rig.engine("one"), job).await, JobWord::Failed);
    assert_eq!(
        rig.view(job).await.failure.expect("a reason").code,
        FailureCode::NameTaken
    );
    assert_eq!(rig.aws.count("CopyProjectVersion"), 0);
}

/// A second hop may name the first version of the line as its source.
#[tokio::test]
async fn a_chained_copy_is_ours_by_the_planned_versions_own_source() {
    let rig = Rig::new().await;
    let origin: domain::ProjectVersionArn =
        "arn:aws:rekognition:eu-west-1:222222222222:project/origin/version/v7/1656600000000"
            .parse()
            .expect("a version ARN");
    let job = rig.propose().await;
    let engine = rig.engine("one");
    let first = origin.clone();
    rig.aws
        .change_versions(&crate::support::source(), move |version| {
            version.source = Some(first.clone());
        });
    rig.until(&engine, job, JobWord::Verifying).await;
    rig.aws.change_versions(&destination(), move |version| {
        version.source = Some(origin.clone());
    });
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
}

#[tokio::test]
async fn definite_refusals_have_their_reasons_and_leave_no_grant() {
    for (refusal, code, reason) in [
        (
            Refusal::Access,
            "AccessDeniedException",
            FailureCode::CopyDenied,
        ),
        (
            Refusal::Validation,
            "InvalidParameterException",
            FailureCode::CopyInvalid,
        ),
        (
            Refusal::Quota,
            "ServiceQuotaExceededException",
            FailureCode::ModelQuota,
        ),
        (
            Refusal::NotFound,
            "ResourceNotFoundException",
            FailureCode::AwsRefused,
        ),
    ] {
        let rig = Rig::new().await;
        rig.aws
            .script("CopyProjectVersion", [Fault::Refused(refusal, code)]);
        let job = rig.propose().await;
        assert_eq!(rig.finish(&rig.engine("one"), job).await, JobWord::Failed);
        let failure = rig.view(job).await.failure.expect("a reason");
        assert_eq!(failure.code, reason);
        assert_eq!(failure.aws_code.as_deref(), Some(code));
        assert_eq!(rig.aws.count("CopyProjectVersion"), 1, "{code}");
        assert_eq!(rig.grants(), 0, "{code}");
    }
}

#[tokio::test]
async fn passing_refusals_are_sent_again() {
    for fault in [
        Fault::Refused(
            Refusal::Throughput,
            "ProvisionedThroughputExceededException",
        ),
        Fault::Refused(Refusal::Limit, "LimitExceededException"),
        Fault::Refused(Refusal::Expired, "ExpiredTokenException"),
        Fault::NotSent,
    ] {
        let rig = Rig::new().await;
        rig.aws
            .script("CopyProjectVersion", [fault.clone(), fault.clone()]);
        let job = rig.propose().await;
        assert_eq!(
            rig.finish(&rig.engine("one"), job).await,
            JobWord::Succeeded,
            "{fault:?}"
        );
        assert_eq!(rig.aws.count("CopyProjectVersion"), 3, "{fault:?}");
        assert_eq!(rig.accepted(), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn passing_refusals_end_the_job_when_they_do_not_pass() {
    let rig = Rig::new().await;
    rig.aws
        .script("CopyProjectVersion", vec![Fault::NotSent; 100]);
    let job = rig.propose().await;
    assert_eq!(rig.finish(&rig.engine("one"), job).await, JobWord::Failed);
    assert_eq!(rig.aws.count("CopyProjectVersion"), 10);
    let failure = rig.view(job).await.failure.expect("a reason");
    assert_eq!(failure.code, FailureCode::AwsUnreachable);
    assert_eq!(rig.grants(), 0);
}

#[tokio::test]
async fn a_copy_that_waits_for_room_is_not_sent_after_its_time() {
    let rig = Rig::new().await;
    let limit = Fault::Refused(Refusal::Limit, "LimitExceededException");
    rig.aws.script("CopyProjectVersion", vec![limit; 4]);
    let job = rig.propose().await;
    let engine = rig.engine("one");
    while rig.aws.count("CopyProjectVersion") < 2 {
        if engine.run_once().await.expect("the engine works") == 0 {
            rig.to_next(&engine).await;
        }
    }
    rig.clock.forward(73 * 3_600_000);
    assert_eq!(rig.finish(&engine, job).await, JobWord::Failed);
    let failure = rig.view(job).await.failure.expect("a reason");
    assert_eq!(failure.code, FailureCode::RunBeforePassed);
    assert_eq!(rig.aws.count("CopyProjectVersion"), 2);
    assert_eq!(rig.grants(), 0);
}

/// The intent is in the database before the call leaves.
#[tokio::test]
async fn the_intent_is_stored_before_the_copy_is_sent() {
    let rig = Rig::new().await;
    let job = rig.propose().await;
    rig.work_until_killed("first", "CopyProjectVersion", Fault::DiesBefore)
        .await;
    let state = rig.copy_state(job).await;
    let intended = matches!(
        state,
        CopyState::Copying {
            call: CopyCall::Intended { .. }
        }
    );
    assert!(intended, "{state:?}");
}
