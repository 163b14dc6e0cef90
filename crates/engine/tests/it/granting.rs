//! The grant: put beside others' statements, found after a lost answer, taken out in every case.

use crate::support::{Fault, Habit, ManualClock, Rig, SOURCE_VERSION, source};
use domain::{FailureCode, JobWord, Step, StepStatus};
use engine::{Checkpoint, Checkpoints};
use operations::ports::aws::Refusal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;

const PROMOTER: &str = "arn:aws:iam::333333333333:role/customhouse-promoter";

fn standing(principal: &str, resource: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"rekognition:CopyProjectVersion","Resource":"{resource}"}}]}}"#
    )
}

#[tokio::test]
async fn somebody_elses_edit_in_between_is_kept_and_the_grant_still_put() {
    let rig = Rig::new().await;
    let job_a = rig.propose_named("a").await;
    let engine = rig.engine("one");
    rig.until(&engine, job_a, JobWord::Copying).await;
    // Our policy exists now, so the next put is guarded by its revision.
    rig.aws.script(
        "PutProjectPolicy",
        [Fault::EditedBefore, Fault::EditedBefore],
    );
    let job_b = rig.propose_named("b").await;
    assert_eq!(rig.finish(&engine, job_b).await, JobWord::Succeeded);
    assert_eq!(rig.finish(&engine, job_a).await, JobWord::Succeeded);
    assert_eq!(rig.grants(), 0);
    let left = rig.aws.policies(&source());
    assert_eq!(left.len(), 1, "their statement is still there");
    assert!(left[0].1.contains("Theirs"));
}

#[tokio::test]
async fn without_end_of_edits_the_job_fails_and_overwrites_nothing() {
    let rig = Rig::new().await;
    let contended = Fault::Refused(Refusal::Revision, "InvalidPolicyRevisionIdException");
    rig.aws.script("PutProjectPolicy", vec![contended; 50]);
    let job = rig.propose().await;
    assert_eq!(rig.finish(&rig.engine("one"), job).await, JobWord::Failed);
    let failure = rig.view(job).await.failure.expect("a reason");
    assert_eq!(
        (failure.code, failure.step),
        (FailureCode::PolicyContended, Step::Grant)
    );
    assert_eq!(rig.aws.count("PutProjectPolicy"), 10);
    assert!(rig.aws.policies(&source()).is_empty());
}

#[tokio::test]
async fn a_policy_of_others_stays_byte_for_byte() {
    let rig = Rig::new().await;
    let theirs = "{ \"Version\": \"2012-10-17\",\n \"Statement\": [{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"rekognition:CopyProjectVersion\", \"Resource\": \"arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/secret/1\"}]}";
    rig.aws.put_outside(&source(), "theirs", theirs);
    let job = rig.propose().await;
    assert_eq!(
        rig.finish(&rig.engine("one"), job).await,
        JobWord::Succeeded
    );
    let left = rig.aws.policies(&source());
    assert_eq!(left, [("theirs".to_owned(), theirs.to_owned())]);
}

#[tokio::test]
async fn a_standing_policy_makes_the_grant_unnecessary() {
    let rig = Rig::new().await;
    let document = standing(PROMOTER, SOURCE_VERSION);
    rig.aws.put_outside(&source(), "standing", &document);
    let job = rig.propose().await;
    assert_eq!(
        rig.finish(&rig.engine("one"), job).await,
        JobWord::Succeeded
    );
    assert_eq!(rig.aws.count("PutProjectPolicy"), 0);
    assert_eq!(rig.aws.count("DeleteProjectPolicy"), 0);
    assert_eq!(rig.aws.policies(&source()).len(), 1);
    let view = rig.view(job).await;
    let grant = view.steps.iter().find(|step| step.step == Step::Grant);
    assert_eq!(grant.map(|step| step.status), Some(StepStatus::Skipped));
}

#[tokio::test]
async fn a_policy_that_cannot_be_judged_does_not_replace_the_grant() {
    for document in [
        standing("arn:aws:iam::333333333333:role/other", SOURCE_VERSION),
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"rekognition:CopyProjectVersion","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1234567890"}}}]}"#.to_owned(),
        "not JSON at all".to_owned(),
    ] {
        let rig = Rig::new().await;
        rig.aws.put_outside(&source(), "standing", &document);
        let job = rig.propose().await;
        assert_eq!(rig.finish(&rig.engine("one"), job).await, JobWord::Succeeded, "{document}");
        assert_eq!(rig.aws.count("PutProjectPolicy"), 1, "{document}");
        assert_eq!(rig.grants(), 0);
    }
}

#[tokio::test]
async fn a_refused_condition_is_left_out_once_and_said() {
    let rig = Rig::new().await;
    rig.aws.world().habits.insert(Habit::RefusesConditions);
    let job = rig.propose().await;
    assert_eq!(
        rig.finish(&rig.engine("one"), job).await,
        JobWord::Succeeded
    );
    {
        let world = rig.aws.world();
        assert_eq!(world.documents.len(), 2);
        assert!(world.documents[0].contains("DateLessThan"));
        assert!(!world.documents[1].contains("Condition"));
    }
    let view = rig.view(job).await;
    let grant = view.steps.iter().find(|step| step.step == Step::Grant);
    let note = grant.map(|step| step.notes.join(" ")).unwrap_or_default();
    assert!(note.contains("sent once without"), "{note}");
    assert_eq!(rig.grants(), 0);
    // Both puts, the copy, and the removal of the grant.
    let outcomes = ["refused", "accepted", "accepted", "accepted"];
    assert_eq!(rig.outcomes(job).await, outcomes);
    assert_eq!(rig.unpaired(job).await, [""; 0]);
}

