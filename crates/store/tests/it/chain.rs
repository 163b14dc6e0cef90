//! The chain of audit entries: whole as written, broken by any change.

use crate::database::{block_on_each, on_each};
use crate::samples::{entry, event};
use proptest::prelude::*;
use store::audit::{
    ChainFault, ChainVerdict, Mark, Subject, SubjectKind, verify_against, verify_chain,
};
use store::events::{self, Replay};
use store::{EventCursor, Store, audit, ledger};

async fn write(store: &Store, entries: std::ops::RangeInclusive<i64>) {
    let mut tx = store.begin().await.unwrap();
    for n in entries {
        tx.audit(entry(n));
    }
    tx.commit().await.unwrap();
}

async fn verdict(store: &Store) -> ChainVerdict {
    let mut reader = store.read().await.unwrap();
    verify_chain(&mut reader).await.unwrap()
}

#[tokio::test]
async fn a_chain_longer_than_one_page_is_whole() {
    on_each(async |database| {
        write(&database.store, 1..=1001).await;
        write(&database.store, 1002..=1003).await;
        let verdict = verdict(&database.store).await;
        let whole = matches!(verdict, ChainVerdict::Whole { entries: 1003, .. });
        assert!(whole, "{verdict:?}");
    })
    .await;
}

#[tokio::test]
async fn every_way_of_tampering_is_found_where_it_was_done() {
    let cases = [
        (
            "UPDATE audit SET entry = REPLACE(entry, 'intended', 'outcome') WHERE n = 2",
            2,
            ChainFault::Hash,
        ),
        (
            "UPDATE audit SET hash = REPLACE(REPLACE(hash, 'a', 'b'), '1', '2') WHERE n = 2",
            2,
            ChainFault::Hash,
        ),
        (
            "UPDATE audit SET at = at + 1 WHERE n = 2",
            2,
            ChainFault::Column,
        ),
        (
            "UPDATE audit SET subject_id = 'job_other' WHERE n = 3",
            3,
            ChainFault::Column,
        ),
        (
            "UPDATE audit SET subject_kind = 'proposal' WHERE n = 1",
            1,
            ChainFault::Column,
        ),
        (
            "UPDATE audit SET actor = 'local_operator' WHERE n = 2",
            2,
            ChainFault::Column,
        ),
        (
            "UPDATE audit SET action = 'job.queue' WHERE n = 2",
            2,
            ChainFault::Column,
        ),
        (
            "UPDATE audit SET phase = 'done' WHERE n = 3",
            3,
            ChainFault::Column,
        ),
        (
            "UPDATE audit SET phase = NULL WHERE n = 1",
            1,
            ChainFault::Column,
        ),
        ("DELETE FROM audit WHERE n = 1", 1, ChainFault::Missing),
        ("DELETE FROM audit WHERE n = 3", 3, ChainFault::Missing),
        ("DELETE FROM audit", 1, ChainFault::Missing),
        ("UPDATE audit SET n = 9 WHERE n = 3", 3, ChainFault::Missing),
        (
            "INSERT INTO audit (n, at, subject_kind, subject_id, actor, action, phase, entry, hash)
             SELECT 4, at, subject_kind, subject_id, actor, action, phase, entry, hash
             FROM audit WHERE n = 3",
            4,
            ChainFault::Hash,
        ),
        ("UPDATE ledger_head SET audit_seq = 2", 3, ChainFault::Head),
        (
            "UPDATE ledger_head SET audit_seq = 4",
            4,
            ChainFault::Missing,
        ),
        (
            "UPDATE ledger_head SET audit_hash = 'ff'",
            3,
            ChainFault::Head,
        ),
    ];
    for (sql, n, fault) in cases {
        on_each(async |database| {
            write(&database.store, 1..=3).await;
            assert!(database.tamper(sql).await >= 1, "{sql}");
            let expected = ChainVerdict::Broken { n, fault };
            assert_eq!(verdict(&database.store).await, expected, "{sql}");
        })
        .await;
    }
}

