//! What an operator asks of a job whose copy is in doubt.

use crate::support::{Fault, ForeignVersion, Habit, Rig, destination, source_version};
use domain::{Actor, Clock, FailureCode, JobId, JobWord, RequestVerb};
use engine::Engine;
use operations::jobs::JobRequestForm;
use operations::{ConflictCode, OpError};
use std::sync::Arc;
use tokio::sync::Notify;

fn plain() -> JobRequestForm {
    JobRequestForm::default()
}

fn adopting(version: &str, vouched: bool) -> JobRequestForm {
    JobRequestForm {
        version: version.to_owned(),
        vouched: if vouched { "yes" } else { "" }.to_owned(),
        ..JobRequestForm::default()
    }
}

fn conflict(asked: &Result<(), OpError>) -> Option<ConflictCode> {
    match asked {
        Err(OpError::Conflict { code }) => Some(*code),
        _ => None,
    }
}

/// A job whose copy AWS has taken and whose answer was lost, where nothing proves that it is ours.
async fn unproven(rig: &Rig) -> (Engine, JobId) {
    rig.aws.world().habits.insert(Habit::HidesOutput);
    rig.aws.world().habits.insert(Habit::HidesTags);
    rig.aws.script("CopyProjectVersion", [Fault::Lost]);
    let job = rig.propose().await;
    let engine = rig.engine("one");
    assert_eq!(rig.finish(&engine, job).await, JobWord::NeedsOperator);
    (engine, job)
}

/// A job of which nothing was ever heard or seen.
async fn unseen(rig: &Rig) -> (Engine, JobId) {
    rig.aws
        .script("CopyProjectVersion", vec![Fault::Unclear; 20]);
    let job = rig.propose().await;
    let engine = rig.engine("one");
    assert_eq!(rig.finish(&engine, job).await, JobWord::NeedsOperator);
    rig.aws.forget_faults();
    engine.drain().await.expect("the engine works");
    (engine, job)
}

#[tokio::test]
async fn the_operator_sees_what_aws_shows_and_adopts_it() {
    let rig = Rig::new().await;
    let (engine, job) = unproven(&rig).await;
    let view = rig.view(job).await;
    let found = view.sought.and_then(|sought| sought.found);
    let found = found.expect("the version that AWS shows");
    assert_eq!(found.source_matches, Some(true));
    assert_eq!(rig.grants(), 1, "it may still be needed");
    let arn = found.version.to_string();
    rig.ask(job, RequestVerb::Adopt, &adopting(&arn, false))
        .await
        .expect("it can be asked");
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    assert_eq!(rig.aws.count("CopyProjectVersion"), 1);
    assert_eq!(rig.grants(), 0);
    assert_eq!(rig.answered(job).await.0, Some(true));
    let actions = rig.actions(job).await;
    assert!(actions.contains(&("job.adopt".to_owned(), rig.person().actor().clone())));
    assert!(actions.contains(&("job.answer".to_owned(), Actor::Engine)));
    assert_eq!(rig.unpaired(job).await, [""; 0]);
}

#[tokio::test]
async fn a_version_from_elsewhere_is_adopted_by_nobodys_word() {
    let other: domain::ProjectVersionArn =
        "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v6/1656600000000"
            .parse()
            .expect("a version ARN");
    for (source, vouched, adopted) in [
        (Some(other), true, false),
        (None, false, false),
        (None, true, true),
    ] {
        let rig = Rig::new().await;
        let job = rig.propose().await;
        let engine = rig.engine("one");
        rig.until(&engine, job, JobWord::Granting).await;
        rig.aws.add_foreign(&ForeignVersion {
            project: &destination(),
            name: "v7",
            source: source.clone(),
            created: rig.clock.now(),
            prefix: "theirs",
        });
        assert_eq!(rig.finish(&engine, job).await, JobWord::NeedsOperator);
        let sought = rig.view(job).await.sought.expect("a look");
        let arn = sought.found.expect("a version").version.to_string();
        rig.ask(job, RequestVerb::Adopt, &adopting(&arn, vouched))
            .await
            .expect("it can be asked");
        engine.drain().await.expect("the engine works");
        let (accepted, text) = rig.answered(job).await;
        assert_eq!(accepted, Some(adopted), "{source:?}: {text}");
        let word = rig.finish(&engine, job).await;
        let expected = if adopted {
            JobWord::Succeeded
        } else {
            JobWord::NeedsOperator
        };
        assert_eq!(word, expected, "{source:?}: {text}");
    }
}

