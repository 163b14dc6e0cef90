//! Grants that a job left behind.

use crate::support::{Fault, Rig, source, source_version};
use domain::{Clock as _, JobWord, Millis, RequestVerb};
use operations::installation::{self, Resumption};
use operations::jobs::JobRequestForm;
use operations::policies::managed_policy_name;
use std::sync::Arc;
use tokio::sync::Notify;

const THEIRS: &str = r#"{ "Sid" : "Theirs", "Effect":"Deny","Principal":"*","Action":"rekognition:CopyProjectVersion","Resource":"*" }"#;

/// A process sleeps in its put until the job has long ended, and then the put arrives.
#[tokio::test]
async fn a_grant_that_arrives_after_its_job_has_ended_is_swept() {
    let rig = Rig::new().await;
    let job = rig.propose().await;
    let gate = Arc::new(Notify::new());
    let late = Fault::Late(Arc::clone(&gate));
    rig.aws.script("PutProjectPolicy", [late]);
    let (first, second) = (rig.engine("first"), rig.engine("second"));
    rig.until(&first, job, JobWord::Granting).await;
    let mut asleep = Box::pin(first.run_once());
    tokio::select! {
        () = rig.aws.stuck.notified() => {}
        _ = &mut asleep => panic!("the first engine was not held up"),
    }
    rig.clock.forward(61_000);
    rig.ask(job, RequestVerb::Stop, &JobRequestForm::default())
        .await
        .expect("it can be stopped");
    assert_eq!(rig.finish(&second, job).await, JobWord::Stopped);
    assert_eq!(rig.grants(), 0);
    gate.notify_one();
    asleep.await.expect("a lost claim is no error");
    assert_eq!(rig.grants(), 1, "it has arrived");
    assert_eq!(
        second.sweep().await.expect("the engine works"),
        0,
        "not due yet"
    );
    rig.clock.forward(900_001);
    assert_eq!(second.sweep().await.expect("the engine works"), 1);
    assert_eq!(rig.grants(), 0);
    assert_eq!(rig.unpaired(job).await, [""; 0]);
    assert_eq!(second.sweep().await.expect("the engine works"), 0);
}

#[tokio::test]
async fn a_sweep_leaves_others_and_running_jobs_alone() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    let ended = rig.propose_named("a").await;
    assert_eq!(rig.finish(&engine, ended).await, JobWord::Succeeded);
    let running = rig.propose_named("b").await;
    rig.until(&engine, running, JobWord::Copying).await;
    // Somebody puts the statement of the ended job back, beside one of their own.
    let (name, document) = rig.aws.policies(&source()).remove(0);
    let sid = |id: &str| format!("Ch{}", &id[4..]);
    let a = sid(&rig.view(ended).await.proposal.id.to_string());
    let b = sid(&rig.view(running).await.proposal.id.to_string());
    let start = document.find('[').expect("a list") + 1;
    let ours = &document[start..document.len() - 2];
    let stale = ours.replace(&b, &a);
    let unknown = ours.replace(&b, "Ch01KATTTTTTTTTTTTTTTTTTTTTT");
    let all =
        format!(r#"{{"Version":"2012-10-17","Statement":[{THEIRS},{stale} , {ours},{unknown}]}}"#);
    rig.aws.put_outside(&source(), &name, &all);
    rig.clock.forward(900_001);
    assert_eq!(engine.sweep().await.expect("the engine works"), 1);
    let (_, left) = rig.aws.policies(&source()).remove(0);
    let kept = format!(r#"{{"Version":"2012-10-17","Statement":[{THEIRS} , {ours},{unknown}]}}"#);
    assert_eq!(left, kept);
}

#[tokio::test]
async fn a_project_that_cannot_be_read_is_tried_again_soon() {
    let rig = Rig::new().await;
    let engine = rig.engine("one");
    let job = rig.propose().await;
    assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
    rig.clock.forward(900_001);
    rig.aws.script("ListProjectPolicies", [Fault::Unclear]);
    assert_eq!(engine.sweep().await.expect("the engine works"), 1);
    assert_eq!(engine.sweep().await.expect("the engine works"), 0);
    rig.clock.forward(30_001);
    assert_eq!(engine.sweep().await.expect("the engine works"), 1);
}

/// The job, its proposal and the first grant on the project are of a time that a backup does not
/// know.
#[tokio::test]
async fn what_a_forgotten_job_put_is_listed_and_left_until_somebody_removes_it() {
    let rig = Rig::new().await;
    let (engine, cx) = (rig.engine("one"), rig.person());
    let mut reader = rig.store.read().await.expect("a transaction");
    let installation = store::installation::find(&mut reader).await;
    drop(reader);
    let name = managed_policy_name(&installation.expect("a row").expect("an id")).to_string();
    let forgotten = format!(
        r#"{{"Sid":"Ch01KATTTTTTTTTTTTTTTTTTTTTT","Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::333333333333:role/customhouse-promoter"}},"Action":"rekognition:CopyProjectVersion","Resource":"{}","Condition":{{"DateLessThan":{{"aws:CurrentTime":"2026-11-25T10:00:00Z"}}}}}}"#,
        source_version()
    );
    let document = format!(r#"{{"Version":"2012-10-17","Statement":[{THEIRS},{forgotten}]}}"#);
    rig.aws.put_outside(&source(), &name, &document);
    installation::declare_restored(&cx, 1, "it is a test")
        .await
        .expect("it is declared");
    let resumed = installation::resume(&cx, false).await.expect("an answer");
    let Resumption::Withheld(strays) = resumed else {
        panic!("nothing was looked through yet: {resumed:?}");
    };
    assert!(strays.statements.is_empty());
    let mut unseen = strays.unseen.iter();
    assert!(unseen.any(|unseen| unseen.project == source()));

    assert_eq!(engine.sweep().await.expect("the engine works"), 2);
    let strays = installation::strays(&cx).await.expect("a list");
    assert_eq!(strays.unseen, []);
    let [stray] = &strays.statements[..] else {
        panic!("one was put: {strays:?}");
    };
    assert_eq!(stray.sid, "Ch01KATTTTTTTTTTTTTTTTTTTTTT");
    assert_eq!((&stray.project, stray.policy.as_str()), (&source(), &*name));
    assert_eq!(stray.ends_at, Millis::parse_iso("2026-11-25T10:00:00Z"));
    let first = rig.clock.now();
    rig.clock.forward(900_001);
    assert_eq!(engine.sweep().await.expect("the engine works"), 2);
    assert_eq!(rig.aws.policies(&source()), [(name.clone(), document)]);
    let strays = installation::strays(&cx).await.expect("a list");
    assert_eq!(strays.statements[0].first_seen_at, first);
    let resumed = installation::resume(&cx, false).await.expect("an answer");
    assert_eq!(resumed, Resumption::Withheld(strays));

    rig.aws.remove_policy(&source(), &name);
    rig.clock.forward(900_001);
    assert_eq!(engine.sweep().await.expect("the engine works"), 2);
    assert!(installation::strays(&cx).await.expect("a list").is_empty());
    let resumed = installation::resume(&cx, false).await.expect("an answer");
    assert!(matches!(resumed, Resumption::Lifted(_)), "{resumed:?}");
}
