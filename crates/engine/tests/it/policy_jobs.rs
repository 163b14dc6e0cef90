//! Attaching and removing a project policy.

use crate::support::{Fault, Rig, SOURCE, SOURCE_VERSION, source};
use domain::{FailureCode, JobId, JobWord};
use operations::policies::{PolicyForm, PolicyRemoveForm};
use operations::ports::aws::Refusal;

pub(crate) async fn attach(rig: &Rig) -> JobId {
    let form = PolicyForm {
        project: SOURCE.to_owned(),
        policy_name: "to-prod".to_owned(),
        account: "333333333333".to_owned(),
        versions: vec![SOURCE_VERSION.to_owned()],
        ..PolicyForm::default()
    };
    let proposed = operations::policies::propose_attach(&rig.person(), &form)
        .await
        .expect("the form is good");
    proposed
        .job
        .expect("a rule of 0 approvals makes the job")
        .id
}

async fn remove(rig: &Rig) -> JobId {
    // The policies are seen first, as on the page.
    let seen = operations::policies::list(&rig.person(), SOURCE)
        .await
        .expect("the policies are listed");
    let form = PolicyRemoveForm {
        project: SOURCE.to_owned(),
        policy_name: "to-prod".to_owned(),
        revision: seen.policies[0].revision.to_string(),
        ..PolicyRemoveForm::default()
    };
    let proposed = operations::policies::propose_remove(&rig.person(), &form)
        .await
        .expect("the form is good");
    proposed
        .job
        .expect("a rule of 0 approvals makes the job")
        .id
}

#[tokio::test]
async fn a_policy_is_attached_as_approved_and_removed_again() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    let job = attach(&rig).await;
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    let policies = rig.aws.policies(&source());
    assert_eq!(policies.len(), 1);
    assert_eq!(policies[0].0, "to-prod");
    assert!(policies[0].1.contains(SOURCE_VERSION));
    let job = remove(&rig).await;
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    assert!(rig.aws.policies(&source()).is_empty());
}

#[tokio::test]
async fn lost_answers_change_nothing_twice() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    for operation in [
        "PutProjectPolicy",
        "DeleteProjectPolicy",
        "ListProjectPolicies",
    ] {
        rig.aws.script(operation, [Fault::Lost]);
    }
    let job = attach(&rig).await;
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    assert_eq!(rig.aws.count("PutProjectPolicy"), 1);
    let job = remove(&rig).await;
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    assert_eq!(rig.aws.count("DeleteProjectPolicy"), 1);
}

#[tokio::test]
async fn a_kill_in_a_write_leaves_the_change_made_once() {
    for (fault, outcomes) in [
        (Fault::DiesBefore, &["unclear", "accepted"][..]),
        (Fault::DiesAfter, &["found"]),
    ] {
        let rig = Rig::new().await;
        let job = attach(&rig).await;
        rig.work_until_killed("first", "PutProjectPolicy", fault)
            .await;
        assert_eq!(
            rig.finish(&rig.engine("second"), job).await,
            JobWord::Succeeded
        );
        assert_eq!(rig.aws.policies(&source()).len(), 1);
        assert_eq!(rig.outcomes(job).await, outcomes);
    }
}

#[tokio::test]
async fn a_write_whose_role_is_not_assumed_has_its_outcome_in_the_log() {
    let rig = Rig::new().await;
    let job = attach(&rig).await;
    rig.aws.script("PutProjectPolicy", [Fault::NotSent]);
    assert_eq!(
        rig.finish(&rig.engine("one"), job).await,
        JobWord::Succeeded
    );
    assert_eq!(rig.outcomes(job).await, ["not_sent", "accepted"]);
}

#[tokio::test]
async fn a_policy_of_the_same_name_with_another_text_is_left_as_it_is() {
    let rig = Rig::new().await;
    let job = attach(&rig).await;
    rig.aws.put_outside(&source(), "to-prod", "theirs");
    assert_eq!(rig.finish(&rig.engine("one"), job).await, JobWord::Failed);
    let failure = rig.view(job).await.failure.expect("a reason");
    assert_eq!(failure.code, FailureCode::PolicyContended);
    assert_eq!(
        rig.aws.policies(&source()),
        [("to-prod".to_owned(), "theirs".to_owned())]
    );
}