/// Its source is the planned one, and its tags say whose copy it is.
#[tokio::test]
async fn another_proposals_copy_is_adopted_by_nobodys_word() {
    let rig = Rig::new().await;
    let job = rig.propose().await;
    let engine = rig.engine("one");
    rig.until(&engine, job, JobWord::Granting).await;
    rig.aws.add_foreign(&ForeignVersion {
        project: &destination(),
        name: "v7",
        source: Some(source_version()),
        created: rig.clock.now(),
        prefix: "theirs",
    });
    let other = "prp_01KATTTTTTTTTTTTTTTTTTTTTT".to_owned();
    let tag = domain::tags::PROPOSAL_TAG.to_owned();
    rig.aws.tag_newest(tag, other);
    assert_eq!(rig.finish(&engine, job).await, JobWord::NeedsOperator);
    let sought = rig.view(job).await.sought.expect("a look");
    let arn = sought.found.expect("a version").version.to_string();
    rig.ask(job, RequestVerb::Adopt, &adopting(&arn, true))
        .await
        .expect("it can be asked");
    engine.drain().await.expect("the engine works");
    let (accepted, text) = rig.answered(job).await;
    assert_eq!(accepted, Some(false), "{text}");
    assert!(text.contains("another proposal"), "{text}");
}

#[tokio::test]
async fn only_a_version_of_the_planned_name_and_place_can_be_named() {
    let rig = Rig::new().await;
    let (engine, job) = unproven(&rig).await;
    for text in [
        "",
        "v7",
        "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/version/v8/1795600000000",
        "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456",
    ] {
        let asked = rig
            .ask(job, RequestVerb::Adopt, &adopting(text, true))
            .await;
        assert!(matches!(asked, Err(OpError::Invalid(_))), "{text}");
    }
    // Of the right form, but not the one that AWS shows.
    let other =
        "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/version/v7/1700000000001";
    rig.ask(job, RequestVerb::Adopt, &adopting(other, true))
        .await
        .expect("it can be asked");
    engine.drain().await.expect("the engine works");
    let (accepted, text) = rig.answered(job).await;
    assert_eq!(accepted, Some(false));
    assert!(text.contains("another version"), "{text}");
    assert_eq!(rig.word(job).await, JobWord::NeedsOperator);
}

#[tokio::test]
async fn the_same_copy_is_sent_again_when_nothing_was_found() {
    let rig = Rig::new().await;
    let (engine, job) = unseen(&rig).await;
    let sent = rig.aws.count("CopyProjectVersion");
    rig.ask(job, RequestVerb::Resend, &plain())
        .await
        .expect("nothing was found");
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    assert_eq!(rig.aws.count("CopyProjectVersion"), sent + 1);
    assert_eq!(rig.accepted(), 1);
    assert_eq!(rig.unpaired(job).await, [""; 0]);
}

#[tokio::test]
async fn nothing_is_sent_again_while_a_version_is_there_or_after_its_time() {
    let rig = Rig::new().await;
    let (_, job) = unproven(&rig).await;
    let asked = rig.ask(job, RequestVerb::Resend, &plain()).await;
    assert_eq!(conflict(&asked), Some(ConflictCode::NotMissing));

    let rig = Rig::new().await;
    let (engine, job) = unseen(&rig).await;
    let sent = rig.aws.count("CopyProjectVersion");
    rig.clock.forward(73 * 3_600_000);
    rig.ask(job, RequestVerb::Resend, &plain())
        .await
        .expect("nothing was found");
    engine.drain().await.expect("the engine works");
    let (accepted, text) = rig.answered(job).await;
    assert_eq!(accepted, Some(false));
    assert!(text.contains("has passed"), "{text}");
    assert_eq!(rig.aws.count("CopyProjectVersion"), sent);
}

#[tokio::test]
async fn a_job_that_is_given_up_removes_its_grant_and_names_what_it_saw() {
    let rig = Rig::new().await;
    let (engine, job) = unproven(&rig).await;
    rig.ask(job, RequestVerb::GiveUp, &plain())
        .await
        .expect("it can be asked");
    assert_eq!(rig.finish(&engine, job).await, JobWord::Failed);
    let view = rig.view(job).await;
    assert_eq!(
        view.failure.map(|failure| failure.code),
        Some(FailureCode::GivenUp)
    );
    assert_eq!(view.version_arn, rig.aws.world().accepted.first().cloned());
    assert_eq!(rig.grants(), 0);
    let late = rig.ask(job, RequestVerb::GiveUp, &plain()).await;
    assert_eq!(conflict(&late), Some(ConflictCode::JobEnded));
}

