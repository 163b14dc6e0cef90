//! Finding audit entries, those of a former version included.

use crate::database::on_each;
use crate::samples::{at, entry, job_id};
use domain::Actor;
use domain::canonical::to_canonical_json;
use store::audit::{
    self, AuditEntry, AuditFilter, AuditRow, ChainVerdict, Phase, Subject, SubjectKind,
    verify_chain,
};

/// Entries 1 to 6: three of the engine about jobs 1 to 3, three of others.
fn entries() -> Vec<AuditEntry> {
    let other = |n: i64, actor: Actor, action: &str, phase: Phase| AuditEntry {
        actor,
        action: action.to_owned(),
        phase,
        subject: Subject {
            kind: SubjectKind::Installation,
            id: "installation".to_owned(),
        },
        ..entry(n)
    };
    vec![
        entry(1),
        entry(2),
        entry(3),
        other(4, Actor::LocalOperator, "installation.pause", Phase::Done),
        other(5, Actor::LocalOperator, "approve", Phase::Refused),
        other(6, Actor::Engine, "role.test", Phase::Done),
    ]
}

fn numbers(rows: &[AuditRow]) -> Vec<i64> {
    rows.iter().map(|row| row.n).collect()
}

fn filters() -> Vec<(AuditFilter, Vec<i64>)> {
    let any = AuditFilter::default;
    let text = |text: &str| Some(text.to_owned());
    vec![
        (any(), vec![6, 5, 4, 3, 2, 1]),
        (
            AuditFilter {
                actor: text("engine"),
                ..any()
            },
            vec![6, 3, 2, 1],
        ),
        (
            AuditFilter {
                actor: text("engine"),
                action: text("role.test"),
                ..any()
            },
            vec![6],
        ),
        (
            AuditFilter {
                action: text("installation.pause"),
                ..any()
            },
            vec![4],
        ),
        (
            AuditFilter {
                phase: Some(Phase::Refused),
                ..any()
            },
            vec![5],
        ),
        (
            AuditFilter {
                subject_kind: Some(SubjectKind::Job),
                ..any()
            },
            vec![3, 2, 1],
        ),
        (
            AuditFilter {
                subject_id: Some(job_id(2).to_string()),
                ..any()
            },
            vec![2],
        ),
        (
            AuditFilter {
                subject_kind: Some(SubjectKind::Proposal),
                subject_id: Some(job_id(2).to_string()),
                ..any()
            },
            vec![],
        ),
        (
            AuditFilter {
                from: Some(at(2)),
                until: Some(at(5)),
                ..any()
            },
            vec![4, 3, 2],
        ),
        (
            AuditFilter {
                actor: text("' OR '1' = '1"),
                ..any()
            },
            vec![],
        ),
    ]
}

#[tokio::test]
async fn filters_find_what_fits_in_either_order_and_page_by_page() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        for entry in entries() {
            tx.audit(entry);
        }
        tx.commit().await.unwrap();
        let mut reader = database.store.read().await.unwrap();
        for (filter, expected) in filters() {
            let rows = audit::search(&mut reader, &filter, None, 100).await;
            assert_eq!(numbers(&rows.unwrap()), expected, "{filter:?}");
            let rows = audit::search(&mut reader, &filter, Some(4), 1).await;
            let older: Vec<_> = expected
                .iter()
                .filter(|n| **n < 4)
                .take(1)
                .copied()
                .collect();
            assert_eq!(numbers(&rows.unwrap()), older, "{filter:?}");
            let rows = audit::follow(&mut reader, &filter, 1, 5, 100).await;
            let between = |n: &&i64| (2..=5).contains(*n);
            let upwards: Vec<_> = expected.iter().rev().filter(between).copied().collect();
            assert_eq!(numbers(&rows.unwrap()), upwards, "{filter:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_last_refusal_of_somebody_is_found() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        for entry in entries() {
            tx.audit(entry);
        }
        tx.commit().await.unwrap();
        let mut reader = database.store.read().await.unwrap();
        for (actor, action, expected) in [
            (Actor::LocalOperator, "approve", Some(at(5))),
            (Actor::LocalOperator, "installation.pause", None),
            (Actor::Engine, "approve", None),
        ] {
            let found = audit::last_refused(&mut reader, &actor, action).await;
            assert_eq!(found.unwrap(), expected, "{actor} {action}");
        }
    })
    .await;
}

#[tokio::test]
async fn entries_of_a_former_version_are_found_once_the_database_is_opened_to_be_served() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        (1..=4_100).for_each(|n| tx.audit(entry(n)));
        for entry in entries().into_iter().skip(3) {
            tx.audit(entry);
        }
        tx.commit().await.unwrap();
        let unfilled = "UPDATE audit SET actor = NULL, action = NULL, phase = NULL WHERE n > 2";
        database.tamper(unfilled).await;
        let torn = "UPDATE audit SET entry = '{' WHERE n = 4099";
        database.tamper(torn).await;

        let beside = database.open_as_it_is().await.unwrap();
        beside.close().await;
        let count = "SELECT CAST(COUNT(*) AS TEXT) FROM audit WHERE phase IS NULL";
        assert_eq!(
            database.peek(count).await,
            "4101",
            "looking changes nothing"
        );

        let store = database.second_store().await;
        assert_eq!(database.peek(count).await, "0");
        let mut reader = store.read().await.unwrap();
        let filter = AuditFilter {
            phase: Some(Phase::Refused),
            ..AuditFilter::default()
        };
        let rows = audit::search(&mut reader, &filter, None, 9).await.unwrap();
        assert_eq!(numbers(&rows), [4_102]);
        let verdict = verify_chain(&mut reader).await.unwrap();
        let expected = matches!(verdict, ChainVerdict::Broken { n: 4_099, .. });
        assert!(expected, "what was torn stays torn: {verdict:?}");
        drop(reader);
        store.close().await;
    })
    .await;
}

/// The hash of an entry that a former version wrote must not depend on what was added since.
#[test]
fn parts_that_are_not_known_stay_out_of_the_text() {
    let former = concat!(
        r#"{"action":"job.queue","actor":{"actor":"engine"},"at":1795515254001,"#,
        r#""details":{"claim":"1"},"on_behalf_of":{"actor":"local_operator"},"phase":"done","#,
        r#""request_id":null,"subject":{"id":"job_1","kind":"job"}}"#
    );
    let read: AuditEntry = serde_json::from_str(former).unwrap();
    assert_eq!(
        (&read.channel, &read.actor_name, read.address),
        (&None, &None, None)
    );
    assert_eq!(to_canonical_json(&read).unwrap(), former);
    let full = AuditEntry {
        actor_name: Some("ab".repeat(32)),
        channel: Some("page".to_owned()),
        address: Some([127, 0, 0, 1].into()),
        ..read
    };
    let text = to_canonical_json(&full).unwrap();
    assert_eq!(serde_json::from_str::<AuditEntry>(&text).unwrap(), full);
    for part in [
        "\"channel\":\"page\"",
        "\"address\":\"127.0.0.1\"",
        "\"actor_name\":\"abab",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}