#[tokio::test]
async fn a_document_that_is_refused_without_its_condition_too_ends_the_job() {
    let rig = Rig::new().await;
    let malformed = Fault::Refused(Refusal::MalformedPolicy, "MalformedPolicyDocumentException");
    rig.aws
        .script("PutProjectPolicy", [malformed.clone(), malformed]);
    let job = rig.propose().await;
    assert_eq!(rig.finish(&rig.engine("one"), job).await, JobWord::Failed);
    let failure = rig.view(job).await.failure.expect("a reason");
    assert_eq!(failure.code, FailureCode::GrantRefused);
    assert_eq!(rig.aws.count("PutProjectPolicy"), 2);
}

#[tokio::test]
async fn without_a_free_policy_the_job_is_held_until_there_is_one() {
    let rig = Rig::new().await;
    for name in ["p1", "p2", "p3", "p4", "p5"] {
        rig.aws.put_outside(
            &source(),
            name,
            &standing("arn:aws:iam::444444444444:root", "*"),
        );
    }
    let job = rig.propose().await;
    let engine = rig.engine("one");
    for _ in 0..5 {
        engine.drain().await.expect("the engine works");
        rig.to_next(&engine).await;
    }
    let view = rig.view(job).await;
    assert_eq!(view.word, JobWord::Queued);
    assert!(view.waiting.is_some(), "the page says why");
    assert_eq!(rig.aws.count("PutProjectPolicy"), 0);
    rig.aws.remove_policy(&source(), "p3");
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    assert_eq!(rig.aws.policies(&source()).len(), 4);
}

#[tokio::test]
async fn the_grant_is_removed_after_the_copy_failed() {
    let rig = Rig::new().await;
    rig.aws.world().habits.insert(Habit::FailsCopies);
    let job = rig.propose().await;
    assert_eq!(rig.finish(&rig.engine("one"), job).await, JobWord::Failed);
    let failure = rig.view(job).await.failure.expect("a reason");
    assert_eq!(failure.code, FailureCode::CopyFailed);
    assert_eq!(failure.aws_message.as_deref(), Some("the fake let it fail"));
    assert_eq!(rig.grants(), 0);
}

#[tokio::test]
async fn revoking_goes_on_until_the_statement_is_gone() {
    let rig = Rig::new().await;
    let mut faults = vec![Fault::Refused(Refusal::Access, "AccessDeniedException"); 30];
    faults.extend([Fault::Lost]);
    rig.aws.script("DeleteProjectPolicy", faults);
    let job = rig.propose().await;
    assert_eq!(
        rig.finish(&rig.engine("one"), job).await,
        JobWord::Succeeded
    );
    assert_eq!(rig.aws.count("DeleteProjectPolicy"), 31);
    assert_eq!(rig.grants(), 0);
}

/// Two grants share one policy: each job takes out its own and leaves the other's.
#[tokio::test]
async fn two_grants_share_a_policy_and_leave_each_other_alone() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    let (a, b) = (rig.propose_named("a").await, rig.propose_named("b").await);
    rig.until(&engine, a, JobWord::Copying).await;
    rig.until(&engine, b, JobWord::Copying).await;
    assert_eq!(rig.aws.policies(&source()).len(), 1);
    assert_eq!(rig.grants(), 2);
    assert_eq!(rig.finish(&engine, a).await, JobWord::Succeeded);
    assert_eq!(rig.finish(&engine, b).await, JobWord::Succeeded);
    assert!(rig.aws.policies(&source()).is_empty());
}

/// Between the first list without the statement and the end of the job somebody's put arrives.
#[tokio::test]
async fn a_grant_counts_as_gone_only_after_a_second_list() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    let job = rig.propose().await;
    rig.until(&engine, job, JobWord::Revoking).await;
    let ours = rig.aws.policies(&source()).remove(0).0;
    rig.aws.remove_policy(&source(), &ours);
    let gate = Arc::new(Notify::new());
    rig.aws
        .script("ListProjectPolicies", [Fault::Slow(Arc::clone(&gate))]);
    let mut working = Box::pin(engine.run_once());
    tokio::select! {
        () = rig.aws.stuck.notified() => {}
        _ = &mut working => panic!("the engine was not held up"),
    }
    rig.aws.put_ours(job, &rig).await;
    gate.notify_one();
    working.await.expect("the engine works");
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    assert_eq!(rig.grants(), 0);
}

/// Sleeps once between the intent of a grant and its sending.
struct Sleeper {
    clock: Arc<ManualClock>,
    slept: AtomicBool,
}

impl Checkpoints for Sleeper {
    fn reach(&self, checkpoint: Checkpoint) {
        let here = checkpoint == Checkpoint::IntentStored("PutProjectPolicy");
        if here && !self.slept.swap(true, Ordering::SeqCst) {
            self.clock.forward(20_000);
        }
    }
}

#[tokio::test]
async fn a_write_that_was_slept_on_longer_than_a_call_takes_is_not_sent() {
    let mut rig = Rig::new().await;
    rig.checkpoints = Arc::new(Sleeper {
        clock: Arc::clone(&rig.clock),
        slept: AtomicBool::new(false),
    });
    let job = rig.propose().await;
    assert_eq!(
        rig.finish(&rig.engine("one"), job).await,
        JobWord::Succeeded
    );
    let outcomes = rig.outcomes(job).await;
    assert_eq!(outcomes.first().map(String::as_str), Some("not_sent"));
    assert_eq!(rig.aws.count("PutProjectPolicy"), 1);
}