#[tokio::test]
async fn a_look_on_request_adopts_what_is_proven_by_then() {
    let rig = Rig::new().await;
    let (engine, job) = unproven(&rig).await;
    rig.ask(job, RequestVerb::LookAgain, &plain())
        .await
        .expect("it can be asked");
    engine.drain().await.expect("the engine works");
    assert_eq!(rig.word(job).await, JobWord::NeedsOperator);
    assert_eq!(rig.answered(job).await.0, Some(true));
    rig.aws.world().habits.remove(&Habit::HidesTags);
    rig.ask(job, RequestVerb::LookAgain, &plain())
        .await
        .expect("it can be asked");
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
}

/// No copy of ours can come under a name that is another's, so nothing needs the grant any more.
#[tokio::test]
async fn the_grant_goes_once_the_name_is_known_to_be_anothers() {
    let rig = Rig::new().await;
    let job = rig.propose().await;
    let engine = rig.engine("one");
    rig.until(&engine, job, JobWord::Granting).await;
    rig.aws.add_foreign(&ForeignVersion {
        project: &destination(),
        name: "v7",
        source: Some(source_version()),
        created: rig.clock.now().plus(-3_600_000),
        prefix: "theirs",
    });
    assert_eq!(rig.finish(&engine, job).await, JobWord::NeedsOperator);
    assert_eq!(rig.grants(), 0);
    let view = rig.view(job).await;
    assert!(view.grant.is_some_and(|grant| !grant.may_stand));
    assert!(!view.may_ask.contains(&RequestVerb::Resend));
}

#[tokio::test]
async fn what_is_asked_twice_is_asked_once_and_other_jobs_do_not_take_it() {
    let rig = Rig::new().await;
    let (_, job) = unproven(&rig).await;
    for form_id in ["f-1", "f-1", "f-2"] {
        let form = JobRequestForm {
            form_id: form_id.to_owned(),
            ..JobRequestForm::default()
        };
        rig.ask(job, RequestVerb::LookAgain, &form)
            .await
            .expect("it can be asked");
    }
    assert_eq!(rig.view(job).await.requests.len(), 1);
    let asked = rig.ask(job, RequestVerb::Stop, &plain()).await;
    assert_eq!(conflict(&asked), Some(ConflictCode::CannotStop));
    let queued = rig.propose_named("v8").await;
    let asked = rig.ask(queued, RequestVerb::GiveUp, &plain()).await;
    assert_eq!(conflict(&asked), Some(ConflictCode::NoOperatorNeeded));
}

/// The pause is stored after the request was taken up and before its intent.
#[tokio::test]
async fn a_pause_that_keeps_a_copy_from_being_sent_again_is_the_answer() {
    let rig = Rig::new().await;
    let (engine, job) = unseen(&rig).await;
    let sent = rig.aws.count("CopyProjectVersion");
    rig.ask(job, RequestVerb::Resend, &plain())
        .await
        .expect("it can be asked");
    let gate = Arc::new(Notify::new());
    rig.aws
        .script("DescribeProjectVersions", [Fault::Slow(Arc::clone(&gate))]);
    let mut working = Box::pin(engine.run_once());
    tokio::select! {
        () = rig.aws.stuck.notified() => {}
        _ = &mut working => panic!("the engine was not held up"),
    }
    let paused = operations::installation::pause(&rig.person()).await;
    assert!(paused.expect("it can be paused"));
    gate.notify_one();
    working.await.expect("the engine works");
    engine.drain().await.expect("the engine works");
    let (accepted, text) = rig.answered(job).await;
    assert_eq!(accepted, Some(false), "{text}");
    assert!(text.contains("paused"), "{text}");
    assert_eq!(rig.aws.count("CopyProjectVersion"), sent);
}

/// What is asked second is acted on right after what was asked first.
#[tokio::test]
async fn two_requests_are_both_acted_on_at_once() {
    let rig = Rig::new().await;
    let (engine, job) = unseen(&rig).await;
    for verb in [RequestVerb::LookAgain, RequestVerb::Resend] {
        rig.ask(job, verb, &plain()).await.expect("it can be asked");
    }
    engine.drain().await.expect("the engine works");
    assert_eq!(rig.accepted(), 1, "the clock has not moved");
}