/// Somebody who can write to the database can compute everything in it anew, but not what was noted
/// elsewhere.
#[tokio::test]
async fn a_mark_shows_a_chain_that_was_cut_off_or_written_anew() {
    on_each(async |database| {
        write(&database.store, 1..=3).await;
        let ChainVerdict::Whole { hash, .. } = verdict(&database.store).await else {
            panic!("it is whole");
        };
        let against = async |n: i64, hash: &str| {
            let mark = Mark {
                n,
                hash: hash.to_owned(),
            };
            let mut reader = database.store.read().await.unwrap();
            verify_against(&mut reader, &[mark]).await.unwrap()
        };
        let beginning = "0".repeat(64);
        for (n, hash) in [(0, beginning.as_str()), (3, hash.as_str())] {
            let verdict = against(n, hash).await;
            assert!(matches!(verdict, ChainVerdict::Whole { .. }), "{verdict:?}");
        }
        for (n, hash, broken, fault) in [
            (0, "00", 0, ChainFault::Rewritten { after: 0 }),
            (2, hash.as_str(), 2, ChainFault::Rewritten { after: 0 }),
            (3, "00", 3, ChainFault::Rewritten { after: 0 }),
            (4, hash.as_str(), 4, ChainFault::Missing),
        ] {
            let expected = ChainVerdict::Broken { n: broken, fault };
            assert_eq!(against(n, hash).await, expected, "{n} {hash}");
        }
        let mut reader = database.store.read().await.unwrap();
        let marks = [(3, "00"), (3, hash.as_str()), (0, beginning.as_str())];
        let marks = marks.map(|(n, hash)| Mark {
            n,
            hash: hash.to_owned(),
        });
        let verdict = verify_against(&mut reader, &marks).await.unwrap();
        let fault = ChainFault::Rewritten { after: 0 };
        assert_eq!(verdict, ChainVerdict::Broken { n: 3, fault });
    })
    .await;
}

#[tokio::test]
async fn entries_are_listed_newest_first_and_by_subject() {
    on_each(async |database| {
        write(&database.store, 1..=5).await;
        let mut reader = database.store.read().await.unwrap();
        let numbers = |rows: &[audit::AuditRow]| rows.iter().map(|row| row.n).collect::<Vec<_>>();
        let newest = audit::list(&mut reader, None, 2).await.unwrap();
        assert_eq!(numbers(&newest), [5, 4]);
        let older = audit::list(&mut reader, Some(4), 2).await.unwrap();
        assert_eq!(numbers(&older), [3, 2]);
        let subject = entry(3).subject;
        let about = audit::of_subject(&mut reader, &subject, 9).await.unwrap();
        assert_eq!(numbers(&about), [3]);
        let other = Subject {
            kind: SubjectKind::Proposal,
            ..subject
        };
        let none = audit::of_subject(&mut reader, &other, 9).await.unwrap();
        assert_eq!(none, []);
    })
    .await;
}

/// One transaction of a random walk.
#[derive(Clone, Debug)]
struct Act {
    audits: i64,
    events: i64,
    commits: bool,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = (0_i64..4, 0_i64..4, any::<bool>()).prop_map(|(audits, events, commits)| Act {
        audits,
        events,
        commits,
    });
    proptest::collection::vec(act, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn numbers_have_no_gaps_and_the_chain_holds(acts in acts()) {
        block_on_each(async |database| {
            let (mut audits, mut events) = (0, 0);
            for act in &acts {
                let mut tx = database.store.begin().await.unwrap();
                (0..act.audits).for_each(|n| tx.audit(entry(audits + n)));
                (0..act.events).for_each(|n| tx.emit(event(events + n)));
                if act.commits {
                    audits += act.audits;
                    events += act.events;
                    let head = tx.commit().await.unwrap();
                    assert_eq!(head, EventCursor { epoch: 1, seq: events });
                }
            }
            let mut reader = database.store.read().await.unwrap();
            let Replay::Events(rows) =
                events::after(&mut reader, EventCursor { epoch: 1, seq: 0 }, 1000).await.unwrap()
            else {
                panic!("everything is kept");
            };
            let numbers: Vec<_> = rows.iter().map(|row| row.cursor.seq).collect();
            assert_eq!(numbers, (1..=events).collect::<Vec<_>>());
            assert_eq!(ledger::head(&mut reader).await.unwrap().seq, events);
            let verdict = verify_chain(&mut reader).await.unwrap();
            let whole = matches!(verdict, ChainVerdict::Whole { entries, .. } if entries == audits);
            assert!(whole, "{verdict:?} of {audits}");
        });
    }

    #[test]
    fn a_changed_entry_is_always_found(count in 1_i64..8, pick in any::<prop::sample::Index>()) {
        block_on_each(async |database| {
            write(&database.store, 1..=count).await;
            let n = i64::try_from(pick.index(usize::try_from(count).unwrap())).unwrap() + 1;
            // One statement for every number keeps the SQL static.
            let sql = [
                "UPDATE audit SET entry = entry || ' ' WHERE n = 1",
                "UPDATE audit SET entry = entry || ' ' WHERE n = 2",
                "UPDATE audit SET entry = entry || ' ' WHERE n = 3",
                "UPDATE audit SET entry = entry || ' ' WHERE n = 4",
                "UPDATE audit SET entry = entry || ' ' WHERE n = 5",
                "UPDATE audit SET entry = entry || ' ' WHERE n = 6",
                "UPDATE audit SET entry = entry || ' ' WHERE n = 7",
            ][usize::try_from(n - 1).unwrap()];
            assert_eq!(database.tamper(sql).await, 1);
            let expected = ChainVerdict::Broken { n, fault: ChainFault::Hash };
            assert_eq!(verdict(&database.store).await, expected);
        });
    }
}
