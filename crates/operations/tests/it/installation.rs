//! The pause of the installation, and going on with a restored database.

use crate::world::{DEV, World, project, promotion};
use domain::Millis;
use domain::plan::PlannedGrant;
use operations::events::{self, EventCursor};
use operations::iam::PolicyDocument;
use operations::installation::{self, PauseReason, Resumption};
use operations::{promotions, sweeps};
use store::audit::{ChainVerdict, verify_chain};
use store::checkpoint::checkpoint;

async fn actions(world: &World) -> Vec<String> {
    let mut reader = world.cx.store.read().await.unwrap();
    let rows = store::audit::list(&mut reader, None, 100).await.unwrap();
    let words = rows.into_iter().rev().map(|row| row.entry.action);
    words
        .filter(|word| word.starts_with("installation."))
        .collect()
}

#[tokio::test]
async fn a_pause_is_recorded_once_and_lifted_once() {
    let world = World::new(0).await;
    let cx = &world.cx;
    assert_eq!(installation::paused(cx).await.unwrap(), None);
    assert!(installation::pause(cx).await.unwrap());
    assert!(!installation::pause(cx).await.unwrap(), "it is paused");
    let pause = installation::paused(cx).await.unwrap().unwrap();
    assert_eq!(pause.reason, PauseReason::Person);
    assert_eq!(pause.by, *cx.actor());

    let resumed = installation::resume(cx, false).await.unwrap();
    assert_eq!(resumed, Resumption::Lifted(pause));
    let again = installation::resume(cx, false).await.unwrap();
    assert_eq!(again, Resumption::NotPaused);
    assert_eq!(installation::paused(cx).await.unwrap(), None);
    let expected = ["installation.pause", "installation.resume"];
    assert_eq!(actions(&world).await, expected);
}

#[tokio::test]
async fn a_restored_database_is_paused_in_an_epoch_that_was_never_used() {
    let world = World::new(0).await;
    let cx = &world.cx;
    let before = events::head(cx).await.unwrap();
    installation::pause(cx).await.unwrap();
    installation::declare_restored(cx, 6, "it is a test")
        .await
        .unwrap();
    let head = events::head(cx).await.unwrap();
    assert_eq!(head, EventCursor { epoch: 7, seq: 1 });
    let since = events::since(cx, before, 10).await.unwrap();
    assert_eq!(since, None, "a former place is not known any more");
    let start = EventCursor { epoch: 7, seq: 0 };
    let since = events::since(cx, start, 10).await.unwrap().unwrap();
    assert_eq!(since.len(), 1);

    let pause = installation::paused(cx).await.unwrap().unwrap();
    assert_eq!(pause.reason, PauseReason::Restored);
    assert!(
        !installation::pause(cx).await.unwrap(),
        "it is paused already"
    );
    let mut reader = cx.store.read().await.unwrap();
    let verdict = verify_chain(&mut reader).await.unwrap();
    assert!(matches!(verdict, ChainVerdict::Whole { .. }), "{verdict:?}");
    let expected = ["installation.pause", "installation.declare_restored"];
    assert_eq!(actions(&world).await, expected);
}

#[tokio::test]
async fn a_database_that_went_back_is_declared_so_once() {
    let world = World::new(0).await;
    let cx = &world.cx;
    let now = checkpoint(&mut cx.store.read().await.unwrap())
        .await
        .unwrap();
    assert!(!installation::declare_if_older(cx, &now).await.unwrap());
    assert_eq!(installation::paused(cx).await.unwrap(), None);
    let mut ahead = now.clone();
    ahead.audit_seq += 1;
    assert!(installation::declare_if_older(cx, &ahead).await.unwrap());
    assert!(
        !installation::declare_if_older(cx, &ahead).await.unwrap(),
        "another process was first"
    );
    let head = events::head(cx).await.unwrap();
    assert_eq!(head.epoch, now.epoch + 1);
    assert!(installation::paused(cx).await.unwrap().is_some());
}

/// A backup may know the proposal from before it was approved, but not its job.
#[tokio::test]
async fn a_grant_of_a_proposal_without_a_job_is_a_stray_until_it_has_one() {
    let world = World::new(1).await;
    let cx = &world.cx;
    let waiting = promotions::propose(cx, &promotion()).await.unwrap();
    assert!(waiting.job.is_none(), "nobody has approved it");
    let ours = PlannedGrant::sid_for(waiting.proposal.id);
    let statement = |sid: &str| {
        format!(
            r#"{{"Sid":"{sid}","Effect":"Allow","Principal":"*","Action":"a:b","Resource":"*"}}"#
        )
    };
    let statements = [ours.as_str(), &ours, "Theirs", "ChThatIsNone"].map(statement);
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{}]}}"#,
        statements.join(",")
    );
    let document = PolicyDocument::parse(&text).unwrap();
    let policy = "customhouse-abcdefghij".parse().unwrap();

    installation::declare_restored(cx, 1, "it is a test")
        .await
        .unwrap();
    let engine = world.engine();
    let due = sweeps::next_due(&engine).await.unwrap();
    assert_eq!(due, Some(cx.clock.now()), "at once");
    let mut claim = sweeps::claim(&engine, "one", 60_000).await.unwrap();
    while claim.as_ref().unwrap().project != project(DEV) {
        claim = sweeps::claim(&engine, "one", 60_000).await.unwrap();
    }
    let claim = claim.unwrap().claim;
    let note = async |document| sweeps::note_strays(&engine, &claim, &policy, document).await;
    note(Some(&document)).await.unwrap();
    let strays = installation::strays(cx).await.unwrap().statements;
    let sids: Vec<_> = strays.iter().map(|stray| stray.sid.as_str()).collect();
    assert_eq!(sids, [&ours]);
    assert_eq!(strays[0].ends_at, None::<Millis>);
    note(None).await.unwrap();
    assert_eq!(installation::strays(cx).await.unwrap().statements, []);
    note(Some(&document)).await.unwrap();

    let resumed = installation::resume(cx, false).await.unwrap();
    assert!(matches!(resumed, Resumption::Withheld(_)), "{resumed:?}");
    assert!(installation::paused(cx).await.unwrap().is_some());
    let resumed = installation::resume(cx, true).await.unwrap();
    assert!(matches!(resumed, Resumption::Lifted(_)), "{resumed:?}");
    let mut reader = cx.store.read().await.unwrap();
    let rows = store::audit::list(&mut reader, None, 1).await.unwrap();
    assert_eq!(rows[0].entry.details["strays"], "1");
}