/// An edit that comes before the removal is read, and one between this reading and the call.
#[tokio::test]
async fn a_removal_leaves_a_policy_that_was_edited_since_it_was_approved() {
    for late in [false, true] {
        let rig = Rig::new().await;
        let engine = rig.engine("one");
        let job = attach(&rig).await;
        assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
        let job = remove(&rig).await;
        if late {
            rig.aws.script("DeleteProjectPolicy", [Fault::EditedBefore]);
        } else {
            rig.aws.put_outside(&source(), "to-prod", "theirs");
        }
        assert_eq!(rig.finish(&engine, job).await, JobWord::Failed);
        let failure = rig.view(job).await.failure.expect("a reason");
        assert_eq!(failure.code, FailureCode::PolicyContended);
        assert_eq!(rig.aws.count("DeleteProjectPolicy"), usize::from(late));
        assert_eq!(rig.aws.policies(&source()).len(), 1);
    }
}

/// A put of the same text has a new revision; what was approved is the text.
#[tokio::test]
async fn a_removal_takes_the_revision_that_stands() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    let job = attach(&rig).await;
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    let job = remove(&rig).await;
    let document = rig.aws.policies(&source()).remove(0).1;
    rig.aws.put_outside(&source(), "to-prod", &document);
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    assert!(rig.aws.policies(&source()).is_empty());
}

#[tokio::test]
async fn refusals_have_their_reasons() {
    for (refusal, code, reason) in [
        (
            Refusal::MalformedPolicy,
            "MalformedPolicyDocumentException",
            FailureCode::PolicyRefused,
        ),
        (
            Refusal::Access,
            "AccessDeniedException",
            FailureCode::PolicyRefused,
        ),
        (
            Refusal::Limit,
            "LimitExceededException",
            FailureCode::PolicyFull,
        ),
    ] {
        let rig = Rig::new().await;
        rig.aws
            .script("PutProjectPolicy", [Fault::Refused(refusal, code)]);
        let job = attach(&rig).await;
        assert_eq!(
            rig.finish(&rig.engine("one"), job).await,
            JobWord::Failed,
            "{code}"
        );
        let failure = rig.view(job).await.failure.expect("a reason");
        assert_eq!(failure.code, reason);
        assert_eq!(failure.aws_code.as_deref(), Some(code));
    }
}

#[tokio::test]
async fn a_policy_that_reads_back_differently_fails_the_job() {
    let rig = Rig::new().await;
    let job = attach(&rig).await;
    let engine = rig.engine("one");
    rig.until(&engine, job, JobWord::Verifying).await;
    rig.aws
        .put_outside(&source(), "to-prod", "changed meanwhile");
    assert_eq!(rig.finish(&engine, job).await, JobWord::Failed);
    let failure = rig.view(job).await.failure.expect("a reason");
    assert_eq!(failure.code, FailureCode::PolicyDiffers);
}

#[tokio::test]
async fn nothing_is_sent_after_run_before() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    let job = attach(&rig).await;
    rig.until(&engine, job, JobWord::Applying).await;
    rig.clock.forward(30 * 24 * 3_600_000);
    assert_eq!(rig.finish(&engine, job).await, JobWord::Failed);
    let failure = rig.view(job).await.failure.expect("a reason");
    assert_eq!(failure.code, FailureCode::RunBeforePassed);
    assert_eq!(rig.aws.count("PutProjectPolicy"), 0);
}

#[tokio::test]
async fn a_change_in_doubt_is_looked_at_and_never_failed() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    rig.aws.script("PutProjectPolicy", vec![Fault::Unclear; 15]);
    let job = attach(&rig).await;
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    assert_eq!(rig.aws.policies(&source()).len(), 1);
}

/// The answer of a put was lost, and what follows would end the job: it may still arrive.
#[tokio::test]
async fn a_job_does_not_fail_while_its_change_may_still_arrive() {
    let document = {
        let rig = Rig::new().await;
        let job = attach(&rig).await;
        rig.finish(&rig.engine("one"), job).await;
        rig.aws.policies(&source()).remove(0).1
    };
    let rig = Rig::new().await;
    let job = attach(&rig).await;
    rig.work_until_killed("first", "PutProjectPolicy", Fault::DiesBefore)
        .await;
    rig.clock.forward(61_000);
    let refused = Fault::Refused(Refusal::Access, "AccessDeniedException");
    rig.aws.script("ListProjectPolicies", [refused]);
    let engine = rig.engine("second");
    engine.drain().await.expect("the engine works");
    assert_eq!(rig.word(job).await, JobWord::Applying);
    // It arrives now.
    rig.aws.put_outside(&source(), "to-prod", &document);
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    assert_eq!(rig.aws.count("PutProjectPolicy"), 1);
    assert_eq!(rig.unpaired(job).await, [""; 0]);
}
